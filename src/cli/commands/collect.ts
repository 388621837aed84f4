/** `collect`: what the hosts say, saved, without judging it. */
import type { Command } from '../command.js';
import {
  baseline,
  firstPhase,
  groups,
  inventory,
  phasesOf,
  type ReachOptions,
  reachOptions,
  type TargetOptions,
  targetOptions,
  text,
} from '../options.js';

/** `pairflight collect`: 0, or 3 when a host could not be reached. */
export const collect: Command = {
  name: 'collect',
  takes: '[inventory]',
  does: "save the hosts' answers, without judging",
  positionals: inventory,
  options: {
    ...firstPhase,
    ...targetOptions,
    ...reachOptions,
    ...baseline,
    output: { ...text('the evidence file; - is stdout', groups.output), alias: 'o', demandOption: true },
  },
  note: 'Exit code: 3 when a host could not be reached.',
  examples: [
    { does: 'save what the hosts say', run: 'pairflight collect -o evidence.json' },
    { does: 'judge it later, or elsewhere', run: 'pairflight evaluate evidence.json' },
  ],
  async run(options: TargetOptions & ReachOptions & { phase?: string; output: string }) {
    const [
      { escapeForTerminal },
      { evidenceText },
      { write },
      { openOutput },
      { inputsOf, refuseOneFile },
      { exitCodeOf, runTarget },
      { readTarget },
    ] = await Promise.all([
      import('../../core/escape.js'),
      import('../../evidence/evidence.js'),
      import('../deliver.js'),
      import('../output-file.js'),
      import('../run-files.js'),
      import('../run.js'),
      import('../target.js'),
    ]);
    const target = readTarget(options, phasesOf(options));
    const path = options.output;
    if (path !== '-') refuseOneFile([{ what: `-o ${path}`, path }], inputsOf(target, options));
    const file = path === '-' ? undefined : await openOutput(path);
    const run = await runTarget(target, options);
    const json = evidenceText(run.evidence);
    await (file ? file.write(json) : write(json));
    const { connections } = run.evidence;
    for (const { host, problem } of connections) {
      if (problem) process.stderr.write(`pairflight: ${host}: ${escapeForTerminal(problem.message)}\n`);
    }
    return exitCodeOf(run, connections.some(({ problem }) => problem) ? 3 : 0);
  },
};
