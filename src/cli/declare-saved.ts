/** The commands that work on what was saved, offline, as yargs knows them. */
import type { Argv } from 'yargs';
import { withPage } from './help.js';
import type { Done } from './options.js';
import { given, ownRules, withBaseline, withFormats, withRegressions, withReports } from './options.js';

/** Declares evaluate, diff and report. */
export function withSavedCommands<T>(yargs: Argv<T>, done: Done) {
  return yargs
    .command(
      'evaluate <files..>',
      'judge saved evidence again, offline',
      (y) =>
        withPage(
          withBaseline(
            withRegressions(
              withReports(
                y.positional('files', {
                  type: 'string',
                  array: true,
                  demandOption: true,
                  describe: 'evidence files, or a bundle; those of one run that were collected apart are judged as one',
                }),
              ),
            ),
          ).option('pack', ownRules),
          'evaluate',
        ),
      (argv) => done(import('./commands/evaluate.js').then(({ evaluateCommand }) => evaluateCommand(given(argv)))),
    )
    .command(
      'diff <before> <after>',
      'what changed between two saved runs',
      (y) =>
        withPage(y, 'diff')
          .positional('before', { type: 'string', demandOption: true, describe: 'evidence of the earlier run' })
          .positional('after', { type: 'string', demandOption: true, describe: 'evidence of the later run' })
          .option('report', {
            type: 'string',
            array: true,
            group: 'Output:',
            requiresArg: true,
            describe: 'FORMAT[=PATH]: table or json; repeatable; default table',
          })
          .option('color', {
            type: 'boolean',
            group: 'Output:',
            describe: 'colour the table; --no-color never does',
          })
          .option('pack', ownRules),
      (argv) => done(import('./commands/diff.js').then(({ diffCommand }) => diffCommand(given(argv)))),
    )
    .command(
      'report <file>',
      'show a saved report in any format',
      (y) =>
        withFormats(
          withPage(y, 'report').positional('file', {
            type: 'string',
            demandOption: true,
            describe: 'a report of --report json=FILE, or a bundle',
          }),
        ),
      (argv) => done(import('./commands/report.js').then(({ reportCommand }) => reportCommand(given(argv)))),
    );
}
