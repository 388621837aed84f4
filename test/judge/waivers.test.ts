import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Finding, Rule, Subject, Verdict, Waiver, WaiverUse } from '../../src/core/model.js';
import { applyWaivers, endedWaiver, isAcceptedNoMore, waiverUses } from '../../src/judge/waivers.js';

const TAKEN = '2026-11-21T04:41:00.000Z';

function finding(over: Partial<Finding> = {}): Finding {
  return {
    key: 'p/r',
    rule: 'p/r',
    title: 't',
    group: 'g',
    severity: 'blocker',
    basis: 'documented',
    verdict: 'fail',
    subject: { kind: 'set', hosts: ['primary', 'secondary'] },
    message: 'm',
    actual: { primary: 'a', secondary: 'b' },
    requires: 'q',
    source: { doc: 'd', section: 's' },
    remedy: 'x',
    because: ['step'],
    ...over,
  };
}

const waiver = (over: Partial<Waiver> = {}): Waiver => ({
  rule: 'p/r',
  reason: 'why',
  owner: 'ops',
  until: '2026-12-31',
  ...over,
});
const rules = [{ id: 'p/r' }, { id: 'p/guard', guard: 'identity' }] as Rule[];
const accepting = (...waivers: Waiver[]) => ({ rules, inventory: { waivers } });
const waives = (one: Waiver, on: Finding = finding(), takenAt = TAKEN) =>
  applyWaivers([on], accepting(one), takenAt)[0]?.waivedBy !== undefined;

it('a waiver marks the failed finding and changes nothing else about it', () => {
  expect(applyWaivers([finding()], accepting(waiver()), TAKEN)).toEqual([{ ...finding(), waivedBy: waiver() }]);
});

it.each(['pass', 'unknown', 'error', 'skip'] as Verdict[])('a finding that is %s cannot be waived', (verdict) => {
  expect(waives(waiver(), finding({ verdict }))).toBe(false);
});

describe('its last day counts whole, in UTC, by the time the evidence was taken', () => {
  it.each([
    ['2026-11-21', TAKEN, true],
    ['2026-11-20', TAKEN, false],
    ['2026-11-22', TAKEN, true],
    ['2026-12-31', '2026-12-31T23:59:59.999Z', true],
    ['2026-12-31', '2027-01-01T00:00:00.000Z', false],
    ['2026-12-31', '2026-12-31T23:30:00.000-05:00', false],
    ['2026-12-31', '2027-01-01T01:00:00.000+02:00', true],
  ])('until %s, taken at %s: %s', (until, takenAt, holds) => {
    expect(waives(waiver({ until }), finding(), takenAt)).toBe(holds);
  });
});

describe('it is bound to rule and host', () => {
  const subjects: [string | undefined, Subject, boolean][] = [
    [undefined, { kind: 'host', host: 'primary' }, true],
    ['primary', { kind: 'host', host: 'primary' }, true],
    ['secondary', { kind: 'host', host: 'primary' }, false],
    ['primary', { kind: 'pair', from: 'primary', to: 'secondary' }, true],
    ['secondary', { kind: 'pair', from: 'primary', to: 'secondary' }, false],
    ['secondary', { kind: 'set', hosts: ['primary', 'secondary'] }, true],
    ['third', { kind: 'set', hosts: ['primary', 'secondary'] }, false],
  ];
  it.each(subjects)('host %s on %j: %s', (host, subject, holds) => {
    expect(waives(waiver(host === undefined ? {} : { host }), finding({ subject }))).toBe(holds);
  });

  it('another rule is not waived', () => {
    expect(waives(waiver({ rule: 'p/other' }))).toBe(false);
  });
});

describe('a value that has changed voids it', () => {
  const onHost = { subject: { kind: 'host', host: 'secondary' } as const, actual: { secondary: 'master' } };
  it.each([
    [{ value: 'b', host: 'secondary' }, {}, true],
    [{ value: 'c', host: 'secondary' }, {}, false],
    [{ value: { primary: 'a', secondary: 'b' } }, {}, true],
    [{ value: { primary: 'a', secondary: 'c' } }, {}, false],
    [{ value: 'master', host: 'secondary' }, onHost, true],
    [{ value: 'filtered' }, { actual: 'filtered' }, true],
    [
      { value: 'filtered', host: 'primary' },
      { actual: 'filtered', subject: { kind: 'pair', from: 'primary', to: 'secondary' } as const },
      true,
    ],
    [{ value: null, host: 'secondary' }, { actual: undefined }, false],
    [{ value: 'master' }, onHost, true],
    [{ value: { secondary: 'master' }, host: 'secondary' }, onHost, true],
    [{ value: 'slave' }, onHost, false],
    [{ value: 'a' }, {}, false],
    [{ value: { level: '4' } }, { actual: Object.assign(Object.create(null), { level: '4' }) }, true],
    [{ value: { level: 4 } }, { actual: { level: 4, absent: undefined } }, true],
    [{ value: '4' }, { actual: 4 }, false],
    [{ value: [22, 80] }, { actual: [80, 22] }, false],
    [{ value: 'x', host: 'constructor' }, { subject: { kind: 'set', hosts: ['constructor'] } as const }, false],
  ])('waiver %j on %j: %s', (one, over, holds) => {
    const { actual, ...rest } = finding(over as Partial<Finding>);
    expect(waives(waiver(one), actual === undefined ? rest : { ...rest, actual })).toBe(holds);
  });
});

it('the first waiver in force is the one that is named', () => {
  const [first, second] = [waiver({ until: '2020-01-01', owner: 'old' }), waiver({ owner: 'new' })];
  expect(applyWaivers([finding()], accepting(first, second), TAKEN)[0]?.waivedBy?.owner).toBe('new');
});

it("a guard's finding is never waived, and keeps its verdict", () => {
  const findings = [finding({ rule: 'p/guard', key: 'p/guard' }), finding()];
  const [guard, other] = applyWaivers(findings, accepting(waiver(), guarded), TAKEN);
  expect(guard).toEqual(finding({ rule: 'p/guard', key: 'p/guard' }));
  expect(other?.waivedBy).toEqual(waiver());
});

const guarded = waiver({ rule: 'p/guard' });
const onHost = (host: string, over: Partial<Finding> = {}) =>
  finding({ key: `p/r [${host}]`, subject: { kind: 'host', host }, actual: { [host]: 'a' }, ...over });

describe('what became of a waiver', () => {
  const rows: [string, Waiver, Finding[], Partial<WaiverUse>][] = [
    ['it is applied', waiver(), [finding()], { state: 'applied', waives: ['p/r'], leaves: [], why: 'waives p/r' }],
    [
      'it is applied to two, by name',
      waiver(),
      [onHost('primary'), onHost('secondary')],
      { state: 'applied', waives: ['p/r [primary]', 'p/r [secondary]'], leaves: [] },
    ],
    [
      'it is applied to one, and another has another value',
      waiver({ value: 'a' }),
      [onHost('primary'), onHost('secondary', { actual: { secondary: 'z' } })],
      {
        state: 'applied',
        waives: ['p/r [primary]'],
        leaves: ['p/r [secondary]'],
        why: 'waives p/r [primary]; not p/r [secondary]: observed "z", waived "a"',
      },
    ],
    ['what it is for passes', waiver(), [finding({ verdict: 'pass' })], { state: 'unused', why: /passes/ as never }],
    [
      'what it is for is skipped',
      waiver(),
      [finding({ verdict: 'skip' })],
      { state: 'unused', why: /not apply/ as never },
    ],
    [
      'what it is for could not be looked at',
      waiver(),
      [finding({ verdict: 'unknown' })],
      { state: 'unused', waives: [], leaves: [], why: /only a failure can be waived.*p\/r/ as never },
    ],
    [
      'nothing is about its host',
      waiver({ host: 'third' }),
      [finding()],
      { state: 'unused', leaves: [], why: 'the rule has no finding on third in this run' },
    ],
    [
      'it has ended',
      waiver({ until: '2026-11-20' }),
      [finding()],
      { state: 'expired', waives: [], leaves: ['p/r'], why: 'ended with 2026-11-20; not waived: p/r' },
    ],
    [
      'it has ended, and what it was for passes',
      waiver({ until: '2026-11-20' }),
      [finding({ verdict: 'pass' })],
      { state: 'expired', leaves: [], why: /nothing that it was for is left/ as never },
    ],
    [
      'the value has changed',
      waiver({ value: { primary: 'a', secondary: 'c' } }),
      [finding()],
      {
        state: 'void',
        leaves: ['p/r'],
        why: 'p/r: observed {"primary":"a","secondary":"b"}, waived {"primary":"a","secondary":"c"}',
      },
    ],
    ['it is for a guard', guarded, [finding({ rule: 'p/guard' })], { state: 'refused', waives: [] }],
  ];
  it.each(rows)('%s', (_, one, findings, told) => {
    const judged = applyWaivers(findings, accepting(one), TAKEN);
    const { why, ...rest } = told;
    const [use] = waiverUses(judged, accepting(one), TAKEN);
    expect(use).toMatchObject({ rule: one.rule, owner: 'ops', until: one.until, ...rest });
    expect(use?.why).toMatch(why ?? '');
    if (typeof why === 'string') expect(use?.why).toBe(why);
  });

  it('its host is told where it has one', () => {
    const use = (one: Waiver, ...findings: Finding[]) => waiverUses(findings, accepting(one), TAKEN)[0];
    expect(use(waiver({ host: 'third' }), finding())).toEqual({
      ...{ rule: 'p/r', host: 'third', owner: 'ops', until: '2026-12-31', state: 'unused', waives: [], leaves: [] },
      why: 'the rule has no finding on third in this run',
    });
    expect(use(waiver())).toEqual({
      ...{ rule: 'p/r', owner: 'ops', until: '2026-12-31', state: 'unused', waives: [], leaves: [] },
      why: 'the rule has no finding in this run',
    });
    expect(JSON.stringify(use(waiver()))).not.toContain('host');
    expect(Object.keys(use(waiver()) ?? {})).not.toContain('host');
  });

  it('an error is as little waived as what is unknown, and one that passes is enough', () => {
    const use = (...findings: Finding[]) => waiverUses(findings, accepting(waiver()), TAKEN)[0]?.why;
    const of = (verdict: Verdict) => finding({ verdict });
    expect(use(of('error'))).toBe('only a failure can be waived, and could not be verified: p/r');
    expect(use(of('unknown'), of('pass'))).toBe('only a failure can be waived, and could not be verified: p/r');
    expect(use(of('skip'), of('pass'))).toBe('what it is for passes');
    expect(use(of('skip'), of('skip'))).toBe('what it is for does not apply');
  });

  it('of many only some are named, and the rest counted', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => onHost(`h${at}`, { actual: { [`h${at}`]: at } }));
    const why = (count: number, over: Partial<Waiver>) => {
      const one = waiver(over);
      return waiverUses(applyWaivers(many(count), accepting(one), TAKEN), accepting(one), TAKEN)[0]?.why;
    };
    expect(why(3, {})).toBe('waives p/r [h0], p/r [h1] and p/r [h2]');
    expect(why(4, {})).toBe('waives p/r [h0], p/r [h1], p/r [h2] and 1 other finding');
    const observed = (at: number) => `p/r [h${at}]: observed ${at}, waived "x"`;
    expect(why(3, { value: 'x' })).toBe([0, 1, 2].map(observed).join('; '));
    expect(why(5, { value: 'x' })).toBe(`${[0, 1, 2].map(observed).join('; ')}; 2 other findings`);
  });

  it('a value that is not given by host is compared as it is', () => {
    const use = (actual: unknown, over: Partial<Finding> = {}) => {
      const one = waiver({ value: 'v' });
      const on = finding({ actual, ...over });
      return waiverUses(applyWaivers([on], accepting(one), TAKEN), accepting(one), TAKEN)[0];
    };
    expect(use('v')?.state).toBe('applied');
    expect(use(null)?.why).toBe('p/r: observed null, waived "v"');
    expect(use(null, { subject: { kind: 'host', host: 'primary' } })?.why).toBe('p/r: observed null, waived "v"');
    expect(use('other', { subject: { kind: 'host', host: 'length' } })?.why).toBe('p/r: observed "other", waived "v"');
    expect(use({ undefined: 'v' })?.state).toBe('void');
    expect(use({ primary: 'v' }, { subject: { kind: 'host', host: 'primary' } })?.state).toBe('applied');
  });

  it('another waiver was first', () => {
    const both = [waiver({ owner: 'first' }), waiver({ owner: 'second' })];
    const uses = waiverUses(applyWaivers([finding()], accepting(...both), TAKEN), accepting(...both), TAKEN);
    expect(uses.map(({ state, why }) => [state, why])).toEqual([
      ['applied', 'waives p/r'],
      ['unused', 'another waiver accepts p/r'],
    ]);
  });

  it('nothing is said of a rule that the run does not judge', () => {
    expect(waiverUses([finding()], accepting(waiver({ rule: 'p/of-another-phase' })), TAKEN)).toEqual([]);
  });

  it('many findings are counted in words and listed as keys', () => {
    const many = ['a', 'b', 'c', 'd', 'e'].map((host) => onHost(host));
    const [use] = waiverUses(applyWaivers(many, accepting(waiver()), TAKEN), accepting(waiver()), TAKEN);
    expect(use?.why).toBe('waives p/r [a], p/r [b], p/r [c] and 2 other findings');
    expect(use?.waives).toHaveLength(5);
  });
});

describe('the waiver of a finding that is over by now', () => {
  const accepted = (until: string) => finding({ waivedBy: waiver({ until }) });
  const ended = (findings: Finding[]) => endedWaiver(findings, new Date('2026-12-01T00:00:00Z'))?.until;

  it('is the first whose last day has passed', () => {
    expect(ended([finding(), accepted('2026-12-01'), accepted('2026-11-30'), accepted('2026-11-29')])).toBe(
      '2026-11-30',
    );
  });

  it('is none while all are in force, and where nobody accepted anything', () => {
    expect(ended([finding(), accepted('2026-12-01')])).toBeUndefined();
    expect(ended([])).toBeUndefined();
  });
});

describe('a finding that was accepted and is not any more', () => {
  it.each<[string, Waiver[], boolean]>([
    ['no waiver', [], false],
    ['one in force', [waiver()], false],
    ['one that has ended', [waiver({ until: '2026-11-20' })], true],
    ['one of another value', [waiver({ value: 'z' })], true],
    ['one of another host that has ended', [waiver({ host: 'third', until: '2026-11-20' })], false],
    ['one of another rule that has ended', [waiver({ rule: 'p/other', until: '2026-11-20' })], false],
  ])('%s: %s', (_, waivers, holds) => {
    expect(isAcceptedNoMore(finding(), waivers, TAKEN)).toBe(holds);
  });
});

const anyFinding = fc
  .record({
    rule: fc.constantFrom('p/r', 'p/guard', 'p/other'),
    host: fc.constantFrom('primary', 'secondary'),
    verdict: fc.constantFrom<Verdict>('pass', 'fail', 'unknown', 'error', 'skip'),
    actual: fc.constantFrom('a', 'b'),
  })
  .map(({ rule, host, verdict, actual }) => onHost(host, { rule, verdict, actual: { [host]: actual } }));
const anyWaiver = fc
  .record(
    {
      rule: fc.constantFrom('p/r', 'p/guard'),
      host: fc.constantFrom('primary', 'secondary'),
      value: fc.constantFrom('a', 'b'),
      until: fc.constantFrom('2026-11-20', '2026-11-21'),
    },
    { requiredKeys: ['rule', 'until'] },
  )
  .map((over) => waiver(over));

test('waivers change nothing but the mark of what fails and what they are for', () => {
  fc.assert(
    fc.property(fc.array(anyFinding), fc.array(anyWaiver), (findings, waivers) => {
      const before = structuredClone(findings);
      const after = applyWaivers(findings, accepting(...waivers), TAKEN);
      expect(findings).toEqual(before);
      expect(after.map(({ waivedBy: _, ...rest }) => rest)).toEqual(findings);
      for (const { waivedBy, verdict, rule } of after) {
        if (!waivedBy) continue;
        expect([verdict, rule]).toEqual(['fail', waivedBy.rule]);
        expect(rule).not.toBe('p/guard');
        expect(waivedBy.until >= '2026-11-21').toBe(true);
        expect(waivers).toContain(waivedBy);
      }
    }),
  );
});

test('every waiver of a rule of the run is accounted for, and what it leaves is not waived', () => {
  fc.assert(
    fc.property(fc.array(anyFinding), fc.array(anyWaiver), (findings, waivers) => {
      const keyed = findings.map((one, at) => ({ ...one, key: `${one.key} ${at}` }));
      const after = applyWaivers(keyed, accepting(...waivers), TAKEN);
      const uses = waiverUses(after, accepting(...waivers), TAKEN);
      expect(uses.map(({ rule, until }) => [rule, until])).toEqual(waivers.map(({ rule, until }) => [rule, until]));
      for (const { waives, leaves, state } of uses) {
        const of = (keys: string[]) => after.filter(({ key }) => keys.includes(key));
        expect(of(waives).every((one) => one.waivedBy !== undefined)).toBe(true);
        expect(of(leaves).every((one) => one.verdict === 'fail' && !one.waivedBy)).toBe(true);
        expect(waives.length > 0).toBe(state === 'applied');
        if (state === 'unused') expect(leaves).toEqual([]);
      }
      expect(new Set(uses.flatMap(({ waives }) => waives))).toEqual(
        new Set(after.filter(({ waivedBy }) => waivedBy).map(({ key }) => key)),
      );
    }),
  );
});
