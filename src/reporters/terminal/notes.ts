/** What stands below the findings: waivers, what changed since an earlier run, what nobody can verify, and the documents' addresses. */

import { oneLine, plural } from '../../core/format.js';
import type { Report } from '../../core/model.js';
import { isOpen } from '../../judge/verdict.js';
import { changesInWords } from '../words/changes.js';
import { sourcesInWords, valuesInWords } from '../words/declared.js';
import { attestedInWords, placeInWords, standingOf, timeInWords, waiverInWords, waivesLess } from '../words/finding.js';
import type { Page } from './page.js';
import { wrap, wrapAfter } from './wrap.js';

/** Each as a section of lines; one that has nothing to say is empty. */
export function notes(page: Page, report: Report): string[][] {
  return [
    ...declared(page, report),
    known(page, report),
    waived(page, report),
    changed(page, report),
    notVerified(page, report),
    documents(page, report),
  ];
}

/** What was declared by which file, with `all` every value that was taken, and the rules that nothing of it could answer. */
export function declared(page: Page, { declared: told }: Report, all = true): string[][] {
  if (!told) return [];
  const list = (lines: string[]) => lines.flatMap((line) => wrapAfter('  ', line, page.prose));
  const section = (title: string, lines: string[]) =>
    lines.length === 0 ? [] : [page.colors.bold(title), ...list(lines)];
  return [
    section('Declared', [...sourcesInWords(told), ...(all ? valuesInWords(told) : [])]),
    section('Not in a plan', all ? told.notInPlan : []),
  ];
}

/** What a gate that looks at regressions only let pass: it stays a fault. */
function known(page: Page, { findings, run }: Report): string[] {
  const lines = findings
    .filter((finding) => finding.known)
    .flatMap(({ key, severity, verdict }) => wrapAfter('  = ', `${key}: ${severity} ${verdict}`, page.prose));
  if (!run.failOnNew || lines.length === 0) return [];
  const since = `Known: failed in the run of ${timeInWords(run.failOnNew.since)} already`;
  return [...wrap(since, page.prose).map(page.colors.bold), ...lines];
}

/** The faults that somebody accepts, and the waivers that accept none. */
function waived(page: Page, { findings, waivers = [] }: Report): string[] {
  const lines = findings.flatMap((finding) => {
    if (standingOf(finding) !== 'waived' || !finding.waivedBy) return [];
    const { reason, owner, until } = finding.waivedBy;
    return wrapAfter('  ~ ', `${finding.key}: ${reason} (${owner}, until ${until})`, page.prose);
  });
  const others = waivers
    .filter(waivesLess)
    .flatMap((use) => wrapAfter('  ! ', waiverInWords(use), page.prose).map(page.colors.yellow));
  const all = [...lines, ...others];
  return all.length > 0 ? [page.colors.bold('Waived'), ...all] : [];
}

/** What is another than in the run that was given as baseline; that nothing is, is said too. */
export function changed(page: Page, { changes }: Report, most = Number.POSITIVE_INFINITY): string[] {
  if (!changes) return [];
  const all = changesInWords(changes.list);
  const lines = all.slice(0, most).flatMap((line) => wrapAfter('  * ', line, page.prose));
  if (all.length > most) lines.push(`  and ${all.length - most} more`);
  const nothing =
    changes.compared === 0
      ? 'The two runs have no question in common; nothing was compared.'
      : `Nothing, among ${plural(changes.compared, 'answer')} that both runs have.`;
  return [
    ...wrap(`Changed since ${timeInWords(changes.since)}`, page.prose).map(page.colors.bold),
    ...(lines.length > 0 ? lines : wrapAfter('  ', nothing, page.prose)),
  ];
}

function notVerified(page: Page, report: Report): string[] {
  const lines = report.notVerified.flatMap(({ what, why, source, attested }) => [
    ...wrapAfter('  ? ', `${oneLine(what)}: ${oneLine(why)}`, page.prose),
    ...(attested ? wrapAfter('    ', attestedInWords(attested), page.prose) : []),
    ...wrapAfter('    source: ', placeInWords(source), page.prose),
  ]);
  return lines.length > 0 ? [page.colors.bold('Not verified'), ...lines] : [];
}

/** The addresses of the documents that the sources name. */
function documents(page: Page, report: Report): string[] {
  const named = [...report.findings.filter(isOpen), ...report.notVerified];
  const addresses = new Map(
    named.flatMap(({ source }) => (source.url ? [[oneLine(source.doc), source.url] as const] : [])),
  );
  const lines = [...addresses].flatMap(([doc, url]) => {
    const line = wrapAfter('  ', `${doc}: ${oneLine(url)}`, page.columns);
    if (line.length === 1) return line;
    return [...wrapAfter('  ', `${doc}:`, page.prose), ...wrapAfter('    ', oneLine(url), page.columns)];
  });
  return lines.length > 0 ? [page.colors.bold('Documents'), ...lines] : [];
}
