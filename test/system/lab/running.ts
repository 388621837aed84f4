/** A run of the product that a test looks at, and meddles with, while it goes on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pairflightWords } from './pairflight.js';

const limitMs = 50_000;

/** Looks again and again until it is so; no test rests on how long that takes. */
async function eventually<T>(what: () => string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`in vain waited for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A run that has been started. */
export interface Running {
  stdout(): string;
  /** What it said on stderr up to now. */
  lines(): string[];
  /** Resolves when it has said that many lines that match. */
  said(words: RegExp, times?: number): Promise<unknown>;
  kill(signal: NodeJS.Signals): void;
  /** Its exit code; null where a signal ended it. */
  ended: Promise<number | null>;
}

/** Starts `pairflight` with the given words, without a terminal. */
export function startRun(args: readonly string[]): Running {
  const [program = '', ...words] = pairflightWords(args);
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } });
  const told: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  child.stdout.on('data', (chunk: Buffer) => told.stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => told.stderr.push(chunk));
  const text = (stream: keyof typeof told) => Buffer.concat(told[stream]).toString();
  const lines = () => text('stderr').split('\n').slice(0, -1);
  let code: number | null | undefined;
  const ended = once(child, 'close').then(([exit]) => {
    code = exit as number | null;
    return code;
  });
  return {
    stdout: () => text('stdout'),
    lines,
    said: (words, times = 1) =>
      eventually(
        () => `${times} lines like ${words} in ${JSON.stringify(lines())}`,
        () => {
          if (lines().filter((line) => words.test(line)).length >= times) return true;
          if (code === undefined) return undefined;
          throw new Error(`ended with ${code} before it said ${times} lines like ${words}: ${JSON.stringify(lines())}`);
        },
      ),
    kill: (signal) => void child.kill(signal),
    ended,
  };
}
