/** The closed schema of a fleet's report. */
import type { JsonSchema } from '../core/model.js';
import { count, object, packNamed, type Schema, severity, string, strings, tool } from '../core/schema.js';
import { fleetRunProperties, fleetRunRequired, shardProperties } from './events.js';

const time: JsonSchema = { type: 'string', format: 'date-time' };
const number: JsonSchema = { type: 'number', minimum: 0 };
const nullable: JsonSchema = { type: ['string', 'null'] };
const flag: JsonSchema = { const: true };
const byLabel: JsonSchema = { type: 'object', additionalProperties: string };

/** How many findings, or pairs, have each verdict. */
const verdicts = Object.fromEntries(
  ['pass', 'fail', 'unknown', 'error', 'skip', 'waived'].map((word) => [word, count]),
);

const outcomes = ['passed', 'failed', 'incomplete', 'error', 'missing'];

const finding = object(
  {
    key: string,
    rule: string,
    title: string,
    severity,
    verdict: { enum: ['fail', 'unknown', 'error'] },
    message: string,
    gating: { type: 'boolean' },
    waived: string,
  },
  ['key', 'rule', 'title', 'severity', 'verdict', 'message', 'gating'],
);

const host = object(
  { name: string, role: string, address: string, bootId: string, machineId: string, instance: { type: 'object' } },
  ['name', 'role', 'address'],
);

const pair = object(
  {
    pair: string,
    labels: byLabel,
    outcome: { enum: outcomes },
    why: string,
    product: object({ pack: string, title: string, release: nullable, build: nullable }, [
      'pack',
      'title',
      'release',
      'build',
    ]),
    startedAt: time,
    finishedAt: time,
    durationMs: number,
    summary: object({ ...verdicts, accepted: count }, Object.keys(verdicts)),
    accepted: string,
    hosts: { type: 'array', items: host },
    findings: { type: 'array', items: finding },
    cut: count,
  },
  ['pair', 'labels', 'outcome', 'findings'],
);

const rule = object(
  { rule: string, title: string, severity, pairs: count, ...verdicts, failing: strings, unknownOn: strings },
  ['rule', 'title', 'severity', 'pairs', ...Object.keys(verdicts), 'failing', 'unknownOn'],
);

const problem = object(
  {
    problem: {
      enum: [
        'missing',
        'twice',
        'altered',
        'stale',
        'other-list',
        'other-pack',
        'other-version',
        'other-run',
        'unreadable',
      ],
    },
    message: string,
    shards: strings,
    pairs: strings,
  },
  ['problem', 'message', 'shards', 'pairs'],
);

const guard = object(
  { guard: { enum: ['boot-id', 'machine-id'] }, verdict: { enum: ['fail', 'warn'] }, message: string, pairs: strings },
  ['guard', 'verdict', 'message', 'pairs'],
);

const run = object(
  {
    ...fleetRunProperties,
    id: string,
    shard: shardProperties,
    startedAt: time,
    finishedAt: time,
    durationMs: number,
    gate: { enum: ['passed', 'failed', 'incomplete'] },
    exitCode: { enum: [0, 1, 3] },
    interrupted: flag,
  },
  [...fleetRunRequired, 'id', 'startedAt', 'finishedAt', 'durationMs', 'gate', 'exitCode'],
);

/** The published schema. */
export const fleetReportSchema: Schema = {
  $id: 'urn:pairflight:schema:fleet-report:1',
  title: 'pairflight fleet report',
  ...object(
    {
      schema: { const: 'pairflight/fleet-report/1' },
      tool,
      run,
      packs: { type: 'array', items: packNamed },
      summary: object({ pairs: count, ...Object.fromEntries(outcomes.map((word) => [word, count])) }, [
        'pairs',
        ...outcomes,
      ]),
      problems: { type: 'array', items: problem },
      guards: { type: 'array', items: guard },
      rules: { type: 'array', items: rule },
      pairs: { type: 'array', items: pair },
    },
    ['schema', 'tool', 'run', 'packs', 'summary', 'problems', 'guards', 'rules', 'pairs'],
  ),
};
