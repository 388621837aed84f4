/** The command line, as yargs knows it; each command's code is loaded when it is called. */
import yargs from 'yargs';
import { tool } from '../core/version.js';
import { withPackCommands } from './declare-packs.js';
import { withRunCommands } from './declare-runs.js';
import { withSavedCommands } from './declare-saved.js';
import { withPage } from './help.js';
import { parseMistake } from './mistakes.js';
import type { Done } from './options.js';

/** Parses the command line and runs the command; resolves to the exit code. @throws UsageError */
export async function parse(args: string[]): Promise<number> {
  let code: number | undefined;
  const done: Done = async (result) => {
    code = await result;
  };
  const named = yargs(args)
    .scriptName('pairflight')
    .usage(
      '$0 <command>\n\nProves whether a primary/standby pair may be set up, and whether it protects its users. Writes nothing to the hosts.',
    );
  const parser = withPage(withPackCommands(withSavedCommands(withRunCommands(named, done), done), done), '')
    .demandCommand(1, 'which command?')
    .strict()
    .recommendCommands()
    .parserConfiguration({ 'greedy-arrays': false, 'strip-aliased': true })
    .completion('completion', 'print a script that completes the shell')
    .help()
    .alias('help', 'h')
    .version(tool().version)
    .wrap(Math.min(80, process.stdout.columns ?? 80))
    .exitProcess(false)
    .fail((message, error, meant) => {
      // yargs' own errors are mistakes on the command line; what a command throws goes on as it is.
      if (error && error.name !== 'YError') throw error;
      throw parseMistake(message ?? error.message, args, optionsOf(meant));
    });
  await parser.parseAsync();
  return code ?? 0;
}

/** The options that a command declares; yargs' help has them, and its types do not. */
function optionsOf(help: object): string[] {
  return Object.keys((help as { getDescriptions?(): object }).getDescriptions?.() ?? {});
}
