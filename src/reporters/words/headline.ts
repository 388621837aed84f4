/** The first line of a report: what the gate decided, and what follows from it. */

import { oneLine, plural } from '../../core/format.js';
import type { Finding, Report } from '../../core/model.js';
import { isGating, isLetPass, weighsEnough } from '../../judge/verdict.js';
import { acceptedInWords } from './accepted.js';
import { declaredHeadline } from './declared.js';
import { severitiesInWords, standingOf } from './finding.js';

/** What a gate that did not fail means for whoever is about to go on, in one short sentence; the headline of a failed one says it. */
export function adviceOf(report: Report): string | undefined {
  const { gate, go, interrupted } = report.run;
  if (gate === 'failed') return undefined;
  if (gate === 'declared') return 'Nothing that is declared fails. Ask the hosts once they are there.';
  if (gate !== 'passed' || interrupted) return 'Not yet: some gating rules could not be judged.';
  const accepted = acceptedInWords(report);
  if (accepted !== '')
    return `No other gating rule failed, besides ${accepted}${go === undefined ? '' : `: ${oneLine(go)}`}.`;
  return `No gating rule failed${go === undefined ? '' : `: ${oneLine(go)}`}.`;
}

/** The gate in words: `FAILED: 2 blockers; do not set this pair up`; and which programs ran that are not known to only read. */
export function headline(report: Report): string {
  const { allowCommands = [] } = report.run;
  const allowed = allowCommands.map((path) => ` --allow-command ${oneLine(path)}`).join('');
  return `${gateInWords(report)}${allowed === '' ? '' : `; run with${allowed}`}${originOf(report)}`;
}

function gateInWords(report: Report): string {
  if (report.declared) return declaredHeadline(report, report.declared);
  const { gate, failOn, failOnNew, go, stop = 'do not go on' } = report.run;
  const gating = report.findings.filter((finding) => isGating(finding, failOn));
  const known = failOnNew !== undefined && failOnNew.known > 0 ? failOnNew.known : undefined;
  const accepted = acceptedInWords(report);
  const unverified = plural(gating.filter(isUnverified).length, 'gating finding');
  if (gate === 'failed') {
    const failures = severitiesInWords(gating.filter((finding) => standingOf(finding) === 'fail'));
    const rest = gating.some(isUnverified)
      ? ` (${plural(gating.filter(isUnverified).length, 'more gating finding')} could not be verified)`
      : '';
    const besides = known === undefined ? '' : `, besides ${known} known`;
    return `FAILED: ${failures}${besides}${accepted === '' ? '' : `, besides ${accepted}`}; ${oneLine(stop)}${rest}`;
  }
  if (report.run.interrupted) return 'INCOMPLETE: the run was interrupted; this report is partial';
  if (gate === 'passed') {
    const word = known === undefined ? 'PASSED' : `PASSED (no new failures; ${known} known)`;
    return `${word}${accepted === '' ? '' : `, with ${accepted}`}: ${plural(report.summary.pass, 'passing finding')}${reservations(report)}`;
  }
  const open = go === undefined ? '' : `; it is not known whether ${oneLine(go)}`;
  if (gating.some(isUnverified)) return `INCOMPLETE: ${unverified} could not be verified${open}`;
  return 'INCOMPLETE: no gating rule was judged';
}

/** Evidence that was saved may have been edited: a report on it says so. */
function originOf({ run: { judgedFrom } }: Report): string {
  if (judgedFrom === undefined) return '';
  const { files, differs } = judgedFrom;
  const [first, ...others] = differs.map(oneLine);
  const more = others.length > 0 ? ` (and ${plural(others.length, 'more difference')})` : '';
  const what = first === undefined ? '' : `; it differs from today's plan: ${first}${more}`;
  return `; judged from ${oneLine(files.join(', '))}; nobody vouches for its content${what}`;
}

/** `pair`, or `cluster` where several hosts share a role. */
export function whatIsJudged({ hosts }: Report): string {
  const roles = hosts.map(({ role }) => role);
  return new Set(roles).size < roles.length ? 'cluster' : 'pair';
}

function isUnverified(finding: Finding): boolean {
  const standing = standingOf(finding);
  return standing === 'unknown' || standing === 'error';
}

/** A green line says what it does not cover. */
function reservations(report: Report): string {
  const { notVerified, run } = report;
  // Those that would gate were counted as known.
  const findings = report.findings.filter((finding) => !isLetPass(finding, run.failOn));
  const failed = findings.filter((finding) => standingOf(finding) === 'fail');
  const open = findings.filter(isUnverified).length;
  const below = findings.filter(({ waivedBy, severity }) => waivedBy && !weighsEnough(severity, run.failOn)).length;
  const parts = [
    report.summary.skip > 0 ? `${report.summary.skip} not applicable` : '',
    failed.length > 0 ? `${severitiesInWords(failed)} failed below the gate` : '',
    open > 0 ? `${plural(open, 'finding')} below the gate could not be verified` : '',
    below > 0 ? `${below} waived below the gate` : '',
    notVerified.length > 0 ? `${plural(notVerified.length, 'requirement')} cannot be verified from here` : '',
  ].filter(Boolean);
  return parts.map((part) => `, ${part}`).join('');
}
