/** Steps under pseudonyms: an id is a hash of what is asked, so both are taken from the plan of the renamed inventory. Pure. */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Ask, Evidence, Step } from '../../core/model.js';
import type { Baseline } from '../../evidence/baseline.js';
import type { Pack } from '../../pack/pack.js';
import { makeScope } from '../../plan/scope.js';
import { planSteps } from '../../plan/steps.js';

type Either = Evidence | Baseline;

/** Every step that the rules of any phase want of these hosts: a baseline is asked for whatever rules read it. */
export function wholePlan(pack: Pack, { run, inventory }: Either): Step[] {
  const whole = { phases: Object.keys(pack.phases), selection: { only: [], skip: [] } };
  return planSteps(makeScope(pack, { ...run, ...whole }, inventory));
}

/** Gives the steps of renamed evidence the ids under which judging looks for them, those of its baseline too; `plan` is the whole one before. */
export function restate(pack: Pack, before: Evidence, after: Evidence, plan: Step[]): Evidence {
  const { baseline } = after;
  return {
    ...withIds(pack, before, after, plan),
    ...(baseline &&
      before.baseline && {
        baseline: withIds(pack, before.baseline, baseline, wholePlan(pack, before.baseline)),
      }),
  };
}

function withIds<T extends Either>(pack: Pack, before: Either, after: T, plan: Step[]): T {
  const planned = plannedBoth(plan, wholePlan(pack, after));
  const steps = after.steps.map((step, index) => {
    const both = planned.get(step.id);
    if (!both) return { ...step, id: ownId(step) };
    const { was, is } = both;
    // Who is called as a program or an option is must not be hidden in what was asked; another pairflight asked in other words.
    const asIs = isDeepStrictEqual(before.steps[index] && question(before.steps[index]), question(was));
    return { ...step, id: is.id, ...(asIs && { params: is.params, asks: is.asks.map(limitedAs(step)) }) };
  });
  return { ...after, steps };
}

/** By old id the step of both plans: they have the same in the same order, for they differ in names alone. */
function plannedBoth(was: Step[], is: Step[]): Map<string, { was: Step; is: Step }> {
  if (was.length !== is.length) throw new Error('the plan under pseudonyms has another number of steps');
  return new Map(was.flatMap((step, index) => (is[index] ? [[step.id, { was: step, is: is[index] }]] : [])));
}

/** What a step asks, without the limits that each run may set. */
function question({ params, asks }: Step): unknown {
  return [params, asks.map(({ host, ask }) => [host, { ...ask, timeoutMs: 0, maxBytes: 0 }])];
}

/** A planned ask under the limits that it had. */
function limitedAs({ asks }: Step): (one: { host: string; ask: Ask }, index: number) => { host: string; ask: Ask } {
  return ({ host, ask }, index) => {
    const had = asks[index]?.ask;
    if (ask.kind === 'exec' && had?.kind === 'exec')
      return { host, ask: { ...ask, timeoutMs: had.timeoutMs, maxBytes: had.maxBytes } };
    return { host, ask: ask.kind === 'ping' && had?.kind === 'ping' ? { ...ask, timeoutMs: had.timeoutMs } : ask };
  };
}

/** Nobody plans this step any more. Its old id would still let an address be guessed and verified. */
function ownId({ probe, params, subject, asks }: Pick<Step, 'probe' | 'params' | 'subject' | 'asks'>): string {
  return createHash('sha256')
    .update(JSON.stringify([probe, params, subject, asks]))
    .digest('hex')
    .slice(0, 16);
}
