/** `report`: turns a saved report into any format; nothing is judged again. */
import type { Command } from '../command.js';
import { formatOptions, type ReportOptions } from '../options.js';

/** `pairflight report`. */
export const report: Command = {
  name: 'report',
  takes: '<file>',
  does: 'show a saved report in any format',
  positionals: {
    file: { type: 'string', demandOption: true, describe: 'a report of --report json=FILE, or a bundle' },
  },
  options: formatOptions,
  needs: 'a saved report',
  note: 'Nothing is judged again: the exit code is that of the saved run.',
  examples: [
    { does: 'two formats of one saved run', run: 'pairflight report run.json --report junit=run.xml --report table' },
    { does: 'the run that a support ticket holds', run: 'pairflight report bundle.tar.gz' },
  ],
  async run({ file, ...options }: Omit<ReportOptions, 'failOn'> & { file: string }) {
    const [{ readReport }, { deliver }, { openOutputs }] = await Promise.all([
      import('../../judge/report-file.js'),
      import('../deliver.js'),
      import('../outputs.js'),
    ]);
    const saved = readReport(file);
    const { reports } = await openOutputs(options, [{ what: 'the saved report', path: file }]);
    await deliver(saved, reports, options.color);
    return saved.run.exitCode;
  },
};
