/** Sentences with facts in them, as rules write them. Pure. */
import type { FactReference } from './expectation.js';

/** The facts that a sentence tells: `{secondary.database.received}`; a role alone (`{secondary}`) is its host's name. */
export function referencesToldIn(sentence: string): FactReference[] {
  return [...sentence.matchAll(toldPattern)].flatMap(([, who = '', path]) =>
    path === undefined ? [] : [{ who, path }],
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

/** What stands in braces in a sentence that a rule tells: a role, and a path into one of the rule's facts. */
export const toldPattern = /\{([a-z][\w-]*)(?:\.([\w.-]+))?\}/g;
