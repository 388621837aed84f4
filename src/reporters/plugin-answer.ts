/** The answer of a monitoring plugin: a code, one line with performance data, and some lines below it. */
import { escapeForTerminal } from '../core/escape.js';
import { oneLine, shorten } from '../core/format.js';

/** What a plugin ends with and says. */
export interface PluginAnswer {
  code: 0 | 1 | 2 | 3;
  text: string;
}

const words = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;

/** Lines below the first, and characters of each: what a plugin says is cut by those who read it. */
const most = { lines: 12, characters: 300 } as const;

/** The answer, its texts escaped and cut; `data` as performance data, none where it is empty. */
export function pluginAnswer(
  code: PluginAnswer['code'],
  says: string,
  data: string,
  lines: readonly string[],
): PluginAnswer {
  const first = `PAIRFLIGHT ${words[code]} - ${pluginText(says)}${data === '' ? '' : ` | ${data}`}`;
  const rest = lines.length - most.lines;
  const below = [...lines.slice(0, most.lines).map(pluginText), ...(rest > 0 ? [`and ${rest} more`] : [])];
  return { code, text: `${[first, ...below].join('\n')}\n` };
}

/** A text in the answer: cut, escaped, and without the sign that begins the performance data, wherever it stands. */
export function pluginText(text: string): string {
  return escapeForTerminal(shorten(oneLine(text), most.characters)).replaceAll('|', '/');
}
