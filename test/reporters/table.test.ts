import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Finding, Report } from '../../src/core/model.js';
import { table } from '../../src/reporters/terminal/table.js';
import { makeFinding, makePort, makeReport, makeSeries, mixedReport } from './report.js';

const at = (report: Report, columns = 80) => table(report, { color: false, columns, all: true });
const firstLine = (findings: Finding[], over: Partial<Report> = {}, run: Partial<Report['run']> = {}) =>
  at(makeReport(findings, over, run), 200).split('\n')[0];
const failed = (over: Partial<Finding> = {}) => makeFinding({ verdict: 'fail', message: 'differ', ...over });
const waiver = { rule: 'pack/os', reason: 'rolling patch', owner: 'ops', until: '2026-12-31' };

describe('the table', () => {
  it.each([60, 80, 200])('of a mixed report, at %i columns', async (columns) => {
    await expect(at(mixedReport(), columns)).toMatchFileSnapshot(`golden/table-${columns}.txt`);
  });

  it.each([60, 80, 200])('stays within %i columns', (columns) => {
    for (const line of at(mixedReport(), columns).split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
  });

  it('puts values side by side when there is room, and under the title when there is none', () => {
    const report = makeReport([makeFinding({ actual: { primary: 'left', secondary: 'right' } })]);
    expect(at(report, 80)).toMatch(/left +right/);
    expect(at(report, 60)).toMatch(/primary: left\n +secondary: right/);
  });

  it('holds no escape without colour, and says the same with it', () => {
    const plain = at(mixedReport());
    const colored = table(mixedReport(), { color: true, columns: 80, all: true });
    expect(plain).not.toContain('\x1b');
    expect(colored).toContain('\x1b[31m');
    expect(colored.replace(/\x1b\[\d+m/g, '').replace(/ +$/gm, '')).toBe(plain);
  });

  it('names every finding that is not blocked, and counts those that are', () => {
    const report = mixedReport();
    const text = at(report, 200);
    for (const finding of report.findings) {
      if (finding.blockedBy === undefined) expect(text).toContain(finding.rule);
    }
    expect(text).not.toContain('pack/hidden-1');
    expect(text).toContain('secondary: sudo was refused; 4 findings blocked');
    expect(text).toContain('3 findings of this section blocked');
  });

  it('does not repeat the host where the guard has said it', () => {
    const key = 'pack/host-access [secondary]';
    const subject = { kind: 'host', host: 'secondary' } as const;
    const guard = makeFinding({
      key,
      rule: 'pack/host-access',
      verdict: 'unknown',
      subject,
      message: 'secondary: login refused.',
    });
    const hidden = makeFinding({ verdict: 'unknown', blockedBy: key });
    expect(at(makeReport([guard, hidden]))).toContain('\n  secondary: login refused; 1 finding blocked\n');
  });

  it('shows remedy, source and basis under a failure, and no remedy under a pass', () => {
    const text = at(
      makeReport([failed({ basis: 'inferred', source: { doc: 'Doc', section: 'Sec', url: 'https://x.test/' } })]),
    );
    expect(text).toContain('remedy: Resize the smaller file system.');
    expect(text).toContain('source: Doc, Sec\n');
    expect(text).toContain('Doc: https://x.test/');
    expect(text).toContain('basis:  inferred');
    expect(at(makeReport([makeFinding()]))).not.toContain('remedy');
  });

  it('says of a pass too that its requirement is inferred', () => {
    expect(at(makeReport([makeFinding({ title: 'Kernels agree', basis: 'inferred' })]))).toContain(
      'Kernels agree (inferred)',
    );
  });

  it('keeps the order of the findings for its sections, and leaves the report as it was', () => {
    const report = makeReport([
      makeFinding({ rule: 'pack/z', group: 'Zeta' }),
      makeFinding({ rule: 'pack/a', group: 'Alpha' }),
    ]);
    const before = structuredClone(report);
    const text = at(report);
    expect(text.indexOf('Zeta')).toBeLessThan(text.indexOf('Alpha'));
    expect(report).toEqual(before);
  });

  it('names a waiver with reason, owner and last day', () => {
    const text = at(makeReport([failed({ rule: 'pack/os', waivedBy: waiver })]));
    expect(text).toContain('~ waived');
    expect(text).toContain('~ pack/os: rolling patch (ops, until 2026-12-31)');
    expect(text).toMatch(/0 fail, .*1 waived; exit code 0/s);
  });

  it('says that only a selection of the rules was judged', () => {
    const text = at(makeReport([makeFinding()], { selection: { only: ['pack/same-*'], skip: ['pack/odd'] } }));
    expect(text).toContain('A selection of the rules: only pack/same-*, without pack/odd');
  });

  it('shows each value of two hosts with its unit', () => {
    const text = at(makeReport([failed({ message: 'a 300 bytes, b 12 ms', actual: { primary: 300, secondary: 12 } })]));
    expect(text).toMatch(/300 bytes +12 ms/);
  });

  it('says why a host could not be reached', () => {
    const problem = { problem: 'unreachable', problemAt: 'host', message: 'connection timed out' } as const;
    const connection = { host: 'primary', kind: 'ssh', logins: 0, shells: 0, bytes: 0, problem };
    const hosts = [{ name: 'primary', role: 'primary', address: '10.0.0.1', connection }];
    expect(at(makeReport([makeFinding()], { hosts }))).toContain('primary 10.0.0.1: connection timed out');
  });
});

describe('what the next step does that cannot be undone', () => {
  const next = 'Fence primary (10.11.2.60) before secondary is made master, or both will take writes.';

  it.each([40, 60, 80, 200])('stands right below the headline, with a word of its own, at %i columns', (columns) => {
    const lines = at(
      makeReport([failed()], {}, { next, phase: 'failover', stop: 'a failover is not safe now' }),
      columns,
    ).split('\n');
    const from = lines.findIndex((line) => line.startsWith('CAUTION: Fence primary'));
    const to = lines.findIndex((line) => line.startsWith('Product,'));
    expect(lines.slice(0, from).join(' ')).toBe('FAILED: 1 blocker; a failover is not safe now');
    expect(lines.slice(from, to).join(' ').replace(/ +/g, ' ')).toBe(`CAUTION: ${next}`);
  });

  it('is not spoken of where there is none', () => {
    expect(at(makeReport([makeFinding()]))).not.toContain('CAUTION');
  });
});

describe('what is not verified', () => {
  const words = { by: 'ops on duty', when: '2026-11-20', until: '2026-12-20' };
  const one = { id: 'x', what: 'Store', why: 'no way', source: { doc: 'd', section: 's' } };
  const shown = (attested?: NonNullable<Report['notVerified'][number]['attested']>) =>
    at(makeReport([makeFinding()], { notVerified: [{ ...one, ...(attested && { attested }) }] }));

  it('may be attested, which is told beside it and counts for nothing', () => {
    const text = shown({ what: 'x', ...words });
    expect(text).toContain(
      '  ? Store: no way\n    attested by ops on duty on 2026-11-20, until 2026-12-20\n    source: d, s\n',
    );
    expect(text.replace(/ +attested by .*\n/, '')).toBe(shown());
  });

  it('may have been attested, and is not any more', () => {
    expect(shown({ what: 'x', ...words, expired: true })).toContain(
      '    attested by ops on duty on 2026-11-20, EXPIRED since the end of 2026-12-20\n',
    );
  });
});

describe('a series of samples', () => {
  const samples = [makeSeries([4294967296, 3221225472, null]), makeSeries([1, 2], 'third')];
  const line = 'samples: secondary bytes: 4 GiB, 3 GiB, no number (3 samples over 10 s)';

  it('stands under a finding that passes too, with the message that tells the trend', () => {
    const text = at(makeReport([makeFinding({ samples, message: 'falling' })]), 100);
    expect(text).toContain(
      `           falling\n           ${line}\n           samples: third bytes: 1 byte, 2 bytes (`,
    );
  });

  it('stands between message and source of one that does not', () => {
    const text = at(makeReport([makeFinding({ samples, verdict: 'unknown', message: 'mixed' })]), 100);
    expect(text).toMatch(/ mixed\n +samples: secondary .*\n +samples: third .*\n +requires: .*\n +source: /);
  });

  it('of neighbours in one row is not lost', () => {
    const of = (host: string) =>
      makeFinding({ key: host, subject: { kind: 'host', host }, actual: 1, samples: [makeSeries([1, 2], host)] });
    expect(at(makeReport([of('primary'), of('secondary')]), 100)).toMatch(/samples: primary .*\n +samples: secondary /);
  });

  it('stays within 40 columns', () => {
    const text = at(makeReport([makeFinding({ samples })]), 40);
    for (const one of text.split('\n')) expect(stringWidth(one)).toBeLessThanOrEqual(40);
    expect(text.replace(/\s+/g, ' ')).toContain('4 GiB, 3 GiB, no number (3 samples over 10 s)');
  });
});

describe('what a rule tells beside its verdict', () => {
  it.each(['pass', 'fail', 'unknown'] as const)('stands under a finding that is %s', (verdict) => {
    const text = at(makeReport([makeFinding({ verdict, told: ['b has replayed up to 0/3000060'] })]));
    expect(text).toContain('b has replayed up to 0/3000060');
  });
});

describe('what changed', () => {
  it('has its section, with the time of the earlier run', () => {
    const text = at(mixedReport(), 100);
    expect(text).toContain('\nChanged since 2026-11-20 04:41 UTC\n  * primary, kernel release: 5.14 -> 5.15\n');
  });

  it('is said to be nothing, where nothing changed', () => {
    const text = at(makeReport([makeFinding()], { changes: { since: '2026-11-20T04:41:00Z', compared: 3, list: [] } }));
    expect(text).toContain('Changed since 2026-11-20 04:41 UTC\n  Nothing, among 3 answers that both runs have.');
    const apart = makeReport([], { changes: { since: '2026-11-20T04:41:00Z', compared: 0, list: [] } });
    expect(at(apart)).toContain('have no question in common; nothing was compared');
    expect(at(makeReport([makeFinding()]))).not.toContain('Changed since');
  });
});

/** A phase whose pack has no sentence for what follows. */
const SILENT = { go: undefined, stop: undefined } as unknown as Partial<Report['run']>;

describe('the headline', () => {
  const open = makeFinding({ rule: 'pack/open', verdict: 'unknown', message: 'timeout' });

  it.each<[string, Finding[], Partial<Report['run']>, string]>([
    ['blockers', [failed(), failed({ rule: 'pack/b' })], {}, 'FAILED: 2 blockers; do not set this pair up'],
    ['a verify run', [failed()], { stop: 'do not rely on this pair' }, 'FAILED: 1 blocker; do not rely on this pair'],
    [
      'a failover run',
      [failed()],
      { stop: 'a failover is not safe now' },
      'FAILED: 1 blocker; a failover is not safe now',
    ],
    ['a run of a phase that says nothing', [failed()], SILENT, 'FAILED: 1 blocker; do not go on'],
    ['a passed verify run', [makeFinding()], { phase: 'verify' }, 'PASSED: 1 passing finding'],
    ['a passed failover run', [makeFinding()], { phase: 'failover' }, 'PASSED: 1 passing finding'],
    [
      'warnings that gate',
      [failed(), failed({ severity: 'warning' })],
      { failOn: 'warning' },
      'FAILED: 1 blocker, 1 warning; do not set this pair up',
    ],
    [
      'a fail beside an unknown',
      [failed(), open],
      {},
      'FAILED: 1 blocker; do not set this pair up (1 more gating finding could not be verified)',
    ],
    [
      'an unknown',
      [open, makeFinding()],
      {},
      'INCOMPLETE: 1 gating finding could not be verified; it is not known whether this pair may be set up',
    ],
    [
      'an unknown of a pack without such a sentence',
      [open],
      SILENT,
      'INCOMPLETE: 1 gating finding could not be verified',
    ],
    [
      'nothing but skips',
      [makeFinding({ verdict: 'skip' })],
      { gate: 'incomplete', exitCode: 3 },
      'INCOMPLETE: no gating rule was judged',
    ],
    [
      'an interrupted run',
      [makeFinding()],
      { interrupted: true, exitCode: 130 },
      'INCOMPLETE: the run was interrupted; this report is partial',
    ],
    ['passes', [makeFinding()], {}, 'PASSED: 1 passing finding'],
    [
      'a pass with a waiver',
      [makeFinding(), failed({ waivedBy: waiver })],
      {},
      'PASSED, with 1 accepted blocker (ops, until 2026-12-31): 1 passing finding',
    ],
    [
      'a pass with a failed warning',
      [makeFinding(), failed({ severity: 'warning' })],
      {},
      'PASSED: 1 passing finding, 1 warning failed below the gate',
    ],
    [
      'a pass with an open advice',
      [makeFinding(), { ...open, severity: 'advice' }],
      {},
      'PASSED: 1 passing finding, 1 finding below the gate could not be verified',
    ],
  ])('of %s', (_, findings, run, words) => {
    expect(firstLine(findings, {}, run)).toBe(words);
  });

  it('of a pass names how much cannot be verified', () => {
    const notVerified = [{ id: 'i', what: 'a', why: 'b', source: { doc: 'c', section: 'd' } }];
    expect(firstLine([makeFinding()], { notVerified })).toBe(
      'PASSED: 1 passing finding, 1 requirement cannot be verified from here',
    );
  });
});

describe('the port matrix', () => {
  it('has a row for each port and a column for each direction', () => {
    const text = at(mixedReport(), 80);
    expect(text).toMatch(/primary -> secondary +secondary -> primary\n/);
    expect(text).toMatch(/5432 service 5432 \[1\] +x filtered FAIL +\+ refused pass/);
    expect(text).toMatch(/27017 service 27017 \[1\] +- skip +\? blocked/);
    expect(text).toContain('[1] function documented, number inferred');
  });

  it('leaves documented numbers unmarked', () => {
    const finding = makePort(22, 'primary', 'secondary');
    const row = { port: 22, name: 'SSH', basis: 'documented', confidence: 'documented' } as const;
    expect(at(makeReport([{ ...finding, row }]))).not.toContain('[1]');
  });

  it('says a fault of many ports once', () => {
    const fault = { verdict: 'fail', message: 'no answer', actual: 'filtered' } as const;
    const text = at(makeReport([1, 2, 3].map((port) => makePort(port, 'primary', 'secondary', fault))), 200);
    expect(text.match(/remedy:/g)).toHaveLength(1);
    expect(text).toContain(
      'blocker, 1 primary -> secondary, 2 primary -> secondary, 3 primary -> secondary: no answer',
    );
  });

  it('keeps two rows of one port number apart', () => {
    const one = makePort(22, 'primary', 'secondary', { key: 'a' });
    const row = { port: 22, name: 'other', basis: 'documented', confidence: 'documented' } as const;
    const text = at(makeReport([one, { ...one, key: 'b', row, verdict: 'fail', actual: 'filtered' }]));
    expect(text).toMatch(/22 service 22 \[1\] +\+ open pass/);
    expect(text).toMatch(/22 other +x filtered FAIL/);
  });

  it('becomes a list where the directions do not fit', () => {
    const names = ['alpha', 'beta', 'gamma'];
    const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => makePort(22, from, to)));
    const text = at(makeReport(pairs), 60);
    expect(text).toContain('22 service 22 [1], gamma -> alpha: + open pass');
    expect(text.match(/open pass/g)).toHaveLength(6);
  });

  it('collapses as a whole when all of its ports are blocked', () => {
    const blocked = { verdict: 'unknown', blockedBy: 'pack/host-access', message: 'x' } as const;
    const text = at(
      makeReport([makePort(22, 'primary', 'secondary', blocked), makePort(22, 'secondary', 'primary', blocked)]),
    );
    expect(text).not.toContain('service 22');
    expect(text).toContain('2 findings of this section blocked');
  });
});
