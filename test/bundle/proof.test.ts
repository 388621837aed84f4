import { describe, expect, it } from 'vitest';
import { differences } from '../../src/bundle/proof.js';
import type { Finding, Report } from '../../src/core/model.js';
import { judgeEvidence } from '../../src/judge/report.js';
import { scopeOfEvidence } from '../../src/plan/scope.js';
import { brought, collected, scopeOf } from '../support.js';

const evidence = await collected(scopeOf(brought));
const own = judgeEvidence(scopeOfEvidence(brought, evidence), evidence, 'blocker');
const same = (key: string) => key;

/** The report with its first passing finding changed. */
const withFinding = (change: Partial<Finding>): Report => {
  const at = own.findings.findIndex(({ verdict }) => verdict === 'pass');
  return {
    ...own,
    findings: own.findings.map((finding, index) => (index === at ? { ...finding, ...change } : finding)),
  };
};

describe('the proof of a bundle', () => {
  it('finds nothing in a report that is the same, or differs in words alone', () => {
    expect(differences(own, own, same)).toEqual([]);
    expect(differences(own, structuredClone(own), same)).toEqual([]);
    expect(differences(own, withFinding({ message: 'in other words', actual: '198.18.1.1' }), same)).toEqual([]);
  });

  it.each<[string, Partial<Finding>]>([
    ['a verdict', { verdict: 'unknown' }],
    ['a severity', { severity: 'advice' }],
    ['a basis', { basis: 'inferred' }],
    ['a problem', { problem: 'denied' }],
    ['a guard that blocks', { blockedBy: 'x' }],
    ['a waiver', { waivedBy: { rule: 'r', reason: 'r', owner: 'o', until: '2030-01-01' } }],
    ['a step less to rest on', { because: [] }],
    ['another series', { samples: [{ label: 'x', property: 'bytes', values: [{ at: '', value: 1 }] }] }],
    ['another key', { key: 'twin/other' }],
  ])('finds %s', (_, change) => {
    const found = own.findings.find(
      ({ verdict, basis, severity, because }) =>
        verdict === 'pass' && basis === 'documented' && severity === 'blocker' && because.length > 0,
    );
    expect(found).toBeDefined();
    const at = own.findings.indexOf(found as Finding);
    const findings = own.findings.map((finding, index) => (index === at ? { ...finding, ...change } : finding));
    expect(differences(own, { ...own, findings }, same)).toHaveLength(1);
  });

  it.each<[string, (report: Report) => Report]>([
    ['the gate', (report) => ({ ...report, run: { ...report.run, gate: 'incomplete' } })],
    ['the exit code', (report) => ({ ...report, run: { ...report.run, exitCode: 70 } })],
    ['the summary', (report) => ({ ...report, summary: { ...report.summary, pass: 0 } })],
    ['the product', (report) => ({ ...report, product: { ...report.product, build: 'x' } })],
    [
      'the number of findings',
      (report) => ({ ...report, findings: [...report.findings, ...report.findings.slice(0, 1)] }),
    ],
    ['what is not verified', (report) => ({ ...report, notVerified: [] })],
    ['the number of changes', (report) => ({ ...report, changes: { since: '', compared: 1, list: [] } })],
    ['the number of commands', (report) => ({ ...report, steps: { ...report.steps, list: [] } })],
  ])('finds that %s differs', (what, change) => {
    expect(own.notVerified.length).toBeGreaterThan(0);
    expect(differences(own, change(own), same)).toEqual([expect.stringMatching(new RegExp(`^${what} is `))]);
  });

  it('looks for a finding under the name that its host has now', () => {
    const renamed = (key: string) => key.replaceAll('primary', 'host-1');
    const findings = own.findings.map((finding) => ({ ...finding, key: renamed(finding.key) }));
    expect(differences(own, { ...own, findings }, renamed)).toEqual([]);
    expect(differences(own, { ...own, findings }, same).length).toBeGreaterThan(0);
  });
});
