/** GitHub's annotations: workflow commands that a step prints, the worst first, and a plain last line that says it all. */

import { oneLine, plural, shorten, subjectInWords } from '../../core/format.js';
import type { Finding, Report } from '../../core/model.js';
import { isGating } from '../../judge/verdict.js';
import { sourcesInWords } from '../words/declared.js';
import {
  basisInWords,
  headingOf,
  seriesInWords,
  sourceInWords,
  standingOf,
  timeInWords,
  valueInWords,
  valuesByHost,
  waiverInWords,
  waivesLess,
} from '../words/finding.js';
import { headline } from '../words/headline.js';
import { blockedCounts, guardOf, worstFirst } from '../words/order.js';
import { command, type Level, plainLine } from './command.js';

/**
 * Annotations of one level that a step may make; of the rest the runner keeps the log line only. (actions/toolkit,
 * docs/problem-matchers.md, Limitations: 10 warnings, 10 errors and 10 notices per step; also 50 per job. The runner's
 * ExecutionContext names the number _maxCountPerIssueType.)
 */
const most = 10;

/** Characters of a message: the runner cuts it at 4096 (ExecutionContext, _maxIssueMessageLength), and escapes count after it. */
const mostMessage = 4000;

/** Characters of one line of it, so that a host's long answer does not push the remedy out. */
const mostLine = 800;

interface Annotation {
  level: Level;
  finding?: Finding;
  title: string;
  message: string;
}

/** The report as workflow commands, and below them in plain lines what found no room among those. */
export function github(report: Report): string {
  const all = annotationsOf(report);
  const levels: Level[] = ['error', 'warning', 'notice'];
  const shown = levels.flatMap((level) => all.filter((one) => one.level === level).slice(0, most));
  const annotated = new Set(shown);
  const rest = all.filter((one) => !annotated.has(one));
  const { next } = report.run;
  return [
    ...shown.map(({ level, title, message }) => command(level, title, message)),
    ...rest.flatMap(({ level, finding }) =>
      finding ? [plainLine(`${level}, not annotated`, inOneLine(finding))] : [],
    ),
    ...(report.waivers ?? []).filter(waivesLess).map((use) => plainLine('waiver', waiverInWords(use))),
    ...(report.declared ? sourcesInWords(report.declared).map((line) => plainLine('declared', line)) : []),
    ...(report.declared?.notInPlan ?? []).map((id) => plainLine('not in a plan', id)),
    ...(next === undefined ? [] : [plainLine('CAUTION', oneLine(next))]),
    plainLine('pairflight', `${headline(report)}; exit code ${report.run.exitCode}${leftOut(rest)}`),
    '',
  ].join('\n');
}

/** What needs somebody's eye, the worst first. A gate that has not passed is never without an error. */
function annotationsOf(report: Report): Annotation[] {
  const { findings, run } = report;
  const hidden = blockedCounts(findings);
  const annotated = worstFirst(findings).flatMap((finding): Annotation[] => {
    const level = levelOf(finding, run.failOn);
    if (level === undefined || isFolded(finding, report)) return [];
    const blocked = hidden.get(finding.key) ?? 0;
    return [{ level, finding, title: headingOf(finding), message: messageOf(finding, report, blocked) }];
  });
  const closed = run.gate !== 'passed' && run.gate !== 'declared';
  const silent = (closed || run.interrupted) && !annotated.some(({ level }) => level === 'error');
  return silent ? [{ level: 'error', title: 'pairflight', message: headline(report) }, ...annotated] : annotated;
}

/** A gating finding that could not be verified is an error, as a failing one is: a warning would read as good enough. */
function levelOf(finding: Finding, failOn: Report['run']['failOn']): Level | undefined {
  const standing = standingOf(finding);
  if (['pass', 'skip', 'waived', 'not-in-plan'].includes(standing)) return undefined;
  if (standing === 'deferred') return 'warning';
  if (isGating(finding, failOn)) return 'error';
  return standing === 'fail' ? 'warning' : 'notice';
}

/** One fault of a guard would fill all ten places with what it hides: where the guard is an error, it speaks for those. */
function isFolded(finding: Finding, { findings, run }: Report): boolean {
  const guard = guardOf(finding, findings);
  return guard !== undefined && guard.blockedBy === undefined && levelOf(guard, run.failOn) === 'error';
}

function messageOf(finding: Finding, report: Report, blocked: number): string {
  const since = report.run.failOnNew?.since;
  const values = valuesByHost(finding, report.hosts) ?? (finding.actual === undefined ? {} : { found: finding.actual });
  const lines = [
    inOneLine(finding),
    ...(finding.known && since ? [`known: failed in the run of ${timeInWords(since)} already`] : []),
    ...(blocked > 0 ? [`${plural(blocked, 'finding')} blocked by this`] : []),
    ...Object.entries(values).map(([name, value]) => `${name}: ${valueInWords(value, finding.message)}`),
    ...(finding.expected === undefined ? [] : [`expected: ${valueInWords(finding.expected, finding.message)}`]),
    ...(finding.verdict === 'pass' ? [] : [`requires: ${finding.requires}`]),
    ...(finding.verdict === 'fail' ? [`remedy: ${finding.remedy}`] : []),
    ...(finding.next === undefined ? [] : [`next: ${finding.next}`]),
    ...(finding.told ?? []),
    ...(finding.samples ?? []).map((series) => `samples: ${seriesInWords(series)}`),
    `source: ${sourceInWords(finding.source)}`,
    ...(finding.basis === 'documented' ? [] : [`basis: ${basisInWords[finding.basis]}`]),
  ];
  return shorten(lines.map((line) => shorten(oneLine(line), mostLine)).join('\n'), mostMessage);
}

/** The log shows no title, so the first line names the rule. */
function inOneLine(finding: Finding): string {
  const where = finding.key === finding.rule ? ` [${subjectInWords(finding.subject)}]` : '';
  const message = shorten(oneLine(finding.message), mostLine / 2);
  const fault = finding.fault === undefined ? '' : `${oneLine(finding.fault)}: `;
  return `${finding.key}${where}: ${finding.severity} ${standingOf(finding)}: ${fault}${message}`;
}

function leftOut(rest: readonly Annotation[]): string {
  const levels: Level[] = ['error', 'warning', 'notice'];
  const counts = levels
    .map((level) => [level, rest.filter((one) => one.level === level).length] as const)
    .filter(([, count]) => count > 0)
    .map(([level, count]) => plural(count, level));
  return counts.length === 0 ? '' : `; left out of the annotations: ${counts.join(', ')}, listed above`;
}
