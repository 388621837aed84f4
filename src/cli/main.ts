/** The command line: yargs' wiring and nothing else; the only place that sets the exit code. */
import { UsageError } from '../core/errors.js';
import { problemsTo, tool } from '../core/version.js';

/** Runs the command line and sets the exit code: 0, 1, 2, 3, 70, 130 or 143; a monitoring plugin has codes of its own. */
export async function main(args: string[]): Promise<void> {
  // Told where it is written; without a listener it would end the program instead.
  process.stdout.on('error', () => {});
  try {
    process.exitCode = await run(args);
  } catch (error) {
    process.exitCode = error instanceof UsageError ? 2 : 70;
    await (await import('./old-reports.js')).removeNamedReports(args, error);
    if ((await import('./mistakes.js')).isPluginCall(args)) {
      process.exitCode = 3;
      process.stdout.write((await import('../reporters/nagios.js')).pluginFailure((error as Error).message).text);
    }
    process.stderr.write(error instanceof UsageError ? await mistake(error, args) : await bug(error));
  }
}

/** Its words are loaded only when somebody made one. */
async function mistake(error: UsageError, args: string[]): Promise<string> {
  const { mistakeInWords } = await import('./mistakes.js');
  return mistakeInWords(error, args);
}

async function bug(error: unknown): Promise<string> {
  const { escapeForTerminal } = await import('../core/escape.js');
  const stack = process.env.PAIRFLIGHT_DEBUG ? `\n${(error as Error).stack}` : ' (PAIRFLIGHT_DEBUG=1 shows where)';
  const address = problemsTo();
  const where = address === undefined ? '' : `please report it with this line: ${address}\n`;
  return `pairflight: this is a bug of pairflight itself: ${escapeForTerminal((error as Error).message)}${stack}\n${where}`;
}

async function run(args: string[]): Promise<number> {
  // The quickest question gets its answer without loading a parser of options.
  if (args.length === 1 && args[0] === '--version') {
    process.stdout.write(`${tool().version}\n`);
    return 0;
  }
  const { parse } = await import('./parse.js');
  return parse(args);
}
