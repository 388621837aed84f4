/** `shard.json`: what a folder holds of which fleet, so that whoever puts folders together can prove that nothing is missing. */

import { object, packNamed, type Schema, string, tool as toolSchema } from '../core/schema.js';
import { tool } from '../core/version.js';
import { labelsSchema, pairNameSchema } from '../plan/schema.js';
import {
  type FleetRun,
  fleetRunProperties,
  fleetRunRequired,
  type PairEvent,
  pairEventProperties,
  pairEventRequired,
  shardProperties,
} from './events.js';
import type { FleetPair } from './fleet.js';
import type { PackNamed } from './prepare.js';
import type { Shard } from './shard.js';

/** A pair of the whole fleet, as every shard knows it. */
export type Listed = Pick<FleetPair, 'name' | 'labels' | 'definition'>;

/** The file. */
export interface ShardFile {
  schema: 'pairflight/shard/1';
  tool: { name: string; version: string };
  runId: string;
  shard: Shard;
  run: FleetRun;
  packs: PackNamed[];
  startedAt: string;
  finishedAt: string;
  /** Every pair of the fleet that was meant, sorted by name. */
  list: Listed[];
  /** Those of this shard that are done. */
  pairs: Omit<PairEvent, 'event'>[];
}

/** What is written of a run; one that is not sharded is shard 1 of 1. */
export function shardFile(
  {
    run,
    runId,
    shard = { index: 1, total: 1 },
    packs,
    pairs,
  }: { run: FleetRun; runId: string; shard?: Shard; packs: PackNamed[]; pairs: readonly FleetPair[] },
  done: readonly PairEvent[],
  startedAt: Date,
  finishedAt: string,
): ShardFile {
  return {
    schema: 'pairflight/shard/1',
    tool: tool(),
    runId,
    shard: { index: shard.index, total: shard.total },
    run,
    packs,
    startedAt: startedAt.toISOString(),
    finishedAt,
    list: pairs.map(({ name, labels, definition }) => ({ name, labels, definition })),
    pairs: done.map(({ event: _, ...pair }) => pair),
  };
}

const time = { type: 'string', format: 'date-time' };

/** The published schema. */
export const shardSchema: Schema = {
  $id: 'urn:pairflight:schema:shard:1',
  title: 'pairflight shard.json (what a folder holds of a fleet)',
  ...object(
    {
      schema: { const: 'pairflight/shard/1' },
      tool: toolSchema,
      runId: string,
      shard: shardProperties,
      run: object(fleetRunProperties, fleetRunRequired),
      packs: { type: 'array', items: packNamed },
      startedAt: time,
      finishedAt: time,
      list: {
        type: 'array',
        minItems: 1,
        items: object({ name: pairNameSchema, labels: labelsSchema, definition: { type: 'string' } }, [
          'name',
          'labels',
          'definition',
        ]),
      },
      pairs: { type: 'array', items: object(pairEventProperties, pairEventRequired) },
    },
    ['schema', 'tool', 'runId', 'shard', 'run', 'packs', 'startedAt', 'finishedAt', 'list', 'pairs'],
  ),
};
