/** Evidence as a run leaves it, as it is saved, and as it is refused. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import type { Evidence } from '../../src/core/model.js';
import { checkEvidence, evidenceIn, evidenceText, makeEvidence } from '../../src/evidence/evidence.js';
import { makeScope } from '../../src/plan/scope.js';
import { inventoryOf, packOf, ruleText, scopeOf, TAKEN } from '../support.js';

const pack = packOf(
  ruleText('one', ['{ same: kernel.release }']),
  'not_verified: [{ id: spare, what: w, why: y, phases: [preflight], source: { doc: page, section: s } }]',
);
const collected = { steps: [], connections: [], tokenKeyId: 'k' };
const later = new Date(TAKEN.getTime() + 60_000);
const made = (scope = scopeOf(pack), interrupted = false) => makeEvidence(scope, collected, TAKEN, later, interrupted);

describe('evidence that is made', () => {
  it('holds what it was asked with, and no more', () => {
    const { redaction, tool, ...rest } = made();
    expect(rest).toEqual({
      schema: 'pairflight/evidence/2',
      takenAt: TAKEN.toISOString(),
      finishedAt: later.toISOString(),
      run: { phases: ['preflight'], selection: { only: [], skip: [] } },
      inventory: inventoryOf(pack),
      packs: [{ name: 'twin', version: '1', sha256: pack.sha256 }],
      connections: [],
      steps: [],
    });
    expect(redaction.tokenKeyId).toBe('k');
    expect(redaction.what.length).toBeGreaterThan(3);
    expect(tool.name).toBe('pairflight');
    expect(Object.keys(rest.run)).toEqual(['phases', 'selection']);
  });

  it('holds what was chosen for the run', () => {
    const allowed = { ...pack, allowed: ['/opt/a'] };
    const run = { phases: ['preflight'], selection: { only: ['twin/*'], skip: [] }, release: '2.0', provePorts: true };
    expect(made(makeScope(allowed, run, inventoryOf(pack)), true).run).toEqual({
      ...run,
      allowCommands: ['/opt/a'],
      interrupted: true,
    });
  });

  it('is one line, in which nothing that a host said can be taken for anything else', () => {
    const [host] = inventoryOf(pack).hosts;
    if (!host) throw new Error('no host');
    const strange = { ...made(), inventory: { ...inventoryOf(pack), hosts: [{ ...host, name: 'a\u001b[2J\u202eb' }] } };
    const text = evidenceText(strange);
    expect(text).toMatch(/^[\x20-\x7e]+\n$/);
    expect(JSON.parse(text)).toEqual(strange);
  });
});

describe('a file of evidence', () => {
  const refusal = (value: unknown) => {
    try {
      evidenceIn(() => Buffer.from(JSON.stringify(value)), 'e.json');
    } catch (error) {
      const { message, next } = error as UsageError;
      return [error instanceof UsageError, message, next];
    }
    return 'is read';
  };
  const collect = 'pairflight collect -o evidence.json';
  const step = (id: string) => ({
    id,
    probe: 'p',
    params: {},
    subject: { kind: 'host' },
    asks: [],
    wantedBy: [],
    outputs: [],
  });
  const steps = (count: number) => Array.from({ length: count }, (_, index) => step(`${index}`));
  const hosts = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ ...inventoryOf(pack).hosts[0], name: `h${at}` }));

  it('is read, whatever its size, up to what no pair has', () => {
    expect(refusal(made())).toBe('is read');
    expect(refusal({ ...made(), steps: steps(10_000) })).toBe('is read');
    expect(refusal({ ...made(), inventory: { ...inventoryOf(pack), hosts: hosts(1000) } })).toBe('is read');
  });

  it.each<[string, unknown, string, string | undefined]>([
    [
      'of more steps',
      { ...made(), steps: steps(10_001) },
      "e.json: has 10001 steps; no pair's evidence has more than 10000",
      collect,
    ],
    [
      'of more hosts',
      { ...made(), inventory: { hosts: hosts(1001) } },
      "e.json: has 1001 hosts; no pair's evidence has more than 1000",
      collect,
    ],
    [
      'that is a report',
      { schema: 'pairflight/report/2' },
      'e.json: is a report, not evidence',
      'pairflight report e.json',
    ],
    [
      'of another schema',
      { ...made(), schema: 'other/pairflight/report/' },
      'e.json: is not pairflight evidence: schema: must be "pairflight/evidence/2"',
      collect,
    ],
    [
      'of no schema',
      { ...made(), schema: 2 },
      'e.json: is not pairflight evidence: schema: must be "pairflight/evidence/2"',
      collect,
    ],
    [
      'with a step twice',
      { ...made(), steps: [step('a'), step('b'), step('a')] },
      'e.json: the step a is there twice; one of them must be wrong',
      undefined,
    ],
    [
      'with a step twice in its baseline',
      { ...made(), baseline: { ...made(), steps: [step('a'), step('a')] } },
      'e.json: baseline: the step a is there twice; one of them must be wrong',
      undefined,
    ],
  ])('%s is refused', (_, value, says, next) => {
    expect(refusal(value)).toEqual([true, says, next]);
  });
});

describe('the inventory in evidence', () => {
  const checked = (inventory: Partial<Evidence['inventory']>, baseline?: Partial<Evidence['inventory']>) => {
    const one = (over: Partial<Evidence['inventory']>, takenAt: Date): Evidence => ({
      ...made(),
      takenAt: takenAt.toISOString(),
      inventory: { ...inventoryOf(pack), ...over },
    });
    try {
      const evidence = one(inventory, TAKEN);
      checkEvidence(baseline ? { ...evidence, baseline: one(baseline, new Date(0)) } : evidence, pack, 'e.json');
    } catch (error) {
      return (error as Error).message;
    }
    return 'fits';
  };
  const [left, right] = inventoryOf(pack).hosts as [
    Evidence['inventory']['hosts'][number],
    Evidence['inventory']['hosts'][number],
  ];
  const waiver = { rule: 'twin/one', reason: 'because of the move', owner: 'me', until: '2026-11-22' };

  it('fits, and so does that of an earlier run', () => {
    expect(checked({})).toBe('fits');
    expect(checked({}, {})).toBe('fits');
    expect(checked({ waivers: [waiver] })).toBe('fits');
  });

  it('is judged as one that is written by hand', () => {
    expect(checked({ hosts: [left, right, { ...left, role: 'third' }] })).toBe('e.json: two hosts have the name left');
    expect(checked({ settings: { disk: 5 } })).toBe('e.json: setting disk must be an absolute path, not 5');
    expect(checked({ waivers: [{ ...waiver, rule: 'twin/gone' }] })).toMatch(/^e\.json: .*twin\/gone/);
    // As of the day on which it was taken.
    const attest = (when: string) => checked({ attest: [{ what: 'spare', by: 'me', when, until: '2026-12-24' }] });
    expect(attest('2026-11-21')).toBe('fits');
    expect(attest('2026-11-24')).toMatch(/^e\.json: 2026-11-24 is in the future/);
  });

  it('of an earlier run is, but for whom it waived', () => {
    expect(checked({}, { settings: { disk: 5 } })).toBe(
      'e.json: baseline: setting disk must be an absolute path, not 5',
    );
    expect(checked({}, { waivers: [{ ...waiver, rule: 'twin/gone' }] })).toBe('fits');
  });
});
