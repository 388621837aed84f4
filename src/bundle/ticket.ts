/** The words to paste into a ticket: what was judged, what failed, what nobody could verify, and which archive proves it. Pure. */

import { escapeForTerminal } from '../core/escape.js';
import { oneLine, plural, shorten } from '../core/format.js';
import type { Finding, Report } from '../core/model.js';
import { countsOf, standingOf, timeInWords } from '../reporters/words/finding.js';
import { headline, whatIsJudged } from '../reporters/words/headline.js';
import { worstFirst } from '../reporters/words/order.js';

/** The archive that the words are about. */
export interface Sealed {
  name: string;
  bytes: number;
  sha256: string;
  /** What stands under pseudonyms in it. */
  pseudonyms: readonly string[];
}

/** Findings that are named one by one; a ticket is no report. */
const NAMED = 20;

/** One paragraph and its lists, for a ticket; the report must be the archive's own. */
export function summaryOf(report: Report, archive: Sealed): string {
  const { run, product, hosts, summary, notVerified } = report;
  const named = hosts.map(({ name, role, address }) => `${name === role ? role : `${name} (${role})`} ${address}`);
  const release = product.release === null ? 'release not known' : `release ${product.release}`;
  const counts = countsOf(summary)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdict}`);
  const findings = worstFirst(report.findings);
  const failing = findings.filter((finding) => standingOf(finding) === 'fail');
  const open = findings.filter((finding) => ['unknown', 'error'].includes(standingOf(finding)));
  // What another finding explains is counted with it, and not told again.
  const explains = new Set<string | undefined>(open.map(({ key }) => key));
  const lines = [
    `${product.title}, ${release}${product.build === null ? '' : ` (build ${product.build})`}, phase ${run.phase}: ${headline(report)}.`,
    `Taken ${timeInWords(run.startedAt)} with ${report.tool.name} ${report.tool.version} on ${named.join(', ')}; ${plural(report.findings.length, 'finding')}: ${counts.join(', ')}.`,
    ...listed('Failed:', failing, findings),
    ...listed(
      `Could not be verified on this ${whatIsJudged(report)}:`,
      open.filter((one) => !explains.has(one.blockedBy)),
      findings,
    ),
    ...(notVerified.length === 0 ? [] : ['Cannot be verified from outside:']),
    ...notVerified.map(
      ({ what, attested }) => `- ${what}${attested && !attested.expired ? ` (attested by ${attested.by})` : ''}`,
    ),
    `Archive: ${archive.name}, ${archive.bytes} bytes, SHA-256 ${archive.sha256}${
      archive.pseudonyms.length === 0 ? '' : `; under pseudonyms: ${archive.pseudonyms.join(', ')}`
    }. pairflight evaluate ${archive.name} judges it again.`,
  ];
  return `${lines.map((line) => escapeForTerminal(oneLine(line))).join('\n')}\n`;
}

function listed(heading: string, findings: readonly Finding[], all: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const rest = findings.length - NAMED;
  return [
    heading,
    ...findings.slice(0, NAMED).map(({ key, severity, title, message }) => {
      const blocked = all.filter((one) => one.blockedBy === key).length;
      const more = blocked === 0 ? '' : ` (${plural(blocked, 'finding')} blocked by this)`;
      return `- ${key} (${severity}): ${oneLine(title)}: ${shorten(message, 240)}${more}`;
    }),
    ...(rest > 0 ? [`- and ${plural(rest, 'more finding')} in the archive`] : []),
  ];
}
