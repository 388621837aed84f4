/** From what is declared to the evidence of a run on hosts that nobody asks. Pure. */

import { UsageError } from '../core/errors.js';
import type { DeclaredSource, Evidence, Output, Step } from '../core/model.js';
import { makeTokens } from '../core/secret-token.js';
import { sha256 } from '../core/sha256.js';
import type { Baseline } from '../evidence/baseline.js';
import { makeEvidence } from '../evidence/evidence.js';
import type { Scope, Target } from '../plan/scope.js';
import { planSteps } from '../plan/steps.js';
import { type AnsibleFacts, declaredByAnsible, hostFacts } from './ansible.js';
import { answeredByFiles, type RenderedFile } from './files.js';
import { readPlan } from './plan.js';
import { type DeclaredStep, declaredByPlan } from './terraform.js';

/** What was read of the files that declare. */
export interface Declared {
  terraform?: { file: string; bytes: Buffer };
  ansible?: AnsibleFacts;
  files: RenderedFile[];
  /** What is unknown until apply does not count. */
  defer: boolean;
}

/** The scope and the evidence of a declared run. @throws UsageError for what does not fit the inventory or the rules */
export function declare(
  target: Target,
  { terraform, ansible, files, defer }: Declared,
  takenAt: Date,
  baseline?: Baseline,
): { scope: Scope; evidence: Evidence } {
  if (defer && !terraform)
    throw new UsageError(
      '--defer after-apply needs --declared terraform=FILE: only a plan has values that are unknown until apply',
    );
  const scope: Scope = { ...target.scope, declared: { defer } };
  const { keyId, token } = makeTokens();
  const steps = planSteps(scope);
  const byFiles = answeredByFiles(scope, steps, files, takenAt.toISOString(), token);
  const declared = terraform
    ? declaredByPlan({ ...target, scope }, steps, readPlan(textOf(terraform), terraform.file), token)
    : [];
  const facts = ansible ? hostFacts(target, ansible) : [];
  const sources: DeclaredSource[] = [
    ...(terraform ? [{ kind: 'terraform' as const, file: terraform.file, sha256: sha256(terraform.bytes) }] : []),
    ...facts.map(({ host, file, bytes }) => ({ kind: 'ansible' as const, file, sha256: sha256(bytes), host })),
    ...files.map(({ host, path, file, bytes }) => ({ kind: 'file' as const, file, sha256: sha256(bytes), host, path })),
  ];
  const collected = {
    connections: [],
    steps: together(steps, byFiles.answered, [...byFiles.declared, ...declared, ...declaredByAnsible(steps, facts)]),
    tokenKeyId: keyId,
  };
  const evidence = makeEvidence(scope, collected, takenAt, new Date(), false, baseline);
  return { scope, evidence: { ...evidence, run: { ...evidence.run, declared: { sources, ...(defer && { defer }) } } } };
}

/** The planned steps of which anything is declared, in the plan's order. */
function together(
  steps: readonly Step[],
  answered: readonly { step: Step; outputs: Output[][] }[],
  declared: readonly DeclaredStep[],
): Evidence['steps'] {
  return steps.flatMap((step) => {
    const outputs = answered.find((one) => one.step.id === step.id)?.outputs;
    const properties = declared.filter((one) => one.step.id === step.id).map((one) => one.declared);
    if (!outputs && properties.length === 0) return [];
    return [{ ...step, outputs: outputs ?? [], ...(properties.length > 0 && { declared: properties }) }];
  });
}

/** Bytes that are no UTF-8 are no plan: a lenient reader would make different names look the same. */
function textOf({ file, bytes }: { file: string; bytes: Buffer }): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${file}: is not text in UTF-8`);
  }
}
