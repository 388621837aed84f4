/** From options to the pairs that are meant, proven before anything is asked. */
import { UsageError } from '../../core/errors.js';
import { escapeForTerminal } from '../../core/escape.js';
import { plural } from '../../core/format.js';
import type { FleetPair, PairFault } from '../../fleet/fleet.js';
import { type PackNamed, preparePairs, withoutPlaces } from '../../fleet/prepare.js';
import { readFleet } from '../../fleet/read.js';
import { selectPairs } from '../../fleet/select.js';
import type { Choices } from '../../plan/scope.js';
import { settingsFrom } from '../target.js';
import type { FleetTargetOptions } from './options.js';

/** Faults that are listed; the rest is counted. */
const MOST_FAULTS = 50;

/** The pairs of a fleet, and what they are judged by. */
export interface PairsMeant {
  name: string;
  pairs: FleetPair[];
  packs: PackNamed[];
  choices: Choices;
}

/** The pairs that options mean. @throws UsageError, after a line for each pair that is wrong */
export function pairsMeant(options: FleetTargetOptions, phases: string[] | undefined, timeoutMs?: number): PairsMeant {
  const { product, pack, release, only, skip, provePorts, allowCommand } = options;
  const choices: Choices = {
    phases,
    product,
    pack,
    release,
    only,
    skip,
    provePorts,
    allowCommand,
    settings: settingsFrom(options.set ?? []),
  };
  // yargs hands the word `-` over as an empty text.
  const { name, pairs: all, faults } = readFleet(options.fleet === '' ? '-' : options.fleet);
  refuse(faults, all.length + faults.length);
  const pairs = selectPairs(all, options.where ?? []);
  const prepared = preparePairs(pairs, choices, timeoutMs);
  refuse(prepared.faults, pairs.length);
  return { name, pairs: pairs.map(withoutPlaces), packs: prepared.packs, choices };
}

/** What is wrong with many pairs alike is said once. */
function refuse(faults: readonly PairFault[], count: number): void {
  if (faults.length === 0) return;
  const pairs = new Map<string, string[]>();
  for (const { pair, message } of faults) pairs.set(message, [...(pairs.get(message) ?? []), pair]);
  const lines = [...pairs].map(([message, [first = '', ...rest]]) => {
    const more = rest.length > 0 ? ` (and ${rest.length} more)` : '';
    return `${first}${more}: ${message}`;
  });
  for (const line of lines.slice(0, MOST_FAULTS)) process.stderr.write(`pairflight: ${escapeForTerminal(line)}\n`);
  if (lines.length > MOST_FAULTS) process.stderr.write(`pairflight: and ${lines.length - MOST_FAULTS} more\n`);
  const wrong = new Set(faults.map(({ pair }) => pair)).size;
  throw new UsageError(`${wrong} of ${plural(count, 'pair')} cannot be asked as written; none was asked`);
}
