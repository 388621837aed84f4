import { describe, expect, it } from 'vitest';
import { changesOf } from '../../src/authoring/rule-changes.js';
import { packOf, ruleText } from '../support.js';

/** The facts that expectations name; a rule may have no others. */
const known = {
  x: '{ probe: kernel }',
  m: '{ probe: memory }',
  ports: '{ probe: listeners, with: { address: 10.0.0.1 } }',
  page: '{ probe: endpoint, with: { url: "http://10.0.0.1/" } }',
};

const changed = (expectations: string[], over: Record<string, string> = {}) => {
  const used = Object.entries(known).filter(([name]) => expectations.some((one) => one.includes(` ${name}.`)));
  const facts = `{ ${used.map(([name, fact]) => `${name}: ${fact}`).join(', ')} }`;
  const pack = packOf(ruleText('one', expectations, { facts, ...over }));
  const [rule] = pack.rules;
  if (!rule) throw new Error('the pack has a rule');
  return { rule, changes: changesOf(pack, rule) };
};
const words = (expectations: string[], over?: Record<string, string>) =>
  changed(expectations, over).changes.map(({ says }) => says.slice(says.lastIndexOf(': ') + 2));
const ruleOf = (expectations: string[], said: string, setting: (name: string) => unknown = () => undefined) =>
  changed(expectations)
    .changes.find(({ says }) => says.endsWith(said))
    ?.ruleWith(setting);

describe('what is changed in a rule', () => {
  it('each expectation is dropped', () => {
    expect(words(['{ same: x.release }', '{ same: x.machine }'])).toEqual(['dropped', 'dropped']);
    expect(
      ruleOf(['{ same: x.release }', '{ same: x.machine }'], 'x.release is the same on left and right: dropped')
        ?.expect,
    ).toHaveLength(1);
  });

  it('each condition is dropped, whatever it is for', () => {
    const says = changed([
      '{ every: x.release, equals: a, when: [{ every: x.machine, equals: b }, { every: x.machine, equals: c }], unless: { every: x.machine, equals: d }, given: { every: x.machine, equals: e } }',
    ]).changes.map((one) => one.says);
    expect(says.slice(1)).toEqual([
      'x.release on left and right: a: without "when x.machine on left and right: b"',
      'x.release on left and right: a: without "when x.machine on left and right: c"',
      'x.release on left and right: a: without "unless x.machine on left and right: d"',
      'x.release on left and right: a: without "given x.machine on left and right: e"',
    ]);
  });

  it('each field that picks elements is dropped, in a condition too, which goes less far than dropping that', () => {
    const { changes } = changed([
      '{ every: x.release, equals: a, when: { every: page.json, where: { a: 1, b: 2 }, count: { at_least: 1 } } }',
    ]);
    const loosened = changes.filter(({ says }) => says.includes('without where'));
    expect(loosened.map(({ says }) => says.slice(-20))).toEqual(['without where a is 1', 'without where b is 2']);
    for (const { within } of loosened) expect(changes.map(({ says }) => says)).toContain(within);
    const [whole] = changed(['{ every: page.json, where: { a: 1 }, count: { at_least: 1 } }'])
      .changes.filter(({ says }) => says.includes('without where'))
      .map(({ ruleWith }) => ruleWith(() => undefined));
    expect(whole?.expect[0]?.where).toBeUndefined();
  });

  it('each word that does not pass does', () => {
    expect(words(['{ every: x.release, verdicts: { a: pass, b: fail, c: unknown, d: skip } }'])).toEqual([
      'dropped',
      '"b" passes instead of fail',
      '"c" passes instead of unknown',
      '"d" passes instead of skip',
    ]);
    const rule = ruleOf(['{ every: x.release, verdicts: { a: pass, b: fail } }'], '"b" passes instead of fail');
    expect(rule?.expect[0]?.matcher?.arg).toEqual({ a: 'pass', b: 'pass' });
  });

  it('each course of a trend that does not pass does', () => {
    const course = '{ small: 5, falling: pass, rising: fail, stuck: fail, mixed: unknown, not_a_number: fail }';
    expect(words([`{ every: x.release, trend: ${course} }`])).toEqual([
      'dropped',
      '"rising" passes instead of fail',
      '"stuck" passes instead of fail',
      '"mixed" passes instead of unknown',
      '"not_a_number" passes instead of fail',
      'small 5, more by 1',
      'small 5, less by 1',
      'small 5, twice as much',
    ]);
  });
});

describe('how limits are moved', () => {
  it.each([
    ['{ every: m.bytes, at_least: 10 }', [11, 9, 5]],
    ['{ every: m.bytes, at_most: 10 }', [11, 9, 20]],
    ['{ every: m.bytes, at_most: 0.5 }', [1.5, -0.5, 1]],
    // Half of one is one for whatever is counted.
    ['{ every: m.bytes, at_least: 1 }', [2, 0]],
    ['{ every: m.bytes, at_most: 0 }', [1, -1]],
    ['{ count: x.release, where: a, at_least: 8 }', [9, 7]],
  ])('%s', (expectation, limits) => {
    const { changes } = changed([expectation]);
    const args = changes.slice(1).map(({ ruleWith }) => ruleWith(() => undefined).expect[0]?.matcher?.arg);
    expect(args).toEqual(limits);
  });

  it('each limit of a count, and the tolerance', () => {
    expect(words(['{ every: ports.ports, count: { at_least: 1, at_most: 3 } }']).slice(1)).toEqual([
      'at least 1, more by 1',
      'at least 1, less by 1',
      'at most 3, more by 1',
      'at most 3, less by 1',
    ]);
    expect(words(['{ same: x.release, tolerance_percent: 4 }']).slice(1)).toEqual([
      'tolerance 4, more by 1',
      'tolerance 4, less by 1',
      'tolerance 4, twice as much',
    ]);
  });

  it('a setting from where the case has it', () => {
    const expectation = ['{ every: m.bytes, at_most: "${limit}" }'];
    const arg = (value: unknown) => ruleOf(expectation, 'more by 1', () => value)?.expect[0]?.matcher?.arg;
    expect(arg(10)).toBe(11);
    expect(arg(500)).toBe(501);
    // A limit without a value judges nothing, changed or not.
    expect(arg(undefined)).toBe('${limit}');
  });

  it("a fact of a host, by facts that are made for it; a row's property stays", () => {
    const rule = ruleOf(['{ right: x.release, at_least: "@left.x.release" }'], 'less by 1');
    expect(rule?.expect[0]?.matcher?.arg).toBe('@left.changedLimit.release');
    expect(rule?.facts).toMatchObject({
      changedStep: { probe: 'inventory', with: { value: -1 } },
      changedLimit: { sum: ['x.release', 'changedStep.value'] },
    });
  });
});

it('two changes of a rule never have the same words', () => {
  const { changes } = changed(
    [
      '{ every: x.release, equals: a, phases: [preflight] }',
      '{ every: x.release, equals: a, phases: [verify] }',
      '{ every: x.release, equals: a, phases: [verify] }',
    ],
    { phases: '[preflight, verify]' },
  );
  expect(changes.map(({ says }) => says)).toEqual([
    'x.release on left and right: a, in preflight: dropped',
    'x.release on left and right: a, in verify: dropped',
    'x.release on left and right: a, in verify: dropped (2)',
  ]);
});
