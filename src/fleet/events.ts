/** The lines of `fleet.ndjson`: how a run of a fleet began, what came of each pair, and how it ended. */
import type { JsonSchema, Severity } from '../core/model.js';
import { count, object, packNamed, type Schema, severity, string, strings, tool } from '../core/schema.js';
import { pairNameSchema } from '../plan/schema.js';
import type { Instance } from './instances.js';
import type { PackNamed } from './prepare.js';
import type { Shard } from './shard.js';

/** What a run of a fleet is asked to do, the same for all of its shards. */
export interface FleetRun {
  fleet: string;
  phases: string[];
  where: string[];
  selection: { only: string[]; skip: string[] };
  settings: Record<string, unknown>;
  release?: string;
  provePorts?: boolean;
  allowCommand?: string[];
  failOn: Severity;
}

/** A run began, or went on. */
export interface RunEvent extends FleetRun {
  event: 'run';
  schema: 'pairflight/fleet-event/1';
  at: string;
  tool: { name: string; version: string };
  runId: string;
  shard?: Shard;
  packs: PackNamed[];
  /** How many pairs it is to ask, and how many of them were there already. */
  pairs: number;
  resumed?: number;
}

/** What a pair came to. */
export type Outcome = 'passed' | 'failed' | 'incomplete' | 'error';

/** A pair is done: its files are there, whole, and have these hashes. */
export interface PairEvent {
  event: 'pair';
  pair: string;
  outcome: Outcome;
  /** Hash of all that is written of the pair. */
  definition: string;
  startedAt: string;
  finishedAt: string;
  durationMs: number;
  /** Of an error: why there is no report. */
  message?: string;
  pack?: PackNamed;
  /** What names the instance of the product on each host. */
  instances?: Record<string, Instance>;
  /** SHA-256 by the name of the file, in the pair's folder. */
  files?: Record<string, string>;
}

/** A run has ended: by itself, or early. */
export interface EndEvent {
  event: 'end';
  at: string;
  exitCode: number;
  pairs: Record<Outcome | 'missing', number>;
  interrupted?: true;
}

/** One line of `fleet.ndjson`. */
export type FleetEvent = RunEvent | PairEvent | EndEvent;

const flag: JsonSchema = { const: true };
const number: JsonSchema = { type: 'number', minimum: 0 };
const time: JsonSchema = { type: 'string', format: 'date-time' };
const sha256: JsonSchema = { type: 'string', pattern: '^[0-9a-f]{64}$' };

/** Tables by names that are nobody's to choose. */
const by = (values: JsonSchema): JsonSchema => ({ type: 'object', additionalProperties: values });

/** Which part of a fleet. */
export const shardProperties: JsonSchema = object(
  { index: { type: 'integer', minimum: 1 }, total: { type: 'integer', minimum: 1 } },
  ['index', 'total'],
);

/** The properties of what a run is asked to do. */
export const fleetRunProperties: Record<string, JsonSchema> = {
  fleet: string,
  phases: strings,
  where: strings,
  selection: object({ only: strings, skip: strings }, ['only', 'skip']),
  settings: { type: 'object' },
  release: string,
  provePorts: flag,
  allowCommand: strings,
  failOn: severity,
};

/** Those of them that are always there. */
export const fleetRunRequired = ['fleet', 'phases', 'where', 'selection', 'settings', 'failOn'];

/** The properties of what came of a pair. */
export const pairEventProperties: Record<string, JsonSchema> = {
  pair: pairNameSchema,
  outcome: { enum: ['passed', 'failed', 'incomplete', 'error'] },
  definition: sha256,
  startedAt: time,
  finishedAt: time,
  durationMs: number,
  message: string,
  pack: packNamed,
  instances: by({ type: 'object' }),
  files: { ...by(sha256), propertyNames: { enum: ['evidence.json', 'report.json', 'report.html'] } },
};

/** Those of them that are always there. */
export const pairEventRequired = ['pair', 'outcome', 'definition', 'startedAt', 'finishedAt', 'durationMs'];

/** The published schema of a line. */
export const fleetEventSchema: Schema = {
  $id: 'urn:pairflight:schema:fleet-event:1',
  title: 'pairflight fleet.ndjson (one line of it)',
  oneOf: [
    object(
      {
        event: { const: 'run' },
        schema: { const: 'pairflight/fleet-event/1' },
        at: time,
        tool,
        runId: string,
        shard: shardProperties,
        packs: { type: 'array', items: packNamed },
        pairs: count,
        resumed: count,
        ...fleetRunProperties,
      },
      ['event', 'schema', 'at', 'tool', 'runId', 'packs', 'pairs', ...fleetRunRequired],
    ),
    object({ event: { const: 'pair' }, ...pairEventProperties }, ['event', ...pairEventRequired]),
    object(
      {
        event: { const: 'end' },
        at: time,
        exitCode: { type: 'integer' },
        pairs: by(count),
        interrupted: flag,
      },
      ['event', 'at', 'exitCode', 'pairs'],
    ),
  ],
};
