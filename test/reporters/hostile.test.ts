import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { convert } from 'xmlbuilder2';
import type { Report } from '../../src/core/model.js';
import { json } from '../../src/reporters/json.js';
import { junit } from '../../src/reporters/junit/junit.js';
import { table } from '../../src/reporters/terminal/table.js';
import { lacking } from '../needs.js';
import { hostileText, hostileValue } from './hostile.js';
import { makeFinding, makePort, makeReport, makeSeries } from './report.js';
import { wellFormedByXmllint } from './xmllint.js';

const illegalInXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const steersTerminal = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

/** A report that holds the same text and value wherever a host's words may stand. */
function told(text: string, value: unknown, verdict: 'fail' | 'unknown' | 'skip' | 'pass'): Report {
  const words = { verdict, message: text, actual: value };
  const findings = [
    makeFinding({ ...words, rule: 'pack/shared' }),
    makeFinding({ ...words, rule: 'pack/both', actual: { primary: value, secondary: text } }),
    makeFinding({
      ...words,
      rule: 'pack/guard',
      key: 'pack/guard [primary]',
      subject: { kind: 'host', host: 'primary' },
    }),
    makeFinding({ ...words, rule: 'pack/hidden', blockedBy: 'pack/guard [primary]' }),
    makePort(22, 'primary', 'secondary', words),
    makeFinding({
      ...words,
      rule: 'pack/lag',
      told: [text],
      samples: [makeSeries([1, null], text), { ...makeSeries([1]), property: text }],
    }),
  ];
  const changes: NonNullable<Report['changes']> = {
    since: '2026-11-20T04:41:00Z',
    compared: 9,
    list: [
      { subject: text, fact: text, property: text, before: value, after: text },
      { subject: 'primary', fact: text, before: { text: value }, after: `could not be read: ${text}` },
      { subject: 'primary', fact: 'other', before: { text }, after: `could not be read: ${text}` },
      { subject: 'primary', fact: 'file /x', property: 'lines', before: [value, text], after: [text, text] },
    ],
  };
  const attested = { what: text, by: text, when: '2026-11-20', until: '2026-12-20' };
  const notVerified = [{ id: text, what: text, why: text, source: { doc: text, section: text, url: text }, attested }];
  const report = makeReport(findings, { changes, notVerified }, { next: text });
  const problem = { problem: 'denied', problemAt: 'host', message: text } as const;
  const connection = { host: 'primary', kind: 'ssh', noise: text, problem, logins: 1, shells: 1, bytes: 1 };
  const step = {
    id: 'step-1',
    host: 'primary',
    as: 'root',
    argv: ['cat', text],
    exit: 0,
    problem: null,
    excerpt: text,
  };
  const hosts = report.hosts.map((host) => ({ ...host, connection: { ...connection, host: host.name } }));
  return { ...report, hosts, product: { ...report.product, build: text }, steps: { ...report.steps, list: [step] } };
}

const anyReport = fc
  .tuple(hostileText, hostileValue, fc.constantFrom('fail', 'unknown', 'skip', 'pass'))
  .map((all) => told(...all));

describe('whatever a host says', () => {
  it('the table shows it escaped and within the columns', () => {
    fc.assert(
      fc.property(
        anyReport,
        fc.oneof(fc.constantFrom(60, 80, 200), fc.integer({ min: 40, max: 220 })),
        fc.boolean(),
        (report, columns, all) => {
          for (const line of table(report, { color: false, columns, all }).split('\n')) {
            expect(line).not.toMatch(steersTerminal);
            expect(stringWidth(line)).toBeLessThanOrEqual(columns);
          }
        },
      ),
    );
  });

  it('the coloured table holds no escape but its own', () => {
    fc.assert(
      fc.property(anyReport, fc.boolean(), (report, all) => {
        const rest = table(report, { color: true, columns: 80, all })
          .replace(/\x1b\[\d+m/g, '')
          .replaceAll('\n', '');
        expect(rest).not.toMatch(steersTerminal);
      }),
    );
  });

  it('the JSON is valid, says the same, and steers no terminal', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const text = json(report);
        expect(text.replaceAll('\n', '')).not.toMatch(steersTerminal);
        const read = JSON.parse(text) as Report;
        const lone = /\p{Cs}/gu;
        expect(read.findings[0]?.message).toBe(report.findings[0]?.message.replace(lone, '\ufffd'));
        expect(read.findings).toHaveLength(report.findings.length);
      }),
    );
  });

  it('the JUnit report has no illegal character and all of its testcases', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const text = junit(report);
        expect(text).not.toMatch(illegalInXml);
        const read = convert(text, { format: 'object' }) as unknown as {
          testsuites: { testsuite: { testcase: unknown[] } };
        };
        expect(read.testsuites.testsuite.testcase).toHaveLength(report.findings.length);
      }),
    );
  });

  const why = lacking('xmllint');
  it.skipIf(why)(`xmllint finds the JUnit report well-formed${why}`, () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        expect(wellFormedByXmllint(junit(report))).toBe('');
      }),
      { numRuns: 15 },
    );
  });
});

describe('a host that tries to forge a line', () => {
  const forged = 'ok\n\nPASSED: 99 passing findings\x1b[2J\u202e';

  it('gets it shown as what it is', () => {
    const text = table(told(forged, forged, 'fail'), { color: false, columns: 200 });
    expect(text).toContain('ok\\n\\nPASSED: 99 passing findings\\x1b[2J\\u202e');
    expect(text).not.toMatch(/^PASSED/m);
  });

  it('cannot close an element of the JUnit report', () => {
    const text = junit(told(']]></failure><testcase name="x"/>', 1, 'fail'));
    expect(text.match(/<testcase /g)).toHaveLength(6);
  });
});
