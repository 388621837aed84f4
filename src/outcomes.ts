/** The outcomes of a rule's expectations, and the one that decides its finding. */

import type { Severity } from './core/model.js';
import type { Outcome } from './judge/outcome.js';
import { badness } from './judge/verdict.js';

/** What came of one expectation, with the weight that it has. */
export type Judged = Outcome & {
  severity: Severity;
  /** What it was given did not hold: somebody has to change something before it can be judged. */
  notGiven?: true;
};

/** The worst outcome decides; what else did not pass is said beside it. */
export function decisive(outcomes: Judged[], severity: Severity): Judged {
  const sorted = outcomes.toSorted((a, b) => badness(b.verdict, b.severity) - badness(a.verdict, a.severity));
  // Of what passed, the value that tells most is shown: a path rather than that it exists.
  const [worst] = sorted;
  const first =
    worst?.verdict === 'pass'
      ? (outcomes.find((one) => one.verdict === 'pass' && !isFlag(one.actual)) ?? worst)
      : worst;
  if (!first) throw new Error('a rule without outcomes has no worst one');
  const telling =
    first.verdict === 'pass' || first.verdict === 'skip'
      ? [first]
      : sorted.filter((one) => !['pass', 'skip'].includes(one.verdict));
  return {
    ...first,
    severity: first.verdict === 'pass' || first.verdict === 'skip' ? severity : first.severity,
    message: [...new Set(rootCausesOnce(telling).map((one) => one.message))].join('; '),
    steps: [...new Set(outcomes.flatMap((one) => one.steps))],
    unread: telling.flatMap((one) => one.unread),
    series: outcomes.flatMap((one) => one.series ?? []),
  };
}

function isFlag(actual: unknown): boolean {
  return (
    actual !== null &&
    typeof actual === 'object' &&
    Object.values(actual).every((value) => typeof value === 'boolean' || value === null)
  );
}

/** What a host's own trouble made unreadable is told once: the first cause explains the rest. */
function rootCausesOnce(outcomes: Judged[]): Judged[] {
  const told = new Set<string>();
  return outcomes.filter(({ unread, verdict }) => {
    const host =
      verdict === 'unknown' ? unread.find((cause) => cause.at === 'host' || cause.at === 'context')?.host : undefined;
    if (host === undefined) return true;
    const first = !told.has(host);
    told.add(host);
    return first;
  });
}
