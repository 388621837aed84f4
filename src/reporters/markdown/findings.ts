/** Findings in Markdown's folded parts: by section a line for each rule with its hosts inside, and what each cause leaves unknown. */

import { oneLine, plural, shorten } from '../../core/format.js';
import type { Finding, Report } from '../../core/model.js';
import { isOpen } from '../../judge/verdict.js';
import { type Card, type Cause, cardsOf, causesOf, faultsOf, messageOf, subjectOf } from '../words/cards.js';
import { isNotInPlan } from '../words/declared.js';
import { basisInWords, placeInWords, seriesInWords, standingOf, timeInWords } from '../words/finding.js';
import { ownNext } from '../words/reaching.js';
import type { Detail } from './detail.js';
import { isCut, isUnknown } from './open.js';
import { code, folded, link, prose } from './text.js';
import { expectedOf, valuesFound, wordOf } from './values.js';

/** Verdicts in the order in which a section counts them. */
const order = ['deferred', 'fail', 'error', 'unknown', 'waived', 'pass', 'skip'] as const;

/** What is not known, folded by cause: the cause once, then everything that it keeps from being judged. */
export function unknowns(report: Report, detail: Detail): string[] {
  if (detail.failing === 'rules') return [];
  return causesOf(report.findings).map((cause) => {
    const { findings, message } = cause;
    const word = findings.every(({ verdict }) => verdict === 'error') ? 'cannot be judged' : 'not known';
    const summary = `${plural(findings.length, 'finding')} ${word}: ${shorten(message, detail.text)}`;
    const next = ownNext(cause);
    return folded(
      summary,
      [
        ...(next === undefined ? [] : [`Next: ${prose(shorten(next, detail.text))}`, '']),
        ...cardsOf(findings).map((card) => entry(card, report, detail, cause)),
      ].join('\n'),
    );
  });
}

/** The document's sections, folded, in the order of the findings; what is not known stands by its cause. */
export function sections(report: Report, detail: Detail): string[] {
  if (detail.failing === 'rules') return [];
  const groups = [...new Set(report.findings.map((finding) => finding.group))];
  return groups.flatMap((group) => {
    const members = report.findings.filter((finding) => finding.group === group && !isNotInPlan(finding));
    const shown = cardsOf(members.filter((finding) => !isUnknown(finding))).filter((card) => isListed(card, detail));
    if (shown.length === 0) return [];
    const counts = order
      .map((word) => [word, members.filter((finding) => standingOf(finding) === word).length] as const)
      .filter(([, count]) => count > 0)
      .map(([word, count]) => `${count} ${word}`);
    const entries = shown.map((card) => entry(card, report, detail));
    return [folded(`${group}: ${counts.join(', ')}`, entries.join('\n'))];
  });
}

/** With rows alone, what fails has its row already, if that had room for it. */
function isListed(card: Card, { passing, failing }: Detail): boolean {
  return ['pass', 'skip'].includes(card.standing) ? passing : failing === 'full' || isCut(card);
}

/** A rule's findings that stand alike; below a cause what it says already is left out. */
function entry(card: Card, report: Report, detail: Detail, cause?: Cause): string {
  const { findings, rule } = card;
  const [first] = findings;
  const found = findings.flatMap((finding) => {
    const values = valuesFound(finding, report, detail);
    return values.length > 0 || findings.length === 1 ? values : [prose(subjectOf(finding))];
  });
  const headings = faultsOf(card).map(({ heading }) => prose(heading));
  const name = code(findings.length === 1 ? first.key : rule);
  const line = `- **${wordOf(first)}** ${headings.join('; ')} ${name}${found.length === 0 ? '' : `: ${found.join(', ')}`}`;
  if (detail.failing === 'rows') return line;
  return [line, ...notesOf(findings, report, detail, cause).map((note) => `  - ${note}`)].join('\n');
}

/** The notes of several findings, each once, with whom it is about where it is not about all of them. */
function notesOf(findings: readonly Finding[], report: Report, detail: Detail, cause?: Cause): string[] {
  const told = new Map<string, { label: string; text: string; about: Finding[] }>();
  for (const finding of findings)
    for (const [label, text] of notes(finding, report, detail, cause)) {
      const key = JSON.stringify([label, text]);
      const note = told.get(key);
      if (note) note.about.push(finding);
      else told.set(key, { label, text, about: [finding] });
    }
  const labels = [...new Set([...told.values()].map(({ label }) => label))];
  return labels.flatMap((wanted) =>
    [...told.values()]
      .filter(({ label }) => label === wanted)
      .map(({ label, text, about }) => {
        const whom =
          about.length === findings.length || label.startsWith('port ')
            ? ''
            : `, ${prose(about.map(subjectOf).join(', '))}`;
        return `${label}${whom}: ${text}`;
      }),
  );
}

function notes(finding: Finding, { run }: Report, detail: Detail, cause?: Cause): [label: string, text: string][] {
  const { verdict, waivedBy, row, blockedBy, basis, source, samples, told = [] } = finding;
  const cut = (text: string) => prose(shorten(text, detail.text));
  const open = isOpen(finding);
  const next = ownNext(finding);
  const said = saidBesides(finding, cause);
  // How a trend passes (small, or falling until when) no single value tells.
  const says = said !== '' && (open || verdict === 'skip' || samples !== undefined);
  const lines: [label: string, texts: (string | false | undefined)[]][] = [
    ['says', [says && cut(said)]],
    ['told', told.map(cut)],
    ['samples', (samples ?? []).map((series) => cut(seriesInWords(series)))],
    ['expected', open ? expectedOf([finding], detail) : []],
    ['waived', [waivedBy && cut(`by ${waivedBy.owner} until ${waivedBy.until}: ${waivedBy.reason}`)]],
    ['known', [finding.known && run.failOnNew && `failed in the run of ${timeInWords(run.failOnNew.since)} already`]],
    ['blocked by', [blockedBy !== undefined && blockedBy !== cause?.guard?.key && code(blockedBy)]],
    [`port ${row?.port}`, [row && row.basis !== 'documented' && cut(row.confidence)]],
    ['requires', [open && cut(finding.requires)]],
    ['remedy', [verdict === 'fail' && prose(finding.remedy)]],
    ['next', [next !== undefined && next !== cause?.next && cut(next)]],
    ['source', [open && link(placeInWords(source), source.url)]],
    ['basis', [basis !== 'documented' && prose(basisInWords[basis])]],
  ];
  return lines.flatMap(([label, texts]) => texts.flatMap((text): [string, string][] => (text ? [[label, text]] : [])));
}

/** The message without what the cause above it says already. */
function saidBesides(finding: Finding, cause?: Cause): string {
  const said = messageOf(finding);
  const { guard, message } = cause ?? {};
  if (message === undefined) return said;
  const why = guard === undefined ? [message] : [message, oneLine(guard.message), messageOf(guard)];
  return why
    .flatMap((text) => [`not judged: ${text}`, text])
    .reduce((rest, text) => `; ${rest}; `.replaceAll(`; ${text}; `, '; ').slice(2, -2), said);
}
