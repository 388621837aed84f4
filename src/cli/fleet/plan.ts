/** The plans of a fleet's pairs, one after the other, or each in a file of its own. */
import { join } from 'node:path';
import { plural } from '../../core/format.js';
import { makePrivateFolder } from '../../fleet/folder.js';
import { targetOf } from '../../fleet/prepare.js';
import { planSteps } from '../../plan/steps.js';
import { planJson, planText } from '../../plan/text.js';
import { write, writePrivate } from '../deliver.js';
import { phasesOf } from '../options.js';
import { timeoutOf } from '../session.js';
import type { FleetPlanOptions } from './options.js';
import { pairsMeant } from './pairs.js';

/** Prints or writes every plan; resolves to the exit code. @throws UsageError where a pair cannot be asked */
export async function planFleet(options: FleetPlanOptions): Promise<number> {
  const timeoutMs = timeoutOf(options);
  const { pairs, choices } = pairsMeant(options, phasesOf(options), timeoutMs);
  const { out, json } = options;
  for (const [index, pair] of pairs.entries()) {
    const { scope } = targetOf(pair, choices);
    const steps = planSteps(scope, timeoutMs);
    const plan = { pair: pair.name, ...planJson(scope, steps, options) };
    // On stdout a line of JSON for each pair; a person sees which pair's plan follows.
    const text = json ? `${JSON.stringify(plan, null, out === undefined ? 0 : 2)}\n` : planText(scope, steps, options);
    if (out === undefined) await write(json ? text : `${index > 0 ? '\n' : ''}== ${pair.name}\n${text}`);
    else {
      makePrivateFolder(join(out, pair.name));
      await writePrivate(join(out, pair.name, json ? 'plan.json' : 'plan.txt'), text);
    }
  }
  if (out !== undefined) process.stderr.write(`pairflight: ${plural(pairs.length, 'plan')} in ${out}\n`);
  return 0;
}
