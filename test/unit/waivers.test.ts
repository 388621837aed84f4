import { describe, expect, it } from 'vitest';
import type { Finding, Subject, Verdict, Waiver } from '../../src/model.js';
import { applyWaivers } from '../../src/waivers.js';

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
const waives = (one: Waiver, on: Finding = finding(), takenAt = TAKEN) =>
  applyWaivers([on], [one], takenAt)[0]?.waivedBy !== undefined;

it('a waiver marks the failed finding and changes nothing else about it', () => {
  expect(applyWaivers([finding()], [waiver()], TAKEN)).toEqual([{ ...finding(), waivedBy: waiver() }]);
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
  ])('waiver %j on %j: %s', (one, over, holds) => {
    const { actual, ...rest } = finding(over as Partial<Finding>);
    expect(waives(waiver(one), actual === undefined ? rest : { ...rest, actual })).toBe(holds);
  });
});

it('the first waiver in force is the one that is named', () => {
  const [first, second] = [waiver({ until: '2020-01-01', owner: 'old' }), waiver({ owner: 'new' })];
  expect(applyWaivers([finding()], [first, second], TAKEN)[0]?.waivedBy?.owner).toBe('new');
});
