/** What a report says of declared hosts: by what they were declared, how many rules that answers, and every value that was taken. Pure. */
import type { Declaration, DeclaredReport, Evidence, Finding } from '../core/model.js';
import { factInWords } from '../evidence/changes.js';
import type { Scope } from '../plan/scope.js';

/** The report's part on what was declared. A rule is answered where one of its findings is, and not in a plan where all of them are not. */
export function declaredReport(
  scope: Scope,
  { steps }: Pick<Evidence, 'steps'>,
  declaration: Declaration,
  findings: readonly Finding[],
): DeclaredReport {
  const of = (id: string) => findings.filter(({ rule }) => rule === id);
  const decided = (finding: Finding) => finding.verdict === 'pass' || finding.verdict === 'fail';
  return {
    ...declaration,
    rules: scope.rules.length,
    answered: scope.rules.filter(({ id }) => of(id).some(decided)).length,
    notInPlan: scope.rules
      .filter(({ id }) => of(id).length > 0 && of(id).every(({ declared }) => declared === 'not-in-plan'))
      .map(({ id }) => id),
    values: steps.flatMap((step) => {
      const host = step.subject.kind === 'host' ? step.subject.host : '';
      return (step.declared ?? []).map((one) => ({ host, fact: factInWords(step, scope), ...one }));
    }),
  };
}
