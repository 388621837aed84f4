/** A fleet in four shards, put together, is the same report as the run without shards. */
import { timeless } from '../../fleet/timeless.js';
import { mergeFolders, type PlayedApart, runFleet } from './played-apart.js';

const SHARDS = 4;

let tries = 0;

/** False where a byte differs that is neither a time nor the run's id. */
export async function benchShards(folder: string, pairs: PlayedApart): Promise<boolean> {
  const whole = await runFleet(folder, pairs, []);
  const names: string[] = [];
  let seconds = 0;
  const name = `shards-${tries++}`;
  for (let shard = 1; shard <= SHARDS; shard++) {
    names.push(`${name}-${shard}`);
    const run = await runFleet(folder, pairs, ['--shard', `${shard}/${SHARDS}`, '--run-id', name], names.at(-1));
    seconds += run.seconds;
  }
  const merged = await mergeFolders(folder, names);
  const same = timeless(merged.text) === timeless(whole.text);
  console.log(
    `fleet shards: ${pairs.count} pairs in ${SHARDS} shards and merged: ${same ? 'the same report' : 'ANOTHER REPORT'} as without shards`,
  );
  console.log(
    `  without shards ${whole.seconds.toFixed(1)} s; shards one after the other ${seconds.toFixed(1)} s, merge ${merged.seconds.toFixed(1)} s`,
  );
  return same;
}
