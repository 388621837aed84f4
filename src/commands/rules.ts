/** `rules list`, `rules show`, `rules test`: the rules themselves, offline. */
import { loadCases, runCase } from '../cases.js';
import { UsageError } from '../errors.js';
import type { Rule } from '../model.js';
import { coverageTable } from '../pack-page.js';
import { loadPack, type Pack, packDir, packIndex } from '../packs.js';
import { loadRequirements } from '../requirements.js';
import { suggestion } from '../validation.js';
import { plural } from '../words.js';
import { write } from './outputs.js';

/** Which pack is meant. */
export interface PackOptions {
  product?: string;
  pack?: string;
}

/** The pack that the options name; the default one without them. @throws UsageError */
export function packOf({ product, pack }: PackOptions): Pack {
  return loadPack(pack ?? packDir(product ?? packIndex().default));
}

/** Lists every rule of a pack, one line each; `json` gives them whole. */
export async function listRules(options: PackOptions & { json: boolean }): Promise<number> {
  const { rules } = packOf(options);
  const width = Math.max(...rules.map((rule) => rule.id.length));
  const lines = rules.map(
    (rule) =>
      `${rule.id.padEnd(width)}  ${rule.severity.padEnd(7)}  ${rule.basis.padEnd(10)}  ${rule.releases.padEnd(8)}  ${rule.title}`,
  );
  await write(options.json ? `${JSON.stringify(rules, null, 2)}\n` : `${lines.join('\n')}\n`);
  return 0;
}

/** Prints what the documents ask for and what answers it, as a Markdown table; resolves to 0. @throws UsageError for a gap. */
export async function showCoverage(options: PackOptions): Promise<number> {
  const pack = packOf(options);
  await write(`${coverageTable(pack, loadRequirements(pack))}\n`);
  return 0;
}

/** Explains one rule: requirement, document, section, basis, releases, questions, remedy. @throws UsageError */
export async function showRule(options: PackOptions & { id: string; json: boolean }): Promise<number> {
  const pack = packOf(options);
  const rule = pack.rules.find((one) => one.id === options.id || one.id === `${pack.name}/${options.id}`);
  if (!rule) {
    throw new UsageError(
      `no rule has the id "${options.id}"${suggestion(
        options.id,
        pack.rules.map((one) => one.id),
      )}`,
    );
  }
  await write(options.json ? `${JSON.stringify(rule, null, 2)}\n` : explain(pack, rule));
  return 0;
}

function explain(pack: Pack, rule: Rule): string {
  const document = pack.documents[rule.source.doc];
  const rows = [
    ['requires', rule.requires],
    ['document', `${document?.title ?? rule.source.doc}, ${rule.source.section}`],
    ...(document?.url ? [['page', document.url]] : []),
    [
      'basis',
      {
        documented: 'documented: the vendor asks for it',
        field: "field: a threshold of the vendor's field scripts",
        inferred: 'inferred: by us, from what the documents say',
      }[rule.basis],
    ],
    ['severity', rule.severity],
    ['phases', rule.phases.join(', ')],
    ['releases', rule.releases === '*' ? 'all' : rule.releases],
    ...(rule.guard ? [['guard', 'cannot be skipped or waived: other findings rest on it']] : []),
    ...Object.entries(rule.facts).map(([name, fact]) => [
      `fact ${name}`,
      'probe' in fact
        ? `${pack.probes.get(fact.probe)?.title} ${JSON.stringify(fact.with)}`
        : `derived: ${JSON.stringify(fact)}`,
    ]),
    ['remedy', rule.remedy],
    ['stands in', rule.at],
  ];
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return [
    `${rule.id}: ${rule.title}`,
    '',
    ...rows.map(([name = '', text = '']) => `  ${name.padEnd(width)}  ${text.trim()}`),
    '',
  ].join('\n');
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
