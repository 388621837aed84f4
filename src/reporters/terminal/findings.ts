/** The findings of one section: a row each, hosts' values side by side where the terminal is wide enough. */

import { oneLine, shorten } from '../../core/format.js';
import { isRecord } from '../../core/json.js';
import type { Finding } from '../../core/model.js';
import { basisInWords, placeInWords, seriesInWords, standingOf, valueInWords, valuesByHost } from '../words/finding.js';
import { ownNext } from '../words/reaching.js';
import { cell, drawn, markColumns, marks, type Page, paintOf, titleOf } from './page.js';
import { widthOf, wrap, wrapAfter } from './wrap.js';

const leastTitle = 24;
const leastValue = 16;
const mostValue = 40;
const mostId = 60;
const indent = ' '.repeat(markColumns + 2);

/** How much of a host's own words the table repeats; the JSON report has all of them. */
export const mostMessage = 1000;

interface Layout {
  widths: number[];
  id: number;
  title: number;
  value: number;
}

/** One row for each finding, and under each that did not pass what is wrong, what to do, and where that is documented. */
export function findingLines(page: Page, single: readonly Finding[]): string[] {
  const layout = layoutFor(page);
  const findings = sideBySide(single);
  const headed = layout.value > 0 && findings.some((finding) => valuesByHost(finding, page.reportHosts) !== undefined);
  const rows = findings.flatMap((finding) => [
    ...drawn(layout.widths, [findingRow(page, layout, finding)]),
    // An id is copied by whoever reads it, and so never broken.
    ...(layout.id === 0 && widthOf(finding.rule) > layout.title
      ? wrap(oneLine(finding.rule), page.columns - indent.length).map((line) => indent + page.colors.dim(line))
      : []),
    ...explanation(page.prose - indent.length, finding).map((line) => indent + line),
  ]);
  return headed ? [...drawn(layout.widths, [heading(page, layout)]), ...rows] : rows;
}

/** Neighbours that judge one rule on different hosts and came to the same are one row, with all their hosts' values. */
function sideBySide(findings: readonly Finding[]): Finding[] {
  const rows: Finding[] = [];
  for (const finding of findings) {
    const last = rows.at(-1);
    if (last && alike(last, finding)) rows[rows.length - 1] = merged(last, finding);
    else rows.push(finding);
  }
  return rows;
}

function merged(a: Finding, b: Finding): Finding {
  const hosts = [a, b].flatMap(({ subject }) =>
    subject.kind === 'host' ? [subject.host] : subject.kind === 'set' ? subject.hosts : [],
  );
  return {
    ...a,
    key: b.rule,
    subject: { kind: 'set', hosts },
    actual: { ...(a.actual as object), ...(b.actual as object) },
    ...((a.samples ?? b.samples) && { samples: [...(a.samples ?? []), ...(b.samples ?? [])] }),
    ...((a.told ?? b.told) && { told: [...(a.told ?? []), ...(b.told ?? [])] }),
    message: a.message === b.message ? a.message : `${a.message}; ${b.message}`,
  };
}

function alike(a: Finding, b: Finding): boolean {
  return (
    a.rule === b.rule &&
    b.subject.kind === 'host' &&
    a.subject.kind !== 'pair' &&
    standingOf(a) === standingOf(b) &&
    (a.verdict === 'pass' || a.severity === b.severity) &&
    a.waivedBy === b.waivedBy &&
    isRecord(a.actual) === isRecord(b.actual)
  );
}

/** Ids get a column of their own, and hosts too, as far as the titles stay readable. */
function layoutFor(page: Page): Layout {
  const count = page.hosts.length;
  const id = page.columns >= 140 ? Math.min(mostId, page.idColumns) : 0;
  const rest = page.columns - markColumns - 2 - (id > 0 ? id + 2 : 0);
  const sideBySide = count > 0 && rest - count * (leastValue + 2) >= leastTitle;
  const fair = Math.min(mostValue, Math.floor((rest * 0.6) / Math.max(1, count)) - 2);
  const value = sideBySide ? Math.max(leastValue, fair) : 0;
  const room = value > 0 ? rest - count * (value + 2) : rest;
  const title = value > 0 ? Math.min(room, Math.max(leastTitle * 2, page.titleColumns)) : room;
  const values = value > 0 ? page.hosts.map(() => value) : [];
  return { widths: [markColumns, title, ...(id > 0 ? [id] : []), ...values], id, title, value };
}

function heading(page: Page, layout: Layout): string[] {
  const hosts = page.hosts.map((host) => cell(host, layout.value, page.colors.dim));
  return ['', ...(layout.id > 0 ? ['', ''] : ['']), ...hosts];
}

function findingRow(page: Page, layout: Layout, finding: Finding): string[] {
  const standing = standingOf(finding);
  const values = valuesByHost(finding, page.reportHosts);
  const shown = page.hosts.map((host) => {
    if (!values || !Object.hasOwn(values, host)) return undefined;
    const value = values[host];
    // An empty list that passes reads better as what was wanted: "no service missing", not "none".
    const emptyPass = finding.verdict === 'pass' && Array.isArray(value) && value.length === 0;
    return emptyPass && typeof finding.expected === 'string' ? finding.expected : valueInWords(value, finding.message);
  });
  const title = [cell(titleOf(finding), layout.title)];
  if (layout.id === 0 && widthOf(finding.rule) <= layout.title)
    title.push(cell(finding.rule, layout.title, page.colors.dim));
  if (finding.actual !== undefined && !values) {
    title.push(cell(`found: ${valueInWords(finding.actual, finding.message)}`, layout.title));
  }
  if (layout.value === 0) title.push(...stacked(page.hosts, shown).map((text) => cell(text, layout.title)));
  const word = cell(marks[standing].text, markColumns, paintOf(page, standing));
  const severity = standing === 'pass' || standing === 'skip' ? [] : [cell(finding.severity, markColumns)];
  return [
    [word, ...severity].join('\n'),
    title.join('\n'),
    ...(layout.id > 0 ? [cell(finding.rule, layout.id, page.colors.dim)] : []),
    ...(layout.value > 0 ? shown.map((text) => cell(text ?? '', layout.value)) : []),
  ];
}

/** Values below each other; hosts that have the same one share a line. */
function stacked(hosts: readonly string[], shown: readonly (string | undefined)[]): string[] {
  const values = [...new Set(shown.filter((text) => text !== undefined))];
  return values.map((text) => `${hosts.filter((_, at) => shown[at] === text).join(', ')}: ${text}`);
}

function explanation(width: number, finding: Finding): string[] {
  const standing = standingOf(finding);
  const message = wrap(shorten(finding.message, mostMessage), width);
  const told = (finding.told ?? []).flatMap((sentence) => wrap(shorten(sentence, mostMessage), width));
  // How a trend passes (small, or falling until when) no single value tells.
  if (standing === 'pass') return [...(finding.samples ? message : []), ...told, ...seriesLines(finding, width)];
  if (standing === 'skip') return message;
  return [...message, ...told, ...reasons(finding, width)];
}

function seriesLines({ samples = [] }: Finding, width: number): string[] {
  return samples.flatMap((series) => wrapAfter('samples: ', seriesInWords(series), width));
}

/** What a trend was judged by, what to do about a finding, where that is documented, and who waived it. */
export function reasons(finding: Finding, width: number): string[] {
  const { waivedBy } = finding;
  const failed = finding.verdict === 'fail';
  const next = ownNext(finding);
  return [
    ...seriesLines(finding, width),
    ...(waivedBy
      ? wrapAfter('waived: ', `by ${waivedBy.owner} until ${waivedBy.until}: ${waivedBy.reason}`, width)
      : []),
    ...wrapAfter('requires: ', oneLine(finding.requires), width),
    ...(next === undefined ? [] : wrapAfter('next: ', next, width)),
    ...(failed ? wrapAfter('remedy: ', oneLine(finding.remedy), width) : []),
    ...wrapAfter('source: ', placeInWords(finding.source), width),
    ...wrapAfter('basis:  ', basisInWords[finding.basis], width),
  ];
}
