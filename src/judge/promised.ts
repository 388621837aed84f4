/** The promise of declared hosts, kept or not: what was declared of them before they existed, held against what they say. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { valueBelow } from '../core/fact-path.js';
import { showValue } from '../core/format.js';
import type { DeclaredProperty, Evidence, Finding, Step, Verdict } from '../core/model.js';
import type { Baseline } from '../evidence/baseline.js';
import { factInWords } from '../evidence/changes.js';
import { EvidenceFacts } from '../evidence/facts-in-evidence.js';
import { type Answer, readAnswer } from '../evidence/read-answer.js';
import { makeScope, type Scope } from '../plan/scope.js';
import { evaluate } from './evaluate.js';

/** Findings of a run on hosts, and beside them those on what was declared of these hosts earlier; as they were where nothing was. */
export function withPromises(scope: Scope, evidence: Evidence, findings: Finding[]): Finding[] {
  const { baseline } = evidence;
  if (!baseline?.run.declared || scope.declared) return findings;
  const deferred = deferredIn(scope, baseline);
  const noted = findings.map((finding) =>
    deferred.has(finding.key) ? { ...finding, told: [...(finding.told ?? []), PUT_OFF] } : finding,
  );
  const gone = [...deferred.values()].filter(({ key }) => !findings.some((finding) => finding.key === key));
  return [...noted, ...gone.map(unanswered), ...promisesIn(scope, baseline, evidence)];
}

/** What a finding tells that had to wait for the hosts. */
const PUT_OFF = 'it was put off until the plan was applied';

/** The findings that were put off when the hosts were declared, by their keys, under today's rules. */
function deferredIn(scope: Scope, { run, inventory, ...rest }: Baseline): Map<string, Finding> {
  const then = { ...makeScope(scope.pack, run, inventory), declared: { defer: true } };
  const told = evaluate(then, new EvidenceFacts(then, { run, inventory, ...rest }), rest.takenAt);
  return new Map(told.filter(({ declared }) => declared === 'deferred').map((finding) => [finding.key, finding]));
}

/** What was put off and is not judged by this run stays open. */
function unanswered({ declared: _, ...finding }: Finding): Finding {
  return {
    ...finding,
    verdict: 'unknown',
    message: 'was put off until the plan was applied, and this run does not judge it',
  };
}

/** One finding for each value that a host can be held to: what is only compared, or a token, is none. */
function promisesIn(scope: Scope, baseline: Baseline, { steps }: Evidence): Finding[] {
  return baseline.steps.flatMap((step) => {
    const probe = scope.pack.probes.get(step.probe);
    const { subject } = step;
    if (!probe || subject.kind !== 'host' || probe.restless === true) return [];
    const restless: readonly string[] = probe.restless ?? [];
    const asked = steps.find(({ id }) => id === step.id);
    const outputs = asked?.outputs.at(-1);
    const answer: Answer = outputs ? readAnswer(probe, step.params, outputs) : { reason: 'was not asked in this run' };
    const lasting = (step.declared ?? []).filter(
      ({ property, value, may, sensitive, assumed }) =>
        value !== undefined && may === 'both' && !sensitive && !assumed && !restless.includes(property),
    );
    return lasting.map((promised) => promise(scope, step, subject.host, promised, answer, baseline.takenAt));
  });
}

function promise(
  scope: Scope,
  step: Step,
  host: string,
  promised: DeclaredProperty,
  answer: Answer,
  takenAt: string,
): Finding {
  const { property, value, from } = promised;
  const fact = `${factInWords(step, scope)} ${property}`;
  const found = 'value' in answer ? valueBelow(answer.value, property.split('.')) : undefined;
  const verdict: Verdict = found === undefined ? 'unknown' : isDeepStrictEqual(found, value) ? 'pass' : 'fail';
  const there =
    found === undefined
      ? 'reason' in answer
        ? answer.reason
        : `${property} is not in the answer`
      : showValue(property, found);
  const rule = `${scope.pack.name}/promised`;
  return {
    key: `${rule} [${host} ${fact}]`,
    rule,
    title: `${fact} as it was declared`,
    group: 'What was declared',
    severity: 'warning',
    basis: 'inferred',
    verdict,
    subject: { kind: 'host', host },
    ...(verdict === 'fail' && { fault: `${host} is not what was declared: ${fact}` }),
    message: `${host}: ${showValue(property, value)} promised, ${there}${verdict === 'unknown' ? '' : ' there'}`,
    actual: { [host]: found ?? null },
    expected: value,
    requires: 'A host is what was declared of it before it existed; the change was judged by that.',
    source: { doc: `What was declared on ${takenAt}`, section: from },
    remedy:
      'Find out who changed it since, or what the declaration left out; then apply it again, or declare what is there and judge that.',
    because: [step.id],
  };
}
