/** The section of a rule's page that shows its commands word for word, by host. Pure. */

import { commandsOf, type RuleCommand } from './authoring/rule-commands.js';
import { lengthInWords } from './core/format.js';
import type { Rule } from './core/model.js';
import { shownLine } from './core/shell/words.js';
import type { Pack } from './pack/load.js';
import { broken, wrapAfter } from './reporters/terminal/wrap.js';
import { oneLine } from './reporters/words/finding.js';
import { settingsOf } from './rule-sections.js';

/** Every question of the rule, and its scripts in full below them. */
export function commandLines(pack: Pack, rule: Rule, columns: number): string[] {
  const commands = commandsOf(pack, rule);
  const scripts = [...new Set(commands.flatMap(({ words }) => words.filter((word) => word.includes('\n'))))];
  const heading = ({ hosts, as }: RuleCommand) =>
    `${hosts.join(', ')}${as === '' ? '' : ` as ${as}${contextInWords(pack, as)}`}`;
  let last = '';
  const lines = commands.flatMap((command) => {
    const { words, active, sampled } = command;
    const shown = shownLine(
      words.map((word) => (scripts.includes(word) ? `script-${scripts.indexOf(word) + 1}` : word)),
    );
    const often = sampled ? `  (${sampled.times} times, ${lengthInWords(sampled.everyMs / 1000)} apart)` : '';
    const line = wrapAfter(
      '    $ ',
      `${active ? 'ACTIVE  ' : ''}${words.length < 3 && command.as === '' ? words.join(' ') : shown}${often}`,
      columns,
    );
    const head = heading(command) === last ? [] : wrapAfter('  ', `${heading(command)}:`, columns);
    last = heading(command);
    return [...head, ...line];
  });
  const unset = settingsOf(pack, rule).filter(
    ([name]) => pack.settings[name]?.default === undefined && !pack.settings[name]?.by_release,
  );
  return [
    ...lines,
    ...unset.flatMap(([name]) => wrapAfter('  ', `More, where settings.${name} is given.`, columns)),
    ...(lines.some((line) => /@[a-z]/.test(line))
      ? wrapAfter('  ', '@NAME stands for the address of that host.', columns)
      : []),
    ...scripts.flatMap((script, at) => [
      `  script-${at + 1}:`,
      ...script
        .trimEnd()
        .split('\n')
        .flatMap((line) => codeLines(line, columns)),
    ]),
  ];
}

/** A line of a script as it is; what is too long goes on in the next, with a mark. */
function codeLines(line: string, columns: number): string[] {
  const [first = '', ...more] = line === '' ? [''] : broken(line, columns - 6);
  return [`    | ${first}`.trimEnd(), ...more.map((piece) => `    > ${piece}`)];
}

function contextInWords({ contexts }: Pack, as: string): string {
  const title = contexts[as]?.title;
  return title === undefined ? '' : ` (${oneLine(title)})`;
}
