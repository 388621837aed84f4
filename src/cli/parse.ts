/** The command line, as yargs knows it: the declared commands and nothing else; each command's code is loaded when it is called. */
import yargs, { type Argv } from 'yargs';
import { UsageError } from '../core/errors.js';
import { tool } from '../core/version.js';
import { reserveRoleNames } from '../pack/roles.js';
import type { Command, Declared, Group } from './command.js';
import { commandMeant, commands } from './commands/index.js';
import { pageText, program } from './help.js';
import { parseMistake } from './mistakes.js';

/** Parses the command line and runs the command; resolves to the exit code. @throws UsageError */
export async function parse(args: string[]): Promise<number> {
  reserveRoleNames(commands.flatMap(({ options, positionals }) => Object.keys({ ...options, ...positionals })));
  const roles = await roleOptions(args);
  const parser = yargs(completionOf(args))
    .scriptName('pairflight')
    .usage(
      '$0 <command>\n\nProves whether a primary/standby pair may be set up, and whether it protects its users. Writes nothing to the hosts.',
    )
    .epilogue(pageText(program));
  const declare = (to: Argv, command: Command | Group): Argv => {
    const { name, takes, does } = command;
    const usage = [name.split(' ').at(-1), ...(takes === undefined ? [] : [takes])].join(' ');
    return to.command(
      usage,
      does,
      (y) => declareParts(y, command, roles, declare),
      (argv) => {
        if (!('run' in command)) return;
        const given = givenIn(argv, command, roles);
        throw new Chosen(() => command.run(given));
      },
    );
  };
  // Where the first word is a command, yargs has no use for the others: to declare them takes as long as to parse the words.
  const named = commands.filter(({ name }) => name === args[0]);
  const offered = named.length > 0 ? named : commands.filter(({ name }) => !name.includes(' '));
  for (const command of offered) declare(parser, command);
  parser
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
      throw parseMistake(message ?? error.message, args, namesOf(meant));
    });
  try {
    await parser.parseAsync();
    return 0;
  } catch (error) {
    if (!(error instanceof Chosen)) throw error;
    return error.run();
  }
}

/** `completion bash`: yargs looks for the shell in SHELL alone, and takes its name for a command. @throws UsageError */
function completionOf(args: string[]): string[] {
  const [command, shell, ...more] = args;
  if (command !== 'completion' || shell === undefined || shell.startsWith('-')) return args;
  if (!['bash', 'zsh'].includes(shell) || more.length > 0)
    throw new UsageError(
      `completion takes bash or zsh, or nothing: then the shell that SHELL names`,
      'pairflight completion bash',
    );
  process.env.SHELL = shell;
  return [command];
}

/** Thrown where a command is to run: when its handler returns, yargs lays out a help that nobody asked for. */
class Chosen extends Error {
  constructor(readonly run: () => Promise<number>) {
    super();
  }
}

/** Positionals, options and the page of a command, and the commands that begin with its words. */
function declareParts(
  to: Argv,
  command: Command | Group,
  roles: Declared,
  declare: (to: Argv, command: Command | Group) => Argv,
): Argv {
  const { name, needs, positionals = {}, options = {} } = command;
  to.epilogue(pageText(command));
  for (const [positional, one] of Object.entries(positionals)) to.positional(positional, one);
  for (const [option, one] of Object.entries(options)) {
    to.option(option, one);
    if (option === 'host') to.options(roles);
  }
  if ('run' in command) return to;
  for (const part of commands.filter((one) => one.name.startsWith(`${name} `))) declare(to, part);
  return to.demandCommand(1, `${name} needs ${needs}`);
}

/** What was given, under long names, hosts by their roles apart; absent ones are absent, not undefined. @throws UsageError */
function givenIn(argv: Readonly<Record<string, unknown>>, { options, positionals }: Command, roles: Declared): object {
  for (const [name, { array }] of Object.entries({ ...positionals, ...options, ...roles })) {
    const value = argv[name];
    if (Array.isArray(value) && array !== true)
      throw new UsageError(`--${name} is given ${value.length} times; it takes one value`);
  }
  const given = Object.entries(argv).filter(([, value]) => value !== undefined);
  const byRole = given.filter(([name]) => Object.hasOwn(roles, name));
  return { ...Object.fromEntries(given), ...(byRole.length > 0 && { roles: Object.fromEntries(byRole) }) };
}

/** The roles as options, for a command that takes hosts; no pack is loaded where every option is one of the command's own. */
async function roleOptions(args: readonly string[]): Promise<Declared> {
  const completing = args[0] === '--get-yargs-completions';
  const { options } = commandMeant(completing ? args.slice(2) : args) ?? {};
  const isOwn = (word: string) => {
    const name = word.replace(/^--(no-)?/, '').replace(/=.*$/s, '');
    return !/^--?[a-z]/i.test(word) || Object.hasOwn(options ?? {}, name);
  };
  if (options?.host === undefined || (!completing && args.every(isOwn))) return {};
  const { rolesAsOptions } = await import('./role-options.js');
  return rolesAsOptions(args);
}

/** The options that a command declares; yargs' help has them, and its types do not. */
function namesOf(help: object): string[] {
  return Object.keys((help as { getDescriptions?(): object }).getDescriptions?.() ?? {});
}
