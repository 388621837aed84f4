/** The engine's own scripts, played: known by the name that they run under. */
import { type Answer, says } from './play/answer.js';
import { playDu } from './play/listing.js';
import { playReach } from './play/network.js';
import { playEars, playProof } from './play/peers.js';
import { playPermissions } from './play/permissions.js';
import { programs } from './play/programs.js';
import { playRehearsal } from './play/rsync.js';
import type { Runner } from './play/runner.js';
import { splitWords } from './play/shell-words.js';

/** Programs of any host beside those that are played. */
const USUAL = ['bash', 'du', 'gzip', 'ionice', 'nice', 'python3', 'perl', 'rsync', 'scp', 'tar', 'timeout', 'tr'];

/** Scripts by their name; the words are what follows it. */
export const scripts: Record<string, (words: string[], runner: Runner) => Answer> = {
  'du-gently': playDu,
  'path-permissions': playPermissions,
  'port-ears': (words, runner) => says(playEars(runner, words)),
  'port-proof': (words, runner) => says(playProof(runner, words)),
  programs: (names, runner) =>
    says(`${names.map((name) => `${name} ${has(runner, name) ? 'yes' : 'no'}\n`).join('')}end\n`),
  'rsync-gently': playRehearsal,
  'tcp-reach': (words, { machine, hosts }) => says(playReach(machine, hosts, words)),
};

function has({ machine }: Runner, name: string): boolean {
  const scripted = Object.keys(machine.commands).some((text) => splitWords(text)[0] === name);
  return machine.programs?.[name] ?? (Object.hasOwn(programs, name) || USUAL.includes(name) || scripted);
}
