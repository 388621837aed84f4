/** What may run on a host: the engine's read shapes, and what a pack's own command may never be. Enforced before every run. */
import type { ExecAsk } from '../core/model.js';
import { absolutePath } from './define.js';
import { duScript } from './files/disk-usage.js';
import { belowScript } from './files/filesystems-below.js';
import { followedQuestion, followScript } from './files/followed-path.js';
import { fileNames, lastWriteScript } from './files/last-write.js';
import { permissionsScript } from './files/path-permissions.js';
import { isCurlQuestion } from './http/curl.js';
import { earsScript } from './ports/listen-script.js';
import { oneAddress, proofScript } from './ports/proof.js';
import { reachScript } from './ports/reach.js';
import { installedScript } from './postgres/installed.js';
import { isPostgresQuestion } from './postgres/session.js';
import { programsScript } from './programs.js';
import { allowedAs, entersOnly, onlyReads, type Products } from './reading-programs.js';
import { isDryRun } from './rsync/dry-run.js';
import { rsyncScript } from './rsync/script.js';
import { SSH_OPTIONS, sshKey, sshUser } from './ssh-batch.js';

/** The shapes of the engine's own questions. Each word is judged: a shape allows nothing that it does not name. */
const shapes: Record<string, (words: string[], stdin: ExecAsk['stdin']) => boolean> = {
  cat: (words) => words.every((word) => word.startsWith('/')),
  curl: isCurlQuestion,
  df: ([posix, kib, path, ...rest]) => posix === '-P' && kib === '-k' && isPath(path) && rest.length === 0,
  id: ([what, user, ...rest]) =>
    user === undefined
      ? what === '-u' || what === '-un'
      : (what === '-u' || what === '-G') && matches(sshUser.pattern, user) && rest.length === 0,
  openssl: (words) =>
    words.length === 5 && words.slice(0, 4).join(' ') === 'x509 -noout -enddate -in' && isPath(words[4]),
  ps: (words) => words.join(' ') === '-e -o pid= -o args=',
  psql: isPostgresQuestion,
  readlink: ([follow, path, ...rest]) => follow === '-f' && isPath(path) && rest.length === 0,
  ss: (words) => words.join(' ') === '-6 -l -n -t -e',
  stat: ([follow, form, format, path, ...rest]) =>
    follow === '-L' && form === '-c' && /^%/.test(format ?? '') && isPath(path) && rest.length === 0,
  uname: ([what, ...rest]) => /^-[mr]$/.test(what ?? '') && rest.length === 0,
  date: ([format, ...rest]) => /^\+%(s|s%N|Z %z)$/.test(format ?? '') && rest.length === 0,
  find: ([directory, ...words]) => isPath(directory) && isListing(words),
  ping: (words) =>
    words.length === 9 && isWord(words[8]) && /^-n -q -c \d{1,3} -i 0\.2 -W 2$/.test(words.slice(0, 8).join(' ')),
  ssh: (words) => {
    const [key, option, user, address, command, ...rest] = words.slice(SSH_OPTIONS.length);
    const exact =
      SSH_OPTIONS.every((word, index) => word === words[index]) &&
      option === '-l' &&
      command === 'true' &&
      rest.length === 0;
    return exact && matches(sshKey.pattern, key) && matches(sshUser.pattern, user) && isWord(address);
  },
  '/bin/sh': ([flag, script, name = '', ...words]) => {
    const known = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
    return flag === '-c' && known !== undefined && script === known.script && known.takes(words);
  },
};

/** The engine's own scripts, by the name that they run under: allowed word for word. `listens`: active, on request only. */
const scripts: Record<string, { script: string; takes: (words: string[]) => boolean; listens?: true }> = {
  'du-gently': {
    script: duScript,
    takes: ([path, ...rest]) => matches(absolutePath.pattern, path) && rest.length === 0,
  },
  'filesystems-below': {
    script: belowScript,
    takes: ([path, ...rest]) => matches(absolutePath.pattern, path) && rest.length === 0,
  },
  'follow-path': {
    script: followScript,
    takes: (words) => {
      const question = followedQuestion(words);
      // One of the shapes above that only reads; a path is followed once, for no word of it stands for another path.
      return question !== undefined && !listens(question) && isShape(question);
    },
  },
  'last-write': {
    script: lastWriteScript,
    takes: ([path, ...except]) =>
      matches(absolutePath.pattern, path) && except.every((name) => matches(fileNames, name)),
  },
  'path-permissions': {
    script: permissionsScript,
    takes: ([path, ...rest]) => matches(absolutePath.pattern, path) && rest.length === 0,
  },
  'port-ears': {
    script: earsScript,
    takes: ([address, ...ports]) => oneAddress(address ?? '') && ports.every(isPort),
    listens: true,
  },
  'port-proof': { script: proofScript, takes: (words) => words.every(isWord), listens: true },
  'postgres-installed': {
    script: installedScript,
    takes: ([folder, ...rest]) => (folder === undefined || matches(absolutePath.pattern, folder)) && rest.length === 0,
  },
  programs: {
    script: programsScript,
    takes: (names) => names.every((name) => /^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(name)),
  },
  'rsync-gently': { script: rsyncScript, takes: isDryRun },
  'tcp-reach': { script: reachScript, takes: (words) => words.every(isWord) },
};

/** Whether words are one of the engine's own questions. */
function isShape([program = '', ...words]: readonly string[], stdin?: ExecAsk['stdin']): boolean {
  const shape = Object.hasOwn(shapes, program) ? shapes[program] : undefined;
  return shape?.(words, stdin) === true;
}

/** Whether words, which have a shape, are a script that opens a port. */
function listens([, , , name = '']: readonly string[]): boolean {
  return scripts[name]?.listens === true;
}

const isWord = (word: string | undefined) => matches('^[A-Za-z0-9][A-Za-z0-9.:-]*$', word);
const isPort = (word: string) => /^[1-9]\d{0,4}$/.test(word);
const matches = (pattern: string, word = '') => new RegExp(pattern).test(word);

/** Lists the files of one directory, and nothing else that find can do. */
function isListing(words: string[]): boolean {
  const [pattern = '', ...rest] = words.slice(5);
  const before = words.slice(0, 5).join(' ') === '-maxdepth 1 -type f -name';
  return (
    before &&
    /^[A-Za-z0-9._*-]+$/.test(pattern) &&
    rest.join(' ') === '-exec stat -c %Y %s %n {} +' &&
    rest.length === 6
  );
}

const isPath = (word: string | undefined) => word?.startsWith('/') === true;

/** Programs that run what they are told, version numbers left out: a pack names the program itself instead. */
const interpreters = new Set(
  (
    'sh bash dash ksh mksh pdksh zsh csh tcsh fish ash rbash rksh busybox toybox env xargs find awk gawk mawk nawk sed perl python pypy ' +
    'ruby node deno bun lua luajit php tclsh wish expect eval exec command builtin nohup setsid script sudo su doas runuser chroot ' +
    'nsenter unshare setpriv systemd-run timeout nice ionice chrt taskset stdbuf time flock watch strace ltrace gdb ssh scp sftp tee dd ' +
    'vi vim ed emacs nano make git tar openssl socat nc ncat netcat screen tmux at batch parallel prlimit numactl run-parts ' +
    'start-stop-daemon gtimeout gnice ld-linux-x86-64.so ld-linux-aarch64.so ld.so docker podman kubectl crictl mysql mariadb mongo mongosh ' +
    'nodejs nvim view ex rvim less more most pg man java jshell javac pwsh guile julia Rscript qjs groovy scala erl iex ghci tcc m4 dc sqlite sqlite3 ' +
    'redis-cli npm npx yarn pip gem go cargo ansible salt puppet entr watchexec parallel ctr nerdctl lxc lxc-attach machinectl virsh vagrant proot ' +
    'fakeroot firejail bwrap catchsegv perf valgrind qemu rlwrap unbuffer dbus-send busctl gdbus telnet ftp rsh rlogin mosh crun runc pkexec dzdo'
  ).split(' '),
);

/** Programs whose purpose is to change something. */
const writers = new Set(
  (
    'rm mv cp ln touch mkdir rmdir truncate install chmod chown chgrp chattr setfacl mount umount kill pkill killall reboot shutdown ' +
    'halt poweroff systemctl service apt apt-get yum dnf rpm dpkg useradd userdel usermod groupadd passwd chpasswd crontab mkfs fdisk ' +
    'parted lvm lvcreate lvremove lvresize vgremove pvremove dmsetup iptables ip6tables nft ip ifconfig tc ufw firewall-cmd nmcli sysctl ' +
    'modprobe insmod rmmod hostnamectl timedatectl hwclock hostname date setenforce swapon swapoff init telinit journalctl dmesg fuser curl wget ' +
    'shred unlink blkdiscard wipefs sgdisk mke2fs mkswap tune2fs hdparm sort uniq split cpio unzip gzip gunzip patch mkfifo fallocate ' +
    'pg_dump dropdb createdb pg_ctl pg_ctlcluster pg_createcluster pg_dropcluster pg_rewind pg_basebackup pg_restore pg_receivewal ' +
    'initdb dropuser createuser vacuumdb reindexdb clusterdb repmgr patronictl pvcreate vgcreate lvextend cryptsetup mdadm zfs zpool ' +
    'logger wall'
  ).split(' '),
);

/** Options of rsync that run a program or write a file even in a dry run. */
const rsyncWrites =
  /^(-[a-zA-Z]*[eTM]|--remote-option|--rsh|--rsync-path|--log-file|--write-batch|--only-write-batch|--backup-dir|--temp-dir|-T|--daemon)/;

/** Why these words may not be a pack's command; undefined when they may. */
export function forbidden(argv: readonly string[], never: readonly string[]): string | undefined {
  const [program = '', first] = argv;
  // python3.11, bash-5.2 and mkfs.ext4 are what their plain names are.
  const name = (program.split('/').at(-1) ?? '').replace(/[-.\d].*$/, '');
  const word = argv.find((one) => never.some((bad) => holdsWord(one, bad)));
  if (word !== undefined) return `"${word}" holds a word that must never occur in a command of this product`;
  if (argv.some((one) => /[\n\r\0]/.test(one))) return 'a word of a command may not hold a line break';
  const full = program.split('/').at(-1) ?? '';
  if (/^\/(proc|dev|sys)\//.test(program)) return `"${program}" is no program of its own; name the program itself`;
  if (/^ld(-.*)?\.so/.test(full) || interpreters.has(name) || interpreters.has(full))
    return `"${full}" runs whatever it is told; name the program itself, for example [cat, /etc/hostname]`;
  if (writers.has(name) || writers.has(full)) return `"${full}" changes a host; only commands that read are allowed`;
  if (name === 'rsync' && (first !== '--dry-run' || argv.some((one) => rsyncWrites.test(one)))) {
    return 'rsync may run as [rsync, --dry-run, ...] only, and without options that run or write something';
  }
  if (name === 'psql') return "psql is asked by the engine's own probe, which makes the session read-only";
  return undefined;
}

/** A short option may stand in a cluster or before its value (`-vs`, `-sTrue`); a longer word anywhere in a word. */
function holdsWord(word: string, bad: string): boolean {
  const letter = /^-([a-zA-Z])$/.exec(bad)?.[1];
  return letter === undefined ? word.includes(bad) : new RegExp(`^-[a-zA-Z]*${letter}`).test(word);
}

/** What a pack's own commands may be beside what everybody knows: programs of products, and those of `--allow-command`. */
export interface Programs {
  reading?: Products;
  allowed?: readonly string[];
}

/** Why a pack's command is not known to only read, with the option that lets it run; undefined where it is. */
export function unlisted(argv: readonly string[], { reading = {}, allowed = [] }: Programs): string | undefined {
  const [program = ''] = argv;
  if (program === 'rsync' || onlyReads(argv, reading) || allowedAs(program, allowed) !== undefined) return undefined;
  return `"${argv.join(' ')}" is not known to only read; where you know that it does, give ${optionFor(program)}`;
}

/** Why words are no usual way into a context; undefined where they are. */
export function entryFault(enter: readonly string[], { allowed = [] }: Programs): string | undefined {
  const [program = ''] = enter;
  const hard = forbidden([program], []);
  if (entersOnly(enter) || (hard === undefined && allowedAs(program, allowed) !== undefined)) return undefined;
  const right = 'right is [su, -s, /bin/sh, USER, -c, "{shell}"], sudo or chroot before it';
  return `"${enter.join(' ')}" does more than enter a context; ${right}${hard === undefined ? `, or give ${optionFor(program)}` : ''}`;
}

/** A name without its folder is looked for on the host's PATH: whoever allows it says where it lies. */
const optionFor = (program: string) => `--allow-command ${program.startsWith('/') ? program : `/usr/bin/${program}`}`;

/** Why an ask may not run; undefined when it may. `declared`: the pack declares this command itself. */
export function refusalOf(
  ask: ExecAsk,
  declared: boolean,
  never: readonly string[],
  programs: Programs = {},
): string | undefined {
  const [program] = ask.argv;
  const entry = ask.enter && entryFault(ask.enter, programs);
  if (entry !== undefined) return entry;
  if (ask.stdin && program !== 'curl') return `"${program}" is given nothing on its standard input`;
  if (declared) return forbidden(ask.argv, never) ?? unlisted(ask.argv, programs);
  if (!isShape(ask.argv, ask.stdin))
    return `"${ask.argv.slice(0, 2).join(' ')}" is not on the list of commands that only read`;
  const active = listens(ask.argv);
  if (active !== (ask.effect === 'listen'))
    return `"${ask.argv[3] ?? program}" is ${active ? '' : 'not '}an active step, and is planned as if it were ${active ? 'not ' : ''}one`;
  if (ask.argv.some((word) => never.includes(word)))
    return `"${program}" has a word that must never occur in a command of this product`;
  return undefined;
}
