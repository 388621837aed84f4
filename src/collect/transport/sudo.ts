/** Finds out, once per host and with as few attempts as possible, how commands become root there. */
import type { Output } from '../../core/model.js';
import { Failure } from './channel.js';
import type { LaneHost, LanePool } from './lane-pool.js';
import { makeNonce } from './nonce.js';
import { type Prompt, runSingle } from './one-command.js';

/** How a host lets us become root. */
export type RootWay =
  | { kind: 'direct' }
  | { kind: 'sudo' }
  | { kind: 'password'; prompt: Prompt }
  | { kind: 'refused'; failure: Failure };

const LIMITS = { timeoutMs: 20_000, maxBytes: 65_536 };

/** Words with which sudo itself refuses, or sudo-rs; a host name that it cannot resolve is only a remark. */
const REFUSAL =
  /^sudo(-rs)?: (?!unable to resolve host)|is not allowed to (execute|run)|not in the sudoers file|may not run sudo|must have a tty|^I'm sorry .*I'm afraid I can't do that/m;
/** A password is wanted, and `-n` does not let sudo ask for it: sudo's words, and those of sudo-rs. */
const WANTED = /password|interactive authentication is required/;
/** The command is not allowed, with or without a password. */
const NOT_ALLOWED = /is not allowed to execute|^I'm sorry .*I'm afraid I can't do that/m;

/**
 * Asks in a login lane who we are, then sudo. A refusal that names no password is final. When a password is wanted, and
 * there is none, the answer of `sudo -n true` is the same for a login without any right and for one whose allow-list does
 * not hold `true`: `sudo -n -l` succeeds only for the second, so a host that allows nothing sees two attempts, not one for
 * each step.
 */
export async function findRootWay(
  login: LanePool,
  host: LaneHost,
  password: () => Promise<string | undefined>,
  user?: string,
): Promise<RootWay> {
  const ask = (...words: string[]) => login.run({ words, ...LIMITS }, true);
  const identity = ask('id', '-u');
  // Both questions cross the wire at once.
  const early = mayBeRoot(user) ? undefined : ask('sudo', '-n', 'true');
  const id = await identity;
  if (id.problem) return refused(id);
  if (id.stdout.trim() === '0') return { kind: 'direct' };
  const plain = await (early ?? ask('sudo', '-n', 'true'));
  if (plain.problem) return refused(plain);
  if (plain.exit === 0 || NOT_ALLOWED.test(plain.stderr)) return { kind: 'sudo' };
  if (!WANTED.test(plain.stderr)) return refused(plain);
  const given = await password();
  if (given) return tryPassword(host, { nonce: makeNonce(), password: given });
  const list = await ask('sudo', '-n', '-l');
  return list.exit === 0 && !list.problem ? { kind: 'sudo' } : refused(plain);
}

/** A login that has another name is hardly root. */
export function mayBeRoot(user: string | undefined): boolean {
  return user === undefined || user === 'root';
}

/** One attempt with the password. `true` may be missing in an allow-list: only a second prompt means a wrong password. */
async function tryPassword(host: LaneHost, prompt: Prompt): Promise<RootWay> {
  const limits = { ...LIMITS, timeoutMs: host.startTimeoutMs, silent: true };
  const { output, prompts } = await runSingle(host, `${sudoWithPassword(prompt)} true`, prompt, limits);
  if (output.exit === 0) return { kind: 'password', prompt };
  if (output.problem) return refused(output);
  const allowList = prompts === 1 && NOT_ALLOWED.test(output.stderr);
  return allowList ? { kind: 'password', prompt } : refused(output);
}

/** The words before a command that is run with a password; `-k` makes the prompt certain, so it is never guessed at. */
export function sudoWithPassword({ nonce }: Prompt): string {
  return `sudo -k -S -p ${nonce}`;
}

/** True when a context's entry failed because sudo does not allow it. */
export function refusedBySudo(failure: Failure | undefined): boolean {
  return failure?.problem === 'denied' && failure.problemAt === 'context' && REFUSAL.test(failure.message);
}

/** Judges the output of a single command run through sudo: a refusal is the context's, not the command's answer. */
export function throughSudo(output: Output): Output {
  if (output.problem || output.exit !== 1 || !REFUSAL.test(output.stderr)) return output;
  const missing = /^sudo: .*: command not found$/m.test(output.stderr);
  return { ...output, exit: null, ...(missing ? NOT_FOUND : DENIED) };
}

/** True when sudo would have run the command, had it been given a password. */
export function needsPassword(output: Output): boolean {
  return output.problem === 'denied' && output.problemAt === 'context' && WANTED.test(output.stderr);
}

const NOT_FOUND = { problem: 'not-found', problemAt: 'command' } as const;
const DENIED = { problem: 'denied', problemAt: 'context' } as const;

function refused(output: Output): RootWay {
  const said = output.stderr.trim().slice(0, 2000) || 'sudo refused without a word';
  const at = output.problemAt === 'host' ? 'host' : 'context';
  return { kind: 'refused', failure: new Failure(output.problem ?? 'denied', at, said) };
}
