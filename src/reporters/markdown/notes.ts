/** What stands below the findings in Markdown: what changed, what nobody can verify, and the answers of the hosts. */

import { cutInWords, oneLine, plural, shorten } from '../../core/format.js';
import { grouped } from '../../core/grouped.js';
import type { Report, ReportStep } from '../../core/model.js';
import { isOpen } from '../../judge/verdict.js';
import { sourcesInWords, valuesInWords } from '../words/declared.js';
import { attestedInWords, placeInWords, timeInWords, waiverInWords, waivesLess } from '../words/finding.js';
import type { Detail } from './detail.js';
import { code, codeBlock, folded, link, prose } from './text.js';

/** Characters of a command line; a plan shows all of it. */
const mostCommand = 200;

/** What was declared by which file, every value that was taken, and the rules that nothing of it could answer. */
export function declared({ declared: told }: Report, detail: Detail): string[] {
  if (!told) return [];
  const cut = (line: string) => `- ${prose(shorten(line, Math.max(300, detail.text)))}`;
  return [
    folded(
      `Declared: ${told.values.length} values`,
      [...sourcesInWords(told), ...valuesInWords(told)].map(cut).join('\n'),
    ),
    ...(told.notInPlan.length > 0
      ? [
          folded(
            `Not in a plan: ${told.notInPlan.length} rules`,
            told.notInPlan.map((id) => `- ${code(id)}`).join('\n'),
          ),
        ]
      : []),
  ];
}

/** What is another than in the run that was given as baseline, in lines; that nothing is, is said too. */
export function changed({ changes }: Report, lines: readonly string[], detail: Detail): string[] {
  if (!changes) return [];
  const nothing =
    changes.compared === 0
      ? 'The two runs have no question in common; nothing was compared.'
      : `Nothing, among ${plural(changes.compared, 'answer')} that both runs have.`;
  const rest = lines.length - detail.changes;
  const body = [
    ...lines.slice(0, detail.changes).map((line) => `- changed: ${prose(line)}`),
    ...(rest > 0 ? [`- and ${rest} more; the JSON report lists them`] : []),
  ];
  const since = `Changed since ${timeInWords(changes.since)}`;
  return [folded(`${since}: ${lines.length === 0 ? 'nothing' : lines.length}`, body.join('\n') || nothing)];
}

/** What became of the waivers, those that accept less than they are meant to as well as the others. */
export function waivers(report: Report, detail: Detail): string[] {
  const all = report.waivers ?? [];
  if (all.length === 0) return [];
  const lines = all.map((use) => `- waiver: ${prose(shorten(waiverInWords(use), detail.text))}`);
  const less = all.filter(waivesLess).length;
  return [folded(`Waivers: ${all.length}${less > 0 ? `, ${less} not as meant` : ''}`, lines.join('\n'))];
}

/** What a document asks for and nobody can verify from here, with the word of those who attest it. */
export function notVerified(report: Report, detail: Detail): string[] {
  const all = report.notVerified;
  if (all.length === 0) return [];
  const lines = all.map(({ what, why, source, attested }) => {
    const words = shorten(`${oneLine(what)}: ${oneLine(why)}`, detail.text);
    const word = attested ? `<br>${prose(shorten(attestedInWords(attested), detail.text))}` : '';
    return `- not verified: ${prose(words)} (source: ${link(placeInWords(source), source.url)})${word}`;
  });
  const attested = all.filter((one) => one.attested && !one.attested.expired).length;
  const count = `${all.length}${attested > 0 ? `, ${attested} attested` : ''}`;
  return [folded(`Not verified: ${count}`, lines.join('\n'))];
}

/** The commands of each host with the beginnings of their answers. */
export function answers(report: Report, detail: Detail): string[] {
  if (detail.answers === 'none') return [];
  const failing = report.findings.filter(isOpen);
  const wanted = new Set(failing.flatMap((finding) => finding.because));
  const steps = report.steps.list.filter(({ id }) => detail.answers === 'all' || wanted.has(id));
  return [...grouped(steps, ({ host }) => host)].map(([host, own]) =>
    folded(`Answers of ${host}: ${own.length}`, codeBlock(own.map(answer).join('\n'))),
  );
}

function answer({ as, argv, exit, problem, excerpt, cut }: ReportStep): string {
  const command = oneLine(shorten(argv.join(' '), mostCommand));
  const said = excerpt.replace(/\r?\n$/, '');
  const lines = said === '' ? [] : said.split(/\r?\n/).map((line) => `  ${line}`);
  const rest = cut === undefined ? [] : [`  ${cutInWords(cut)}`];
  return [`${as}$ ${command} (${problem ?? `exit ${exit ?? 'none'}`})`, ...lines, ...rest].join('\n');
}
