/** How a mistake is told: what is wrong, and the command to try next. Pure. */

import { pages } from '../cli/help.js';
import type { UsageError } from '../core/errors.js';
import { escapeForTerminal } from '../core/escape.js';
import { shownLine } from '../core/shell/words.js';

/**
 * The two lines of a mistake, for every command alike. What to try is the command line with the word that was meant, the command
 * that the mistake names, or the help of the command that was given.
 */
export function mistakeInWords({ message, next }: UsageError, args: readonly string[]): string {
  const lines = [`pairflight: ${message}`, `       try: ${corrected(message, args) ?? next ?? helpFor(args)}`];
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
export function helpFor(args: readonly string[]): string {
  const words = args.filter((word) => !word.startsWith('-'));
  const meant = [words.slice(0, 2), words.slice(0, 1)].find((some) => Object.hasOwn(pages, some.join(' ')));
  return ['pairflight', ...(meant ?? []), '--help'].join(' ');
}
