/** The commands that work on what was saved, offline, as yargs knows them. */
import type { Argv } from 'yargs';
import { type Done, given } from './given.js';
import { withBaseline, withFormats, withRegressions, withReports } from './options.js';

/** Declares evaluate, diff and report. */
export function withSavedCommands<T>(yargs: Argv<T>, done: Done) {
  return yargs
    .command(
      'evaluate <files..>',
      'judge saved evidence again, offline',
      (y) =>
        withBaseline(
          withRegressions(
            withReports(
              y.positional('files', { type: 'string', array: true, demandOption: true, describe: 'evidence files' }),
            ),
          ),
        ).option('pack', { type: 'string', requiresArg: true, describe: 'a folder of rules of your own' }),
      (argv) => done(import('./evaluate.js').then(({ evaluateCommand }) => evaluateCommand(given(argv)))),
    )
    .command(
      'diff <before> <after>',
      'what two saved runs on a pair tell apart: findings, and facts; exit code 1 when something is worse',
      (y) =>
        y
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
          .option('pack', { type: 'string', requiresArg: true, describe: 'a folder of rules of your own' })
          .example('$0 diff monday.json tuesday.json', 'what became worse since Monday, under the rules of today'),
      (argv) => done(import('./diff.js').then(({ diffCommand }) => diffCommand(given(argv)))),
    )
    .command(
      'report <file>',
      'turn a saved JSON report, or that of a bundle, into any format; the exit code is that of its run',
      (y) =>
        withFormats(
          y.positional('file', { type: 'string', demandOption: true, describe: 'a report of --report json=FILE' }),
        ).example('$0 report run.json --report junit=run.xml --report table', 'two formats of one saved run'),
      (argv) => done(import('./report.js').then(({ reportCommand }) => reportCommand(given(argv)))),
    );
}
