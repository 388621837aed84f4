/** Rule files and their cases. */

import type { Schema } from '../authoring/schemas.js';
import { basis, object, portProperties, releases, severity, table, text } from '../core/schema.js';
import { factSchema } from '../pack/schema.js';

const ruleId = { type: 'string', pattern: '^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$', description: 'a rule id' };

const names = { type: 'array', items: text, minItems: 1 };

const number = { type: ['number', 'string'] };

/** Quantifiers and matchers; a role of the pack is a quantifier too, so further keys are checked when the pack is loaded. */
const conditionProperties = {
  every: text,
  any: text,
  same: text,
  distinct: text,
  difference: text,
  count: { type: ['string', 'object'] },
  pair: text,
  self: text,
  peer: text,
  before: text,
  row: text,
  where: { type: ['object', 'string', 'number', 'boolean', 'array'] },
  its: text,
  equals: {},
  differs_from: {},
  one_of: { type: ['array', 'string'] },
  matches: text,
  at_least: number,
  at_most: number,
  tolerance_percent: number,
  in_network: text,
  includes: {},
  excludes: {},
  absent: { type: 'boolean' },
  verdicts: table({ enum: ['pass', 'fail', 'unknown', 'skip'] }, { type: 'string' }),
  numeric: { type: 'boolean' },
  trend: { type: 'object' },
  schema: { type: 'object' },
};

/** Other words are refused when it is read, which can say where they belong. */
const condition = { type: 'object', properties: conditionProperties, additionalProperties: true };

const expectation = {
  type: 'object',
  properties: {
    ...conditionProperties,
    phases: names,
    hosts: names,
    releases,
    severity,
    when: { anyOf: [condition, { type: 'array', items: condition, minItems: 1 }] },
    unless: { anyOf: [condition, { type: 'array', items: condition, minItems: 1 }] },
    given: { anyOf: [condition, { type: 'array', items: condition, minItems: 1 }] },
    says: text,
  },
  additionalProperties: text,
};

export const rulesSchema: Schema = {
  $id: 'https://pairflight.dev/schema/rules/1',
  title: 'pairflight rules (one file for each section of a document)',
  ...object(
    {
      title: text,
      source: object({ doc: text, section: text }, ['doc', 'section']),
      rules: {
        type: 'array',
        minItems: 1,
        items: object(
          {
            id: ruleId,
            title: text,
            phases: names,
            severity,
            severity_on: table(severity),
            basis,
            releases,
            hosts: names,
            per: { enum: ['set', 'host', 'direction'] },
            each: { enum: ['ports'] },
            guard: { enum: ['access', 'identity'] },
            requires: text,
            source: object({ doc: text, section: text }),
            facts: table(factSchema),
            expect: { type: 'array', items: expectation, minItems: 1 },
            remedy: text,
            tells: { type: 'array', items: text, minItems: 1 },
          },
          ['id', 'title', 'phases', 'severity', 'basis', 'releases', 'requires', 'facts', 'expect', 'remedy'],
        ),
      },
    },
    ['title', 'source', 'rules'],
  ),
};

const verdict = { enum: ['pass', 'fail', 'unknown', 'error', 'skip'] };

/** Facts by host and name. */
const stated = { type: 'object', additionalProperties: { type: ['object', 'null'] } };

/** A row as the inventory would give it. */
const casePort = object({ ...portProperties, releases, severity, basis, confidence: text }, ['port', 'name']);

export const casesSchema: Schema = {
  $id: 'https://pairflight.dev/schema/cases/1',
  title: 'pairflight cases (the verdicts a rule must give on stated facts)',
  ...table(
    {
      type: 'array',
      minItems: 1,
      items: object(
        {
          name: text,
          phase: text,
          release: { type: 'string' },
          settings: { type: 'object' },
          addresses: table(text),
          ports: { type: 'array', items: casePort },
          facts: stated,
          series: table(table({ type: 'array', items: { type: ['object', 'null'] }, minItems: 1 })),
          before: stated,
          expect: { anyOf: [verdict, { type: 'object', minProperties: 1, additionalProperties: verdict }] },
        },
        ['name', 'facts', 'expect'],
      ),
    },
    ruleId,
  ),
};
