/** What to do next about a finding that is not known, made from its cause. Pure. */
import type { Finding, Problem } from '../core/model.js';
import type { Unread } from '../evidence/read-answer.js';
import type { Judged } from './outcome.js';

/** What to do where a command of a host gave no answer; why, the message says. */
const afterProblem = {
  unreachable: 'see why it does not answer, then run again',
  denied: 'give whoever asks the right that is missing, then run again',
  'not-found': 'install what is missing, then run again',
  timeout: 'run again with a longer --timeout (in seconds), or see why the host is slow',
  truncated: 'see what fills the answer: it is longer than is read',
  'not-run': 'run again, to the end: the question was not asked',
} satisfies Record<Problem, string>;

/** What was not known, and why. */
type NotKnown = Pick<Judged, 'verdict' | 'notGiven'> & { unread?: Unread[]; next?: string };

/** What to do about a finding that is unknown or an error; of a host, or a context on it, that could not be entered, the command that shows how far it can be. */
export function nextOf(
  { verdict, unread = [], next }: NotKnown,
  rule: string,
  phases: readonly string[],
): Pick<Finding, 'next'> {
  if (verdict !== 'unknown' && verdict !== 'error') return {};
  const [phase = ''] = phases;
  const entry = unread.some(
    ({ at, problem }) => (at === 'host' || at === 'context') && problem !== undefined && problem !== 'not-run',
  );
  if (entry) return { next: `pairflight reach --try --phase ${phase}` };
  const own = next ?? unread.flatMap((one) => one.next ?? [])[0];
  if (own !== undefined) return { next: own };
  const cause = unread.find(({ problem }) => problem !== undefined);
  if (cause?.declared === 'not-in-plan') return { next: 'ask the hosts once they are there' };
  if (cause?.problem) return { next: afterProblem[cause.problem] };
  return { next: `pairflight rules show ${rule}` };
}
