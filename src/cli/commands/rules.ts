/** `rules list`, `rules show`, `rules test`: the rules themselves, offline. */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import pc from 'picocolors';
import type { Case } from '../../authoring/case.js';
import { loadCases, runCase } from '../../authoring/cases.js';
import { coverageTable } from '../../authoring/pack-page.js';
import { loadRequirements } from '../../authoring/requirements.js';
import { rulePage } from '../../authoring/rule-page.js';
import { skeletonOf } from '../../authoring/skeleton.js';
import { suggestion } from '../../core/did-you-mean.js';
import { UsageError } from '../../core/errors.js';
import { plural } from '../../core/format.js';
import { globMatches } from '../../core/glob.js';
import type { Rule, Verdict } from '../../core/model.js';
import { loadPack, packDir, packIndex, SECTIONS } from '../../pack/load.js';
import type { Pack } from '../../pack/pack.js';
import { widthOf, wrapAfter } from '../../reporters/terminal/wrap.js';
import { write } from '../deliver.js';

/** Which pack is meant. */
export interface PackOptions {
  product?: string;
  pack?: string;
}

/** The pack that the options name; the default one without them. @throws UsageError */
export function packOf({ product, pack }: PackOptions): Pack {
  return loadPack(pack ?? packDir(product ?? packIndex().default));
}

/** Lists the rules of a pack, or of one of its phases; `json` gives them whole. @throws UsageError for a phase that is none */
export async function listRules(options: PackOptions & { json: boolean; phase?: string }): Promise<number> {
  const pack = packOf(options);
  const { phase } = options;
  if (phase !== undefined && !Object.hasOwn(pack.phases, phase)) {
    const known = Object.keys(pack.phases);
    throw new UsageError(
      `unknown phase "${phase}"${suggestion(phase, known)}`,
      `pairflight rules list --phase ${known[0]}`,
    );
  }
  const rules = pack.rules.filter((rule) => phase === undefined || rule.phases.includes(phase));
  await write(options.json ? `${JSON.stringify(rules, null, 2)}\n` : ruleList(rules, columnsOfList()));
  return 0;
}

/** A pipe gets one line for each rule, however long; a terminal lines that it has room for. */
function columnsOfList(): number {
  return process.stdout.isTTY ? process.stdout.columns || 80 : Number(process.env.COLUMNS) || Number.POSITIVE_INFINITY;
}

/** Prints what the documents ask for and what answers it, as a Markdown table; resolves to 0. @throws UsageError for a gap. */
export async function showCoverage(options: PackOptions): Promise<number> {
  const pack = packOf(options);
  await write(`${coverageTable(pack, loadRequirements(pack))}\n`);
  return 0;
}

/** Explains rules offline, by id or glob; `json` gives one as it is, several as a list. @throws UsageError for an id that is none */
export async function showRules(options: PackOptions & { ids: string[]; json: boolean }): Promise<number> {
  const load = onceEach();
  const named = new Map(options.ids.flatMap((id) => namedIn(options, id, load)));
  const rules = [...named.keys()];
  if (options.json) {
    await write(`${JSON.stringify(rules.length === 1 ? rules[0] : rules, null, 2)}\n`);
    return 0;
  }
  const toTerminal = process.stdout.isTTY === true;
  const columns = toTerminal ? process.stdout.columns || 80 : Number(process.env.COLUMNS) || 100;
  const { bold } = pc.createColors(toTerminal && !process.env.NO_COLOR);
  const cases = new Map([...new Set(named.values())].map((pack) => [pack, loadCases(pack)]));
  const pages = [...named].map(([rule, pack]) => {
    const verdicts = (cases.get(pack) ?? [])
      .filter((one) => one.rule.id === rule.id)
      .flatMap(({ one }) => expectedOf(one));
    const counts: Partial<Record<Verdict, number>> = {};
    for (const verdict of verdicts) counts[verdict] = (counts[verdict] ?? 0) + 1;
    return rulePage(pack, rule, { columns, bold, cases: counts });
  });
  await write(pages.join('\n\n'));
  return 0;
}

/** The rules of an id, each with its pack: of the product that is named, that the id begins with, or that has such a rule. */
function namedIn(options: PackOptions, id: string, load: typeof packOf): [Rule, Pack][] {
  const of = (pack: Pack) => rulesNamed(pack, id).map((rule): [Rule, Pack] => [rule, pack]);
  if (options.product !== undefined || options.pack !== undefined) return of(load(options));
  const { packs, default: usual } = packIndex();
  const prefix = id.split('/')[0] ?? '';
  const inOrder = [usual, ...packs.filter((name) => name !== usual)];
  const owner = packs.includes(prefix)
    ? prefix
    : inOrder.find((product) => load({ product }).rules.some((rule) => rule.id === `${product}/${id}`));
  return of(load({ product: owner ?? usual }));
}

/** Loads each pack once, so that its rules are the same things however they are named. */
function onceEach(): typeof packOf {
  const loaded = new Map<string, Pack>();
  return (options) => {
    const key = options.pack ?? options.product ?? packIndex().default;
    const pack = loaded.get(key) ?? packOf(options);
    loaded.set(key, pack);
    return pack;
  };
}

function expectedOf({ expect }: Case): Verdict[] {
  return typeof expect === 'string' ? [expect] : Object.values(expect);
}

/** Runs the cases of a pack; 0 when all come out as stated, 1 when one does not. A rule without a pass, a fail and an unknown case fails. */
export async function testRules(options: PackOptions): Promise<number> {
  const pack = packOf(options);
  const results = loadCases(pack).map(({ rule, one, at }) => runCase(pack, rule, one, at));
  const failed = results.filter((result) => result.problem !== '');
  const gaps = pack.rules.flatMap((rule) => {
    const verdicts = new Set(results.filter((result) => result.rule === rule.id).flatMap((result) => result.expected));
    // A rule that only takes note of a value has no word that fails.
    const canFail = rule.expect.some(
      ({ matcher }) => matcher?.name !== 'verdicts' || Object.values(matcher.arg as object).includes('fail'),
    );
    const wanted = (['pass', 'fail', 'unknown'] as const).filter((verdict) => verdict !== 'fail' || canFail);
    const missing = wanted.filter((verdict) => !verdicts.has(verdict));
    return missing.length === 0 ? [] : [`${rule.at}: ${rule.id} has no case that comes to ${missing.join(', ')}`];
  });
  const lines = [
    ...failed.map((result) => `${result.at}: ${result.rule} "${result.name}": ${result.problem}`),
    ...gaps,
  ];
  await write(
    [
      ...lines,
      `${plural(results.length, 'case')} of ${plural(pack.rules.length, 'rule')}, ${failed.length} failed, ${plural(gaps.length, 'gap')}`,
      '',
    ].join('\n'),
  );
  return lines.length === 0 ? 0 : 1;
}

/** The rules of an id or glob. @throws UsageError that names near ones */
export function rulesNamed({ name, rules }: Pick<Pack, 'name' | 'rules'>, id: string): Rule[] {
  const found = rules.filter((rule) => globMatches(id, rule.id) || globMatches(`${name}/${id}`, rule.id));
  if (found.length > 0) return found;
  const word = id.replace(/^[^/]*\//, '');
  const short = rules.map((rule) => rule.id.slice(name.length + 1));
  const holding = word.length > 2 ? short.filter((one) => one.includes(word)) : [];
  const near = suggestion(word, short).match(/did you mean "(.+)"/)?.[1] ?? holding[0];
  throw new UsageError(
    `no rule has the id "${id}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
    near === undefined ? 'pairflight rules list' : `pairflight rules show ${near}`,
  );
}

/** One line for each rule, or a few where the lines would be longer than `columns`. */
export function ruleList(rules: readonly Rule[], columns: number): string {
  const id = widest(rules.map((rule) => rule.id));
  const releases = widest(rules.map((rule) => rule.releases));
  const told = (rule: Rule) =>
    `${rule.severity.padEnd(7)}  ${rule.basis.padEnd(10)}  ${rule.releases.padEnd(releases)}`;
  const lines = rules.map((rule) => `${rule.id.padEnd(id)}  ${told(rule)}  ${rule.title}`);
  if (widest(lines) <= columns) return lines.map((line) => `${line}\n`).join('');
  return rules
    .flatMap((rule) => [
      ...wrapAfter('', rule.id, columns),
      ...wrapAfter('  ', rule.title, columns),
      `  ${told(rule).trimEnd()}`,
    ])
    .map((line) => `${line}\n`)
    .join('');
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);
}

/** Writes a new pack and says so; resolves to 0. @throws UsageError */
export async function newRules(folder: string): Promise<number> {
  await write(newPack(folder));
  return 0;
}

/** Writes a new pack into a folder that is not there yet; returns what to print. */
function newPack(folder: string): string {
  const name = basename(resolve(folder));
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new UsageError(
      `"${name}" cannot be a pack's name; right is small letters, digits and hyphens`,
      'pairflight rules new my-pair',
    );
  }
  if (existsSync(folder)) throw new UsageError(`${folder}: is there already; a new pack gets a folder of its own`);
  const files = Object.entries(skeletonOf(name));
  try {
    mkdirSync(join(folder, SECTIONS), { recursive: true });
    for (const [file, text] of files) writeFileSync(join(folder, file), text);
  } catch (error) {
    throw new UsageError(`${folder}: cannot be written: ${(error as Error).message}`);
  }
  return `${[
    `${folder} is a pack of ${files.length} files; its rules pass their cases. What comes next:`,
    ...files.map(([file]) => `  ${join(folder, file)}`),
    `  pairflight rules test ${folder}        after each change`,
    `  pairflight plan --pack ${folder} --host primary=HOST --host standby=HOST`,
    `  pairflight check --phase verify --pack ${folder} --host primary=HOST --host standby=HOST`,
  ].join('\n')}\n`;
}
