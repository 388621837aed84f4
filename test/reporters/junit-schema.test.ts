import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { junit } from '../../src/reporters/junit/junit.js';
import { hostileReports, kinds } from './consumers/reports.js';
import { makeReport } from './report.js';
import { mayRun, schemas, validByXmllint } from './xmllint.js';

describe.each(['jenkins-junit-10.xsd', 'ant-junit.xsd'])('under %s', (name) => {
  const schema = `${schemas}${name}`;
  const without = !mayRun('xmllint', schema);

  it.skipIf(without).each(kinds)('%s: is valid', (_, report) => {
    expect(validByXmllint(junit(report), schema)).toBe('');
  });

  it.skipIf(without)('whatever the hosts say, the report is valid', () => {
    fc.assert(
      fc.property(hostileReports, (report) => {
        expect(validByXmllint(junit(report), schema)).toBe('');
      }),
      { numRuns: 40 },
    );
  });

  it.skipIf(without).each([
    ['a counter that is no number', /failures="\d+"/, 'failures="many"'],
    ['a time that is none', / time="[\d.]+"/, ' time="1s"'],
    ['a testcase without its name', /<testcase name="[^"]*"/, '<testcase'],
    ['an element that JUnit does not know', '<system-out>', '<output/><system-out>'],
  ])('%s is refused', (_, pattern, instead) => {
    const text = junit(kinds[1]?.[1] ?? makeReport([])).replace(pattern, instead);
    // Jenkins' schema takes any counter; Ant's does not.
    const lenient = name.startsWith('jenkins') && instead.startsWith('failures');
    expect(validByXmllint(text, schema) === '').toBe(lenient);
  });
});
