/** `--wait`: asks again, at little cost, until nothing fails any more; then one full round decides. */

import type { Clock } from '../../core/clock.js';
import type { Evidence, Report, Severity, Step } from '../../core/model.js';
import type { Scope } from '../../plan/scope.js';
import { endLine, roundLine } from './lines.js';
import { type Awaited, awaitedOf, smallerPlan } from './prospects.js';
import { type Look, nextRound, type Pace, type Rhythm } from './schedule.js';

/** What a run that waits is made of. */
export interface Waiting {
  scope: Scope;
  /** The whole plan. */
  steps: Step[];
  pace: Pace;
  failOn: Severity;
  /** Asks the hosts; over the connections that there are. */
  round(steps: Step[]): Promise<Evidence>;
  judge(evidence: Evidence): Report;
  clock: Clock;
  /** Ends the waiting early. */
  signal: AbortSignal;
  say(line: string): void;
  countDown(ms: number): void;
}

/** Waits until the gate passes, waiting helps no more, or the time is over; resolves to the evidence of the last full round. */
export async function waitForPass(waiting: Waiting): Promise<Evidence> {
  const { clock, pace, scope, signal, steps } = waiting;
  const start = clock.now();
  const since = () => clock.now() - start;
  let whole: { evidence: Evidence; verdicts: string; beganMs: number } | undefined;
  let awaited: Awaited[] = [];
  let verdicts = '';
  let rhythm: Rhythm | undefined;
  for (let full = true; ; ) {
    const beganMs = since();
    const taken = await waiting.round(full ? steps : smallerPlan(scope, steps, awaited));
    // An answer that was cut off is no answer: what the last full round brought stands.
    if (signal.aborted) return whole ? interrupted(whole.evidence) : taken;
    const seen = full || !whole ? taken : replaced(whole.evidence, taken);
    const { run, findings } = waiting.judge(seen);
    awaited = awaitedOf(scope, findings, seen.steps, waiting.failOn);
    const now = verdictsOf(awaited);
    const look: Look = {
      full,
      beganMs,
      endedMs: since(),
      passed: run.gate === 'passed',
      prospects: awaited.map(({ prospect }) => prospect),
      changed: now !== (full ? whole?.verdicts : verdicts),
      connected: taken.connections.every(({ problem }) => problem?.problemAt !== 'host'),
    };
    verdicts = now;
    if (full || !whole) whole = { evidence: taken, verdicts, beganMs };
    const next = nextRound(look, rhythm, pace);
    if (!('end' in next)) {
      const inMs = next.atMs - since();
      waiting.say(roundLine(look.endedMs, awaited, { inMs, full: next.full }, look.connected));
      if (inMs > 0) {
        waiting.countDown(inMs);
        await clock.sleep(inMs, signal);
      }
      if (signal.aborted) return interrupted(whole.evidence);
      full = next.full;
      rhythm = next.rhythm;
    }
    // A machine that slept has slept past the deadline too.
    const end = 'end' in next ? next.end : since() >= pace.deadlineMs ? 'deadline' : undefined;
    if (end !== undefined) {
      waiting.say(endLine(end, since(), whole.beganMs, awaited));
      return whole.evidence;
    }
  }
}

/** The last full round with the answers of a smaller one in their places: to look at, never to report. */
function replaced(full: Evidence, taken: Evidence): Evidence {
  const steps = new Map(taken.steps.map((step) => [step.id, step]));
  return {
    ...full,
    takenAt: taken.takenAt,
    finishedAt: taken.finishedAt,
    steps: full.steps.map((step) => steps.get(step.id) ?? step),
  };
}

function interrupted(evidence: Evidence): Evidence {
  return { ...evidence, run: { ...evidence.run, interrupted: true } };
}

/** What keeps the gate from passing, as one text to compare. */
function verdictsOf(awaited: readonly Awaited[]): string {
  return awaited.map(({ finding: { key, verdict } }) => `${key} ${verdict}`).join('\n');
}
