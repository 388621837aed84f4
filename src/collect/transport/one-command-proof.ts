/** Where sudo allows single commands only: who answers there, and whether a command has been let in. No shell can prove it. */
import type { Output } from '../../core/model.js';
import { failed } from './answer.js';
import { Failure } from './channel.js';
import type { LanePool } from './lane-pool.js';
import type { Prompt } from './one-command.js';

/** Two ways to ask. */
export interface Asking {
  inContext(argv: [string, ...string[]]): Promise<Output>;
  asLogin(words: string[]): Promise<Output>;
}

/**
 * The answer that every command of a context gets because somebody else answers there. `id -un` is what a pack's access guard
 * asks, so that a list which was made from a plan allows it. Nobody can be asked where it does not: root is then whom sudo takes
 * by itself, and any other user is not known.
 */
export async function strangerIn(user: string | undefined, ask: Asking): Promise<Output | undefined> {
  if (user === undefined) return undefined;
  const output = await ask.inContext(['id', '-un']);
  // A product's shell may greet before it.
  const answer = output.stdout.trim().split('\n').at(-1) ?? '';
  if (output.exit !== 0) {
    // Where no command can be run at all each says so by itself.
    const nobody = output.problemAt === 'host' || (output.exit ?? 0) >= NO_COMMAND;
    if (user === 'root' || nobody) return undefined;
    const why = `"id -un" does not answer there by itself, so nobody knows whether ${user} would`;
    return failed(new Failure('denied', 'context', `${why}: ${output.stderr.trim().slice(0, 2000)}`));
  }
  if (answer === user) return undefined;
  const [asked, answers] = await Promise.all([user, answer].map((name) => ask.asLogin(['id', '-u', '--', name])));
  const number = asked?.exit === 0 ? asked.stdout.trim() : /^\d+$/.test(user) ? user : undefined;
  if (number !== undefined && answers?.exit === 0 && answers.stdout.trim() === number) return undefined;
  const shown = JSON.stringify(answer.slice(0, 64));
  return failed(new Failure('denied', 'context', `a command that was to run as ${user} was run as ${shown}`));
}

/** The statuses of env, chroot, nice and shells that had no command to run begin here. */
const NO_COMMAND = 125;

const LOOK_MS = 100;

/**
 * Waits until the command of a sudo that has its password is there, which only the list of processes says: what it is to read
 * would otherwise go to a further prompt. sudo's own words hold the prompt. False: it was not seen in time.
 */
export async function begins(
  words: readonly string[],
  { nonce }: Prompt,
  limitMs: number,
  login: LanePool,
): Promise<boolean> {
  const command = words.join(' ');
  const until = performance.now() + limitMs;
  while (performance.now() < until) {
    const list = await login.run({
      words: ['ps', '-eww', '-o', 'args='],
      timeoutMs: 10_000,
      maxBytes: 8 * 1024 * 1024,
    });
    if (list.exit !== 0) return false;
    if (list.stdout.split('\n').some((line) => line.trimEnd().endsWith(command) && !line.includes(nonce))) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return false;
}
