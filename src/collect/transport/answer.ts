/** Builds outputs: from the bytes that came back, or from the reason why none did. */
import type { Output } from '../../core/model.js';
import type { Failure } from './channel.js';

/** When a command was handed over, by the wall clock and by one that cannot jump. */
export interface Start {
  at: Date;
  ms: number;
}

/** Takes the time before a command is handed over. */
export function startNow(): Start {
  return { at: new Date(), ms: performance.now() };
}

/** The output of a command that was never run, or whose answer must not be read. */
export function failed(failure: Failure, start: Start = startNow(), stdout = '', stderr = failure.message): Output {
  const { problem, problemAt } = failure;
  return { exit: null, stdout, stderr, problem, problemAt, ...times(start) };
}

/** The output of a command that ended by itself or by its time limit; the exit status says what went wrong with it. */
export function ended(exit: number, stdout: string, stderr: string, start: Start, seconds: number): Output {
  const took = times(start);
  const output: Output = { exit, stdout, stderr, ...took };
  const problem = problemOf(exit, took.durationMs >= seconds * 1000);
  return problem === undefined ? output : { ...output, problem, problemAt: 'command' };
}

/**
 * 124 is the answer of `timeout` and of our watchdog. When `timeout` had to send KILL the status is 137, and that of an old
 * busybox tells the signal alone (143): both are somebody else's signal if they come before the time is over.
 */
function problemOf(exit: number, late: boolean): 'timeout' | 'not-found' | 'denied' | undefined {
  if (exit === 124 || (late && (exit === 137 || exit === 143))) return 'timeout';
  if (exit === 127) return 'not-found';
  return exit === 126 ? 'denied' : undefined;
}

function times(start: Start): { startedAt: string; durationMs: number } {
  return { startedAt: start.at.toISOString(), durationMs: Math.round(performance.now() - start.ms) };
}
