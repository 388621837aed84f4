/** What was found and what was expected, as code inside of a sentence or of a table's cell. */
import { shorten, subjectInWords } from '../../core/format.js';
import type { Finding, Report } from '../../core/model.js';
import { messageOf, subjectOf, toldOnce } from '../words/cards.js';
import { standingOf, valueInWords, valuesByHost } from '../words/finding.js';
import type { Detail } from './detail.js';
import { code, prose } from './text.js';

/** Characters of a message that are searched for a value's unit. */
const mostMessage = 1000;

/** The values as the hosts gave them, behind whom they are about; nothing where no value was read. */
export function valuesFound(finding: Finding, { hosts }: Report, detail: Detail, cell = false): string[] {
  const { actual, subject } = finding;
  if (actual === undefined) return [];
  const byHost = valuesByHost(finding, hosts);
  const whom = subject.kind === 'set' ? '' : subjectOf(finding);
  return Object.entries(byHost ?? { [whom]: actual }).map(([name, value]) => {
    const before = finding.row && byHost ? `${finding.row.port} ${name}` : name;
    return `${before === '' ? '' : `${prose(before, cell)}: `}${valueIn(value, finding, detail, cell)}`;
  });
}

/** What a cell says of a failing finding: its values, else its message behind whom it is about. */
export function foundInCell(finding: Finding, report: Report, detail: Detail): string[] {
  const values = valuesFound(finding, report, detail, true);
  if (values.length > 0 && finding.verdict === 'fail') return values;
  const said = prose(shorten(messageOf(finding), detail.text), true);
  // Without a value whom it is about stands nowhere else.
  return values.length > 0 ? [...values, said] : [`${prose(subjectInWords(finding.subject), true)}: ${said}`];
}

/** What was expected, each value once. */
export function expectedOf(findings: readonly Finding[], detail: Detail, cell = false): string[] {
  const wanted = findings.filter(({ expected }) => expected !== undefined);
  const told = toldOnce(wanted, (finding) => valueIn(finding.expected, finding, detail, cell));
  return told.map(({ text, about }) => (about === '' ? text : `${prose(about, cell)}: ${text}`));
}

function valueIn(value: unknown, { message }: Finding, detail: Detail, cell: boolean): string {
  return code(shorten(valueInWords(value, shorten(message, mostMessage)), detail.text), cell);
}

/** How a finding stands; what asks for somebody is in capitals. */
export function wordOf(finding: Finding): string {
  const standing = standingOf(finding);
  return standing === 'fail' || standing === 'error' ? standing.toUpperCase() : standing;
}
