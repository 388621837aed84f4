/** What does not pass as plain text: whoever writes a ticket copies it, whatever the ticket's own markup is. */
import { oneLine, subjectInWords } from '../../core/format.js';
import type { Report } from '../../core/model.js';
import { type Card, faultsOf, subjectOf, toldOnce } from '../words/cards.js';
import { sourceInWords, standingOf } from '../words/finding.js';
import { ownNext } from '../words/reaching.js';
import { shown } from './text.js';

/** A card's plain text, folded. */
export function Ticket({ card, report }: { card: Card; report: Report }) {
  return (
    <details class="ticket">
      <summary>As plain text, for a ticket</summary>
      <pre>{ticketLines(card, report).map(shownLine).join('\n')}</pre>
    </details>
  );
}

const shownLine = (line: string) => shown(line);

function ticketLines({ rule, findings }: Card, { product, run }: Report): string[] {
  const [first] = findings;
  return [
    ...faultsOf({ findings }).map(
      ({ heading }) => `${standingOf(first).toUpperCase()} (${first.severity}): ${heading}`,
    ),
    `${rule}, phase ${run.phase}, pair ${run.pair}, ${product.title} ${product.release ?? ''}`.trimEnd(),
    ...findings.map((finding) =>
      finding.subject.kind === 'set'
        ? `${subjectInWords(finding.subject)}: ${finding.message}`
        : `${subjectOf(finding)}: ${finding.message}`,
    ),
    ...toldOnce(findings, ({ requires }) => oneLine(requires)).map(({ text }) => `requires: ${text}`),
    ...toldOnce(
      findings.filter(({ verdict }) => verdict === 'fail'),
      ({ remedy }) => oneLine(remedy),
    ).map(({ text, about }) => `remedy${about === '' ? '' : `, ${about}`}: ${text}`),
    ...new Set(findings.flatMap((finding) => ownNext(finding) ?? []).map((next) => `next: ${next}`)),
    ...new Set(findings.map(({ source }) => `source: ${sourceInWords(source)}`)),
  ];
}
