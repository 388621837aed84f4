/** A comparison as an operator reads it: what became worse first, what stayed as it was last, then the facts. */
import pc from 'picocolors';
import { oneLine, plural, shorten } from '../../core/format.js';
import type { Comparison, Development, Difference, Standing } from '../../judge/diff.js';
import type { ReporterOptions } from '../reporter.js';
import { changesInWords } from '../words/changes.js';
import { headingOf, timeInWords } from '../words/finding.js';
import { wrap, wrapAfter } from './wrap.js';

/** The least width at which words still read as words. */
const leastColumns = 40;

/** Characters of a host's own words that are repeated; the JSON has all of them. */
const mostMessage = 1000;

const headings: [Development, string][] = [
  ['new', 'New: fails, and did not'],
  ['worse', 'Worse'],
  ['fixed', 'Fixed: passes, and did not'],
  ['changed', 'Otherwise changed'],
];

/** The comparison in lines of at most `columns`. */
export function comparisonTable(comparison: Comparison, { color, columns: wanted }: ReporterOptions): string {
  const columns = Math.max(leastColumns, Number.isFinite(wanted) ? Math.floor(wanted) : 80);
  const colors = pc.createColors(color);
  const { before, after, findings, product, phase } = comparison;
  const paint = comparison.exitCode === 0 ? colors.green : colors.red;
  const bold = (text: string) => wrap(text, columns).map(colors.bold);
  const parts = [
    [
      ...wrap(headline(comparison), columns).map((line) => colors.bold(paint(line))),
      ...wrap(`${oneLine(product.title)}, phase ${phase}`, columns),
      ...wrapAfter('before: ', timeInWords(before.takenAt), columns),
      ...wrapAfter('after:  ', timeInWords(after.takenAt), columns),
    ],
    ...headings.map(([development, heading]) => {
      const meant = findings.filter((one) => one.development === development);
      return meant.length === 0 ? [] : [...bold(heading), ...meant.flatMap((one) => lines(one, columns))];
    }),
    unchanged(findings, columns, bold),
    facts(comparison, columns, bold),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`;
}

function headline({ exitCode, summary, findings }: Comparison): string {
  const counts = Object.entries(summary)
    .filter(([development, count]) => count > 0 || development === 'unchanged')
    .map(([development, count]) => `${count} ${development}`);
  const open = findings.filter((one) => one.development === 'unchanged' && !isQuiet(one)).length;
  const left = open === 0 ? '' : ` (${open} of them not passing)`;
  return `${exitCode === 0 ? 'NOTHING WORSE' : 'WORSE'}: ${counts.join(', ')}${left}`;
}

function lines({ key, title, before, after }: Difference, columns: number): string[] {
  return [
    ...wrapAfter('  ', `${inWords(before)} -> ${inWords(after)}: ${key}`, columns),
    ...wrapAfter('      ', headingOf({ title, ...after }), columns),
    ...wrapAfter('      before: ', shorten(before.message, mostMessage), columns),
    ...wrapAfter('      after:  ', shorten(after.message, mostMessage), columns),
  ];
}

/** What stayed as it was is named where it does not pass, and counted where it does. */
function unchanged(findings: readonly Difference[], columns: number, bold: (text: string) => string[]): string[] {
  const same = findings.filter((one) => one.development === 'unchanged');
  if (same.length === 0) return [];
  const quiet = same.filter(isQuiet);
  const counts = (['pass', 'skip'] as const)
    .map((verdict) => [quiet.filter((one) => one.after.verdict === verdict).length, verdict] as const)
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => `${count} ${verdict}`);
  return [
    ...bold('Unchanged'),
    ...same
      .filter((one) => !isQuiet(one))
      .flatMap((one) => wrapAfter('  ', `${inWords(one.after)}: ${one.key}`, columns)),
    ...(quiet.length > 0
      ? wrapAfter('  ', `${plural(quiet.length, 'other finding')}: ${counts.join(', ')}`, columns)
      : []),
  ];
}

function isQuiet({ after }: Difference): boolean {
  return after.verdict === 'pass' || after.verdict === 'skip';
}

function inWords({ verdict, severity, waived }: Standing): string {
  if (verdict === 'pass' || verdict === 'skip') return verdict;
  const word = verdict === 'fail' || verdict === 'error' ? verdict.toUpperCase() : verdict;
  return `${severity} ${waived ? `${word}, waived` : word}`;
}

function facts({ changes }: Comparison, columns: number, bold: (text: string) => string[]): string[] {
  const changed = changesInWords(changes.list).flatMap((line) => wrapAfter('  * ', line, columns));
  const nothing =
    changes.compared === 0
      ? 'The two runs have no question in common; nothing was compared.'
      : `None, among ${plural(changes.compared, 'answer')} that both runs have.`;
  return [...bold('Facts that changed'), ...(changed.length > 0 ? changed : wrapAfter('  ', nothing, columns))];
}
