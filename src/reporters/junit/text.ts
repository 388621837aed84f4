/** The bodies of JUnit's elements: GitLab shows nothing else, so each says everything about its finding. */

import { oneLine, plural, subjectInWords } from '../../core/format.js';
import { grouped, onceFor } from '../../core/grouped.js';
import type { Finding, NotVerified, Report, ReportStep, WaiverUse } from '../../core/model.js';
import { changesInWords } from '../words/changes.js';
import { commandInShort } from '../words/command.js';
import {
  attestedInWords,
  basisInWords,
  seriesInWords,
  sourceInWords,
  standingOf,
  timeInWords,
  valueInWords,
  valuesByHost,
  waiverInWords,
} from '../words/finding.js';

/** Lines of an answer that are shown. */
const mostLines = 3;

/** Changes that are listed: a log is no place for hundreds. */
const mostChanges = 20;

/** A finding: verdict, values, requirement, remedy, source, and the commands it rests on; their answers stand in the evidence. */
export function findingText(finding: Finding, report: Report): string {
  const { waivedBy } = finding;
  const values = valuesByHost(finding, report.hosts) ?? (finding.actual === undefined ? {} : { found: finding.actual });
  const steps = stepsOf(finding, report.steps.list);
  return [
    `${finding.severity} ${standingOf(finding)}: ${saidOf(finding)}`,
    `${oneLine(finding.title)} [${subjectInWords(finding.subject)}]`,
    ...Object.entries(values).map(([name, value]) => `${name}: ${valueInWords(value, finding.message)}`),
    ...(finding.expected === undefined ? [] : [`expected: ${valueInWords(finding.expected, finding.message)}`]),
    ...(finding.row ? [`port ${finding.row.port} (${finding.row.name}): ${oneLine(finding.row.confidence)}`] : []),
    ...(finding.told ?? []).map((sentence) => `told: ${oneLine(sentence)}`),
    ...(finding.samples ?? []).map((series) => `samples: ${seriesInWords(series)}`),
    ...(finding.problem === undefined ? [] : [`problem: ${finding.problem}`]),
    ...(finding.next === undefined ? [] : [`next: ${oneLine(finding.next)}`]),
    ...(finding.blockedBy === undefined ? [] : [`blocked by: ${finding.blockedBy}`]),
    ...(waivedBy ? [`waived: by ${waivedBy.owner} until ${waivedBy.until}: ${waivedBy.reason}`] : []),
    ...(finding.known && report.run.failOnNew
      ? [`known: failed in the run of ${timeInWords(report.run.failOnNew.since)} already`]
      : []),
    `requires: ${oneLine(finding.requires)}`,
    ...(finding.verdict === 'fail' ? [`remedy: ${oneLine(finding.remedy)}`] : []),
    `source: ${sourceInWords(finding.source)} (${basisInWords[finding.basis] || finding.basis})`,
    ...steps.map((step) => stepText(step, finding)),
  ].join('\n');
}

/** The commands that a finding rests on, in the report's order. */
function stepsOf({ because }: Finding, list: readonly ReportStep[]): ReportStep[] {
  const steps = [...new Set(because)].flatMap((id) => stepsById(list).get(id) ?? []);
  return steps.sort((one, other) => one.at - other.at).map(({ step }) => step);
}

const stepsById = onceFor((list: readonly ReportStep[]) =>
  grouped(
    list.map((step, at) => ({ step, at })),
    ({ step }) => step.id,
  ),
);

/** What a finding says: of a failing one, what is wrong, and what was observed. */
export function saidOf({ verdict, fault, message }: Finding): string {
  return verdict === 'fail' && fault !== undefined ? `${oneLine(fault)}: ${message}` : message;
}

/** What a document asks for and nobody can verify from here. */
export function notVerifiedText({ what, why, source, attested }: NotVerified): string {
  return [
    `Not verified: ${oneLine(what)}: ${oneLine(why)}`,
    ...(attested ? [attestedInWords(attested)] : []),
    `source: ${sourceInWords(source)}`,
  ].join('\n');
}

/** What became of the waivers, one line for each. */
export function waiversText(waivers: readonly WaiverUse[]): string {
  return ['Waivers:', ...waivers.map(waiverInWords)].join('\n');
}

/** What changed since the run that was given as baseline. */
export function changesText({ since, compared, list }: NonNullable<Report['changes']>): string {
  const lines = changesInWords(list);
  const rest = lines.length - mostChanges;
  return [
    `Changed since ${timeInWords(since)}:`,
    ...(lines.length === 0 ? [`nothing, among ${compared} answers that both runs have`] : lines.slice(0, mostChanges)),
    ...(rest > 0 ? [`and ${rest} more; --report json lists them`] : []),
  ].join('\n');
}

/** A command and how it ended; what it said only where that may be the reason of the verdict. */
function stepText({ host, as, argv, exit, problem, excerpt }: ReportStep, { verdict }: Finding): string {
  const line = `${host} as ${as}: ${commandInShort(argv)} (${problem ?? `exit ${exit ?? 'none'}`})`;
  if (verdict !== 'unknown' && verdict !== 'error') return line;
  const said = excerpt.split('\n').filter((one) => one.trim() !== '');
  const rest = said.length - mostLines;
  return [line, ...said.slice(0, mostLines), ...(rest > 0 ? [`and ${plural(rest, 'more line')}`] : [])].join('\n  ');
}
