import { describe, expect, it } from 'vitest';
import { schemas } from '../../src/authoring/schemas.js';
import { check } from '../../src/core/check-schema.js';
import type { Evidence } from '../../src/core/model.js';
import { EvidenceFacts } from '../../src/evidence/facts-in-evidence.js';
import { evaluate } from '../../src/judge/evaluate.js';
import { makeReport } from '../../src/judge/report.js';
import type { Scope } from '../../src/plan/scope.js';
import { type Answer, brought, collected, type RunOver, said, scopeOf } from '../support.js';

function reportOf(scope: Scope, evidence: Evidence, failOn: 'blocker' | 'warning' | 'advice' = 'blocker') {
  const facts = new EvidenceFacts(scope, evidence);
  return makeReport(scope, evidence, evaluate(scope, facts, evidence.takenAt), facts, failOn);
}

async function run(over: RunOver = {}, answer?: Answer) {
  const scope = scopeOf(brought, over);
  return reportOf(scope, await collected(scope, answer));
}

const inPreflight = brought.rules.filter((rule) => rule.phases.includes('preflight')).map((rule) => rule.id);

it('is about a pair that has its name, or its addresses', async () => {
  expect((await run()).run.pair).toBe('10.0.0.1+10.0.0.2');
  expect((await run({ inventory: { name: 'billing' } })).run.pair).toBe('billing');
});

it('a healthy pair passes but for what proven on request only, and the schema is satisfied', async () => {
  const report = await run();
  expect(
    report.findings
      .filter((finding) => !['pass', 'skip'].includes(finding.verdict))
      .map(({ key, verdict, message }) => [key, verdict, message]),
  ).toEqual(
    ['primary->secondary', 'secondary->primary'].map((direction) => [
      `alation/ha-ports-proven [5432 ${direction}]`,
      'unknown',
      `${direction.replace('->', ' -> ')}: proven on request only, with --prove-ports`,
    ]),
  );
  const judged = new Set(report.findings.map((finding) => finding.rule));
  expect([...judged]).toEqual(inPreflight);
  expect([report.run.gate, report.run.exitCode]).toEqual(['passed', 0]);
  expect(check(schemas.report(), JSON.parse(JSON.stringify(report)))).toEqual([]);
});

it('the same evidence gives the same report, byte for byte, also after it was saved', async () => {
  const scope = scopeOf(brought);
  const evidence = await collected(scope);
  const again = reportOf(scopeOf(brought), JSON.parse(JSON.stringify(evidence)));
  expect(JSON.stringify(again)).toBe(JSON.stringify(reportOf(scope, evidence)));
});

describe('what it says of the run', () => {
  it('the product, its release and build as the hosts tell them', async () => {
    expect((await run()).product).toMatchObject({ pack: 'alation', release: '2021.4', build: '10.0.0.147420' });
  });

  it('no release where nobody told one', async () => {
    const report = await run({}, (_, ask) =>
      ask.argv.some((word) => word.includes('alation_version'))
        ? said('', { exit: null, problem: 'timeout', problemAt: 'command' })
        : undefined,
    );
    expect(report.product).toMatchObject({ release: null, build: null });
    expect(report.run.exitCode).toBe(3);
  });

  it('logins, shells and bytes are summed, commands listed with the beginning of their answers', async () => {
    const report = await run();
    expect(report.steps).toMatchObject({ logins: 2, shells: 4, bytes: 200 });
    expect(report.steps.list.find((step) => step.argv[0] === 'uname')).toMatchObject({
      as: 'login',
      exit: 0,
      problem: null,
      excerpt: '5.14.0-427\n',
    });
    for (const step of report.steps.list) expect(step.excerpt.length).toBeLessThanOrEqual(240);
  });

  it('every finding rests on steps that are in the list of steps', async () => {
    const scope = scopeOf(brought);
    const evidence = await collected(scope);
    const known = new Set(evidence.steps.map((step) => step.id));
    for (const finding of reportOf(scope, evidence).findings)
      for (const id of finding.because) expect(known).toContain(id);
  });

  it('settings, the release-dependent ones only once the release is known', async () => {
    expect((await run()).settings).not.toHaveProperty('root');
    expect((await run({ release: '2021.4' })).settings).toMatchObject({
      root: '/opt/alation/alation',
      dataDisk: '/data',
    });
  });
});

it('what cannot be verified is said, for the releases that it concerns', async () => {
  const ids = async (over: RunOver) => (await run(over)).notVerified.map((one) => one.id);
  expect(await ids({ release: '2021.4' })).toEqual(
    brought.notVerified.filter((one) => one.phases.includes('preflight')).map((one) => one.id),
  );
  const old = async () => ids({ release: '4.7' });
  expect((await old()).length).toBeLessThan(brought.notVerified.length + 1);
});

it.each(['blocker', 'warning', 'advice'] as const)('the gate is judged at --fail-on %s', async (failOn) => {
  // Left out: what proven on request only would leave the two lower gates incomplete.
  const scope = scopeOf(brought, { skip: ['alation/ha-ports-proven'] });
  const evidence = await collected(scope, (host, ask) =>
    ask.argv.join(' ') === 'uname -r' && host === 'secondary' ? said('6.1.0\n') : undefined,
  );
  const report = reportOf(scope, evidence, failOn);
  expect(report.findings.find((finding) => finding.rule === 'alation/same-kernel')).toMatchObject({
    verdict: 'fail',
    severity: 'advice',
  });
  expect(report.run).toMatchObject({ failOn, exitCode: failOn === 'advice' ? 1 : 0 });
});

it.each([
  ['blocker', 0],
  ['warning', 3],
  ['advice', 3],
] as const)('a warning that is unknown leaves the gate at --fail-on %s with %i', async (failOn, exitCode) => {
  const scope = scopeOf(brought);
  expect(reportOf(scope, await collected(scope), failOn).run).toMatchObject({ failOn, exitCode });
});
