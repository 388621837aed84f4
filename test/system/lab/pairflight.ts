/** Running the product itself, as a user does: the built command line, in a process of its own or in this one. */
import { Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Ran, type RunOptions, run } from './command.js';

const bin = fileURLToPath(new URL('../../../bin/pairflight.js', import.meta.url));
const commandLine = pathToFileURL(fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))).href;

/** Longer than any step may take. */
const limitMs = 150_000;

/** Words that take every host as the inventory names it, by ssh2: the machine's own SSH configuration has no part in it. */
export const unconfigured = ['--ssh-config', 'none'];

/** What may be set for a run of the command line. */
export type PairflightOptions = Pick<RunOptions, 'env'>;

/** A way to run `pairflight` to its end. */
export type Pairflight = (args: readonly string[], options?: PairflightOptions) => Promise<Ran>;

/** The words that start `pairflight` with the given words. */
export function pairflightWords(args: readonly string[]): string[] {
  return [process.execPath, bin, ...args];
}

/** Runs `pairflight` in a process of its own: for tests of what a process does, or of what one costs. */
export const pairflightProcess: Pairflight = (args, options = {}) =>
  run(pairflightWords(args), { timeoutMs: limitMs, env: { ...process.env, NO_COLOR: '1' }, ...options });

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the built command line in this process: the same code as `pairflightProcess` runs, without the second of processor
 * time that starting it costs. One at a time, for the process has one environment and one exit code.
 */
export const pairflight: Pairflight = (args, { env = { ...process.env, NO_COLOR: '1' } } = {}) => {
  const ran = last.then(() => inThisProcess(args, env));
  last = ran.catch(() => {});
  return ran;
};

async function inThisProcess(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  const { main } = (await import(/* @vite-ignore */ commandLine)) as { main(args: string[]): Promise<void> };
  const [stdout, stderr] = [new Kept(), new Kept()];
  const before = { env: process.env, exitCode: process.exitCode };
  const own = (['stdout', 'stderr'] as const).map(
    (name) => [name, Object.getOwnPropertyDescriptor(process, name)] as const,
  );
  Object.defineProperty(process, 'stdout', { configurable: true, get: () => stdout });
  Object.defineProperty(process, 'stderr', { configurable: true, get: () => stderr });
  process.env = { ...env };
  process.exitCode = undefined;
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`lab: \`pairflight ${args.join(' ')}\` does not end`)), limitMs);
  });
  try {
    await Promise.race([main([...args]), late]);
    const code = (process.exitCode as number | undefined) ?? 0;
    return { code, stdout: stdout.text, stderr: stderr.text, ms: Math.round(performance.now() - started) };
  } finally {
    clearTimeout(timer);
    for (const [name, descriptor] of own) if (descriptor) Object.defineProperty(process, name, descriptor);
    process.env = before.env;
    process.exitCode = before.exitCode;
  }
}

/** A stream that is no terminal and keeps what is written to it. */
class Kept extends Writable {
  readonly #chunks: Buffer[] = [];

  get text(): string {
    return Buffer.concat(this.#chunks).toString();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }
}
