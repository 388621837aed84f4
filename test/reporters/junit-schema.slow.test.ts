/** JUnit reports of every kind, and of hosts that say anything, under the schemas of those who read them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { junit } from '../../src/reporters/junit/junit.js';
import { lacking } from '../needs.js';
import { hostileReports, kinds } from './consumers/reports.js';
import { makeReport } from './report.js';
import { schemas, validByXmllint } from './xmllint.js';

const why = lacking('xmllint');
describe.skipIf(why).each(schemas)(`under %s${why}`, (name, schema) => {
  it.each(kinds)('%s: is valid', (_, report) => {
    expect(validByXmllint(junit(report), schema)).toBe('');
  });

  it('whatever the hosts say, the report is valid', () => {
    fc.assert(
      fc.property(hostileReports, (report) => {
        expect(validByXmllint(junit(report), schema)).toBe('');
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['a counter that is no number', /failures="\d+"/, 'failures="many"'],
    ['a time that is none', / time="[\d.]+"/, ' time="1s"'],
    ['a testcase without its name', /<testcase name="[^"]*"/, '<testcase'],
    ['an element that JUnit does not know', '<system-out>', '<output/><system-out>'],
  ])('%s is refused', (_, pattern, instead) => {
    const text = junit(kinds[1]?.[1] ?? makeReport([])).replace(pattern, instead);
    // Jenkins counts for itself: its schemas take any counter, and the others do not.
    const lenient = name.startsWith('jenkins') && instead.startsWith('failures');
    expect(validByXmllint(text, schema) === '').toBe(lenient);
  });
});
