/** Commands whose answers stand in demo.yaml word for word. */

import type { Machine, PlayedCommand } from '../file/machine.js';
import { type Answer, says } from './answer.js';
import { sayingOf } from './changing-answers.js';
import { playBelow } from './filesystems-below.js';
import { playDu, playLastWrite } from './listing.js';
import { playReach } from './network.js';
import { playEars, playProof } from './peers.js';
import { playPermissions } from './permissions.js';
import { programs } from './programs.js';
import { playDryRun } from './rsync.js';
import type { Runner } from './runner.js';
import { splitWords } from './shell-words.js';

/** The answer that demo.yaml gives: in a context its own commands come first; the host's programs follow it everywhere. */
export function scriptedAnswer(
  machine: Machine,
  words: readonly string[],
  as: string,
  turn: number,
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
    if (found) return answerOf(sayingOf(found.command, turn));
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

/** Programs of any host beside those that are played. */
const USUAL = ['bash', 'du', 'gzip', 'ionice', 'nice', 'python3', 'perl', 'rsync', 'scp', 'tar', 'timeout', 'tr'];

/** Scripts by their name; the words are what follows it. */
export const scripts: Record<string, (words: string[], runner: Runner) => Answer> = {
  'du-gently': playDu,
  'filesystems-below': playBelow,
  'last-write': playLastWrite,
  'path-permissions': playPermissions,
  'port-ears': (words, runner) => says(playEars(runner, words)),
  'port-proof': (words, runner) => says(playProof(runner, words)),
  programs: (names, runner) =>
    says(`${names.map((name) => `${name} ${has(runner, name) ? 'yes' : 'no'}\n`).join('')}end\n`),
  'rsync-gently': playDryRun,
  'tcp-reach': (words, { machine, hosts }) => says(playReach(machine, hosts, words)),
};

function has({ machine }: Runner, name: string): boolean {
  const scripted = Object.keys(machine.commands).some((text) => splitWords(text)[0] === name);
  return machine.programs?.[name] ?? (Object.hasOwn(programs, name) || USUAL.includes(name) || scripted);
}
