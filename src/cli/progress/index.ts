/** Progress on stderr, when somebody looks at it: how far each host is, or when they are asked again. */
import type { WriteStream } from 'node:tty';
import { systemClock } from '../../core/clock.js';
import { escapeForTerminal } from '../../core/escape.js';
import type { Host } from '../../core/model.js';
import type { FleetProgress } from './fleet.js';
import type { Progress } from './progress.js';

/** What is shown just now: there is one terminal. */
let shown: Progress | undefined;

/** Starts the progress of a run on these hosts. What draws it is loaded only where it is seen. */
export async function startProgress(hosts: readonly Host[]): Promise<Progress> {
  if (!isWatched(process.stderr, process.env)) {
    const nothing = () => {};
    const say = (line: string) => void process.stderr.write(`pairflight: ${escapeForTerminal(line)}\n`);
    return { countDown: nothing, say, pause: nothing, resume: nothing, end: nothing };
  }
  const { TerminalProgress } = await import('./terminal.js');
  shown = new TerminalProgress(hosts, process.stderr, systemClock);
  return shown;
}

/** Starts the progress of a fleet: a line that goes where a person looks, and a line now and then where none does. */
export async function startFleetProgress(): Promise<FleetProgress> {
  const { FleetProgress } = await import('./fleet.js');
  const progress = new FleetProgress(process.stderr, isWatched(process.stderr, process.env));
  shown = progress;
  return progress;
}

/**
 * Whether a person looks at the stream, on a terminal that can go back: not in CI, which keeps every frame, and not on a
 * terminal that does not know its width (a serial console, a new pseudo-terminal).
 */
export function isWatched(stream: Pick<WriteStream, 'isTTY' | 'columns'>, env: NodeJS.ProcessEnv): boolean {
  const inCi = env.CI !== undefined && env.CI !== '' && env.CI !== 'false';
  return stream.isTTY && stream.columns > 0 && env.TERM !== 'dumb' && !inCi;
}

/** Keeps progress away while somebody is asked something at the terminal. */
export async function withoutProgress<T>(ask: () => Promise<T>): Promise<T> {
  shown?.pause();
  try {
    return await ask();
  } finally {
    shown?.resume();
  }
}
