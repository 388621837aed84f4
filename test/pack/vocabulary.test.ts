/** Every entry of every table of the vocabulary: what its example says is accepted, judged and put into words; what is wrong is refused. */
import { describe, expect, it } from 'vitest';
import { conditionInWords, factInWords, referenceInWords } from '../../src/authoring/rule-words.js';
import { check } from '../../src/core/check-schema.js';
import { UsageError } from '../../src/core/errors.js';
import { factNamed, valueBelow } from '../../src/core/fact-path.js';
import { inYaml } from '../../src/core/format.js';
import type { Condition, FactDefinition, HostRef, Rule } from '../../src/core/model.js';
import { derive } from '../../src/evidence/derive.js';
import type { FactSource } from '../../src/evidence/facts.js';
import type { Reading } from '../../src/evidence/read-answer.js';
import { judge } from '../../src/judge/condition.js';
import type { Context } from '../../src/judge/values.js';
import { checkFact } from '../../src/pack/check/fact.js';
import { valueSchema } from '../../src/pack/check/fact-value.js';
import { conditionProperties } from '../../src/pack/condition.js';
import { type Derivation, derivations, sourcesOf } from '../../src/pack/derivations.js';
import { readExpectation } from '../../src/pack/expectation.js';
import { kinds, type Matcher, match, matchers } from '../../src/pack/matchers.js';
import type { Pack } from '../../src/pack/pack.js';
import { type Quantifier, quantifiers } from '../../src/pack/quantifiers.js';
import { type JudgedRow, rowProperties } from '../../src/pack/row-properties.js';
import { factSchema } from '../../src/pack/schema.js';
import { brought, judged, packOf, ruleText, scopeOf } from '../support.js';

type Written = Record<string, unknown>;

const roles = ['primary', 'secondary'];
const [primary, secondary] = roles.map(
  (role, at): HostRef => ({ name: role, role, address: `10.0.0.${at + 1}`, connection: 'ssh' }),
) as [HostRef, HostRef];
const rule = { facts: {}, expect: [], hosts: roles } as unknown as Rule;
const row: JudgedRow = {
  port: 22,
  name: 'SSH',
  from: 'primary',
  to: 'secondary',
  severity: 'warning',
  mustListen: true,
  neededInPhase: true,
  basis: 'inferred',
  confidence: 'c',
};

/** Values of every type that JSON has, and of every form that a matcher or a derivation takes. */
const values = [
  'standalone',
  'master',
  '10.1.2.3',
  '1',
  'on',
  'YQ==',
  5,
  0.5,
  true,
  null,
  ['wheel'],
  [5432],
  [],
  { a: { b: 1 } },
];

const read = (written: Written) => readExpectation(written, roles, (...path) => `f:1:1 (${path.join('.')})`);

/** Facts that all have one value, at every sample, or no value at all. */
function source(value: unknown): FactSource {
  const reading: Reading =
    value === undefined ? { unread: { reason: 'gone', host: 'primary' }, steps: [] } : { value, steps: [] };
  const facts = {
    define: () => undefined,
    times: () => [0, 5, 10].map((second) => new Date(second * 1000).toISOString()),
    hostsOf: () => [],
    stated: () => reading,
  };
  return { ...facts, before: facts };
}

/** A value with another at the end of a path. */
const at = (path: string, value: unknown): unknown =>
  path
    .split('.')
    .slice(1)
    .reduceRight((inner, name) => ({ [name]: inner }), value);

function judgeOn(condition: Condition, value: unknown, over: Partial<Context> = {}) {
  const { where, its, path, quantifier } = condition;
  const element = its === undefined ? value : [{ ...(where as object), [its]: value }];
  const hosts = [primary, secondary];
  return judge(condition, {
    rule,
    source: source(value === undefined ? undefined : at(path, element)),
    hosts,
    self: primary,
    peer: secondary,
    direction: { from: primary, to: secondary },
    hostsOf: (role) => hosts.filter((host) => host.role === role),
    setting: () => undefined,
    ...(quantifier === 'row' && value !== undefined && { row }),
    ...over,
  });
}

/** Words for a reader: there are some, and nothing in them is a value of the program's own. */
function expectWords(text: unknown): void {
  expect(text).toMatch(/\S/);
  expect(text).not.toMatch(/undefined|NaN|\[object|\{"/);
}

/** What is wrong is told with its place and the entry's own example. */
function expectRefused(written: Written, key: string, example: Written): void {
  expect(() => read(written)).toThrow(UsageError);
  expect(() => read(written)).toThrow(`f:1:1 (${key}): `);
  expect(() => read(written)).toThrow(`: ${inYaml(example)}`.slice(2));
}

const accepts = (schema: object, value: unknown) => check({ ...schema }, value).length === 0;
const condition = { type: 'object', properties: conditionProperties };

describe.each(Object.entries<Matcher>(matchers))('the matcher %s', (name, matcher) => {
  const { example, takes } = matcher;
  const written = read(example);
  const fitting = values.filter((value) => takes.has(value, example[name]));
  const strange = values.filter((value) => !takes.has(value, example[name]));

  it('is accepted as its example shows it', () => {
    expect(written.matcher).toEqual({ name, arg: example[name] });
    expect(accepts(condition, example)).toBe(true);
    expect(conditionProperties[name]?.examples).toEqual([example[name]]);
  });

  it('is refused without a value, and with one of another form', () => {
    expect(() => read({ ...example, [name]: null })).toThrow(`f:1:1 (${name}): ${name} has no value`);
    if (Object.keys(matcher.schema).length === 0) return;
    const forms = [17.5, 'x [', true, [], {}, { a: 1 }].filter(
      (arg) => !Object.hasOwn(quantifiers, name) || typeof arg !== 'string',
    );
    const refused = forms.filter((arg) => {
      try {
        return !read({ ...example, [name]: arg });
      } catch (error) {
        expect((error as Error).message).toContain(`f:1:1 (${name}): `);
        expect((error as Error).message).toContain(inYaml(example));
        return true;
      }
    });
    expect(refused).not.toEqual([]);
  });

  it('judges every value that it takes, and no other', () => {
    expect(fitting).not.toEqual([]);
    const decided = fitting.map((value) => judgeOn(written, value).verdict);
    expect(decided).not.toContain('error');
    expect(decided.filter((verdict) => verdict === 'pass' || verdict === 'fail')).not.toEqual([]);
    expect(strange.length === 0).toBe(takes === kinds.any);
    for (const value of strange) expect(judgeOn(written, value).verdict).toBe('error');
  });

  it('leaves open what was not read', () => {
    expect(judgeOn(written, undefined).verdict).toBe('unknown');
  });

  it('has words', () => {
    expectWords(conditionInWords(brought, rule, written));
    expectWords(match(name, fitting[0], example[name]).says);
    expectWords(judgeOn(written, fitting[0]).expected);
    for (const [word] of matcher.words?.(example[name], String).listed ?? []) expectWords(word);
    expectWords(takes.says);
  });
});

describe.each(Object.entries<Quantifier>(quantifiers))('the quantifier %s', (name, quantifier) => {
  const { example } = quantifier;
  const word = name === 'role' ? 'primary' : name;
  const written = read(example);
  const { name: matcher = '', arg } = written.matcher ?? {};
  const takes = written.matcher && matchers[matcher as keyof typeof matchers].takes;
  const fitting = values.filter((value) => takes?.has(value, arg) ?? typeof value === 'number');

  it('is accepted as its example shows it', () => {
    expect(written).toMatchObject({ quantifier: name, path: example[word] });
    expect(accepts(condition, example)).toBe(true);
  });

  it('is refused with what is no path, and with a matcher that it does not go with', () => {
    expectRefused(
      { ...example, [word]: ['x.v'] },
      word === 'count' ? '' : word,
      word === 'count' ? matchers.equals.example : example,
    );
    if (quantifier.matchers === undefined) return;
    const { [matcher]: _, ...rest } = example;
    expect(() => read({ ...rest, schema: {} })).toThrow(/^f:1:1 \(schema\): "\w+" .*; right is \{ /);
  });

  it('judges what it looks at', () => {
    for (const value of fitting) expect(judgeOn(written, value).verdict).not.toBe('error');
    expect(fitting).not.toEqual([]);
    if (takes === undefined || quantifier.picks === 'hosts' || quantifier.asks === 'row') return;
    const strange = values.filter((value) => !takes.has(value, arg));
    expect(strange).not.toEqual([]);
    for (const value of strange) expect(judgeOn(written, value).verdict).toBe('error');
  });

  it('leaves open what was not read, and passes nothing without a host', () => {
    expect(judgeOn(written, undefined).verdict).toBe('unknown');
    const nobody = { hosts: [], hostsOf: () => [] };
    const { self: _, peer: __, direction: ___, ...alone } = { self: 1, peer: 1, direction: 1, ...nobody };
    const context = { ...alone, source: source({}), rule, setting: () => undefined } as Context;
    expect(judge(written, context).verdict).toBe('unknown');
  });

  it('has words', () => {
    expectWords(conditionInWords(brought, rule, written));
    expectWords(judgeOn(written, fitting[0]).message);
  });
});

describe.each(Object.entries<Derivation>(derivations))('the derivation %s', (word, derivation) => {
  const { example } = derivation;
  const fact = example as FactDefinition;
  const open: FactDefinition = { probe: 'open', with: {} };
  const probes = new Map([['open', { id: 'open', on: 'host', params: { type: 'object' }, value: {} }]]);
  const one = { title: 'one', count: '1' };
  const pack = { roles: { primary: one, standby: one }, settings: {}, contexts: {}, probes } as unknown as Pack;
  const sources = Object.fromEntries(sourcesOf(fact).map((path) => [factNamed(path), open]));
  const from = (value: unknown) =>
    derive(
      fact as Exclude<FactDefinition, { probe: string }>,
      (): Reading => (value === undefined ? { unread: { reason: 'gone' }, steps: ['s'] } : { value, steps: ['s'] }),
      () => [],
    );
  const made = values.map(from).filter((reading) => 'value' in reading);

  it('is accepted as its example shows it', () => {
    expect(Object.keys(sources)).not.toEqual([]);
    expect(accepts(factSchema, example)).toBe(true);
    expect(() => checkFact(pack, { ...sources, d: fact }, 'd', 'f:1:1')).not.toThrow();
  });

  it('is refused with another value, and with a word that does not go with it', () => {
    expect(accepts(factSchema, { ...example, [word]: null })).toBe(false);
    const stray = { ...example, hosts: ['primary'] } as unknown as FactDefinition;
    expect(() => checkFact(pack, { ...sources, d: stray }, 'd', 'f:1:1')).toThrow(
      `f:1:1: the fact "d" has "${word}"; "hosts" does not go with it; right is ${inYaml(example)}`,
    );
  });

  it('makes what its schema says, and nothing of what it cannot read', () => {
    const schema = valueSchema(pack, fact);
    expect([schema?.type, made.length > 0]).toEqual(['object', true]);
    for (const reading of made) expect(check(schema ?? {}, 'value' in reading && reading.value)).toEqual([]);
    expect(made.length < values.length || derivation.oneIsEnough).toBe(true);
    expect(from(undefined)).toEqual({ unread: { reason: 'gone' }, steps: ['s'] });
  });

  it('has words', () => {
    expectWords(factInWords(pack, fact));
  });
});

describe.each(Object.keys(rowProperties))("the row's property %s", (name) => {
  const { key, value } = rowProperties[name] as (typeof rowProperties)[string];
  const written = read({ row: name, equals: row[key] });
  const reference = read({ every: 'x.v', equals: `@port.${name}` });

  it('is accepted by both its names, and a near miss of it is refused', () => {
    expect([written.path, reference.matcher?.arg]).toEqual([name, `@port.${name}`]);
    expectRefused({ row: `${name}x`, equals: 1 }, 'row', quantifiers.row.example);
    expect(() => read({ every: 'x.v', equals: `@port.${name}x` })).toThrow(/a row has no .*; right is "@port.number"/);
  });

  it('has the value that its schema says, which is judged', () => {
    expect(check(value, row[key])).toEqual([]);
    expect(judgeOn(written, 'read').verdict).toBe('pass');
    expect(judgeOn(reference, row[key], { row }).verdict).toBe('pass');
    expect(judgeOn(read({ row: name, equals: [] }), 'read').verdict).toBe('error');
  });

  it('leaves open what the row does not have', () => {
    const empty = {} as JudgedRow;
    const verdict = rowProperties[name]?.otherwise === undefined ? 'unknown' : 'fail';
    expect(judgeOn(written, 'read', { row: empty }).verdict).toBe(verdict);
    expect(judgeOn(reference, row[key], { row: empty }).verdict).toBe(verdict);
  });

  // defect: `@port.needed` was an object, `@port.must_listen` meant nothing, and `from` of a row for both directions was `false`.
  it('is judged on every row of a table, whatever the row leaves out', () => {
    const facts = '{ echo: { probe: echo } }';
    const expects = [`{ row: ${name}, absent: false }`, `{ self: echo.value, equals: "@port.${name}" }`];
    const more = [
      'ports: [{ port: 22, name: SSH, basis: documented, confidence: c }]',
      'commands: { echo: { title: t, argv: [show], as: login, parse: { json: {} } } }',
    ];
    const scope = scopeOf(packOf(ruleText('one', expects, { each: 'ports', facts }), more.join('\n')));
    const known = { number: 22, port: 22, name: 'SSH', must_listen: false, needed: true, basis: 'documented' };
    const ends = [['left', 'right'] as const, ['right', 'left'] as const];
    const stated = ends.map(([from, to]) => [from, { echo: { value: { ...known, from, to }[name] ?? 'warning' } }]);
    const findings = judged(scope, Object.fromEntries(stated));
    // The row has no severity, and says so.
    const verdict = name === 'severity' ? 'fail' : 'pass';
    expect(findings.map((finding) => [finding.verdict, finding.message.includes('undefined')])).toEqual([
      [verdict, false],
      [verdict, false],
    ]);
  });

  it('has words', () => {
    expectWords(conditionInWords(brought, rule, written));
    expectWords(referenceInWords(`@port.${name}`));
  });
});

it('what stands below a value is its own', () => {
  expect(valueBelow({ a: { b: 1 } }, ['a', 'b'])).toBe(1);
  expect(valueBelow({}, ['constructor'])).toBeUndefined();
  expect(valueBelow('text', ['length'])).toBeUndefined();
});
