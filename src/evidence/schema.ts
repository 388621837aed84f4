/** Saved evidence: the raw outputs of a run, after redaction. */
import type { Schema } from '../core/schema.js';
import {
  attestation,
  count,
  object,
  packNamed,
  portProperties,
  string,
  strings,
  tool,
  waiver,
} from '../core/schema.js';

const settings = { type: 'object' };
const problem = { enum: ['unreachable', 'denied', 'not-found', 'timeout', 'truncated', 'not-run'] };

const subject = {
  type: 'object',
  required: ['kind'],
  properties: { kind: { enum: ['host', 'pair', 'set'] }, host: string, from: string, to: string, hosts: strings },
  additionalProperties: false,
};

const ask = {
  type: 'object',
  required: ['kind'],
  properties: {
    kind: { enum: ['exec', 'connection', 'ping', 'sysinfo'] },
    on: { const: 'peer' },
    to: string,
    count,
    call: { enum: ['cpu', 'mem', 'kernel'] },
    argv: { ...strings, minItems: 1 },
    as: string,
    enter: { ...strings, minItems: 1 },
    user: string,
    stdin: object({ line: string, env: string }, ['line', 'env']),
    effect: { enum: ['read', 'listen'] },
    timeoutMs: count,
    maxBytes: count,
  },
  additionalProperties: false,
};

const output = object(
  {
    exit: { type: ['integer', 'null'] },
    stdout: string,
    stderr: string,
    problem,
    problemAt: { enum: ['host', 'context', 'command'] },
    startedAt: string,
    durationMs: { type: 'number', minimum: 0 },
  },
  ['exit', 'stdout', 'stderr', 'startedAt', 'durationMs'],
);

/** What a source declares of an answer, before its host is there to give it. */
const declaredProperty = object(
  {
    property: string,
    may: { enum: ['both', 'same-only', 'fail-only'] },
    from: string,
    value: {},
    why: string,
    afterApply: { const: true },
    sensitive: { const: true },
    note: string,
    repeated: { const: true },
    assumed: { const: true },
  },
  ['property', 'may', 'from'],
);

const selection = object({ only: strings, skip: strings }, ['only', 'skip']);

const properties = {
  schema: { const: 'pairflight/evidence/2' },
  tool,
  takenAt: { type: 'string', format: 'date-time' },
  finishedAt: { type: 'string', format: 'date-time' },
  run: object(
    {
      phases: { ...strings, minItems: 1 },
      selection,
      release: string,
      provePorts: { type: 'boolean' },
      allowCommands: { ...strings, minItems: 1 },
      interrupted: { type: 'boolean' },
      declared: object(
        {
          sources: {
            type: 'array',
            items: object(
              {
                kind: { enum: ['terraform', 'ansible', 'file'] },
                file: string,
                sha256: string,
                host: string,
                path: string,
              },
              ['kind', 'file', 'sha256'],
            ),
          },
          defer: { const: true },
        },
        ['sources'],
      ),
    },
    ['phases', 'selection'],
  ),
  inventory: object(
    {
      name: string,
      product: string,
      hosts: {
        type: 'array',
        minItems: 1,
        items: object(
          {
            name: string,
            role: string,
            address: string,
            connection: { enum: ['ssh', 'local', 'none', 'endpoint'] },
            via: string,
            reachedAs: string,
            settings,
          },
          ['name', 'role', 'address', 'connection', 'settings'],
        ),
      },
      settings,
      ports: {
        type: 'array',
        items: object({ ...portProperties, basis: { const: 'documented' }, confidence: string }, [
          'port',
          'name',
          'basis',
          'confidence',
        ]),
      },
      waivers: { type: 'array', items: waiver },
      attest: { type: 'array', items: attestation },
    },
    ['product', 'hosts', 'settings', 'ports', 'waivers', 'attest'],
  ),
  packs: {
    type: 'array',
    minItems: 1,
    items: packNamed,
  },
  connections: {
    type: 'array',
    items: object(
      {
        host: string,
        kind: string,
        transport: object({ name: { enum: ['ssh2', 'openssh'] }, why: string }, ['name', 'why']),
        hostKey: object({ type: string, sha256: string }, ['type', 'sha256']),
        noise: string,
        problem: object({ problem, problemAt: { enum: ['host', 'context'] }, message: string }, [
          'problem',
          'problemAt',
          'message',
        ]),
        logins: count,
        shells: count,
        bytes: count,
      },
      ['host', 'kind', 'logins', 'shells', 'bytes'],
    ),
  },
  steps: {
    type: 'array',
    items: object(
      {
        id: string,
        probe: string,
        params: { type: 'object' },
        subject,
        asks: { type: 'array', items: object({ host: string, ask }, ['host', 'ask']) },
        sample: object({ times: { type: 'integer', minimum: 1 }, everyMs: count }, ['times', 'everyMs']),
        wantedBy: strings,
        outputs: { type: 'array', items: { type: 'array', items: output } },
        declared: { type: 'array', items: declaredProperty },
      },
      ['id', 'probe', 'params', 'subject', 'asks', 'wantedBy', 'outputs'],
    ),
  },
  redaction: object({ tokenKeyId: string, what: strings }, ['tokenKeyId', 'what']),
};

const required = [
  'schema',
  'tool',
  'takenAt',
  'finishedAt',
  'run',
  'inventory',
  'packs',
  'connections',
  'steps',
  'redaction',
];

export const evidenceSchema: Schema = {
  $id: 'urn:pairflight:schema:evidence:2',
  title: 'pairflight evidence',
  ...object({ ...properties, baseline: object(properties, required) }, required),
};
