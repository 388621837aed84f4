/** What may run on a host: the engine's read shapes, and what a pack's own command may never be. Enforced before every run. */
import type { ExecAsk } from './model.js';
import { reachScript } from './probes/tcp-reach.js';

/** The shapes of the engine's own questions. Each word is judged: a shape allows nothing that it does not name. */
const shapes: Record<string, (words: string[]) => boolean> = {
  cat: (words) => words.every((word) => word.startsWith('/')),
  df: ([posix, kib, path, ...rest]) => posix === '-P' && kib === '-k' && isPath(path) && rest.length === 0,
  id: ([what, ...rest]) => (what === '-u' || what === '-un') && rest.length === 0,
  ps: (words) => words.join(' ') === '-e -o pid= -o args=',
  readlink: ([follow, path, ...rest]) => follow === '-f' && isPath(path) && rest.length === 0,
  stat: ([follow, form, format, path, ...rest]) => follow === '-L' && form === '-c' && /^%/.test(format ?? '') && isPath(path) && rest.length === 0,
  uname: ([what, ...rest]) => /^-[mr]$/.test(what ?? '') && rest.length === 0,
  '/bin/sh': ([flag, script, name, ...words]) =>
    flag === '-c' && script === reachScript && name === 'tcp-reach' && words.every((word) => /^[A-Za-z0-9][A-Za-z0-9.:-]*$/.test(word)),
};

const isPath = (word: string | undefined) => word?.startsWith('/') === true;

/** Programs that run what they are told: a pack names the program itself instead. */
const interpreters = /^(ba|da|k|z|c|tc|fi|a)?sh$|^(busybox|env|xargs|find|awk|gawk|mawk|sed|perl|ruby|node|tclsh|expect|eval|exec|nohup|setsid|script|sudo|su|doas|chroot|nsenter|unshare|ssh|scp|sftp|tee|dd|vi|vim|ed)$|^python[\d.]*$/;

/** Programs whose purpose is to change something. */
const writers = /^(rm|mv|cp|ln|touch|mkdir|rmdir|truncate|install|chmod|chown|chgrp|chattr|setfacl|mount|umount|kill|pkill|killall|reboot|shutdown|halt|poweroff|systemctl|service|apt|apt-get|yum|dnf|rpm|dpkg|useradd|userdel|usermod|passwd|crontab|at|mkfs.*|fdisk|parted|lvm|iptables|nft|ip|sysctl)$/;

/** Why these words may not be a pack's command; undefined when they may. */
export function forbidden(argv: readonly string[], never: readonly string[]): string | undefined {
  const [program = ''] = argv;
  const name = program.split('/').at(-1) ?? '';
  const word = argv.find((one) => never.includes(one) || never.includes(one.split('/').at(-1) ?? ''));
  if (word !== undefined) return `the word "${word}" must never occur in a command of this product`;
  const attached = argv.find((one) => never.some((bad) => /^-[a-z]$/i.test(bad) && one.startsWith(bad) && !one.startsWith('--')));
  if (attached !== undefined) return `the word "${attached}" begins with an option that must never occur in a command of this product`;
  if (argv.some((one) => /[\n\r\0]/.test(one))) return 'a word of a command may not hold a line break';
  if (interpreters.test(name)) return `"${name}" runs whatever it is told; name the program itself, for example [cat, /etc/hostname]`;
  if (writers.test(name)) return `"${name}" changes a host; only commands that read are allowed`;
  if (name === 'rsync' && !argv.includes('--dry-run')) return 'rsync may run with --dry-run only';
  if (name === 'psql') return 'psql is asked by the engine\'s own probe, which makes the session read-only';
  return undefined;
}

/** Why an ask may not run; undefined when it may. `declared`: the pack declares this command itself. */
export function refusalOf(ask: ExecAsk, declared: boolean, never: readonly string[]): string | undefined {
  const [program, ...words] = ask.argv;
  if (declared) return forbidden(ask.argv, never);
  const shape = Object.hasOwn(shapes, program) ? shapes[program] : undefined;
  if (!shape?.(words)) return `"${ask.argv.slice(0, 2).join(' ')}" is not on the list of commands that only read`;
  if (ask.argv.some((word) => never.includes(word))) return `"${program}" has a word that must never occur in a command of this product`;
  return undefined;
}
