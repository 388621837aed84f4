/** What a report says of declared hosts. */
import { expect, it } from 'vitest';
import type { DeclaredProperty, Evidence, Finding } from '../../src/core/model.js';
import { declaredReport } from '../../src/judge/declared-report.js';
import { planSteps } from '../../src/plan/steps.js';
import { packOf, ruleText, scopeOf } from '../support.js';
import { findingOf } from './wait/waiting-pack.js';

const rules = ['passes', 'fails', 'part', 'plan', 'mixed', 'silent'];
const scope = scopeOf(
  packOf(
    rules.map((id) => ruleText(id, ['{ every: kernel.release, equals: x }'], { per: 'host' })).join('') +
      ruleText('other', ['{ same: own.value }'], {
        facts: '{ own: { probe: inventory, with: { value: "@self.role" } } }',
      }),
  ),
);
const of = (rule: string, over: Partial<Finding>) => findingOf({ rule: `twin/${rule}`, ...over });
const notInPlan = { verdict: 'unknown', declared: 'not-in-plan' } as const;
const findings = [
  of('passes', { verdict: 'pass' }),
  of('fails', { verdict: 'fail' }),
  of('part', { verdict: 'unknown' }),
  of('part', { verdict: 'pass' }),
  of('plan', notInPlan),
  of('plan', notInPlan),
  of('mixed', notInPlan),
  of('mixed', { verdict: 'unknown', declared: 'deferred' }),
];
const sources = [{ kind: 'terraform' as const, file: 'plan.json', sha256: 'a' }];
const told = (steps: Evidence['steps'] = []) => declaredReport(scope, { steps }, { sources, defer: true }, findings);

it('says how many rules there are, how many are answered in part at least, and which stand in no plan', () => {
  expect(told()).toEqual({ sources, defer: true, rules: 7, answered: 3, notInPlan: ['twin/plan'], values: [] });
});

it('lists every value that was taken, by its host and fact', () => {
  const value: DeclaredProperty = { property: 'release', may: 'both', from: 'aws_instance.left /ami', value: '6' };
  const more: DeclaredProperty = { property: 'machine', may: 'same-only', from: 'aws_instance.left /type' };
  const steps = planSteps(scope).map((step) => {
    const ofLeft = step.subject.kind === 'host' && step.subject.host === 'left' && step.probe === 'kernel';
    return { ...step, outputs: [], ...(ofLeft && { declared: [value, more] }) };
  });
  const between = steps.slice(0, 1).map((step) => ({
    ...step,
    subject: { kind: 'pair' as const, from: 'left', to: 'right' },
    declared: [value],
  }));
  expect(told([...steps, ...between]).values).toEqual([
    { host: 'left', fact: 'kernel', ...value },
    { host: 'left', fact: 'kernel', ...more },
    { host: '', fact: steps[0]?.probe, ...value },
  ]);
});
