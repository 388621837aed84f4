/** Puts the shards of a fleet together and reports. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.js';
import { readDuration } from '../../core/format.js';
import { mergeShards } from '../../fleet/merge.js';
import type { PackNamed } from '../../fleet/prepare.js';
import { pluginCode } from '../../fleet/reporters/nagios.js';
import { demandShards, shardFolders } from '../../fleet/shard-folder.js';
import { loadPack, packDir } from '../../pack/load.js';
import type { Pack } from '../../pack/pack.js';
import { deliverFleet, openFleetTargets } from './deliver.js';
import { type FleetMergeOptions, MAX_AGE } from './options.js';

/** Merges; resolves to the exit code. @throws UsageError where no folder says what the whole is */
export async function mergeFleet(options: FleetMergeOptions): Promise<number> {
  const maxAgeMs = readDuration('--max-age', options.maxAge ?? MAX_AGE);
  const found = demandShards(shardFolders(options.folders));
  const inputs = found.flatMap(({ folder }) =>
    ['shard.json', 'fleet.ndjson'].map((name) => ({ what: `the shard's ${name}`, path: join(folder, name) })),
  );
  const targets = await openFleetTargets(options, inputs);
  const own = options.pack === undefined ? undefined : loadPack(options.pack);
  const report = mergeShards(found, {
    maxAgeMs,
    now: new Date(),
    packOf: (named) => [own, brought(named)].find((pack) => pack?.name === named.name && pack.sha256 === named.sha256),
  });
  if (!report) throw new UsageError('no folder says what the whole is');
  await deliverFleet(report, targets, options.color, (pair) =>
    found
      .flatMap(({ folder }) => ['report.html', 'report.json'].map((name) => join(folder, pair, name)))
      .find(existsSync),
  );
  // A plugin speaks to its monitoring, and to nobody else.
  const isPlugin = targets.length === 1 && targets[0]?.format === 'nagios';
  return isPlugin ? pluginCode(report) : report.run.exitCode;
}

/** The pack that pairflight brings under this name. */
function brought({ name }: PackNamed): Pack | undefined {
  try {
    return loadPack(packDir(name));
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
