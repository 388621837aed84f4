/** The words for declared hosts: what was taken from where, what is deferred, and what no plan can tell. */
import { oneLine, plural, severalTimes, shorten, showValue } from '../../core/format.js';
import { isRecord } from '../../core/json.js';
import type { DeclaredReport, Finding, Report } from '../../core/model.js';
import { isGating } from '../../judge/verdict.js';
import { acceptedInWords } from './accepted.js';
import { severitiesInWords, standingOf } from './finding.js';

/** What nothing that is declared can tell of hosts. */
const cannotTell = 'identity, anything that runs, time, sudo, latency, drift';

/** The gate of declared hosts in words; what is deferred comes first. */
export function declaredHeadline(report: Report, { rules, answered, notInPlan }: DeclaredReport): string {
  const { gate, failOn, stop = 'do not go on' } = report.run;
  const gating = report.findings.filter((finding) => isGating(finding, failOn));
  const of = (...wanted: string[]) => gating.filter((finding) => wanted.includes(standingOf(finding)));
  const failed = of('fail');
  const open = of('unknown', 'error');
  const below = report.findings.filter((finding) => standingOf(finding) === 'fail' && !gating.includes(finding));
  const deferred = report.findings.filter(({ declared }) => declared === 'deferred');
  const parts = [
    deferred.length > 0 ? `deferred until apply: ${severitiesInWords(deferred)}` : '',
    gate === 'failed' ? `${severitiesInWords(failed)}; ${oneLine(stop)}` : '',
    open.length > 0 ? `${plural(open.length, 'gating finding')} could not be told` : '',
    gate === 'incomplete' && open.length === 0 ? 'no gating rule that compares the hosts was answered' : '',
    `${answered} of ${plural(rules, 'rule')} answered by what is declared`,
    below.length > 0 ? `${severitiesInWords(below)} failed below the gate` : '',
    report.summary.waived > 0 ? `${report.summary.waived} waived` : '',
    notInPlan.length > 0 ? `${plural(notInPlan.length, 'rule')} not in a plan (${cannotTell})` : '',
  ].filter(Boolean);
  const accepted = acceptedInWords(report);
  return `${gate.toUpperCase()}${accepted === '' ? '' : `, with ${accepted}`}: ${parts.join('; ')}`;
}

/** Each file that declares, with its hash: a reviewer can tell that it is this one. */
export function sourcesInWords({ sources }: DeclaredReport): string[] {
  return sources.map(({ kind, file, sha256, host, path }) => {
    const what = kind === 'file' ? `${host}:${path}` : kind === 'terraform' ? 'the Terraform plan' : "Ansible's facts";
    return oneLine(`${what} is ${file} (SHA-256 ${sha256})`);
  });
}

/** Each value that was taken, where it stands, and what it may tell. */
export function valuesInWords({ values }: DeclaredReport): string[] {
  return values.map(({ host, fact, property, may, from, value, why, sensitive, note, repeated }) => {
    const shown = sensitive
      ? 'a sensitive value'
      : value === undefined
        ? `not known: ${why}`
        : isRecord(value) || Array.isArray(value)
          ? JSON.stringify(value)
          : showValue(may === 'same-only' ? '' : property, value);
    const limit = {
      both: '',
      'same-only': ' (equal ones are equal; different ones tell nothing)',
      'fail-only': ' (it can fail, and never pass)',
    };
    return oneLine(
      `${host} ${fact} ${property}: ${shorten(shown)} from ${from}${limit[may]}${repeated ? `; ${severalTimes}` : ''}${note ? `; ${note}` : ''}`,
    );
  });
}

/** Whether a finding is one that nothing declared could answer: these are counted, and listed by rule. */
export function isNotInPlan({ declared }: Pick<Finding, 'declared'>): boolean {
  return declared === 'not-in-plan';
}
