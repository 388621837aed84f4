import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Finding, Report } from '../../src/core/model.js';
import { table } from '../../src/reporters/terminal/table.js';
import { acceptedInWords } from '../../src/reporters/words/accepted.js';
import { headline } from '../../src/reporters/words/headline.js';
import { makeFinding, makePort, makeReport, mixedReport } from './report.js';

const at = (report: Report, columns = 80) => table(report, { color: false, columns });
const waivedBy = { rule: 'pack/os', reason: 'rolling patch', owner: 'ops', until: '2026-12-31' };
const onHost = (host: string, over: Partial<Finding>) =>
  makeFinding({ rule: 'pack/memory', key: `pack/memory [${host}]`, subject: { kind: 'host', host }, ...over });

describe('the short table', () => {
  it.each([60, 80, 200])('at %i columns', async (columns) => {
    const text = at(mixedReport(), columns);
    for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    await expect(text).toMatchFileSnapshot(`golden/short-${columns}.txt`);
  });

  it('has one card for a rule that fails on two hosts, with its remedy once', () => {
    const over = { verdict: 'fail', fault: 'The host has too little memory', remedy: 'Add memory.' } as const;
    const text = at(
      makeReport([
        onHost('primary', { ...over, message: 'primary: 8 GiB, expected 16 GiB' }),
        onHost('secondary', { ...over, message: 'secondary: 4 GiB, expected 16 GiB; secondary: slow' }),
      ]),
    );
    for (const once of ['The host has too little memory', 'pack/memory', 'Add memory.', 'requires: '])
      expect(text.split(once)).toHaveLength(2);
    expect(text).toContain('primary: 8 GiB, expected 16 GiB\n');
    expect(text).toContain('secondary: 4 GiB, expected 16 GiB; slow\n');
  });

  it('says the verdict again at its end, where the first lines have left the screen', () => {
    const many = Array.from({ length: 8 }, (_, at) => makeFinding({ rule: `pack/r${at}`, verdict: 'fail' }));
    const [long, short] = [makeReport(many), makeReport(many.slice(0, 1))].map((report) => at(report));
    expect(long?.trimEnd().split('\n').slice(-3)).toEqual([
      'FAILED: 8 blockers; do not set this pair up',
      '8 findings: 8 fail; exit code 1',
      '--all shows every finding; pairflight rules show ID explains a rule.',
    ]);
    expect(long?.split('FAILED: ')).toHaveLength(3);
    expect(short?.split('FAILED: ')).toHaveLength(2);
  });

  it('names no host before a message that is about another', () => {
    const text = at(
      makeReport([onHost('primary', { verdict: 'fail', message: 'secondary: paused, expected running' })]),
    );
    expect(text).toContain('\n           secondary: paused, expected running\n');
  });

  it('says once why a host was not entered', () => {
    const problem = { problem: 'unreachable', problemAt: 'host', message: 'connection refused' } as const;
    const connection = { host: 'primary', kind: 'ssh', logins: 0, shells: 0, bytes: 0, problem } as const;
    const hosts = [{ name: 'primary', role: 'primary', address: '10.0.0.1', connection }];
    const told = makeFinding({ verdict: 'unknown', message: 'could not be reached: connection refused' });
    const text = at(makeReport([told], { hosts }));
    expect(text).toContain('  primary 10.0.0.1: not entered, see below\n');
    expect(text.split('connection refused')).toHaveLength(2);
    expect(at(makeReport([makeFinding()], { hosts }))).toContain('  primary 10.0.0.1: connection refused\n');
  });

  it('says whose remedy it is where there are several', () => {
    const text = at(
      makeReport([
        onHost('primary', { verdict: 'fail', remedy: 'Add memory.' }),
        onHost('secondary', { verdict: 'fail', remedy: 'Buy another.' }),
      ]),
    );
    expect(text).toContain('remedy, primary: Add memory.\n');
    expect(text).toContain('remedy, secondary: Buy another.\n');
  });

  it('tells one cause once, with what to do next, and counts what it blocks', () => {
    const next = 'run again with --set disk=/data';
    const unknown = (at: number) =>
      makeFinding({ rule: `pack/disk-${at}`, verdict: 'unknown', message: 'the path is another', next });
    const text = at(makeReport([1, 2, 3, 4, 5, 6].map(unknown)));
    expect(text.split(`next: ${next}`)).toHaveLength(2);
    expect(text.split('the path is another')).toHaveLength(2);
    expect(text).toContain('and 3 more findings (3 blockers)');
  });

  it('draws the ports where one fails, and not where all pass', () => {
    const ports = (verdict: Finding['verdict']) =>
      makeReport([makePort(22, 'primary', 'secondary', { verdict }), makePort(80, 'primary', 'secondary')]);
    expect(at(ports('fail'))).toContain('80 service 80');
    expect(at(ports('pass'))).not.toContain('service 80');
  });

  it('never breaks an id that a line has room for', () => {
    const rule = `pack/${'long-'.repeat(11)}name`;
    const all = { color: false, columns: 80, all: true };
    for (const verdict of ['fail', 'unknown'] as const) {
      const report = makeReport([makeFinding({ rule, verdict }), makeFinding({ rule: 'pack/other', verdict })]);
      expect(at(report)).toContain(rule);
      expect(table(report, all)).toContain(rule);
    }
  });

  it('ends with how to see more', () => {
    expect(
      at(makeReport([makeFinding()]))
        .trimEnd()
        .split('\n')
        .at(-1),
    ).toContain('--all shows every finding');
  });
});

describe('accepted blockers', () => {
  const failed = { verdict: 'fail', waivedBy } as const;
  it('stand in the first line, with owner and end', () => {
    const report = makeReport([makeFinding(), makeFinding({ rule: 'pack/os', ...failed })]);
    expect(headline(report)).toMatch(/^PASSED, with 1 accepted blocker \(ops, until 2026-12-31\): 1 passing finding/);
    expect(at(report).split('\n')[0]).toContain('PASSED, with 1 accepted blocker (ops, until 2026-12-31)');
  });

  it('are not those that would not stop the gate', () => {
    const report = makeReport([makeFinding(), makeFinding({ severity: 'warning', ...failed })]);
    expect(acceptedInWords(report)).toBe('');
    expect(headline(report)).toBe('PASSED: 1 passing finding, 1 waived below the gate');
  });

  it('stand beside the failures of a gate that fails, too', () => {
    const report = makeReport([makeFinding({ verdict: 'fail' }), makeFinding({ rule: 'pack/os', ...failed })]);
    expect(headline(report)).toBe(
      'FAILED: 1 blocker, besides 1 accepted blocker (ops, until 2026-12-31); do not set this pair up',
    );
  });
});
