/** What was promised, held against hosts that are there: a plan is judged, and then the hosts that came of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownProperty } from '../../src/core/fact-path.js';
import type { Evidence, Finding, Report } from '../../src/core/model.js';
import { evidenceIn } from '../../src/evidence/evidence.js';
import { judgeEvidence } from '../../src/judge/report.js';
import { loadPack, packDir } from '../../src/pack/load.js';
import { scopeOfEvidence } from '../../src/plan/scope.js';
import { pairflight, tidy } from '../cli/run.js';
import { judgeDeclared } from './declared.js';
import { pairPlan, resource } from './plans.js';

afterAll(tidy);

let real: Evidence;
beforeAll(async () => {
  const { folder } = await pairflight(['demo', 'healthy', '--evidence', 'e.json', '--report', 'json=r.json']);
  real = JSON.parse(readFileSync(join(folder, 'e.json'), 'utf8')) as Evidence;
});

/** The findings of the played hosts, with what was declared of them. */
function promised(plan: unknown, alter: (evidence: Evidence) => Evidence = (one) => one): Finding[] {
  const { baseline: _, ...declared } = judgeDeclared(plan, { defer: true }).evidence;
  const evidence = evidenceIn(
    () => Buffer.from(JSON.stringify(alter({ ...real, baseline: declared }))),
    'evidence.json',
  );
  const scope = scopeOfEvidence(loadPack(packDir('alation')), evidence);
  const report: Report = judgeEvidence(scope, evidence, 'blocker');
  expect(report.declared).toBeUndefined();
  return report.findings;
}

/** Gibibytes of the played Primary's data disk, as the hosts say. */
const GIB = 1_073_741_824;
const sizeOn = (host: string) => {
  const scope = scopeOfEvidence(loadPack(packDir('alation')), real);
  const finding = judgeEvidence(scope, real, 'blocker').findings.find(
    ({ rule }) => rule === 'alation/data-partition-same-size',
  );
  return Number(ownProperty(finding?.actual, host)) / GIB;
};

const planOf = (size: number) => {
  const { resource_changes: all, ...rest } = pairPlan();
  const named = (all as { address: string }[]).map((one) =>
    one.address === 'aws_ebs_volume.secondary_data' ? resource(one.address, { size }) : one,
  );
  return { ...rest, resource_changes: named };
};
const ofSecondary = (findings: Finding[]) =>
  findings.find(
    ({ key }) =>
      key.startsWith('alation/promised [secondary filesystem') && key.includes('.disk1_cache') && key.includes('bytes'),
  );

describe('a promise', () => {
  it('is kept by a host that is what was declared', () => {
    expect(ofSecondary(promised(planOf(sizeOn('secondary'))))?.verdict).toBe('pass');
  });

  it('is broken by another, in a finding of its own', () => {
    const finding = ofSecondary(promised(planOf(sizeOn('secondary') + 2)));
    expect(finding).toMatchObject({
      verdict: 'fail',
      severity: 'warning',
      subject: { kind: 'host', host: 'secondary' },
    });
    expect(finding?.message).toMatch(/promised, .* there$/);
  });

  it('is open where the host was not asked', () => {
    const steps = (evidence: Evidence) => evidence.steps.filter(({ probe }) => probe !== 'filesystem');
    const findings = promised(planOf(100), (evidence) => ({ ...evidence, steps: steps(evidence) }));
    expect(ofSecondary(findings)?.verdict).toBe('unknown');
  });

  it('answers what was put off', () => {
    const { resource_changes: all, ...rest } = pairPlan();
    const later = (all as { address: string }[]).map((one) =>
      one.address === 'aws_ebs_volume.secondary_data' ? resource(one.address, {}, { unknown: { size: true } }) : one,
    );
    const finding = promised({ ...rest, resource_changes: later }).find(
      ({ key }) => key === 'alation/data-partition-same-size',
    );
    expect(finding).toMatchObject({
      verdict: 'pass',
      told: expect.arrayContaining(['it was put off until the plan was applied']),
    });
  });

  it('never speaks of what may only be compared', () => {
    expect(promised(pairPlan()).filter(({ key }) => /promised \[\w+ (cpu|memory|kernel)/.test(key))).toEqual([]);
  });
});

describe('--promised', () => {
  it('wants evidence that was declared', async () => {
    const files = { 'e.json': JSON.stringify(real) };
    const words = ['preflight', '--primary', '127.0.0.1', '--secondary', '127.0.0.2', '--ssh-config', 'none'];
    const { code, stderr } = await pairflight([...words, '--promised', 'e.json'], { files });
    expect(code).toBe(2);
    expect(stderr).toMatch(/promises nothing|is of another pair/);
  });

  it('asks hosts, and so stands beside no declaration', async () => {
    const { code, stderr } = await pairflight([
      'preflight',
      '--primary',
      'a',
      '--secondary',
      'b',
      '--declared',
      'terraform=p',
      '--promised',
      'e',
    ]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--promised asks hosts')]);
  });
});
