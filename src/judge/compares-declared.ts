/** Of declared hosts: whether anything was answered that makes them a pair. Pure. */
import type { Finding, Rule } from '../core/model.js';
import { comparesHosts } from '../pack/expectation.js';
import { expectationsOf } from '../plan/steps.js';

/** Whether one of these findings is the answer of a rule that compares hosts: without it nothing says that the two fit together. */
export function comparesDeclared(
  findings: readonly Finding[],
  rules: readonly Rule[],
  phases: readonly string[],
): boolean {
  const comparing = new Set(
    rules
      .filter(({ guard }) => !guard)
      .filter((rule) => expectationsOf(rule, [...phases]).some((one) => comparesHosts(one, (name) => rule.facts[name])))
      .map(({ id }) => id),
  );
  return findings.some(({ rule, verdict }) => comparing.has(rule) && (verdict === 'pass' || verdict === 'fail'));
}
