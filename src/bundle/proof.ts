/** The proof of a bundle: what is judged from it is what was judged from the run itself, finding by finding. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { Finding, Report } from '../core/model.js';

/**
 * In what the report of a bundle differs from the run's own, in words; empty where nothing does. `renamed` tells how a finding's
 * key is called under pseudonyms.
 */
export function differences(own: Report, bundled: Report, renamed: (key: string) => string): string[] {
  const found = new Map(bundled.findings.map((finding) => [finding.key, finding]));
  const differing = own.findings.flatMap((finding) => {
    const other = found.get(renamed(finding.key));
    if (!other) return [`${finding.key} is not judged`];
    const [was, is] = [judgementOf(finding), judgementOf(other)];
    const what = Object.keys(was).find((name) => !isDeepStrictEqual(was[name], is[name]));
    return what === undefined
      ? []
      : [`${finding.key} has ${what} ${inWords(was[what])}, and ${inWords(is[what])} in the bundle`];
  });
  const whole = Object.entries(wholeOf(own)).flatMap(([what, was]) => {
    const is = wholeOf(bundled)[what];
    return isDeepStrictEqual(was, is) ? [] : [`${what} is ${inWords(was)}, and ${inWords(is)} in the bundle`];
  });
  return [...differing, ...whole];
}

/** All of a finding that holds no name. */
function judgementOf(finding: Finding): Record<string, unknown> {
  const { verdict, severity, basis, waivedBy, problem, blockedBy, because, samples } = finding;
  return {
    verdict,
    severity,
    basis,
    'been waived': waivedBy !== undefined,
    problem,
    'been blocked': blockedBy !== undefined,
    'so many steps': because.length,
    'the samples': samples?.map(({ property, values }) => [property, values.map(({ value }) => value)]),
  };
}

function wholeOf(report: Report): Record<string, unknown> {
  const { run, summary, findings, product, notVerified, changes, steps } = report;
  return {
    'the gate': run.gate,
    'the exit code': run.exitCode,
    'the summary': summary,
    'the number of findings': findings.length,
    'the product': product,
    'what is not verified': notVerified.map(({ id, attested }) => [id, attested !== undefined, attested?.expired]),
    'the number of changes': changes && [changes.compared, changes.list.length],
    'the number of commands': steps.list.length,
  };
}

function inWords(value: unknown): string {
  return value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
}
