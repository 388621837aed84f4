/**
 * What Jenkins makes of a JUnit file (jenkinsci/junit-plugin: hudson/tasks/junit/SuiteResult.java and CaseResult.java).
 * Modelled: a suite without testcases is not seen at all; the suite's name is `package.name`; a case's history hangs on
 * `classname.name`, and where two are alike the later one is found; a case has passed when it is neither skipped nor has an
 * error's or a failure's text or message; the error goes before the failure; a suite's output is cut to 500 characters at each
 * end while nothing failed, and to 50000 when something did.
 */
import { all, type Consumed, type Element, first, suitesOf } from './xml.js';

/** A case as Jenkins shows it: the message (attribute) and the trace (body) apart. */
export interface JenkinsCase extends Consumed {
  details: string | null;
  trace: string | null;
}

/** The cases, the suites' names and outputs, and whether the build is stable. A file without a case fails the build. */
export function jenkins(text: string): { cases: JenkinsCase[]; suites: string[]; stdout: string[]; green: boolean } {
  const suites = suitesOf(text).filter((suite) => first(suite, 'testcase') !== undefined);
  const read = suites.map((suite) => {
    const byName = new Map(
      all(suite, 'testcase')
        .map((testcase) => caseOf(testcase))
        .map((one) => [one.identity, one]),
    );
    const cases = [...byName.values()];
    return { name: nameOf(suite), cases, stdout: trimmed(first(suite, 'system-out')?.text ?? '', cases) };
  });
  const cases = read.flatMap((suite) => suite.cases);
  return {
    cases,
    suites: read.map((suite) => suite.name),
    stdout: read.map((suite) => suite.stdout),
    green: cases.length > 0 && cases.every((one) => one.status !== 'failed'),
  };
}

function nameOf({ attributes }: Element): string {
  return attributes.package ? `${attributes.package}.${attributes.name}` : (attributes.name ?? '');
}

function caseOf(testcase: Element): JenkinsCase {
  const { name = '', classname = '' } = testcase.attributes;
  const wrong = first(testcase, 'error') ?? first(testcase, 'failure');
  const skipped = first(testcase, 'skipped');
  const details = wrong?.attributes.message ?? null;
  const trace = wrong?.text ?? null;
  const status = skipped ? 'skipped' : details === null && trace === null ? 'passed' : 'failed';
  const shown = skipped ? (skipped.attributes.message ?? skipped.text) : `${details ?? ''}\n${trace ?? ''}`;
  return { identity: `${classname}.${name}`, name, status, shown, details, trace };
}

function trimmed(text: string, cases: readonly JenkinsCase[]): string {
  const half = cases.some(({ trace }) => trace !== null) ? 50_000 : 500;
  const middle = text.length - half * 2;
  return middle <= 0 ? text : `${text.slice(0, half)}\n...[truncated ${middle} chars]...\n${text.slice(-half)}`;
}
