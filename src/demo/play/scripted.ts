/** Commands whose answers stand in demo.yaml word for word. */

import type { Machine, PlayedCommand } from '../file/machine.js';
import { type Answer, says } from './answer.js';
import { sayingOf } from './changing-answers.js';
import { splitWords } from './shell-words.js';

/** The answer that demo.yaml gives: in a context its own commands come first; the host's programs follow it everywhere. */
export function scriptedAnswer(
  machine: Machine,
  words: readonly string[],
  as: string,
  asking: number,
): Answer | undefined {
  const tables = [machine.contexts[as]?.commands ?? {}, machine.contexts[as] ? {} : machine.commands];
  for (const table of tables) {
    // Patches come after what they extend; whole commands still come before those that only begin alike.
    const patterns = Object.entries(table).map(([text, command]) => ({ pattern: splitWords(text), command }));
    const inOrder = [
      ...patterns.filter((one) => one.pattern.at(-1) !== '...'),
      ...patterns.filter((one) => one.pattern.at(-1) === '...'),
    ];
    const found = inOrder.find((one) => matches(one.pattern, words));
    if (found) return answerOf(sayingOf(found.command, asking));
  }
  return undefined;
}

function matches(pattern: string[], words: readonly string[]): boolean {
  const open = pattern.at(-1) === '...';
  const fixed = open ? pattern.slice(0, -1) : pattern;
  return (
    (open ? words.length >= fixed.length : words.length === fixed.length) && fixed.every((word, i) => word === words[i])
  );
}

function answerOf(command: PlayedCommand): Answer {
  return { ...says(''), ...(typeof command === 'string' ? { stdout: command } : command) };
}
