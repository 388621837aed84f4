/** Things that are wrong with a host's product, sudo or sshd. Each fault knows how it is undone; `lab.reset()` undoes them, the last first. */
import { existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { must } from './command.js';
import type { LabHost } from './host.js';
import { layoutOf } from './layout.js';
import { startProduct, stopProduct } from './processes.js';
import { type TwinOptions, writeConf, writeTwinOptions, writeVersion } from './product.js';
import { login, makeHostKeys, startSshd, sudoers } from './system.js';

const spool = (host: LabHost, file: string) => `${host.layout.chroot}/opt/alation/env/var/${file}`;

/** Replaces a file's text, keeping its permissions and owner. */
export function setFile(host: LabHost, file: string, text: string): void {
  const before = host.read(file);
  host.rewrite(file, text);
  host.undo.push(() => host.rewrite(file, before));
}

/** Takes files or folders away; they come back with their permissions and owner. */
export function takeAway(host: LabHost, ...files: string[]): void {
  for (const file of files) {
    const hidden = host.path(`${file}.away`);
    renameSync(host.path(file), hidden);
    host.undo.push(() => renameSync(hidden, host.path(file)));
  }
}

/** Lets sshd greet everybody who logs in. */
export async function setBanner(host: LabHost, text: string): Promise<void> {
  host.write('/etc/ssh/greeting', text);
  host.undo.push(() => restartSshd(host));
  setFile(host, '/etc/ssh/sshd_config', `${host.read('/etc/ssh/sshd_config')}Banner /etc/ssh/greeting\n`);
  host.undo.push(() => host.remove('/etc/ssh/greeting'));
  await restartSshd(host);
}

/** Sets one key of the product's configuration. */
export function setConf(host: LabHost, key: string, value: string): void {
  const before = readFileSync(host.path(spool(host, 'conf')), 'utf8');
  const lines = before.split('\n').filter((line) => line !== '' && !line.startsWith(`${key} = `));
  const pairs = lines.map((line) => line.split(/ = (.*)/s).slice(0, 2) as [string, string]);
  writeConf(host, { ...Object.fromEntries(pairs), [key]: value });
  host.undo.push(() => host.rewrite(spool(host, 'conf'), before));
}

/** Changes how the twins behave; `confDelay: 3600` makes alation_conf hang. */
export function setTwins(host: LabHost, options: TwinOptions): void {
  const before = host.read(spool(host, 'options'));
  writeTwinOptions(host, options);
  host.undo.push(() => host.rewrite(spool(host, 'options'), before));
}

/** Gives the product another build of the same layout: its version file, its folder's name and the link to it. */
export function setBuild(host: LabHost, build: string): void {
  const before = host.layout.build;
  moveTo(host, build);
  host.undo.push(() => moveTo(host, before));
}

function moveTo(host: LabHost, build: string): void {
  const layout = layoutOf(build);
  if (layout.root !== host.layout.root) throw new Error('lab: a build of another layout needs a lab of its own');
  if (layout.chroot !== host.layout.chroot) {
    renameSync(host.path(host.layout.chroot), host.path(layout.chroot));
    rmSync(host.path(layout.root));
    symlinkSync(basename(layout.chroot), host.path(layout.root));
  }
  host.layout = layout;
  writeVersion(host, build);
}

/** Changes the path that the product notes for its data disk (1) or its backup disk (2). */
export function setDiskCache(host: LabHost, disk: 1 | 2, path: string): void {
  setFile(host, `${host.layout.chroot}/.disk${disk}_cache`, `${path}\n`);
}

/** Replaces what sudo allows the login user; '' refuses everything. */
export function setSudoers(host: LabHost, text: string): void {
  setFile(host, '/etc/sudoers.d/pflab', text);
}

// What preflight asks as root, each program and line as sudoers(5) holds it.
const programs = ['cat', 'readlink', 'ps', 'id', 'find'].map((program) => `/usr/bin/${program}`);
const keys = ['replication_mode', 'protected_instance'].map((key) => `alation_conf alation.cluster.${key}`);
const linesInShell = ['id -un', ...keys];
// Scripts have line ends, which sudoers cannot spell: a wildcard has to stand for them.
const followed = ['readlink -f', 'df -P -k', 'find'].map((command) => `/bin/sh -c * follow-path * ${command} *`);
const measuring = '/bin/sh -c * follow-path * du-gently *';

/** sudo allows the commands of a preflight one by one, and no shell; `narrow` is without the one that measures trees. */
export function allowCommands(host: LabHost, { narrow = false } = {}): void {
  const lines = linesInShell.map((line) => `/usr/sbin/chroot ${host.layout.root} /bin/su - alation -c ${line}`);
  const allowed = [...programs, ...followed, ...(narrow ? [] : [measuring]), ...lines];
  setSudoers(host, `${login.name} ALL=(root) NOPASSWD: ${allowed.join(', ')}\n`);
}

/** sudo asks for the login user's password. */
export function sudoWithPassword(host: LabHost): void {
  setSudoers(host, sudoers.replace('NOPASSWD: ', ''));
}

/** Lets the runner's key in as root. */
export function authorizeRoot(host: LabHost): void {
  const file = '/root/.ssh/authorized_keys';
  if (existsSync(host.path('/root/.ssh'))) throw new Error(`lab: ${host.name} has a /root/.ssh of the machine's`);
  host.write(file, host.read(`/home/${login.name}/.ssh/authorized_keys`), { mode: 0o600 });
  // What the machine's own root runs at each start of a shell is no part of the host, and may write.
  for (const profile of ['/root/.bashrc', '/root/.profile'])
    if (existsSync(host.path(profile))) setFile(host, profile, '');
  host.undo.push(() => host.remove('/root/.ssh'));
}

/** Ends the host's sshd: connections are refused. */
export async function stopSshd(host: LabHost): Promise<void> {
  await host.processes.get('sshd')?.stop({ forked: true });
  host.undo.push(() => startSshd(host));
}

/** Starts the host's sshd anew, so that it reads its configuration and its keys. */
export async function restartSshd(host: LabHost): Promise<void> {
  await host.processes.get('sshd')?.stop({ forked: true });
  await startSshd(host);
}

/** Gives the host new SSH host keys, unknown to the lab's known_hosts file. */
export async function changeHostKeys(host: LabHost): Promise<void> {
  const restart = () => restartSshd(host);
  const files = ['ed25519', 'ecdsa'].flatMap((type) => {
    const file = `/etc/ssh/ssh_host_${type}_key`;
    return [file, `${file}.pub`];
  });
  const before = files.map((file) => host.read(file));
  await makeHostKeys(host);
  await restart();
  host.undo.push(async () => {
    for (const [index, file] of files.entries()) host.rewrite(file, before[index] ?? '');
    await restart();
  });
}

/** Ends processes of the product: ServerServer, TaskServer, AuthServer, supervisord, postgres. */
export async function stopProcesses(host: LabHost, ...names: string[]): Promise<void> {
  await stopProduct(host, names);
  host.undo.push(() => startProduct(host, names));
}

/** Both the login shell and the product's shell print text before they do what they are asked. */
export function shellsTalk(host: LabHost, text: string): void {
  setFile(host, `/home/${login.name}/.bashrc`, `cat <<'PFLAB'\n${text}\nPFLAB\n`);
  setFile(host, `${host.layout.chroot}/etc/noise`, `${text}\n`);
}

/** The product's shell hangs at each login. What hangs is root's, so nobody who asks can end it: the end of the fault does. */
export function hangShell(host: LabHost): void {
  const pids = spool(host, 'hung');
  host.write(pids, '', { mode: 0o666 });
  host.undo.push(async () => {
    for (const pid of host.read(pids).trim().split('\n')) await host.exec(['kill', pid]);
    host.remove(pids);
  });
  setFile(host, `${host.layout.chroot}/etc/profile`, 'echo $$ >>/opt/alation/env/var/hung\nexec sleep 3600\n');
}

/** Gives the login user fish, which makes folders in the home when it starts for the first time: they are there already. */
export async function setFish(host: LabHost): Promise<void> {
  setLoginShell(host, '/usr/bin/fish');
  await must(host.inside(['su', '-', login.name, '-c', 'true']));
  host.undo.push(() => {
    for (const name of ['.config', '.local']) host.remove(`/home/${login.name}/${name}`);
  });
}

/** Gives the login user another shell, such as /bin/sh where bash is to be taken away. */
export function setLoginShell(host: LabHost, shell: string): void {
  const users = host.read('/etc/passwd');
  setFile(host, '/etc/passwd', users.replace(new RegExp(`^(${login.name}:.*:)[^:]*$`, 'm'), `$1${shell}`));
}
