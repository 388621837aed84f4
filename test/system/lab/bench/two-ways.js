/** What the way to the hosts costs: the same plan by ssh itself beside ssh2, in turn, so that whatever else the machine does meets both. */
import { median } from './measure.js';

const ROUNDS = 9;
const AIM = 1.1;
const MACHINES_DIFFER_BY = 1.5;
const WAYS = ['ssh2', 'openssh'];

/** `by` runs the plan by a way; false where openssh costs, twice, much more than is aimed at. */
export async function compareWays(by) {
  const first = await ratio(by);
  if (first <= AIM) return true;
  console.log('  above what is aimed at; measured once more');
  return (await ratio(by)) <= AIM * MACHINES_DIFFER_BY;
}

async function ratio(by) {
  const times = { ssh2: [], openssh: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const way of round % 2 === 0 ? WAYS : WAYS.toReversed()) {
      const { ms } = await by(way);
      if (round > 0) times[way].push(ms);
    }
  }
  const show = (way) =>
    `${way} ${median(times[way]).toFixed(0)} ms (${times[way].map((ms) => ms.toFixed(0)).join(' ')})`;
  const found = median(times.openssh) / median(times.ssh2);
  console.log(`\nthe whole preflight by each way: ${WAYS.map(show).join('; ')}; ratio ${found.toFixed(2)}, aim ${AIM}`);
  return found;
}
