/** One command line on a channel of its own, with sudo's prompt answered: for what cannot run in a lane. */
import type { Output } from '../../core/model.js';
import { ended, failed, startNow } from './answer.js';
import { type Channel, type Connector, Failure } from './channel.js';
import type { SessionLimit } from './session-limit.js';

/** The prompt that we give sudo, and the answer to it. */
export interface Prompt {
  nonce: string;
  password: string;
}

/** Answers the prompt of a shell's entry, whenever it comes; resolves when the shell may be fed. */
export function answerPrompt(channel: Channel, { nonce, password }: Prompt): Promise<void> {
  return new Promise((resolve) => {
    onPrompt(channel, nonce, () => channel.stdin.write(`${password}\n`, () => resolve()));
  });
}

/**
 * Calls `answer` once, when the nonce has appeared on stderr: never before, or the password could be read by another, and never
 * after it, when whoever writes it there is no longer sudo.
 */
function onPrompt(channel: Channel, nonce: string, answer: () => void): void {
  let seen = '';
  const look = (chunk: Buffer) => {
    seen = (seen + chunk.toString('latin1')).slice(-4096);
    if (!seen.includes(nonce)) return;
    channel.stderr.off('data', look);
    answer();
  };
  channel.stderr.on('data', look);
}

/** Takes the prompt and the password out of what sudo said. */
export function cleanOf({ nonce, password }: Prompt): (text: string) => string {
  return (text) => text.replaceAll(nonce, '').replaceAll(password, '***');
}

/** What a single command gave: its output, and how often the prompt appeared. */
export interface SingleAnswer {
  output: Output;
  prompts: number;
}

/** Runs one command line to its end on a session of its own; it reads `input`. Its time limit is ours alone. */
export async function runSingle(
  { connector, limit }: { connector: Connector; limit: SessionLimit },
  line: string,
  prompt: Prompt,
  { timeoutMs, maxBytes, input }: { timeoutMs: number; maxBytes: number; input?: string | undefined },
): Promise<SingleAnswer> {
  await limit.acquire();
  const start = startNow();
  try {
    const channel = await connector.open(line);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let bytes = 0;
    let cut: Failure | undefined;
    const stop = (failure: Failure) => {
      cut ??= failure;
      channel.kill();
    };
    const keep = (list: Buffer[]) => (chunk: Buffer) => {
      if (!cut) list.push(chunk);
      bytes += chunk.length;
      channel.count(chunk.length);
      if (bytes > maxBytes) stop(new Failure('truncated', 'command', `more than ${maxBytes} bytes`));
    };
    channel.stdout.on('data', keep(out));
    channel.stderr.on('data', keep(err));
    // The end of input follows: a second prompt, after a wrong password, finds nothing to read. An input is sent with a
    // password that sudo has taken before.
    onPrompt(channel, prompt.nonce, () => {
      if (!channel.stdin.writableEnded) channel.stdin.end(`${prompt.password}\n${input ?? ''}`);
    });
    const late = () => stop(new Failure('timeout', 'command', `no answer within ${timeoutMs} ms`));
    const timer = setTimeout(late, timeoutMs);
    const exit = await channel.closed;
    clearTimeout(timer);
    const said = Buffer.concat(err).toString('utf8');
    const stdout = Buffer.concat(out).toString('utf8').slice(0, maxBytes);
    const stderr = cleanOf(prompt)(said);
    const prompts = said.split(prompt.nonce).length - 1;
    const gone =
      cut ?? (exit === null ? (connector.lost ?? new Failure('not-run', 'command', 'no answer')) : undefined);
    if (gone) return { prompts, output: failed(gone, start, stdout, stderr || gone.message) };
    return { prompts, output: ended(exit ?? 0, stdout, stderr, start, timeoutMs / 1000) };
  } catch (error) {
    const failure =
      error instanceof Failure ? error : new Failure('denied', 'host', error instanceof Error ? error.message : '');
    return { prompts: 0, output: failed(failure, start) };
  } finally {
    limit.release();
  }
}
