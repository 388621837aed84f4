/** One command line on a channel of its own, with sudo's prompt answered: for what cannot run in a lane. */
import type { Readable } from 'node:stream';
import type { Output } from '../../core/model.js';
import { ended, failed, startNow } from './answer.js';
import { type Channel, type Connector, Failure } from './channel.js';
import type { SessionLimit } from './session-limit.js';

/** The prompt that we give sudo, and the answer to it. */
export interface Prompt {
  nonce: string;
  password: string;
}

/**
 * Answers the prompt of a shell's entry, whenever it comes, with the password and nothing else; resolves when the shell has
 * said its mark, and may be fed. From then on nobody listens for a prompt: whoever writes one is no longer sudo.
 */
export function answerPrompt(channel: Channel, { nonce, password }: Prompt, mark: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = onText(channel.stderr, nonce, () => channel.stdin.write(`${password}\n`));
    onText(channel.stdout, `${mark}\n`, () => {
      stop();
      resolve();
    });
  });
}

/** Calls `then` once, when a text has appeared; the function that it gives ends the listening. */
function onText(stream: Readable, text: string, then: () => void): () => void {
  let seen = '';
  const look = (chunk: Buffer) => {
    seen += chunk.toString('latin1');
    const found = seen.includes(text);
    seen = seen.slice(-text.length);
    if (!found) return;
    stop();
    then();
  };
  const stop = () => void stream.off('data', look);
  stream.on('data', look);
  return stop;
}

/** Takes the prompt and the password out of what sudo said. */
export function cleanOf({ nonce, password }: Prompt): (text: string) => string {
  return (text) => text.replaceAll(nonce, '').replaceAll(password, '***');
}

/** Why an input is kept back. */
const UNSEEN = 'sudo was given its password, and nobody saw the command start: its input is not sent';

/** What a single command gave: its output, and how often the prompt appeared. */
export interface SingleAnswer {
  output: Output;
  prompts: number;
}

/** How a single command is run. */
export interface Single {
  timeoutMs: number;
  maxBytes: number;
  input?: string | undefined;
  /** Says when the command runs; nothing of its input is sent before. False: nobody could see it. */
  begun?: () => Promise<boolean>;
  /** It writes nothing of its own: whatever comes before the prompt is said by sudo, or by what sudo asks. */
  silent?: boolean;
}

/** Runs one command line to its end on a session of its own; it reads `input`. Its time limit is ours alone. */
export async function runSingle(
  { connector, limit }: { connector: Connector; limit: SessionLimit },
  line: string,
  prompt: Prompt,
  { timeoutMs, maxBytes, input, begun, silent = false }: Single,
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
    // The end of input follows: a second prompt, after a wrong password, finds nothing to read.
    const stopListening = onText(channel.stderr, prompt.nonce, async () => {
      if (channel.stdin.writableEnded) return;
      if (input === undefined || begun === undefined) return void channel.stdin.end(`${prompt.password}\n`);
      channel.stdin.write(`${prompt.password}\n`);
      if (await begun()) channel.stdin.end(input);
      else stop(new Failure('denied', 'context', UNSEEN));
    });
    // A command that answers has been let in: the same words are its own from now on.
    if (!silent) channel.stdout.once('data', stopListening);
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
