/** What three actions that show JUnit files on GitHub make of one. */
import { all, type Consumed, type Element, first, suitesOf } from './xml.js';

/**
 * dorny/test-reporter (src/parsers/java-junit/java-junit-parser.ts). Modelled: names are trimmed; cases are grouped by class
 * name, and a class that is called like its suite has no name of its own; failure and error are both a failure; the message is
 * `type: message`, the details are the body.
 */
export function dorny(text: string): Consumed[] {
  return suitesOf(text).flatMap((suite) => {
    const suiteName = (suite.attributes.name ?? '').trim();
    return all(suite, 'testcase').map((testcase): Consumed => {
      const group = testcase.attributes.classname === suite.attributes.name ? '' : testcase.attributes.classname;
      const name = (testcase.attributes.name ?? '').trim();
      const wrong = first(testcase, 'failure') ?? first(testcase, 'error');
      const status = wrong ? 'failed' : first(testcase, 'skipped') ? 'skipped' : 'passed';
      const shown = wrong ? `${wrong.attributes.type}: ${wrong.attributes.message}\n${wrong.text}` : '';
      return { identity: `${suiteName} / ${group} / ${name}`, name, status, shown };
    });
  });
}

/**
 * mikepenz/action-junit-report (src/testParser.ts), with `check_retries` on. Modelled: of two cases with one name, whatever
 * their classes, a failure gives way to a success; what is skipped does not fail, whatever else it holds; the annotation says
 * the message of the attribute, else the first two lines of the body, else the name.
 */
export function mikepenz(text: string): Consumed[] {
  return suitesOf(text).flatMap((suite) => {
    const byName = new Map<string, Element>();
    for (const testcase of all(suite, 'testcase')) {
      const { name = '' } = testcase.attributes;
      const before = byName.get(name);
      if (!before || (!isWrong(testcase) && isWrong(before))) byName.set(name, testcase);
    }
    return [...byName].map(([name, testcase]): Consumed => {
      const wrong = first(testcase, 'failure') ?? first(testcase, 'error');
      const skipped = first(testcase, 'skipped') || /^(disabled|ignored)$/.test(testcase.attributes.status ?? '');
      const trace = (wrong?.text ?? '').trim();
      const message = wrong?.attributes.message || trace.split('\n').slice(0, 2).join('\n') || name;
      const file = testcase.attributes.classname?.split('.').at(-1) ?? '';
      const status = skipped ? 'skipped' : wrong ? 'failed' : 'passed';
      return { identity: `${file}.${name}`, name, status, shown: message.trim() };
    });
  });
}

function isWrong(testcase: Element): boolean {
  return first(testcase, 'failure') !== undefined || first(testcase, 'error') !== undefined;
}

/** The numbers that publish-unit-test-result shows: of tests from the cases, of runs from the suites' counters alone. */
export interface Counts {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
  succeeded: number;
}

/**
 * EnricoMi/publish-unit-test-result-action (python/publish/junit.py, unittestresults.py). Modelled: of several results the
 * gravest counts; cases of one class and name are one test, which is as bad as the worst of them; what succeeded is what the
 * counters leave over, so that a counter that lies makes a failure a success; a file without cases is counted by its counters.
 */
export function enricomi(text: string): { cases: Consumed[]; tests: Counts; runs: Counts } {
  const suites = suitesOf(text);
  const worst = new Map<string, Consumed & { result: string }>();
  const ranks = ['skipped', 'success', 'failure', 'error'];
  for (const testcase of suites.flatMap((suite) => all(suite, 'testcase'))) {
    const { name = '', classname = '' } = testcase.attributes;
    const result = ['error', 'failure', 'skipped'].find((tag) => first(testcase, tag)) ?? 'success';
    const child = first(testcase, result);
    const status = result === 'success' ? 'passed' : result === 'skipped' ? 'skipped' : 'failed';
    const shown = `${child?.attributes.message ?? ''}\n${child?.text ?? ''}`;
    const identity = `${classname} ${name}`;
    const before = worst.get(identity);
    if (before && ranks.indexOf(before.result) >= ranks.indexOf(result)) continue;
    worst.set(identity, { identity, name, status, shown, result });
  }
  const of = (result: string) => [...worst.values()].filter((one) => one.result === result).length;
  const sum = (counter: string) => suites.reduce((total, suite) => total + Number(suite.attributes[counter] ?? 0), 0);
  const runs = counted(sum('tests'), sum('failures'), sum('errors'), sum('skipped'));
  const tests = worst.size === 0 ? runs : counted(worst.size, of('failure'), of('error'), of('skipped'));
  return { cases: [...worst.values()], tests, runs };
}

function counted(tests: number, failures: number, errors: number, skipped: number): Counts {
  return { tests, failures, errors, skipped, succeeded: tests - failures - errors - skipped };
}
