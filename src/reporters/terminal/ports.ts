/** Findings that run over the port table, as a matrix: a row for each port, a column for each direction. */

import { oneLine, shorten, subjectInWords } from '../../core/format.js';
import type { Finding, PortRow } from '../../core/model.js';
import { type Standing, standingOf, valueInWords } from '../words/finding.js';
import { mostMessage, reasons } from './findings.js';
import { cell, drawn, markColumns, marks, type Page, paintOf } from './page.js';
import { widthOf, wrap, wrapAfter } from './wrap.js';

/** A finding of a rule that runs over the port table. */
export type PortFinding = Finding & { row: PortRow };

const leastCell = 14;
const mostPort = 32;

/** One rule's ports by direction, then what is wrong with each, then what of the numbers is inferred, where it was not `told` yet. */
export function portLines(page: Page, findings: readonly PortFinding[], told: Set<string>): string[] {
  const first = findings[0];
  if (!first) return [];
  return [
    ...wrap(oneLine(first.title), page.prose),
    ...wrapAfter('  ', first.rule, page.prose).map(page.colors.dim),
    ...portMatrix(page, findings),
    ...faults(page, findings),
    ...footnotes(findings).flatMap((note, at) => {
      const line = `  [${at + 1}] `;
      if (told.has(line + note)) return [];
      told.add(line + note);
      return wrapAfter(line, note, page.prose);
    }),
  ];
}

/** Whether findings are of a rule that runs over the port table. */
export function isPorts(findings: readonly Finding[]): findings is PortFinding[] {
  return findings.length > 0 && findings.every((finding) => finding.row !== undefined);
}

/** The ports of one rule: a row for each, a column for each direction. */
export function portMatrix(page: Page, findings: readonly PortFinding[]): string[] {
  const directions = [...new Set(findings.map((finding) => subjectInWords(finding.subject)))];
  const notes = footnotes(findings);
  const labels = [...new Set(findings.map((finding) => labelOf(finding.row, notes)))];
  const port = Math.min(mostPort, Math.max(...labels.map(widthOf)), Math.floor(page.columns / 3));
  const room = Math.floor((page.columns - 2 - port) / directions.length) - 2;
  if (room < leastCell) return listed(page, findings, notes);
  const natural = [...directions, ...findings.map(stateInWords)].map(widthOf);
  const width = Math.min(room, Math.max(leastCell, ...natural));
  const rows = labels.map((label) => {
    const cells = directions.map((direction) => {
      const here = findings.filter(
        (one) => labelOf(one.row, notes) === label && subjectInWords(one.subject) === direction,
      );
      return here.map((one) => cell(stateInWords(one), width, paintOf(page, standingOf(one)))).join('\n');
    });
    return ['', cell(label, port), ...cells];
  });
  const heading = ['', '', ...directions.map((direction) => cell(direction, width, page.colors.dim))];
  return drawn([0, port, ...directions.map(() => width)], [heading, ...rows]);
}

/** Too many directions for the terminal: one line for each finding instead. */
function listed(page: Page, findings: readonly PortFinding[], notes: readonly string[]): string[] {
  return findings.flatMap((finding) => {
    const text = `${labelOf(finding.row, notes)}, ${subjectInWords(finding.subject)}: ${stateInWords(finding)}`;
    return wrapAfter('  ', text, page.prose).map(paintOf(page, standingOf(finding)));
  });
}

function stateInWords(finding: Finding): string {
  if (finding.blockedBy !== undefined) return '? blocked';
  const mark = marks[standingOf(finding)].text;
  if (finding.actual === undefined) return mark;
  return `${mark.slice(0, 2)}${valueInWords(finding.actual, finding.message)} ${mark.slice(2)}`;
}

function labelOf(row: PortRow, notes: readonly string[]): string {
  const note = row.basis === 'documented' ? '' : ` [${notes.indexOf(row.confidence) + 1}]`;
  return `${row.port} ${row.name}${note}`;
}

function footnotes(findings: readonly PortFinding[]): string[] {
  const rows = findings.map((finding) => finding.row).filter((row) => row.basis !== 'documented');
  return [...new Set(rows.map((row) => row.confidence))];
}

/** Ports with the same fault share its explanation: a firewall seldom drops just one. */
function faults(page: Page, findings: readonly PortFinding[]): string[] {
  const alike = new Map<string, { standing: Standing; finding: PortFinding; message: string; where: string[] }>();
  for (const finding of findings) {
    const standing = standingOf(finding);
    if (standing === 'pass' || finding.blockedBy !== undefined) continue;
    const { verdict, severity, samples, waivedBy } = finding;
    const message = withoutSubject(finding);
    const key = JSON.stringify([verdict, severity, message, samples ?? null, waivedBy ?? null]);
    const fault = alike.get(key) ?? { standing, finding, message, where: [] };
    fault.where.push(`${finding.row.port} ${subjectInWords(finding.subject)}`);
    alike.set(key, fault);
  }
  return [...alike.values()].flatMap(({ standing, finding, message, where }) => {
    const indent = ' '.repeat(markColumns + 2);
    const width = page.prose - indent.length;
    const text = `${standing === 'skip' ? '' : `${finding.severity}, `}${where.join(', ')}: ${shorten(message, mostMessage)}`;
    const mark = paintOf(page, standing)(marks[standing].text.padEnd(markColumns));
    const lines = wrap(text, width).map((line, at) => (at === 0 ? `${mark}  ` : indent) + line);
    return standing === 'skip' ? lines : [...lines, ...reasons(finding, width).map((line) => indent + line)];
  });
}

/** What is wrong, without the direction that stands before it anyway. */
function withoutSubject({ message, subject }: PortFinding): string {
  const said = `${subjectInWords(subject)}: `;
  return message.startsWith(said) ? message.slice(said.length) : message;
}
