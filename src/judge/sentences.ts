/** What a rule says beside its verdict: its fault, its remedy, and what it tells, with the facts in them filled in. Pure. */

import { lastProperty, ownProperty } from '../core/fact-path.js';
import { oneLine, showValue } from '../core/format.js';
import type { Finding, HostRef, Rule, Sentence } from '../core/model.js';
import { type FactSource, readPath } from '../evidence/facts.js';
import { isRead } from '../evidence/read-answer.js';
import { sentencePattern } from '../pack/sentences.js';
import { hostsOf, type Scope } from '../plan/scope.js';
import type { Judged } from './outcome.js';
import { type JudgedSubject, judgedRow } from './subjects.js';
import { readRow } from './values.js';

/** Who is judged, and what is known of them. */
interface Told {
  scope: Scope;
  rule: Rule;
  about: JudgedSubject;
  facts: FactSource;
}

/** The sentences of the rule whose facts were all read, filled in, and the steps that they rest on. */
export function tell(told: Told): { told: string[]; steps: string[] } {
  const filled = told.rule.tells.flatMap((sentence) => fill(sentence, told) ?? []);
  return { told: filled.map(({ text }) => text), steps: filled.flatMap(({ steps }) => steps) };
}

/**
 * What is wrong, and what to do about it: in the words of the expectation that decided, where it has some for what was found and
 * their facts were read, else in the rule's.
 */
export function faultAndRemedy(
  { expectation, found }: Pick<Judged, 'expectation' | 'found'>,
  told: Told,
): Pick<Finding, 'remedy'> & { fault?: string; steps: string[] } {
  const { rule } = told;
  const first = (sentences: (string | undefined)[]) =>
    sentences.flatMap((one) => (one === undefined ? [] : (fill(one, told) ?? [])))[0];
  const fault = first([meant(expectation?.fault, found), rule.fault]);
  const remedy = first([meant(expectation?.remedy, found), rule.remedy]);
  return {
    remedy: remedy?.text ?? rule.remedy,
    ...(fault && { fault: oneLine(fault.text) }),
    steps: [...(fault?.steps ?? []), ...(remedy?.steps ?? [])],
  };
}

/** The sentence for what was found. */
function meant(sentence: Sentence | undefined, found: string | undefined): string | undefined {
  if (typeof sentence !== 'object') return sentence;
  return found === undefined ? undefined : (ownProperty(sentence, found) as string | undefined);
}

/** A sentence with what stands in its braces; undefined where a fact was not read, or the row has no such property. */
function fill(sentence: string, { scope, rule, about, facts }: Told): { text: string; steps: string[] } | undefined {
  const steps: string[] = [];
  let readable = true;
  const text = sentence.replace(sentencePattern, (whole, who: string, path: string | undefined) => {
    if (who === 'port') {
      const reading = readRow(judgedRow(scope, about), path ?? '');
      readable &&= isRead(reading);
      return isRead(reading) ? String(reading.value) : '';
    }
    const host = hostMeant(scope, about, who);
    if (!host || path === undefined) return host?.name ?? (Object.hasOwn(scope.pack.roles, who) ? who : whole);
    const reading = readPath(facts, rule, path, { kind: 'host', host: host.name });
    // What may only be compared is not the value that the sentence is about.
    readable &&= isRead(reading) && !reading.may && !reading.sensitive;
    steps.push(...reading.steps);
    return isRead(reading) ? showValue(lastProperty(path), reading.value) : '';
  });
  return readable ? { text, steps } : undefined;
}

function hostMeant(scope: Scope, { hosts, direction }: JudgedSubject, who: string): HostRef | undefined {
  if (who === 'self') return hosts[0];
  if (who !== 'peer') return hostsOf(scope, [who])[0];
  return direction?.to ?? hostsOf(scope, scope.pack.pair).find((host) => host.name !== hosts[0]?.name);
}
