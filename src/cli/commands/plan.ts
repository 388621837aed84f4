/** `plan`: every command of a run, word for word, without touching a host. */

import { planSteps } from '../../plan/steps.js';
import { planJson, planText } from '../../plan/text.js';
import { write } from '../deliver.js';
import type { TargetOptions } from '../options.js';
import { timeoutOf } from '../session.js';
import { readTarget } from '../target.js';

/** Prints the plan as text or JSON; resolves to 0. */
export async function planCommand(
  options: TargetOptions & { json: boolean; timeout?: number },
  phases?: string[],
): Promise<number> {
  const target = readTarget(options, phases);
  const steps = planSteps(target.scope, timeoutOf(options));
  await write(
    options.json ? `${JSON.stringify(planJson(target.scope, steps), null, 2)}\n` : planText(target.scope, steps),
  );
  return 0;
}
