import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import type { Attestation, Report } from '../../src/core/model.js';
import { checkEvidence } from '../../src/evidence/evidence.js';
import { EvidenceFacts } from '../../src/evidence/facts-in-evidence.js';
import { attestedAt } from '../../src/judge/attestations.js';
import { evaluate } from '../../src/judge/evaluate.js';
import { makeReport } from '../../src/judge/report.js';
import { parseInventory } from '../../src/plan/inventory.js';
import { checkInventory } from '../../src/plan/inventory-check.js';
import { brought, collected, inventoryOf, scopeOf, TAKEN } from '../support.js';

const word = (over: Partial<Attestation> = {}): Attestation => ({
  what: 'kvstore-port',
  by: 'ops',
  when: '2026-11-20',
  until: '2026-12-20',
  ...over,
});
const at = (takenAt: string, ...attest: Attestation[]) => attestedAt('kvstore-port', attest, takenAt);

describe('an attestation holds through its last day, in UTC, by the time the evidence was taken', () => {
  it.each([
    ['2026-11-20T00:00:00.000Z', 'holds'],
    ['2026-12-20T23:59:59.999Z', 'holds'],
    ['2026-12-21T00:00:00.000Z', 'expired'],
    ['2026-12-20T23:30:00.000-05:00', 'expired'],
    ['2026-12-21T01:00:00.000+02:00', 'holds'],
    // Where days begin first it is the twentieth from ten o'clock UTC on.
    ['2026-11-19T10:00:00.000Z', 'holds'],
    ['2026-11-19T09:59:59.999Z', 'not yet'],
    ['2026-01-01T00:00:00.000Z', 'not yet'],
  ])('taken at %s: %s', (takenAt, state) => {
    const expected = { holds: word(), expired: { ...word(), expired: true }, 'not yet': undefined }[state];
    expect(at(takenAt, word())).toEqual(expected);
  });

  it('a word on something else says nothing', () => {
    expect(at(TAKEN.toISOString(), word({ what: 'event-bus-port' }))).toBeUndefined();
    expect(at(TAKEN.toISOString())).toBeUndefined();
  });

  it('of several the one that holds longest is told, whatever their order', () => {
    const [old, recent] = [word({ until: '2026-11-20', by: 'old' }), word({ until: '2027-01-31', by: 'recent' })];
    const future = word({ when: '2027-03-01', until: '2027-03-31', by: 'future' });
    for (const attest of [
      [old, recent, future],
      [future, recent, old],
      [recent, old, future],
    ]) {
      expect(at('2026-11-21T00:00:00Z', ...attest)).toEqual(recent);
      expect(at('2027-02-01T00:00:00Z', ...attest)).toEqual({ ...recent, expired: true });
    }
  });
});

it('of many the one that holds longest is told, and of two that hold as long the first', () => {
  const [a, b, c] = ['2026-12-01', '2026-12-02', '2026-12-03'].map((until) => word({ until }));
  if (!a || !b || !c) throw new Error('three words');
  const orders = [
    [a, b, c],
    [a, c, b],
    [b, a, c],
    [b, c, a],
    [c, a, b],
    [c, b, a],
  ];
  for (const attest of orders) expect(at('2026-11-21T00:00:00Z', ...attest)).toEqual(c);
  const again = { ...c, by: 'again' };
  expect(at('2026-11-21T00:00:00Z', c, again)).toEqual(c);
  expect(at('2026-11-21T00:00:00Z', again, c)).toEqual(again);
  expect(at('2026-11-21T00:00:00Z', a, again, c)).toEqual(again);
});

const pair = 'hosts:\n  primary: { address: 10.0.0.1 }\n  secondary: { address: 10.0.0.2 }\n';
const checked = (attest: string) => () =>
  checkInventory(parseInventory(`${pair}attest:\n  - ${attest}\n`, 'inv.yaml'), brought, TAKEN);

describe('the inventory may attest what the pack leaves unverified, and nothing else', () => {
  it.each([
    ['a word that holds', '{ what: kvstore-port, by: ops, when: "2026-11-20", until: "2026-12-20" }'],
    ['one that has expired', '{ what: kvstore-port, by: ops, when: "2026-01-20", until: "2026-01-20" }'],
    ["one of today's in the far east", '{ what: kvstore-port, by: ops, when: "2026-11-21", until: "2026-12-20" }'],
  ])('%s', (_, attest) => {
    expect(checked(attest)).not.toThrow();
  });

  it.each([
    [
      'an unknown thing',
      '{ what: kvstore-prt, by: ops, when: "2026-11-20", until: "2026-12-20" }',
      /^inv\.yaml:5:7: "kvstore-prt" cannot be attested; did you mean "kvstore-port"\?$/,
    ],
    [
      'a rule, which is verified',
      '{ what: alation/same-kernel, by: ops, when: "2026-11-20", until: "2026-12-20" }',
      /^inv\.yaml:5:7: "alation\/same-kernel" cannot be attested; known: .*kvstore-port/,
    ],
    [
      'an end before its beginning',
      '{ what: kvstore-port, by: ops, when: "2026-11-20", until: "2026-11-19" }',
      /^inv\.yaml:5:56: 2026-11-19 is before 2026-11-20, when it was attested$/,
    ],
    [
      'a day that is in the future',
      '{ what: kvstore-port, by: ops, when: "2026-11-22", until: "2026-12-20" }',
      /^inv\.yaml:5:36: 2026-11-22 is in the future; use the day on which kvstore-port was checked$/,
    ],
    [
      'a day that is none',
      '{ what: kvstore-port, by: ops, when: "2026-02-30", until: "2026-12-20" }',
      /"2026-02-30" is not a date/,
    ],
    ['nobody', '{ what: kvstore-port, when: "2026-11-20", until: "2026-12-20" }', /the key "by" is missing/],
  ])('%s', (_, attest, message) => {
    expect(checked(attest)).toThrow(UsageError);
    expect(checked(attest)).toThrow(message);
  });

  it('a pack that has nothing to attest says so', () => {
    const inventory = parseInventory(
      `${pair}attest: [{ what: x, by: ops, when: "2026-11-20", until: "2026-12-20" }]\n`,
      'inv.yaml',
    );
    expect(() => checkInventory(inventory, { ...brought, notVerified: [] }, TAKEN)).toThrow(/has nothing to attest$/);
  });

  it('evidence that was edited is judged as strictly', async () => {
    const evidence = await collected(scopeOf(brought));
    const edited = { ...evidence, inventory: inventoryOf(brought, { attest: [word({ what: 'nonesuch' })] }) };
    expect(() => checkEvidence(edited, brought, 'e.json')).toThrow(/^e\.json: "nonesuch" cannot be attested/);
  });
});

const day = fc
  .date({ min: new Date('2026-10-01'), max: new Date('2026-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const wordsOn = (ids: string[]) =>
  fc.array(fc.record({ what: fc.constantFrom(...ids), by: fc.string(), when: day, until: day }), { maxLength: 4 });

test('whatever is attested, nothing else of the report changes', async () => {
  const evidence = await collected(scopeOf(brought));
  const reportOf = (attest: Attestation[]) => {
    const scope = scopeOf(brought, { inventory: { attest } });
    const facts = new EvidenceFacts(scope, evidence);
    return makeReport(scope, evidence, evaluate(scope, facts, evidence.takenAt), facts, 'advice');
  };
  const unattested = (report: Report) => ({
    ...report,
    notVerified: report.notVerified.map(({ attested: _, ...rest }) => rest),
  });
  const plain = reportOf([]);
  let seen = 0;
  fc.assert(
    fc.property(wordsOn(plain.notVerified.map((one) => one.id)), (attest) => {
      const report = reportOf(attest);
      seen += report.notVerified.filter((one) => one.attested).length;
      expect(unattested(report)).toEqual(plain);
    }),
    { numRuns: 40 },
  );
  expect(seen).toBeGreaterThan(10);
});
