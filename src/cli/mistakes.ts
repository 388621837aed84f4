/** yargs' complaints about a command line, in pairflight's words: what is wrong, and what would be right. Pure. */
import { suggestion } from '../core/did-you-mean.js';
import { NO_COMMAND, UsageError } from '../core/errors.js';
import { escapeForTerminal } from '../core/escape.js';
import { shownLine } from '../core/shell/words.js';
import { commandMeant } from './commands/index.js';
import { program } from './help.js';

/** The mistake behind a message of yargs; `options` are those of the command that was meant. */
export function parseMistake(message: string, args: readonly string[], options: readonly string[]): UsageError {
  for (const { says, tell } of complaints) {
    const found = says.exec(message);
    if (found) return tell(found[1] ?? '', args, options, found[2] ?? '');
  }
  return new UsageError(message.split('\n')[0] ?? message);
}

type Tell = (what: string, args: readonly string[], options: readonly string[], more: string) => UsageError;

const complaints: { says: RegExp; tell: Tell }[] = [
  {
    says: /^Did you mean (.+)\?/,
    tell: (meant, args) => {
      const words = args.filter((word) => !word.startsWith('-'));
      const group = commandMeant(words.slice(0, 1));
      const before = group && !('run' in group) ? words.slice(0, 1) : [];
      const after = words.slice(before.length);
      const isNear = (word: string) => suggestion(word, [meant]).startsWith('; did you mean');
      // The value of an option may stand before the command.
      const typed = after.find(isNear) ?? after[0] ?? '';
      // Nearer by its letters is a command that asks hosts.
      if (typed === 'version') return new UsageError('unknown command "version"', 'pairflight --version');
      return new UsageError(
        `unknown command "${typed}"; did you mean "${meant}"?`,
        ['pairflight', ...before, meant].join(' '),
      );
    },
  },
  {
    says: /^Unknown (?:argument|command)s?: (.+)/,
    tell: (list, args, options) => {
      const [first = ''] = list.split(', ');
      const typed = args.find((word) => word === first || word.replace(/^-+/, '').split('=')[0] === first) ?? first;
      const meant = commandMeant(args);
      if (!typed.startsWith('-'))
        return new UsageError(`${meant && 'run' in meant ? 'unexpected argument' : 'unknown command'} "${first}"`);
      return new UsageError(`unknown option "--${first}"${nearOption(first, options)}`);
    },
  },
  {
    says: /^Not enough arguments following: (\S+)/,
    tell: (name) => new UsageError(`--${name}: its value is missing`),
  },
  {
    says: /^Missing required arguments?: (\S+)/,
    tell: (name, args) => new UsageError(`--${name.replace(/,$/, '')} is missing`, exampleFor(args)),
  },
  {
    says: /^Not enough non-option arguments/,
    tell: (_, args) => {
      const { name = '', needs = 'to be told more' } = commandMeant(args) ?? {};
      return new UsageError(`${name} needs ${needs}`, exampleFor(args));
    },
  },
  {
    says: /^Invalid values:\s+Argument: (\S+), Given: .*?, Choices: ([^\n]+)/,
    tell: (name, args, _, choices) => {
      const at = args.findIndex((word) => word.replace(/=.*$/s, '') === `--${name}`);
      const given = args[at]?.split(/=(.*)/s)[1] ?? args[at + 1] ?? '';
      return new UsageError(`--${name} ${given}: is not one of ${choices.replaceAll('"', '')}`);
    },
  },
];

/** A near miss only: the help has all of them. */
function nearOption(word: string, options: readonly string[]): string {
  const found = suggestion(
    word,
    options.filter((one) => one.length > 1),
  );
  return found.startsWith('; did you mean') ? found.replace(/"(.+)"/, '"--$1"') : '';
}

/** The first example of the command that was meant. */
function exampleFor(args: readonly string[]): string {
  return (commandMeant(args) ?? program).examples[0]?.run ?? helpFor(args);
}

/**
 * The lines of a mistake, for every command alike: what is wrong, and a command to try where one helps. It is the command line with the word that was meant, the command
 * that the mistake names, or the help of the command that was given.
 */
export function mistakeInWords({ message, next }: UsageError, args: readonly string[]): string {
  const command = corrected(message, args) ?? next ?? helpFor(args);
  const lines = [`pairflight: ${message}`, ...(command === NO_COMMAND ? [] : [`       try: ${command}`])];
  return `${lines.map(escapeForTerminal).join('\n')}\n`;
}

/** The same command line with the near miss put right, where the message names both words. */
function corrected(message: string, args: readonly string[]): string | undefined {
  const [, quoted, plain, right] =
    /(?:"([^"\s]+)"|(\S+): no rule has such an id); did you mean "([^"\s]+)"\?/.exec(message) ?? [];
  const wrong = quoted ?? plain;
  if (wrong === undefined || right === undefined) return undefined;
  const words = args.map((word) =>
    word === wrong
      ? right
      : word
          .split('=')
          .map((part) => (part === wrong ? right : part))
          .join('='),
  );
  return words.some((word, at) => word !== args[at]) ? shownLine(['pairflight', ...words]) : undefined;
}

/** The help of the command that was meant; of the program where none was. */
function helpFor(args: readonly string[]): string {
  return ['pairflight', commandMeant(args)?.name ?? '', '--help'].filter(Boolean).join(' ');
}

/** Whether a command line asks for a plugin's answer; then even a mistake in it is told as one. */
export function isPluginCall(args: readonly string[]): boolean {
  const asked = args.some(
    (word, at) => /^(--report=)?nagios(=|$)/.test(word) && (word.startsWith('--') || args[at - 1] === '--report'),
  );
  return asked && ['report', undefined].includes(commandMeant(args)?.name);
}
