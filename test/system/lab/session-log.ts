/** Writes down everything that a host's sshd is asked to run for the runner's login: each session's command line, what is fed to it, and what it answers. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { waitingLine } from '../../../src/core/shell/contexts.js';
import { preamble as preambleOf } from '../../../src/core/shell/preamble.js';
import { must } from './command.js';
import { restartSshd, setFile } from './faults.js';
import type { LabHost } from './host.js';
import { login } from './system.js';

/** One session: the line that sshd was given, and what came in on its standard input. */
export interface Session {
  line: string;
  /** Its shell was opened ahead, and waited until it was told to enter the context. */
  waited: boolean;
  /** What the line marks its shell with; the plan shows `<nonce>` in its place. */
  mark: string;
  input: string;
  /** What it wrote to its standard output. */
  output: string;
}

// bash does not wait for a process substitution: a shell that ends at once ends the session, as it does without us. What it answers is
// written down before it is passed on: whoever has the answer finds it here.
const script = (folder: string) => `#!/bin/bash
file=${folder}/$$
printf %s "$SSH_ORIGINAL_COMMAND" >"$file.line"
exec 3>&1
"$SHELL" -c "$SSH_ORIGINAL_COMMAND" \\
  < <(exec tee "$file.input" 2>/dev/null 3>&-) > >(exec tee >(exec cat >&3) >"$file.output" 2>/dev/null 3>&-) 3>&-
`;

/** Lets sshd run every command of the runner's login under a script that logs it, from now on. The log lies where the proof of writes does not look. */
export async function recordSessions(host: LabHost): Promise<void> {
  const outside = host.private('spool/sessions');
  const inside = `${host.layout.chroot}/opt/alation/env/var`;
  mkdirSync(outside);
  chmodSync(outside, 0o777);
  writeFileSync(host.private('spool/record'), script(`${inside}/sessions`), { mode: 0o755 });
  // The peer logs in as somebody else.
  const forced = `Match User ${login.name}\nForceCommand ${inside}/record\n`;
  host.undo.push(() => restartSshd(host));
  setFile(host, '/etc/ssh/sshd_config', `${host.read('/etc/ssh/sshd_config')}${forced}`);
  host.undo.unshift(() => rmSync(outside, { recursive: true }));
  await restartSshd(host);
}

/** What stands before the line of a context whose shell was opened ahead; it reads a line of its own, and a profile may read one before it. */
const WAITS = waitingLine('');

/** What was recorded so far. */
export function sessionsOf(host: LabHost): Session[] {
  const folder = host.private('spool/sessions');
  const read = (file: string) => readFileSync(`${folder}/${file}`, 'utf8');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.line'))
    .map((file) => {
      const [, mark = ''] = /PF_ENTRY=([0-9a-f]+)/.exec(read(file)) ?? [];
      const given = read(file).replace(`PF_ENTRY=${mark}`, 'PF_ENTRY=<nonce>');
      const [fed = '', output = ''] = ['input', 'output'].map((what) => read(file.replace(/line$/, what)));
      const waited = given.startsWith(WAITS);
      const [line, input] = waited ? [given.slice(WAITS.length), fed.replace(/^\n\n/, '')] : [given, fed];
      return { line, waited, mark, input, output };
    });
}

/**
 * The commands that a lane has begun of those that were fed to it behind its preamble, as words: a shell that sudo refuses, or that is
 * another than was asked for, begins with none. `users` are those whose shells the plan names.
 */
export async function commandsIn(
  { input, mark, output }: Session,
  preamble: string,
  users: readonly string[],
): Promise<string[][]> {
  if (input === '') return [];
  const [, nonce = ''] = /^pf_end ([0-9a-f]{32}) 0$/m.exec(input) ?? [];
  const shells = [{ root: false }, { root: true }, ...users.map((user) => ({ root: false, user }))];
  const proofs = [undefined, ...shells.map((shell) => ({ mark, ...shell }))];
  const begun = proofs.map((proof) => preambleOf(nonce, proof)).find((text) => input.startsWith(text));
  const rest = begun?.includes(preamble) ? input.slice(begun.length) : undefined;
  if (rest === undefined) throw new Error(`lab: a session was fed something else than the plan's preamble: ${input}`);
  // A shell reads the words; without a PATH it could run nothing else that stood there.
  const reader = `pf() { pf_n=$1; shift 2; printf '%s\\0' "$pf_n" "$#" "$@"; }\npf_quick() { pf "$@"; }\n${rest}`;
  const words = (await must(['/bin/sh', '-eu'], { input: reader, env: { PATH: '' } })).split('\0');
  const commands: string[][] = [];
  for (let at = 0; at < words.length - 1; ) {
    const [asked, count] = [words[at], Number(words[at + 1])];
    const end = at + 2 + count;
    if (output.includes(`\n${asked}\n`)) commands.push(words.slice(at + 2, end));
    at = end;
  }
  return commands;
}
