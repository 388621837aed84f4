/**
 * What GitLab makes of a JUnit file (gitlabhq: lib/gitlab/ci/parsers/test/junit.rb, lib/gitlab/ci/reports/test_case.rb and
 * test_suite.rb). Modelled: failure goes before error before skipped; an element with text becomes that text and loses its
 * attributes, so that a message in the attribute alone is lost (Rails' Hash.from_xml); a `type` that names one of Rails' XML
 * types is obeyed, and two of those refuse the whole file; cases are kept by status and by a hash of suite, class and name, so
 * that a second one of the same name takes the place of the first; a suite is red by one failure or error.
 */
import { all, type Consumed, type Element, first, suitesOf } from './xml.js';

const refused = ['symbol', 'yaml'];
const cast = [
  'date',
  'datetime',
  'duration',
  'integer',
  'float',
  'decimal',
  'boolean',
  'base64Binary',
  'hexBinary',
  'file',
  'array',
];

/** The cases that GitLab keeps, and whether the suite is green. @throws Error where GitLab refuses the file */
export function gitlab(text: string): { cases: Consumed[]; green: boolean } {
  const kept = new Map<string, Consumed>();
  for (const suite of suitesOf(text)) {
    for (const testcase of all(suite, 'testcase')) {
      const { name = '', classname = '' } = testcase.attributes;
      const identity = `${suite.attributes.name}_${classname}_${name}`;
      const [status, output] = outcome(testcase);
      const taken = { identity, name, status: status === 'error' ? ('failed' as const) : status, shown: output };
      kept.set(`${status} ${identity}`, taken);
    }
  }
  const cases = [...kept.values()];
  return { cases, green: cases.every((one) => one.status !== 'failed') };
}

function outcome(testcase: Element): ['passed' | 'failed' | 'error' | 'skipped', string] {
  const failure = first(testcase, 'failure');
  if (failure) return ['failed', fromXml(failure)];
  const error = first(testcase, 'error');
  if (error) return ['error', fromXml(error)];
  const skipped = first(testcase, 'skipped');
  return skipped ? ['skipped', fromXml(skipped)] : ['passed', ''];
}

function fromXml({ attributes, text }: Element): string {
  const { type = '' } = attributes;
  if (refused.includes(type)) throw new Error(`JUnit data parsing failed: disallowed type attribute: ${type}`);
  if (text.trim() === '') return JSON.stringify(attributes);
  return cast.includes(type) ? '' : text;
}
