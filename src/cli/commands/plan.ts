/** `plan`: every command of a run, word for word, without touching a host. */
import type { Command } from '../command.js';
import {
  firstPhase,
  inventory,
  json,
  number,
  phasesOf,
  reachOptions,
  type TargetOptions,
  targetOptions,
} from '../options.js';

/** `pairflight plan`. */
export const plan: Command = {
  name: 'plan',
  takes: '[inventory]',
  does: 'print every command of a run, without running any',
  positionals: inventory,
  options: {
    ...firstPhase,
    ...json,
    ...targetOptions,
    'ssh-config': reachOptions['ssh-config'],
    timeout: number('seconds, as in a run'),
  },
  note: 'A plan never depends on what a host answers; a run asks nothing that it does not show.',
  examples: [
    { does: 'what a preflight would ask', run: 'pairflight plan' },
    { does: 'what one rule would ask', run: "pairflight plan --only '*/two-machines'" },
  ],
  async run(options: TargetOptions & { phase?: string; json: boolean; timeout?: number; sshConfig?: string }) {
    const [{ planSteps }, { planJson, planText }, { write }, { timeoutOf }, { readTarget }] = await Promise.all([
      import('../../plan/steps.js'),
      import('../../plan/text.js'),
      import('../deliver.js'),
      import('../session.js'),
      import('../target.js'),
    ]);
    const { scope } = readTarget(options, phasesOf(options));
    const steps = planSteps(scope, timeoutOf(options));
    await write(
      options.json ? `${JSON.stringify(planJson(scope, steps, options), null, 2)}\n` : planText(scope, steps, options),
    );
    return 0;
  },
};
