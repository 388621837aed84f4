/** `diff`: two saved runs on one pair, compared offline. */
import { UsageError } from '../../core/errors.js';
import type { Evidence } from '../../core/model.js';
import type { Pack } from '../../pack/pack.js';
import type { Command } from '../command.js';
import { formatOptions, ownRules } from '../options.js';

interface DiffOptions {
  before: string;
  after: string;
  report?: string[];
  reportMode?: string;
  pack?: string;
  color?: boolean;
}

/** `pairflight diff`: 1 when something is new or worse, else 0. */
export const diff: Command = {
  name: 'diff',
  takes: '<before> <after>',
  does: 'what changed between two saved runs',
  positionals: {
    before: { type: 'string', demandOption: true, describe: 'evidence of the earlier run' },
    after: { type: 'string', demandOption: true, describe: 'evidence of the later run' },
  },
  options: {
    ...formatOptions,
    report: { ...formatOptions.report, describe: 'FORMAT[=PATH]: table or json; repeatable; default table' },
    ...ownRules,
  },
  needs: 'two evidence files',
  note: 'Both runs are judged by the rules of today. Exit code: 1 when something is worse.',
  examples: [{ does: 'what got worse', run: 'pairflight diff before.json after.json' }],
  async run(options: DiffOptions) {
    const [
      { escapeForTerminal },
      { tool },
      { readEvidence },
      { compareRuns },
      { loadPack, packDir },
      { scopeOfEvidence },
      { forLog },
      { json },
      { comparisonTable },
      { write },
      { openOutputs, packInputs, reportSpecs },
      { screenOf },
    ] = await Promise.all([
      import('../../core/escape.js'),
      import('../../core/version.js'),
      import('../../evidence/evidence.js'),
      import('../../judge/diff.js'),
      import('../../pack/load.js'),
      import('../../plan/scope.js'),
      import('../../reporters/github/command.js'),
      import('../../reporters/json.js'),
      import('../../reporters/terminal/diff.js'),
      import('../deliver.js'),
      import('../run-files.js'),
      import('../screen.js'),
    ]);
    const [before, after] = [readEvidence(options.before), readEvidence(options.after)];
    const other = reportSpecs(options.report).find(({ format }) => format !== 'table' && format !== 'json');
    if (other) throw new UsageError(`--report ${other.format}: a diff is shown as table or json`);
    const pack = loadPack(options.pack ?? packDir(after.inventory.product));
    await checkRuns(before, after, pack, options);
    const { reports } = await openOutputs(options, [
      { what: 'the earlier run', path: options.before },
      { what: 'the later run', path: options.after },
      ...packInputs(pack),
    ]);
    if (before.run.phases.join() !== after.run.phases.join()) {
      const [was, is] = [before, after].map(({ run }) => run.phases.join(', '));
      process.stderr.write(
        `pairflight: ${escapeForTerminal(`${options.before} is of the phase ${was}; both are judged as ${is}, and what only ${was} asks is not compared`)}\n`,
      );
    }
    const comparison = compareRuns(scopeOfEvidence(pack, after), before, after, tool());
    for (const { format, file } of reports) {
      const text =
        format === 'json'
          ? forLog('json', json(comparison))
          : comparisonTable(comparison, screenOf({ path: file?.path, wantColor: options.color }));
      await (file ? file.write(text) : write(text));
    }
    return comparison.exitCode;
  },
};

async function checkRuns(before: Evidence, after: Evidence, pack: Pack, files: DiffOptions): Promise<void> {
  const [{ checkBaseline }, { checkEvidence }] = await Promise.all([
    import('../../evidence/baseline.js'),
    import('../../evidence/evidence.js'),
  ]);
  checkEvidence(after, pack, files.after);
  if (Date.parse(before.takenAt) > Date.parse(after.takenAt)) {
    throw new UsageError(
      `${files.before}: was taken after ${files.after}`,
      `pairflight diff ${files.after} ${files.before}`,
    );
  }
  if ((before.run.declared === undefined) !== (after.run.declared === undefined)) {
    const [declared, asked] = before.run.declared ? [files.before, files.after] : [files.after, files.before];
    throw new UsageError(
      `${declared}: is declared, and the hosts of ${asked} were asked; a diff is of two of one kind`,
    );
  }
  // A run may be compared with itself: their order was looked at above.
  const takenAt = new Date(Date.parse(before.takenAt) + 1).toISOString();
  checkBaseline(before, { inventory: after.inventory, takenAt }, pack, files.before);
  // Waivers and attestations are the later run's: the earlier one's may be about rules that have gone.
  checkEvidence({ ...before, inventory: { ...before.inventory, waivers: [], attest: [] } }, pack, files.before);
}
