/** What the way to the hosts costs: the same plan by ssh itself beside ssh2, in turn, so that whatever else the machine does meets both. */
import { isBeyond } from './judge.js';
import { Times } from './times.js';

const LIMIT = 1.1;
const WAYS = ['ssh2', 'openssh'] as const;

type Way = (typeof WAYS)[number];

/** `by` runs the plan by a way; false where openssh costs, twice, much more than its limit. */
export async function compareWays(rounds: number, by: (way: Way) => Promise<{ ms: number }>): Promise<boolean> {
  if (!isBeyond(await ratio(rounds, by), LIMIT)) return true;
  console.log('  far above its limit; measured once more');
  return !isBeyond(await ratio(rounds, by), LIMIT);
}

async function ratio(rounds: number, by: (way: Way) => Promise<{ ms: number }>): Promise<number> {
  const times = new Times();
  for (let round = 0; round < rounds; round++)
    for (const way of round % 2 === 0 ? WAYS : WAYS.toReversed()) await times.take(way, () => by(way));
  const found = times.median('openssh') / times.median('ssh2');
  const shown = WAYS.map((way) => `${way} ${times.show(way)}`).join('; ');
  const missed = found > LIMIT ? ' (missed)' : '';
  console.log(`\nthe whole preflight by each way: ${shown}; ratio ${found.toFixed(2)}, limit ${LIMIT}${missed}`);
  return found;
}
