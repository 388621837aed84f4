/** Sentences with facts in them, as rules write them. Pure. */
import type { Rule, Sentence } from '../core/model.js';
import type { FactReference } from './expectation.js';

/** The facts that a sentence tells: `{secondary.database.received}`; a role alone (`{secondary}`) is its host's name. */
export function referencesToldIn(sentence: string): FactReference[] {
  return [...sentence.matchAll(sentencePattern)].flatMap(([, who = '', path]) =>
    path === undefined || who === 'port' ? [] : [{ who, path }],
  );
}

/** The sentences of a phase: what a passed gate allows, what a failed one forbids, and what the next step does. */
export const phaseSentences = ['go', 'stop', 'next'] as const;

/** A phase as a pack declares it. */
export interface Phase extends Partial<Record<(typeof phaseSentences)[number], string>> {
  title: string;
}

/** What stands in braces in a phase's sentence: a role, for its host. */
export const rolesInSentence = /\{([\w-]+)\}/g;

/**
 * What stands in braces in a sentence of a rule: a role, `self` or `peer`, and a path into one of the rule's facts; or `port` and a
 * property of the row. A shell's `${name}` is none.
 */
export const sentencePattern = /(?<!\$)\{([a-z][\w-]*)(?:\.([\w.-]+))?\}/g;

/** The sentences that a fault or a remedy may come to. */
export function sentencesIn(sentence: Sentence | undefined): string[] {
  return sentence === undefined ? [] : typeof sentence === 'string' ? [sentence] : Object.values(sentence);
}

/** Every sentence of a rule that may name a fact. */
export function sentencesOf({ tells, fault, expect }: Rule): string[] {
  return [...tells, ...[fault, ...expect.flatMap((one) => [one.fault, one.remedy])].flatMap(sentencesIn)];
}
