/** What a rule tells beside its verdict: sentences with facts in them. Pure. */

import { lastProperty } from '../core/fact-path.js';
import { showValue } from '../core/format.js';
import type { HostRef, Rule } from '../core/model.js';
import { type FactSource, readPath } from '../evidence/facts.js';
import { isRead } from '../evidence/read-answer.js';
import { toldPattern } from '../pack/sentences.js';
import { hostsOf, type Scope } from '../plan/scope.js';

/** The sentences of the rule whose facts were all read, filled in, and the steps that they rest on. */
export function tell(
  scope: Scope,
  rule: Rule,
  hosts: readonly HostRef[],
  facts: FactSource,
): { told: string[]; steps: string[] } {
  const steps: string[] = [];
  const told = rule.tells.flatMap((sentence) => {
    const asked: string[] = [];
    let readable = true;
    const filled = sentence.replace(toldPattern, (_, who: string, path: string | undefined) => {
      const host = who === 'self' ? hosts[0] : hostsOf(scope, [who])[0];
      if (!host || path === undefined) return host?.name ?? who;
      const reading = readPath(facts, rule, path, { kind: 'host', host: host.name });
      readable &&= isRead(reading);
      asked.push(...reading.steps);
      return isRead(reading) ? showValue(lastProperty(path), reading.value) : '';
    });
    if (!readable) return [];
    steps.push(...asked);
    return [filled];
  });
  return { told, steps };
}
