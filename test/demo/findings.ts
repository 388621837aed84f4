/** What is found on a played scenario, in short, and how it differs from another's. */

import type { Verdict } from '../../src/core/model.js';
import { loadDemo } from '../../src/demo/index.js';
import { packDir } from '../../src/pack/load.js';
import { type Played, type Playing, play } from './run.js';

const played = new Map<string, { scenario: string; run: Promise<Played> }>();

/** What was played the same way twice is played once. */
export function playOnce(scenario: string, playing: Playing = {}): Promise<Played> {
  const key = JSON.stringify([scenario, playing]);
  const known = played.get(key) ?? { scenario, run: play(scenario, playing) };
  played.set(key, known);
  return known.run;
}

/** Names of the scenarios of these phases that nobody has played yet. */
export function unplayed(phases: string[], product = 'alation'): string[] {
  const seen = new Set([...played.values()].map(({ scenario }) => scenario));
  const scenarios = loadDemo(packDir(product)).scenarios.filter(({ phase }) => phases.includes(phase));
  return scenarios.map(({ name }) => name).filter((name) => !seen.has(name));
}

/** The keys of the findings of one verdict, without the pack's name. */
export function keysOf({ report }: Played, verdict: Verdict): string[] {
  return report.findings.filter((one) => one.verdict === verdict).map(({ key }) => withoutPack(key));
}

/** What differs from another pair, by the findings' keys without the pack's name. */
export async function changesFrom(other: Promise<Played>, check: Played): Promise<Record<string, Verdict>> {
  const before = new Map((await other).report.findings.map(({ key, verdict }) => [key, verdict]));
  const changed = check.report.findings.filter(({ key, verdict }) => before.get(key) !== verdict);
  return Object.fromEntries(changed.map(({ key, verdict }) => [withoutPack(key), verdict]));
}

/** The findings that another run has and this one has not. */
export async function missingFrom(other: Promise<Played>, { report }: Played): Promise<string[]> {
  const there = new Set(report.findings.map(({ key }) => key));
  return (await other).report.findings
    .map(({ key }) => key)
    .filter((key) => !there.has(key))
    .map(withoutPack);
}

/** The words of the finding with this key: its message, then what is told beside it. */
export function wordsOf({ report }: Played, key: string): string {
  const finding = report.findings.find((one) => withoutPack(one.key) === key);
  return [finding?.message, ...(finding?.told ?? [])].join('; ');
}

function withoutPack(key: string): string {
  return key.replace(/^\w+\//, '');
}
