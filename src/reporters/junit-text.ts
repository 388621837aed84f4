/** The bodies of JUnit's elements: GitLab shows nothing else, so each says everything about its finding. */
import type { Finding, NotVerified, Report, ReportStep } from '../model.js';
import {
  basisInWords,
  oneLine,
  sourceInWords,
  standingOf,
  subjectInWords,
  valueInWords,
  valuesByHost,
} from './wording.js';

/** A finding in full: verdict, values, requirement, remedy, source, and the commands it rests on. */
export function findingText(finding: Finding, report: Report): string {
  const { waivedBy } = finding;
  const hosts = report.hosts.map((host) => host.name);
  const values = valuesByHost(finding, hosts) ?? (finding.actual === undefined ? {} : { found: finding.actual });
  const steps = report.steps.list.filter((step) => finding.because.includes(step.id));
  return [
    `${finding.severity} ${standingOf(finding)}: ${finding.message}`,
    `${oneLine(finding.title)} [${subjectInWords(finding.subject)}]`,
    ...Object.entries(values).map(([name, value]) => `${name}: ${valueInWords(value, finding.message)}`),
    ...(finding.expected === undefined ? [] : [`expected: ${valueInWords(finding.expected, finding.message)}`]),
    ...(finding.row ? [`port ${finding.row.port} (${finding.row.name}): ${oneLine(finding.row.confidence)}`] : []),
    ...(finding.blockedBy === undefined ? [] : [`blocked by: ${finding.blockedBy}`]),
    ...(waivedBy ? [`waived: by ${waivedBy.owner} until ${waivedBy.until}: ${waivedBy.reason}`] : []),
    `requires: ${oneLine(finding.requires)}`,
    ...(finding.verdict === 'fail' ? [`remedy: ${oneLine(finding.remedy)}`] : []),
    `source: ${sourceInWords(finding.source)}`,
    `basis: ${basisInWords[finding.basis] || finding.basis}`,
    ...steps.map(stepText),
  ].join('\n');
}

/** What a document asks for and nobody can verify from here. */
export function notVerifiedText({ what, why, source }: NotVerified): string {
  return `Not verified: ${oneLine(what)}: ${oneLine(why)}\nsource: ${sourceInWords(source)}`;
}

function stepText(step: ReportStep): string {
  const end = step.problem ?? `exit ${step.exit ?? 'none'}`;
  return `${step.host} as ${step.as}: ${step.argv.join(' ')} (${end})${step.excerpt === '' ? '' : `\n  ${step.excerpt}`}`;
}
