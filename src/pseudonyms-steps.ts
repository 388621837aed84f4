/** Steps under pseudonyms: an id is a hash of what is asked, so it is taken from the plan of the renamed inventory. Pure. */
import { createHash } from 'node:crypto';
import type { Baseline } from './baseline.js';
import type { Evidence, Step } from './model.js';
import type { Pack } from './packs.js';
import { planSteps } from './plan.js';
import { makeScope } from './scope.js';

type Either = Evidence | Baseline;

/** Gives the steps of renamed evidence the ids under which judging looks for them, those of its baseline too. */
export function restate(pack: Pack, before: Evidence, after: Evidence): Evidence {
  const { baseline } = after;
  return {
    ...withIds(pack, before, after),
    ...(baseline && before.baseline && { baseline: withIds(pack, before.baseline, baseline) }),
  };
}

function withIds<T extends Either>(pack: Pack, before: Either, after: T): T {
  const ids = idsOf(pack, before, after);
  return { ...after, steps: after.steps.map((step) => ({ ...step, id: ids.get(step.id) ?? ownId(step) })) };
}

/** From old id to new: both plans have the same steps in the same order, for they differ in names alone. */
function idsOf(pack: Pack, before: Either, after: Either): Map<string, string> {
  // A baseline is asked for whatever rules read it, of its own phases or of others.
  const whole = { phases: Object.keys(pack.phases), selection: { only: [], skip: [] } };
  const [was = [], is = []] = [before, after].map(({ run, inventory }) =>
    planSteps(makeScope(pack, { ...run, ...whole }, inventory)),
  );
  if (was.length !== is.length) throw new Error('the plan under pseudonyms has another number of steps');
  return new Map(was.map(({ id }, index) => [id, is[index]?.id ?? id]));
}

/** Nobody plans this step any more. Its old id would still let an address be guessed and verified. */
function ownId({ probe, params, subject, asks }: Pick<Step, 'probe' | 'params' | 'subject' | 'asks'>): string {
  return createHash('sha256')
    .update(JSON.stringify([probe, params, subject, asks]))
    .digest('hex')
    .slice(0, 16);
}
