/** Evidence and reports of pairflight 0.1.0, which wrote number 1: read today, they say what they said. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import type { Evidence, Finding, Report, Step } from '../../src/core/model.js';
import { textIn } from '../../src/evidence/archive/bundle-file.js';
import { checkEvidence, readBaseline, readEvidence } from '../../src/evidence/evidence.js';
import { compareRuns } from '../../src/judge/diff.js';
import { judgeEvidence } from '../../src/judge/report.js';
import { readReport } from '../../src/judge/report-file.js';
import { exitCode, gateOf, summarize } from '../../src/judge/verdict.js';
import { loadPack, packDir } from '../../src/pack/load.js';
import { scopeOfEvidence } from '../../src/plan/scope.js';
import { planSteps } from '../../src/plan/steps.js';
import { reporters } from '../../src/reporters/index.js';

const fixtures = fileURLToPath(new URL('./fixtures/0.1.0/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pairflight-upgrade-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A run of 0.1.0: its evidence, and the report that it wrote itself; a bundle holds both. */
const runs = readdirSync(fixtures)
  .filter((name) => !name.endsWith('.report.json'))
  .map((name) => [name, join(fixtures, name), join(fixtures, name.replace('.evidence.', '.report.'))] as const);

function judged(file: string, then: Report): { evidence: Evidence; report: Report } {
  const evidence = readEvidence(file);
  const pack = loadPack(packDir(evidence.inventory.product));
  checkEvidence(evidence, pack, file);
  const scope = scopeOfEvidence(pack, evidence);
  return { evidence, report: judgeEvidence(scope, evidence, then.run.failOn, then.run.failOnNew !== undefined) };
}

const told = ({ key, rule, subject, verdict, severity, waivedBy, known }: Finding) => ({
  ...{ key, rule, subject, verdict, severity },
  ...{ waived: waivedBy !== undefined, known: known === true },
});

describe.each(runs)('%s', (_, evidenceFile, reportFile) => {
  const written = JSON.parse(textIn(readFileSync(reportFile), 'report.json', reportFile)) as Report;
  const then = readReport(reportFile);
  const { evidence, report } = judged(evidenceFile, then);

  it('was written as number 1, and is number 2 once it is read', () => {
    expect([written.schema, then.schema]).toEqual(['pairflight/report/1', 'pairflight/report/2']);
    const saved = textIn(readFileSync(evidenceFile), 'evidence.json', evidenceFile);
    expect(saved).toMatch(/"schema": ?"pairflight\/evidence\/1"/);
    expect(JSON.stringify(evidence)).not.toContain('pairflight/evidence/1');
  });

  it('has the findings, the gate and the exit code that it had; what is asked in addition today is not known', () => {
    const keys = new Set(written.findings.map(({ key }) => key));
    const [same, more] = [true, false].map((was) => report.findings.filter(({ key }) => keys.has(key) === was));
    expect(same?.map(told)).toEqual(written.findings.map(told));
    expect(more?.filter(({ verdict }) => verdict !== 'unknown' && verdict !== 'skip')).toEqual([]);
    const { gate, exitCode: code, failOn, failOnNew } = written.run;
    const { rules } = scopeOfEvidence(loadPack(packDir(evidence.inventory.product)), evidence);
    expect(gateOf(same ?? [], rules, failOn)).toBe(gate);
    expect(exitCode(gateOf(same ?? [], rules, failOn))).toBe(code);
    expect(summarize(same ?? [])).toEqual(written.summary);
    expect(report.run.failOnNew).toEqual(failOnNew);
    // What changed is told as it was, but for what was asked of paths that the host's own file did not name.
    const planned = new Set(
      planSteps(scopeOfEvidence(loadPack(packDir(evidence.inventory.product)), evidence)).map(({ id }) => id),
    );
    const gone = evidence.steps
      .filter(({ id }) => !planned.has(id))
      .map(({ probe, params }) => `${probe} ${params.path ?? params.directory}`);
    const [was, is] = [written.changes?.list ?? [], report.changes?.list ?? []];
    expect(was).toEqual(expect.arrayContaining(is));
    const lost = was.filter((one) => !is.some((other) => isDeepStrictEqual(one, other)));
    expect(lost.filter(({ fact }) => !gone.some((asked) => fact.startsWith(asked)))).toEqual([]);
    expect(report.changes === undefined).toBe(written.changes === undefined);
  });

  it('has its steps by probe, parameters and subject: ids are made of them, as they are today', () => {
    // Of the pack's own commands and contexts the words count too: the answer to others is no answer.
    const words = ({ asks }: Step) => asks.map(({ ask }) => (ask.kind === 'exec' ? [ask.as, ask.enter, ask.argv] : []));
    const question = (step: Step) => JSON.stringify([step.probe, step.params, step.subject, words(step)]);
    const planned = planSteps(scopeOfEvidence(loadPack(packDir(evidence.inventory.product)), evidence));
    const ids = new Map(planned.map((step) => [question(step), step.id]));
    const known = evidence.steps.filter((step) => ids.has(question(step)));
    expect(known.length).toBeGreaterThan(evidence.steps.length / 2);
    for (const step of known) expect(step.id).toBe(ids.get(question(step)));
  });

  it('gets what is new in number 2, and loses nothing', () => {
    const { pair, ...run } = then.run;
    expect({ ...then, schema: written.schema, run }).toEqual(written);
    expect(pair).toBe(report.run.pair);
    expect(pair).toBe(
      written.hosts
        .map(({ address }) => address)
        .sort()
        .join('+'),
    );
  });

  it('is shown in every format', async () => {
    for (const reporter of Object.values(reporters))
      expect(await reporter(then, { color: false, columns: 100 })).not.toBe('');
  });
});

it('there is one with a baseline, a cluster, a failing host, a bundle and one under pseudonyms', () => {
  const all = runs.map(([, file]) => readEvidence(file));
  expect(all.some(({ baseline }) => baseline?.schema === 'pairflight/evidence/2')).toBe(true);
  expect(all.some(({ inventory }) => inventory.hosts.length > 3)).toBe(true);
  expect(all.some(({ connections }) => connections.some(({ problem }) => problem))).toBe(true);
  expect(all.some(({ redaction }) => redaction.what.some((one) => one.includes('pseudonyms')))).toBe(true);
  expect(runs.some(([name]) => name.endsWith('.tar.gz'))).toBe(true);
});

describe('older evidence', () => {
  const file = join(fixtures, 'alation-preflight.evidence.json');
  const old = JSON.parse(readFileSync(file, 'utf8')) as Evidence;
  const saved = (name: string, value: unknown) => {
    writeFileSync(join(folder, name), JSON.stringify(value));
    return join(folder, name);
  };

  it("that was not asked what today's plan asks is unknown there, and passes nothing for it", () => {
    const pack = loadPack(packDir('alation'));
    const { evidence, report: whole } = judged(file, readReport(join(fixtures, 'alation-preflight.report.json')));
    const scope = scopeOfEvidence(pack, evidence);
    for (const { id } of old.steps) {
      const without = { ...evidence, steps: evidence.steps.filter((step) => step.id !== id) };
      expect(without.steps).toHaveLength(old.steps.length - 1);
      const { findings } = judgeEvidence(scope, without, 'blocker');
      const resting = whole.findings.filter((one) => one.because.includes(id) && one.verdict === 'pass');
      for (const { key } of resting) {
        const now = findings.find((one) => one.key === key);
        expect([key, now?.verdict]).not.toEqual([key, 'fail']);
        if (now?.verdict === 'unknown') expect(now.message).toMatch(/not asked|not known|not judged/);
      }
      const rising = findings.filter(({ key, verdict }) => {
        const before = whole.findings.find((one) => one.key === key);
        return verdict === 'pass' && before?.verdict !== 'pass';
      });
      expect(rising.map(({ key }) => key)).toEqual([]);
    }
  });

  it('is a baseline, and one side of a comparison', () => {
    const pack = loadPack(packDir('alation'));
    const now = { ...readEvidence(file), takenAt: '2027-01-01T00:00:00.000Z' };
    expect(readBaseline(file, now, pack).schema).toBe('pairflight/evidence/2');
    const tool = { name: 'pairflight', version: '0' };
    expect(compareRuns(scopeOfEvidence(pack, now), readEvidence(file), now, tool)).toMatchObject({ exitCode: 0 });
  });

  it.each(['3', '10', '1.5', ''])('of a number that nobody knows (%j) is refused in words', (number) => {
    const [schema, other] = ['evidence', 'report'].map((what) => `pairflight/${what}/${number}`);
    const says = (what: string) => `${what}/${number}); this pairflight reads the forms 1 and 2`;
    expect(() => readEvidence(saved('e.json', { ...old, schema }))).toThrow(
      `is evidence of another form (pairflight/${says('evidence')}`,
    );
    expect(() => readReport(saved('r.json', { schema: other }))).toThrow(
      `is a report of another form (pairflight/${says('report')}`,
    );
    expect(() => readEvidence(saved('e.json', { ...old, baseline: { ...old, schema } }))).toThrow(/baseline/);
  });

  it('is refused for what number 1 never had room for', () => {
    for (const more of [{ fleet: 'x' }, { run: { ...old.run, fleet: 'x' } }])
      expect(() => readEvidence(saved('e.json', { ...old, ...more }))).toThrow(/fleet/);
  });
});
