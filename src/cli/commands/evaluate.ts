/** `evaluate`: judges saved evidence again, offline. */
import type { Command } from '../command.js';
import {
  baseline,
  checkFailOnNew,
  failOnNew,
  ownRules,
  type RegressionOptions,
  type ReportOptions,
  reportOptions,
} from '../options.js';
import type { SavedOptions } from '../saved-run.js';

/** `pairflight evaluate`: several files are judged as one; the same findings, reports and exit code as live. */
export const evaluate: Command = {
  name: 'evaluate',
  takes: '<files..>',
  does: 'judge saved evidence again, offline',
  positionals: {
    files: {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'evidence files, or a bundle; several files are judged as one run',
    },
  },
  options: { ...reportOptions, ...failOnNew, ...baseline, ...ownRules },
  needs: 'an evidence file',
  note: 'The same findings and the same exit code as the run that took the evidence.',
  examples: [
    { does: 'judge a saved run', run: 'pairflight evaluate evidence.json' },
    {
      does: 'fail only on what got worse',
      run: 'pairflight evaluate after.json --baseline before.json --fail-on-new',
    },
    { does: 'judge what a support ticket holds', run: 'pairflight evaluate bundle.tar.gz --report markdown' },
  ],
  async run(options: ReportOptions & RegressionOptions & SavedOptions) {
    const [
      { differencesFrom },
      { planSteps },
      { judgeEvidence },
      { deliver },
      { openOutputs, packInputs },
      { savedRun },
    ] = await Promise.all([
      import('../../evidence/against-plan.js'),
      import('../../plan/steps.js'),
      import('../../judge/report.js'),
      import('../deliver.js'),
      import('../run-files.js'),
      import('../saved-run.js'),
    ]);
    const { scope, evidence } = savedRun(options);
    // Evidence of a run that had a baseline holds it.
    checkFailOnNew(options, evidence.baseline !== undefined);
    const outputs = await openOutputs(options, [
      ...options.files.map((path) => ({ what: 'the evidence', path })),
      ...(options.baseline === undefined ? [] : [{ what: 'the baseline', path: options.baseline }]),
      ...packInputs(scope.pack),
    ]);
    const judged = judgeEvidence(scope, evidence, options.failOn, options.failOnNew);
    const differs = differencesFrom(planSteps(scope), evidence, scope.pack);
    const report = { ...judged, run: { ...judged.run, judgedFrom: { files: options.files, differs } } };
    await deliver(report, outputs.reports, options);
    return report.run.exitCode;
  },
};
