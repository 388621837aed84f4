import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding, Report, Severity, Verdict } from '../../src/core/model.js';
import { badness, weighsEnough } from '../../src/judge/verdict.js';
import { command } from '../../src/reporters/github/command.js';
import { github } from '../../src/reporters/github/github.js';
import { annotations, runner } from './consumers/github-runner.js';
import { hostileReports, kinds, saying } from './consumers/reports.js';
import { hostileText } from './hostile.js';
import { makeFinding, makePort, makeReport, makeSeries, mixedReport } from './report.js';

const read = (report: Report) => runner(github(report));
const levels = (report: Report) => read(report).commands.map((one) => one.name);
const lastLine = (report: Report) => github(report).trimEnd().split('\n').at(-1);
const failed = (over: Partial<Finding> = {}) => makeFinding({ verdict: 'fail', message: 'differ', ...over });
const many = (count: number, over: Partial<Finding> = {}) =>
  Array.from({ length: count }, (_, at) => failed({ rule: `pack/${over.severity ?? 'blocker'}-${at}`, ...over }));
const waivedBy = { rule: 'pack/os', reason: 'rolling patch', owner: 'ops', until: '2026-12-31' };

it('the annotations of a mixed report', async () => {
  await expect(github(mixedReport())).toMatchFileSnapshot('golden/github.txt');
});

describe('a verdict becomes', () => {
  const severities: Severity[] = ['blocker', 'warning', 'advice'];
  const verdicts: Verdict[] = ['pass', 'fail', 'unknown', 'error', 'skip'];
  const all = verdicts.flatMap((verdict) =>
    severities.flatMap((severity) => severities.map((failOn) => ({ verdict, severity, failOn }))),
  );
  const gating = { pass: [], fail: ['error'], unknown: ['error'], error: ['error'], skip: [] };
  const below = { pass: [], fail: ['warning'], unknown: ['notice'], error: ['notice'], skip: [] };

  it.each(all)('$verdict of a $severity with --fail-on $failOn', ({ verdict, severity, failOn }) => {
    const order = ['advice', 'warning', 'blocker'];
    const table = order.indexOf(severity) >= order.indexOf(failOn) ? gating : below;
    expect(levels(makeReport([makeFinding({ verdict, severity })], {}, { failOn }))).toEqual(table[verdict]);
    expect(weighsEnough(severity, failOn)).toBe(table === gating);
  });

  it.each(severities)('nothing when it is waived, with --fail-on %s', (failOn) => {
    expect(levels(makeReport([failed({ waivedBy })], {}, { failOn }))).toEqual([]);
  });
});

describe('an annotation', () => {
  it('has the rule in its first line, for the log shows no title, and then all that helps', () => {
    const samples = [makeSeries([2048, null])];
    const finding = failed({
      basis: 'inferred',
      told: ['replayed up to 0/3'],
      samples,
      message: 'sizes differ\nby far',
    });
    const [one] = read(makeReport([finding])).commands;
    expect(one?.properties).toEqual({ title: 'does not hold: The installation space has the same size' });
    expect(one?.data.split('\n')).toEqual([
      'pack/same-size [primary, secondary]: blocker fail: sizes differ by far',
      'primary: 53687091200',
      'secondary: 53687091200',
      'expected: same',
      'requires: Both hosts give the installation the same space.',
      'remedy: Resize the smaller file system.',
      'replayed up to 0/3',
      'samples: secondary bytes: 2 KiB, no number (2 samples over 5 s)',
      'source: The Setup Page, Prerequisites',
      "basis: inferred: our conclusion, not the vendor's words",
    ]);
  });

  it.each<[string, string, string, string]>([
    ['a percent sign', '5 %', '5 %', '::error title=5 %25::5 %25'],
    ['an escape of its own', '%0A%3A', '%0A', '::error title=%250A%253A::%250A'],
    ['lines', 'a', 'one\ntwo', '::error title=a::one%0Atwo'],
    ['a colon and a comma', 'a: b, c', 'd: e, f', '::error title=a%3A b%2C c::d: e, f'],
    ['a return', 'a\rb', 'c\rd', '::error title=a\\rb::c\\rd'],
    ['an end of the head', 'a::b', 'c::d', '::error title=a%3A%3Ab::c::d'],
    ['an older command', '##[a]', '##[group]x', '::error title=\\x23#[a]::\\x23#[group]x'],
    ['an escape sequence', 'a\x1b[2J', '\u202e', '::error title=a\\x1b[2J::\\u202e'],
  ])('escapes %s', (_, title, message, line) => {
    expect(command('error', title, message)).toBe(line);
  });

  it('is read as it was written', () => {
    const visible = fc.string({ unit: fc.constantFrom(...'ab %:,=;[]0123456789ABCDEF#\\\'"') });
    const lines = fc.array(visible, { minLength: 1 }).map((all) => all.join('\n'));
    const titles = visible.filter((title) => title.trim() === title && title !== '' && !title.includes('##['));
    fc.assert(
      fc.property(
        titles,
        lines.filter((text) => !text.includes('##[')),
        (title, message) => {
          const { commands, log } = runner(command('notice', title, message));
          expect(log).toEqual([]);
          expect(commands).toEqual([{ name: 'notice', properties: { title }, data: message }]);
        },
      ),
    );
  });

  it('stays below what the runner keeps of a message, with the remedy in it', () => {
    const long = 'x y'.repeat(5000);
    const over = { message: long, told: [long, long], actual: { primary: long, secondary: long } };
    const [one] = annotations(read(makeReport([failed(over)])));
    expect(one?.data.length).toBeLessThan(4096);
    expect(one?.data).toContain('remedy: Resize the smaller file system.');
  });
});

describe('a gate that looks at regressions only', () => {
  it('makes a known failure a warning, and says since when it is known', () => {
    const failOnNew = { since: '2026-11-20T04:41:00Z', known: 1 };
    const report = makeReport([failed({ known: true }), makeFinding()], {}, { failOnNew, gate: 'passed', exitCode: 0 });
    const { commands } = read(report);
    expect(commands.map(({ name }) => name)).toEqual(['warning']);
    expect(commands[0]?.data).toContain('\nknown: failed in the run of 2026-11-20 04:41 UTC already\n');
  });
});

const use = {
  rule: 'pack/os',
  owner: 'ops',
  until: '2026-10-01',
  waives: [],
  leaves: ['pack/os'],
  why: 'its last day is over',
};

it('a waiver that does not waive is told in the log', () => {
  const { commands, log } = read(makeReport([failed()], { waivers: [{ ...use, state: 'expired' }] }));
  expect(commands).toHaveLength(1);
  expect(log[0]).toBe('waiver: EXPIRED waiver of pack/os (ops, until 2026-10-01): its last day is over');
  const applied = { ...use, state: 'applied' as const, leaves: [], waives: ['pack/os'] };
  expect(github(makeReport([failed()], { waivers: [applied] }))).not.toContain('waiver');
});

describe('of more than the platform shows', () => {
  const crowd = [
    ...many(3, { severity: 'advice' }),
    ...many(14, { severity: 'warning' }),
    ...many(4, { severity: 'warning', verdict: 'unknown' }).map((one) => ({
      ...one,
      rule: `${one.rule}-u`,
      key: `${one.rule}-u`,
    })),
    ...many(12, { verdict: 'unknown' }).map((one) => ({ ...one, rule: `${one.rule}-u`, key: `${one.rule}-u` })),
    ...many(2),
  ];
  const report = makeReport(crowd);

  it('ten of each level are made, the worst first', () => {
    expect(levels(report)).toEqual([
      ...Array(10).fill('error'),
      ...Array(10).fill('warning'),
      ...Array(4).fill('notice'),
    ]);
    const { commands } = read(report);
    expect(commands.slice(0, 3).map(({ data }) => data.split(' ')[0])).toEqual([
      'pack/blocker-0',
      'pack/blocker-1',
      'pack/blocker-0-u',
    ]);
    expect(commands.filter(({ name }) => name === 'warning').every(({ data }) => data.includes('warning fail'))).toBe(
      true,
    );
  });

  it('the last line says how many were left out, and the lines above it which', () => {
    expect(lastLine(report)).toBe(
      'pairflight: FAILED: 2 blockers; do not set this pair up (12 more gating findings could not be verified); exit code 1; left out of the annotations: 4 errors, 7 warnings, listed above',
    );
    const { log, commands } = read(report);
    expect(log.filter((line) => line.startsWith('error, not annotated: '))).toHaveLength(4);
    expect(log).toContain('warning, not annotated: pack/advice-2 [primary, secondary]: advice fail: differ');
    for (const { key } of crowd) {
      expect([...commands.map(({ data }) => data), ...log].filter((text) => text.includes(`${key} [`))).toHaveLength(1);
    }
  });

  it.each([10, 11])('of %i errors it is said only when one is left out', (count) => {
    expect(lastLine(makeReport(many(count)))?.includes('left out')).toBe(count > 10);
  });

  it('never a lesser one in the place of a worse', () => {
    const finding = fc
      .record({
        verdict: fc.constantFrom<Verdict[]>('pass', 'fail', 'unknown', 'error', 'skip'),
        severity: fc.constantFrom<Severity[]>('blocker', 'warning', 'advice'),
      })
      .map((over) => makeFinding(over));
    fc.assert(
      fc.property(
        fc.array(finding, { maxLength: 60 }),
        fc.constantFrom<Severity[]>('blocker', 'warning', 'advice'),
        (all, failOn) => {
          const findings = all.map((one, at) => ({ ...one, key: `k${at}` }));
          const text = github(makeReport(findings, {}, { failOn }));
          const badnessOf = (line: string) => {
            const one = findings.find(({ key }) => line.includes(`${key}:`));
            return one ? badness(one.verdict, one.severity) : undefined;
          };
          for (const level of ['error', 'warning', 'notice']) {
            const lines = text
              .split('\n')
              .filter((line) => line.startsWith(`::${level} `) || line.startsWith(`${level}, not`));
            const found = lines.map(badnessOf);
            expect(found).toEqual([...found].sort((a, b) => (b ?? 0) - (a ?? 0)));
            expect(lines.filter((line) => line.startsWith('::')).length).toBe(Math.min(10, lines.length));
          }
          const open = findings.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skip');
          for (const { key } of open) expect(text).toContain(`${key}:`);
        },
      ),
    );
  });
});

describe('what a guard hides', () => {
  it('is counted in the annotation of the guard', () => {
    const { commands } = read(mixedReport());
    const errors = commands.filter(({ name }) => name === 'error').map(({ data }) => data.split('\n'));
    expect(errors.map(([first]) => first?.split(':')[0])).toEqual([
      'pack/install-space [primary, secondary]',
      'pack/ports-reachable [primary -> secondary, 5432]',
      'pack/host-access [secondary]',
    ]);
    expect(errors[2]?.[1]).toBe('4 findings blocked by this');
  });

  it.each<[string, Finding[]]>([
    ['the guard is not there', []],
    ['the guard is below the gate', [makeFinding({ rule: 'g', verdict: 'unknown', severity: 'advice' })]],
    ['the guard is waived', [makeFinding({ rule: 'g', verdict: 'unknown', waivedBy })]],
    ['the guard passes', [makeFinding({ rule: 'g' })]],
  ])('is an error of its own where %s', (_, guards) => {
    const report = makeReport([
      ...guards,
      makeFinding({ verdict: 'unknown', message: 'not looked at', blockedBy: 'g' }),
    ]);
    const errors = read(report).commands.filter(({ name }) => name === 'error');
    expect(errors.map(({ data }) => data.split('\n')[0])).toEqual([
      'pack/same-size [primary, secondary]: blocker unknown: not looked at',
    ]);
  });
});

it('what is hidden goes behind what is known to be wrong, however it came to be annotated', () => {
  const own = makeFinding({ rule: 'pack/own', verdict: 'unknown' });
  const report = makeReport([makeFinding({ verdict: 'unknown', blockedBy: 'elsewhere' }), own]);
  expect(read(report).commands.map(({ data }) => data.split(' ')[0])).toEqual(['pack/own', 'pack/same-size']);
});

describe('never a false green', () => {
  it.each(kinds)('%s: an error whenever the gate has not passed', (_, report) => {
    const red = report.run.gate !== 'passed' || report.run.interrupted === true;
    const gating = report.findings.some(({ verdict, severity, waivedBy: waived }) => {
      return ['fail', 'unknown', 'error'].includes(verdict) && weighsEnough(severity, report.run.failOn) && !waived;
    });
    expect(levels(report).includes('error')).toBe(red || gating);
  });

  it.each<[string, Report, string]>([
    [
      'nothing but skips',
      makeReport([makeFinding({ verdict: 'skip' })], {}, { gate: 'incomplete', exitCode: 3 }),
      'INCOMPLETE: no gating rule was judged',
    ],
    [
      'an interrupted run',
      makeReport([makeFinding()], {}, { interrupted: true, exitCode: 130 }),
      'INCOMPLETE: the run was interrupted; this report is partial',
    ],
  ])('%s is an error with the headline', (_, report, headline) => {
    expect(read(report).commands).toEqual([{ name: 'error', properties: { title: 'pairflight' }, data: headline }]);
  });

  it('a run that passes says so in one plain line', () => {
    expect(github(makeReport([makeFinding(), makePort(22, 'a', 'b')]))).toBe(
      'pairflight: PASSED: 2 passing findings; exit code 0\n',
    );
  });

  it('the caution stands above the last line', () => {
    const lines = github(makeReport([makeFinding()], {}, { next: 'Fence\n primary first.' })).split('\n');
    expect(lines).toEqual(['CAUTION: Fence primary first.', 'pairflight: PASSED: 1 passing finding; exit code 0', '']);
  });
});

describe('whatever the hosts say', () => {
  it('the runner reads the commands that were meant, and no other', () => {
    fc.assert(
      fc.property(hostileReports, (report) => {
        const { commands, log } = read(report);
        const plain = {
          ...report,
          findings: report.findings.map((one) => ({ ...one, message: 'm', told: [], samples: [] })),
        };
        expect(commands.map(({ name }) => name)).toEqual(levels(plain));
        expect(commands.every(({ properties }) => Object.keys(properties).join() === 'title')).toBe(true);
        expect(log.join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
      }),
    );
  });

  it.each([
    '::stop-commands::x',
    '##[add-mask]secret',
    'x ##[error]y',
    '%0A::error::forged',
    '\n::error::forged\r::error::x',
  ])('%j forges nothing', (text) => {
    const { commands } = read(saying(text, text, 'fail'));
    expect(new Set(commands.map(({ name }) => name))).toEqual(new Set(['error', 'warning']));
    expect(commands.some(({ data }) => data.startsWith('forged') || data.startsWith('secret'))).toBe(false);
    const crowd = many(15, { message: text });
    expect(read(makeReport(crowd, {}, { next: text })).commands.map(({ name }) => name)).toEqual(
      Array(10).fill('error'),
    );
  });

  it('leaves the report as it was', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const report = saying(text, text, 'fail');
        const before = structuredClone(report);
        github(report);
        expect(report).toEqual(before);
      }),
      { numRuns: 10 },
    );
  });
});
