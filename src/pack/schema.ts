/** A pack's pack.yaml: the product knowledge that its rules rest on. */
import type { Schema } from '../core/schema.js';
import { basis, object, portProperties, releases, severity, table, text } from '../core/schema.js';
import { conditionProperties } from './condition.js';
import { derivations } from './derivations.js';
import { phaseSentences } from './sentences.js';

const words = { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 };

/** One parser of a declared command; exactly one key. */
const parse = {
  ...object({
    text: object({}),
    lines: object({}),
    key_value: object({ separator: { type: 'string', minLength: 1 }, key: text }, ['separator', 'key']),
    json: object({}),
    number: object({}),
    addresses: object({}),
    captures: object({ pattern: derivations.captures.schema }, ['pattern']),
    outcome: object({}),
  }),
  minProperties: 1,
  maxProperties: 1,
};

/** How a fact is obtained: a probe with its parameters, or a derivation from other facts. */
export const factSchema = {
  type: ['object', 'string'],
  additionalProperties: false,
  properties: {
    probe: text,
    with: { type: 'object' },
    hosts: { type: 'array', items: text, minItems: 1 },
    sample: object({ times: { type: ['integer', 'string'] }, every_ms: { type: ['integer', 'string'] } }, [
      'times',
      'every_ms',
    ]),
    ...Object.fromEntries(Object.entries(derivations).map(([word, { schema }]) => [word, schema])),
    by: text,
  },
};

export const packSchema: Schema = {
  $id: 'urn:pairflight:schema:pack:1',
  title: 'pairflight pack (pack.yaml)',
  ...object(
    {
      name: { type: 'string', pattern: '^[a-z][a-z0-9-]*$' },
      version: text,
      title: text,
      roles: table(
        object({ title: text, count: { enum: ['1', '0..1', '0..', '1..', '2..'] }, endpoint: { type: 'boolean' } }, [
          'title',
          'count',
        ]),
      ),
      pair: { type: 'array', items: text, minItems: 1, maxItems: 2 },
      phases: table(
        object({ title: text, ...Object.fromEntries(phaseSentences.map((kind) => [kind, text])) }, ['title']),
      ),
      sections: { type: 'array', items: text, minItems: 1, uniqueItems: true },
      documents: table(object({ title: text, url: { type: 'string', format: 'uri' } }, ['title'])),
      settings: table(
        object(
          {
            title: text,
            type: { enum: ['string', 'number', 'boolean', 'path', 'address', 'url', 'list'] },
            default: {},
            by_release: { type: 'array', items: object({ releases, value: {} }, ['releases', 'value']), minItems: 1 },
            basis,
            ask: text,
            optional: { type: 'boolean' },
            instance: { type: 'boolean' },
            items: { type: 'object' },
          },
          ['title', 'type', 'basis'],
        ),
      ),
      releases: {
        type: 'array',
        minItems: 1,
        items: object({ name: text, build: { type: 'string', pattern: '^\\d+(\\.\\d+)*$' }, basis }, ['name', 'basis']),
      },
      build: text,
      discover: table(text),
      ports: {
        type: 'array',
        items: object(
          {
            ...portProperties,
            needed: table({ type: 'string', pattern: '^(both|\\S+->\\S+)$' }),
            must_listen: { type: 'boolean' },
            releases,
            severity,
            basis,
            confidence: text,
          },
          ['port', 'name', 'basis', 'confidence'],
        ),
      },
      contexts: table(object({ title: text, enter: words, user: text }, ['title', 'enter', 'user'])),
      commands: table(
        object(
          {
            title: text,
            argv: words,
            as: text,
            params: { type: 'object' },
            timeout_ms: { type: 'integer', minimum: 100, maximum: 600000 },
            exits: { type: 'array', items: { type: 'integer' } },
            secret: { type: 'boolean' },
            costly: { type: 'boolean' },
            parse,
          },
          ['title', 'argv', 'as', 'parse'],
        ),
      ),
      never: { type: 'array', items: text },
      not_run: { type: 'array', items: text, minItems: 1 },
      facts: table({ ...factSchema, type: 'object' }),
      not_verified: {
        type: 'array',
        items: object(
          {
            id: text,
            what: text,
            why: text,
            phases: { type: 'array', items: text },
            releases,
            unless_set: text,
            source: object({ doc: text, section: text }, ['doc', 'section']),
          },
          ['id', 'what', 'why', 'phases', 'source'],
        ),
      },
    },
    ['name', 'version', 'title', 'roles', 'pair', 'phases', 'sections', 'documents', 'settings', 'releases'],
  ),
};

const ruleId = { type: 'string', pattern: '^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$', description: 'a rule id' };

const names = { type: 'array', items: text, minItems: 1 };

/** Other words are refused when it is read, which can say where they belong. */
const condition = { type: 'object', properties: conditionProperties, additionalProperties: true };

/** One sentence, or one for each word. */
const sentence = { anyOf: [text, { ...table(text, { type: 'string' }), minProperties: 1 }] };

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
    fault: sentence,
    remedy: sentence,
  },
  additionalProperties: text,
};

export const rulesSchema: Schema = {
  $id: 'urn:pairflight:schema:rules:1',
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
            fault: text,
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

const oneCase = object(
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
    severity,
    message: text,
  },
  ['name', 'facts', 'expect'],
);

/** A change of the rule that no case notices, and that is meant to be so. */
const meantGap = object({ gap: text, reason: text }, ['gap', 'reason']);

export const casesSchema: Schema = {
  $id: 'urn:pairflight:schema:cases:1',
  title: 'pairflight cases (the verdicts a rule must give on stated facts)',
  ...table(
    {
      type: 'array',
      minItems: 1,
      // biome-ignore lint/suspicious/noThenProperty: JSON schema calls it so
      items: { type: 'object', if: { required: ['gap'] }, then: meantGap, else: oneCase },
    },
    ruleId,
  ),
};
