/** A saved report as a monitoring plugin's answer. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/model.js';
import { nagios, pluginFailure } from '../../src/reporters/nagios.js';
import { hostileText } from './hostile.js';
import { makeFinding, makeReport, mixedReport } from './report.js';

const HOUR = 3_600_000;
const at = (report: Report, ms: number) => Date.parse(report.run.finishedAt) + ms;
const answer = (report: Report, ageMs = 0) => nagios(report, at(report, ageMs), 2 * HOUR);
const waivedBy = { rule: 'pack/os', reason: 'rolling', owner: 'ops', until: '2026-12-31' };

describe('the code', () => {
  const fails = { verdict: 'fail' } as const;
  it.each<[number, string, Report]>([
    [0, 'all pass', makeReport([makeFinding()])],
    [0, 'only advice fails', makeReport([makeFinding(), makeFinding({ rule: 'b', ...fails, severity: 'advice' })])],
    [0, 'a failure is waived', makeReport([makeFinding(), makeFinding({ rule: 'b', ...fails, waivedBy })])],
    [1, 'a warning fails', makeReport([makeFinding(), makeFinding({ rule: 'b', ...fails, severity: 'warning' })])],
    [
      1,
      'a warning is not known',
      makeReport([makeFinding(), makeFinding({ rule: 'b', verdict: 'unknown', severity: 'warning' })]),
    ],
    [2, 'a blocker fails', makeReport([makeFinding(fails)])],
    [3, 'a blocker is not known', makeReport([makeFinding({ verdict: 'unknown' })])],
    [3, 'nothing was judged', makeReport([makeFinding({ verdict: 'skip' })], {}, { gate: 'incomplete' })],
    [3, 'the run was interrupted', makeReport([makeFinding()], {}, { interrupted: true })],
  ])('is %i where %s', (code, _, report) => {
    expect(answer(report).code).toBe(code);
  });

  it('is 3 for a report that is too old or from the future, whatever it says', () => {
    for (const report of [makeReport([makeFinding()]), makeReport([makeFinding({ verdict: 'fail' })])]) {
      expect(answer(report, 2 * HOUR).code).not.toBe(3);
      expect(answer(report, 2 * HOUR + 1000)).toMatchObject({
        code: 3,
        text: expect.stringMatching(
          /^PAIRFLIGHT UNKNOWN - billing preflight: the report is 2h old \(at most 2h\); it said /,
        ),
      });
      expect(answer(report, -HOUR)).toMatchObject({ code: 3, text: expect.stringContaining('is from the future') });
    }
  });
});

describe('the text', () => {
  it('has one line with performance data, and what is wrong below it, worst first', () => {
    const measures: Report['measures'] = [
      { name: 'lagBytes', host: 'primary', value: 4096 },
      { name: 'clockOffsetMs', value: 12 },
      { name: 'freeBytes', host: "o'brien", path: '/a=b', value: 7 },
    ];
    const findings = [
      makeFinding({
        rule: 'pack/a',
        verdict: 'fail',
        severity: 'warning',
        fault: 'The kernels differ',
        message: '5 | 6',
      }),
      makeFinding({ rule: 'pack/b', verdict: 'fail', fault: 'The sizes differ', message: '40 and 50' }),
    ];
    const lines = answer(makeReport(findings, { measures }), 61_000).text.split('\n');
    expect(lines[0]).toMatch(
      /^PAIRFLIGHT CRITICAL - billing preflight: FAILED: 1 blocker; [^|]* \| 'lag primary'=4096B;;;0 'clock offset'=0\.012s;;;0 'free o''brien \/a_b'=7B;;;0 age=61s;;7200;0 duration=0\.812s;;;0 pass=0;;;0 fail=2;;;0 /,
    );
    expect(lines.slice(1)).toEqual(['blocker: The sizes differ: 40 and 50', 'warning: The kernels differ: 5 / 6', '']);
  });

  it('is short, whatever is wrong', () => {
    const many = Array.from({ length: 40 }, (_, id) =>
      makeFinding({ rule: `pack/${id}`, key: `pack/${id}`, verdict: 'fail', message: 'x'.repeat(5000) }),
    );
    const { text } = answer(makeReport(many));
    expect(text.split('\n')).toHaveLength(15);
    expect(text).toContain('\nand 28 more\n');
    expect(
      Math.max(
        ...text
          .split('\n')
          .slice(1)
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(300);
  });

  it('begins its performance data once, whatever hosts say, and steers no terminal', () => {
    fc.assert(
      fc.property(hostileText, (words) => {
        const { text } = answer(
          makeReport([makeFinding({ verdict: 'fail', message: words, fault: words })], {
            measures: [{ name: 'freeBytes', host: words, path: words, value: 1 }],
          }),
        );
        expect(text.match(/\|/g)).toHaveLength(1);
        expect(text.split('\n')).toHaveLength(3);
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
      }),
    );
  });

  it('is one line where there is no report', () => {
    expect(pluginFailure('a: b\n| c')).toEqual({ code: 3, text: 'PAIRFLIGHT UNKNOWN - a: b / c\n' });
  });

  it('of a mixed report', () => {
    expect(answer(mixedReport()).text.split('\n')[1]).toMatch(/^blocker: /);
  });
});
