/** How a context is entered, word for word: what the transport itself runs, so that a plan can show it. */
import { SAYS_READY, shellLine, shellWords } from './preamble.js';
import { quoteForLoginShell } from './words.js';

/** The command line that opens a context's shell, and the form each command takes where sudo refuses a shell. */
interface ContextEntry {
  shell: string;
  each: string;
}

/** Stands for what is made anew for each shell. */
const SHOWN_MARK = '<nonce>';

/** Says how a context is entered by a login that is not root (root leaves `sudo -n` out). */
export function contextEntry(as: string, enter?: readonly string[]): ContextEntry {
  if (as === 'login') return { shell: shellLine(SHOWN_MARK), each: '<command>' };
  return {
    shell: entryLine('sudo -n', enter, SHOWN_MARK),
    each: `sudo -n ${enter ? quoteForLoginShell(eachWords(enter, '<command>')) : '<command>'}`,
  };
}

/** The line that opens root's shell, or the shell of a context that is entered from root. */
export function entryLine(sudo: string, enter: readonly string[] | undefined, mark: string, says?: string): string {
  const words = enter ? quoteForLoginShell(eachWords(enter, shellLine(mark, says))) : shellWords(mark, says);
  return sudo === '' ? words : `${sudo} ${words}`;
}

/** Waits until a line comes in, and runs its words then; `read` takes no more than that line. */
export const WAITS = 'read -r pf_go && exec "$@"';

/** The command line that enters a context once a line has come in; valid in sh, csh and fish. */
export function waitingLine(entry: string): string {
  return `exec /bin/sh -c '${WAITS}' sh ${entry}`;
}

/** The words of a context's entry around one command line. */
export function eachWords(enter: readonly string[], line: string): string[] {
  return enter.map((word) => (word === '{shell}' ? line : word));
}

/** What a transport runs on a host beside the plan's steps, and when. */
export const OWN_COMMANDS: readonly { command: string; when: string }[] = [
  { command: 'id -u', when: 'once per host, if a step needs root' },
  { command: 'sudo -n true', when: 'once per host, if a step needs root and the login is not root' },
  {
    command: waitingLine('<shell>'),
    when: 'once per context, if the login is not root: its first shell is opened while sudo is asked, and waits',
  },
  {
    command: "sudo -k -S -p '<nonce>' true",
    when: `once per host, if sudo asks for a password and one was given; sudo -k -S -p is then used instead of sudo -n, and ${SAYS_READY} instead of /bin/sh`,
  },
  {
    command: 'id -un',
    when: 'once per context, where sudo allows single commands only: shows who answers there',
  },
  {
    command: 'ps -eww -o args=',
    when: 'where a single command that needs sudo with a password reads a secret: until the command is there',
  },
  {
    command: 'sudo -n -l',
    when: 'once per host, if sudo asks for a password and none was given: shows whether single commands are allowed',
  },
];

/** What runs on this machine before a host with `connection: ssh` is reached, and why; with `--ssh-config none` none of it does. */
export const SSH_QUESTIONS: readonly { command: string; when: string }[] = [
  { command: 'ssh -V', when: 'once: which release this machine has' },
  {
    command: 'ssh [-F <file>] [-l <user>] [-p <port>] -T -G -- <name>',
    when: 'for each host and jump host: what its name means; may resolve names and run Match exec, as ssh does, and connects to nobody',
  },
  {
    command: 'ssh -F none [-l <user>] [-p <port>] -T -G -- <name>',
    when: 'the same without a configuration, to see what the configuration changes',
  },
  {
    command: 'ssh [-F <file>] -N [-l <user>] [-p <port>] -T -G -- <name>',
    when: 'with OpenSSH 10 or later, where ssh itself connects: whether it means the same for a login without a session',
  },
];
