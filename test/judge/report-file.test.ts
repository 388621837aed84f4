/** Saved reports are read by their schema, and none that was edited looks better than its findings. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import type { Finding, Gate, Report, Verdict } from '../../src/core/model.js';
import { judgeEvidence } from '../../src/judge/report.js';
import { readReport, reportIn, reportSchema } from '../../src/judge/report-file.js';
import { exitCode } from '../../src/judge/verdict.js';
import { collected, packOf, ruleText, scopeOf } from '../support.js';

const folder = mkdtempSync(join(tmpdir(), 'pairflight-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

let report: Report;
beforeAll(async () => {
  const scope = scopeOf(packOf(ruleText('kernels', ['{ same: kernel.release }'])));
  report = judgeEvidence(scope, await collected(scope), 'warning');
});

const reading = (value: unknown) => () => reportIn(() => Buffer.from(JSON.stringify(value)), 'r.json');
const withGate = (gate: Gate, over: Partial<Finding> = {}): Report => ({
  ...report,
  run: { ...report.run, gate, exitCode: exitCode(gate) },
  findings: report.findings.map((one) => ({ ...one, ...over })),
});

it('what was written is read again, from a file and out of bytes', () => {
  const file = join(folder, 'r.json');
  const saved = JSON.parse(JSON.stringify(report));
  writeFileSync(file, JSON.stringify(saved));
  expect(readReport(file)).toEqual(saved);
  expect(reading(saved)()).toEqual(saved);
  expect(() => readReport(join(folder, 'none.json'))).toThrow(/none\.json: there is no such file/);
});

it('the schema is one object, however often it is asked for', () => {
  expect(reportSchema()).toBe(reportSchema());
});

it.each<[string, () => unknown, RegExp]>([
  ['evidence', () => ({ schema: 'pairflight/evidence/2' }), /^r\.json: is evidence, not a report$/],
  ['a schema that is no text', () => ({ ...report, schema: 2 }), /^r\.json: is not a pairflight report: .*schema/],
  [
    "somebody else's",
    () => ({ ...report, schema: 'x/pairflight/evidence/' }),
    /^r\.json: is not a pairflight report: /,
  ],
  ['a report without findings', () => ({ ...report, findings: undefined }), /is not a pairflight report: .*findings/],
])('%s is refused', (_, value, says) => {
  expect(reading(value())).toThrow(UsageError);
  expect(reading(value())).toThrow(says);
});

describe('an exit code', () => {
  const edited = /^r\.json: the gate is \w+, and the exit code \d+: one of them was edited$/;

  it.each<[Partial<Report['run']>, boolean]>([
    [{ gate: 'passed', exitCode: 0 }, true],
    [{ gate: 'passed', exitCode: 1 }, false],
    [{ gate: 'failed', exitCode: 0 }, false],
    [{ gate: 'incomplete', exitCode: 3, interrupted: true }, true],
    [{ gate: 'incomplete', exitCode: 130, interrupted: true }, true],
    [{ gate: 'incomplete', exitCode: 143, interrupted: true }, true],
    [{ gate: 'incomplete', exitCode: 0, interrupted: true }, false],
    [{ gate: 'incomplete', exitCode: 130 }, false],
    [{ gate: 'incomplete', exitCode: 143, interrupted: false }, false],
  ])('%j: %s', (run, belongs) => {
    const read = reading({ ...report, run: { ...report.run, ...run } });
    if (belongs) expect(read).not.toThrow();
    else expect(read).toThrow(edited);
  });
});

describe('a gate', () => {
  const verdicts: Verdict[] = ['pass', 'skip', 'fail', 'unknown', 'error'];
  const edited =
    /^r\.json: the gate is \w+, and (twin\/kernels is \w+|its findings say incomplete): one of them was edited$/;

  it.each<[Gate, Verdict[]]>([
    ['passed', ['pass']],
    ['declared', ['pass', 'skip']],
    ['incomplete', ['pass', 'skip', 'unknown', 'error']],
    ['failed', verdicts],
  ])('that is %s may stand above %j', (gate, allowed) => {
    for (const verdict of verdicts) {
      const read = reading(withGate(gate, { verdict }));
      if (allowed.includes(verdict)) expect(read).not.toThrow();
      else expect(read).toThrow(edited);
    }
  });

  it('that is passed stands above something that was judged, and each finding once', () => {
    expect(reading({ ...withGate('passed'), findings: [] })).toThrow('its findings say incomplete');
    const { findings } = report;
    expect(reading({ ...report, findings: [...findings, ...findings] })).toThrow('has the finding twin/kernels twice');
  });

  it('of a run that was interrupted is none that passed', async () => {
    const scope = scopeOf(packOf(ruleText('kernels', ['{ same: kernel.release }'])));
    const evidence = await collected(scope);
    const run = { ...evidence.run, interrupted: true } as const;
    expect(judgeEvidence(scope, evidence, 'warning').run).toMatchObject({ gate: 'passed', exitCode: 0 });
    expect(judgeEvidence(scope, { ...evidence, run }, 'warning').run).toMatchObject({
      gate: 'incomplete',
      exitCode: 3,
    });
    const edited = { ...report, run: { ...report.run, gate: 'passed', exitCode: 0, interrupted: true } };
    expect(reading(edited)).toThrow('the run was interrupted, and the exit code is 0');
  });

  it('is told with the counts that its findings have', () => {
    const { summary } = reading({ ...report, summary: { ...report.summary, pass: 99, fail: 7 } })() as Report;
    expect(summary).toEqual(report.summary);
  });

  it('does not look at what weighs less, or was accepted', () => {
    const waivedBy = { rule: 'twin/kernels', reason: 'r', owner: 'o', until: '2030-01-01' };
    for (const over of [{ severity: 'advice' as const }, { waivedBy }])
      expect(reading(withGate('passed', { verdict: 'fail', ...over }))).not.toThrow();
  });
});
