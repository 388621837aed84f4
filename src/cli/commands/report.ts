/** `report`: turns a saved report into any format; nothing is judged again. */
import { UsageError } from '../../core/errors.js';
import type { Command } from '../command.js';
import { formatOptions, groups, type ReportOptions, text, whole } from '../options.js';

/** `pairflight report`. */
export const report: Command = {
  name: 'report',
  takes: '<file>',
  does: 'show a saved report in any format',
  positionals: {
    file: { type: 'string', demandOption: true, describe: 'a report of --report json=FILE, or a bundle' },
  },
  options: {
    ...formatOptions,
    ...whole,
    report: { ...formatOptions.report, describe: `${formatOptions.report.describe}; nagios: as a monitoring plugin` },
    'max-age': text('with --report nagios: how old the report may be (default: 24h)', groups.output),
  },
  needs: 'a saved report',
  note: "Nothing is judged again: the exit code is that of the saved run. With --report nagios it is a plugin's: 0 passed, 1 warnings, 2 failed, 3 everything else.",
  examples: [
    { does: 'two formats of one saved run', run: 'pairflight report run.json --report junit=run.xml --report table' },
    { does: 'as a monitoring plugin', run: 'pairflight report run.json --report nagios --max-age 2h' },
    { does: 'the run that a support ticket holds', run: 'pairflight report bundle.tar.gz' },
  ],
  async run({ file, maxAge, ...options }: Omit<ReportOptions, 'failOn'> & { file: string; maxAge?: string }) {
    if (options.report?.some((spec) => /^nagios(=|$)/.test(spec))) {
      const [{ write }, { pluginAnswer }] = await Promise.all([import('../deliver.js'), import('../plugin.js')]);
      const { code, text: said } = pluginAnswer(file, options.report, maxAge);
      await write(said);
      return code;
    }
    if (maxAge !== undefined) throw new UsageError('--max-age: is for --report nagios');
    const [{ readReport }, { deliver }, { openOutputs }] = await Promise.all([
      import('../../judge/report-file.js'),
      import('../deliver.js'),
      import('../run-files.js'),
    ]);
    const saved = readReport(file);
    const { reports } = await openOutputs(options, [{ what: 'the saved report', path: file }]);
    await deliver(saved, reports, options);
    return saved.run.exitCode;
  },
};
