/** Wrong verdicts that tools of this kind have given in the field; each has a test by its name. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import type { Connection, ExecAsk, Report } from '../../src/core/model.js';
import { EvidenceFacts } from '../../src/evidence/facts-in-evidence.js';
import { evaluate } from '../../src/judge/evaluate.js';
import { makeReport } from '../../src/judge/report.js';
import { exitCode, gateOf } from '../../src/judge/verdict.js';
import { parseInventory } from '../../src/plan/inventory.js';
import { checkInventory } from '../../src/plan/inventory-check.js';
import { selectRules } from '../../src/plan/scope.js';
import { filesystem } from '../../src/probes/files/filesystem.js';
import { reporters } from '../../src/reporters/index.js';
import {
  type Answer,
  brought,
  collected,
  healthy,
  judged,
  packOf,
  type RunOver,
  ruleText,
  said,
  scopeOf,
  TAKEN,
  verdicts,
} from '../support.js';

async function run(
  answer?: Answer,
  over: RunOver = {},
  connections: Record<string, Partial<Connection>> = {},
): Promise<Report> {
  const scope = scopeOf(brought, over);
  const evidence = await collected(scope, answer, connections);
  const facts = new EvidenceFacts(scope, evidence);
  return makeReport(scope, evidence, evaluate(scope, facts, evidence.takenAt), facts, 'blocker');
}

const of = (report: Report, rule: string) => report.findings.filter((finding) => finding.rule === `alation/${rule}`);
const verdictsOf = (report: Report, rule: string) => of(report, rule).map((finding) => finding.verdict);
const isReach = (ask: ExecAsk) => ask.argv[0] === '/bin/sh' && ask.argv[3] === 'tcp-reach';
const names = (argv: readonly string[], ...words: string[]) =>
  words.every((word) => argv.some((one) => one.includes(word)));

it('Nothing left to check -> green', () => {
  expect(() => selectRules(brought, ['preflight'], { only: [], skip: ['*'] })).toThrow(UsageError);
  expect(() => selectRules(brought, ['nonesuch'], { only: [], skip: [] })).toThrow(UsageError);
  expect(exitCode(gateOf([], [], 'blocker'))).toBe(3);
  const findings = judged(
    scopeOf(packOf(ruleText('one', ['{ same: kernel.release }'], { releases: '">=2.0"' })), { release: '1.0' }),
    {},
  );
  expect(verdicts(findings)).toEqual({ 'twin/one': 'skip' });
  expect(exitCode(gateOf(findings, [], 'blocker'))).toBe(3);
});

it('Empty expectation list -> green', () => {
  expect(() => packOf(ruleText('one', []).replace('expect:', 'expect: []'))).toThrow(
    /must NOT have fewer than 1 items/,
  );
  expect(() =>
    packOf(ruleText('one', ['{ same: kernel.release, phases: [preflight] }'], { phases: '[preflight, verify]' })),
  ).toThrow(/expects nothing in the phase verify/);
});

it('No outcome matched -> the check vanishes', async () => {
  const pack = packOf(ruleText('one', ['{ every: kernel.machine, verdicts: { x86_64: pass, i686: fail } }']));
  const findings = judged(scopeOf(pack), {
    left: { kernel: { machine: 'riscv64' } },
    right: { kernel: { machine: 'x86_64' } },
  });
  expect(verdicts(findings)).toEqual({ 'twin/one': 'unknown' });
});

describe('0/0 shown as 0 %', () => {
  const outputs = (size: number) => [
    said('/x\n'),
    said(`Filesystem 1024-blocks Used Available Capacity Mounted on\nnone ${size} 0 ${size} - /x\n`),
    said('1 0 0:5 / /x rw - tmpfs none rw\n'),
    said('major minor  #blocks  name\n\n   8        1  1000 sda1\n'),
  ];
  const value = (size: number) => {
    try {
      return filesystem.read(outputs(size), { path: '/x' }) as { usedPercent?: number; bytes?: number };
    } catch {
      return {};
    }
  };
  // defect: df of a file system without blocks reads as 0 % in use.
  it('a file system without a size has no share in use', () => {
    expect(value(1000).usedPercent).toBe(0);
    expect(value(0).usedPercent).toBeUndefined();
  });

  // defect: 0 bytes on both hosts count as the same size.
  it('two file systems without a size are not the same size', async () => {
    const report = await run((_, ask) =>
      ask.argv[0] === 'df' ? outputs(0)[1] : ask.argv[1] === '/proc/self/mountinfo' ? outputs(0)[2] : undefined,
    );
    expect(verdictsOf(report, 'install-space-same-size')).toEqual(['unknown']);
  });
});

it('A missing collector logged and skipped', async () => {
  expect(() =>
    packOf(ruleText('one', ['{ same: kernel.release }'], { facts: '{ kernel: { probe: nonesuch } }' })),
  ).toThrow(/unknown probe "nonesuch"/);
  const healthyReport = await run();
  const scope = scopeOf(brought);
  const evidence = await collected(scope);
  const without = { ...evidence, steps: evidence.steps.filter((step) => step.probe !== 'kernel') };
  const facts = new EvidenceFacts(scope, without);
  const findings = evaluate(scope, facts, without.takenAt);
  expect(findings.map((finding) => finding.key)).toEqual(healthyReport.findings.map((finding) => finding.key));
  expect(
    findings
      .filter((finding) => ['alation/same-kernel', 'alation/same-architecture'].includes(finding.rule))
      .map((finding) => finding.verdict),
  ).toEqual(['unknown', 'unknown']);
});

it('The peer lacks the tool, the matrix still shows "ok"', async () => {
  const report = await run((host, ask) => (host === 'secondary' && isReach(ask) ? said('via none\nend\n') : undefined));
  const found = of(report, 'ha-ports-reachable').filter((finding) => finding.verdict !== 'skip');
  expect(found.filter((finding) => finding.key.includes('secondary->')).map((finding) => finding.verdict)).toEqual([
    'unknown',
    'unknown',
  ]);
  expect(found.filter((finding) => finding.key.includes('primary->')).map((finding) => finding.verdict)).toEqual([
    'pass',
    'pass',
  ]);
  expect(report.run.exitCode).toBe(3);
});

it('One format drops warnings', async () => {
  const report = await run((host, ask) => {
    if (host !== 'secondary') return undefined;
    if (names(ask.argv, 'os-release')) return said('ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n');
    return ask.argv.join(' ') === 'uname -r' ? said('6.1.0\n') : undefined;
  });
  const failed = report.findings.filter((finding) => finding.verdict === 'fail');
  expect(failed.map((finding) => [finding.rule, finding.severity])).toEqual([
    ['alation/same-operating-system', 'warning'],
    ['alation/same-kernel', 'advice'],
  ]);
  // A page of metrics counts findings and names none; what it counts has tests of its own.
  const told = Object.entries(reporters).filter(([format]) => format !== 'prometheus');
  expect(await reporters.prometheus(report, { color: false, columns: 200 })).toMatch(
    /verdict="fail",severity="warning"[^}]*\} 1$/m,
  );
  for (const [format, reporter] of told) {
    const text = (await reporter(report, { color: false, columns: 200 })).replace(/\s+/g, ' ');
    for (const finding of failed) {
      expect([format, text.includes(finding.key), text.includes(finding.remedy.trim())]).toEqual([format, true, true]);
      for (const value of Object.values(finding.actual as Record<string, string>)) expect(text).toContain(value);
    }
  }
  const parsed = JSON.parse(await reporters.json(report, { color: false, columns: 80 })) as Report;
  expect(parsed.findings.map((finding) => finding.key)).toEqual(report.findings.map((finding) => finding.key));
  const junit = await reporters.junit(report, { color: false, columns: 80 });
  expect([...junit.matchAll(/<testcase /g)]).toHaveLength(report.findings.length);
});

it('FAILED but exit 0', async () => {
  const report = await run((host, ask) =>
    host === 'secondary' && ask.argv[0] === 'alation_conf' ? said(`${ask.argv[1]} = master\n`) : undefined,
  );
  expect(verdictsOf(report, 'standalone-mode')).toEqual(['pass', 'fail']);
  expect(report.run).toMatchObject({ gate: 'failed', exitCode: 1 });
});

it('A bypass flag that bypasses what must not be bypassed', () => {
  const guards = brought.rules.filter((rule) => rule.guard).map((rule) => rule.id);
  const chosen = selectRules(brought, ['preflight'], { only: ['alation/same-kernel'], skip: guards }).map(
    (rule) => rule.id,
  );
  expect(chosen).toEqual(expect.arrayContaining(guards));
  for (const rule of guards) {
    const yaml = `hosts: { primary: { address: a }, secondary: { address: b } }\nwaivers: [{ rule: ${rule}, reason: r, owner: o, until: "2099-01-01" }]\n`;
    expect(() => checkInventory(parseInventory(yaml, 'f'), brought)).toThrow(/is a guard and cannot be waived/);
  }
});

it('Fatal errors only on stderr, absent from the JSON', async () => {
  const problem = { problem: 'unreachable', problemAt: 'host', message: 'no route to host' } as const;
  const gone = said('', { exit: null, problem: 'unreachable', problemAt: 'host', stderr: problem.message });
  const report = await run(
    (host) => (host === 'secondary' ? gone : undefined),
    {},
    { secondary: { problem, logins: 0 } },
  );
  const parsed = JSON.parse(await reporters.json(report, { color: false, columns: 80 })) as Report;
  expect(parsed.run.exitCode).toBe(3);
  expect(parsed.hosts[1]?.connection?.problem).toEqual(problem);
  const access = parsed.findings.find((finding) => finding.key === 'alation/host-access [secondary]');
  expect(access).toMatchObject({ verdict: 'unknown', message: expect.stringContaining('no route to host') });
  for (const finding of parsed.findings.filter((one) => one.subject.kind === 'set'))
    expect(['unknown', 'skip']).toContain(finding.verdict);
  expect(parsed.findings.filter((one) => one.blockedBy === access?.key).length).toBeGreaterThan(5);
});

it('"Port in use" reported as a failure on a running node', async () => {
  const listening = '   1: 00000000:1538 00000000:0000 0A 0\n';
  const report = await run((host, ask) => {
    if (names(ask.argv, '/proc/net/tcp') && !names(ask.argv, 'tcp6'))
      return said(`${healthy(host, ask).stdout}${listening}`);
    return isReach(ask)
      ? said(['via bash', ...ask.argv.slice(6).map((port) => `${port} 0 1 `), 'end', ''].join('\n'))
      : undefined;
  });
  expect(verdictsOf(report, 'ha-ports-reachable').filter((verdict) => verdict !== 'skip')).toEqual([
    'pass',
    'pass',
    'pass',
    'pass',
  ]);
  expect(report.run.exitCode).toBe(0);
});

it('Versions compared as text or as floats', () => {
  const decide = (bound: string, release: string) => brought.releases.decide(bound, brought.releases.parse(release));
  expect([decide('>4.9', '4.10'), decide('>=4.8', '4.10'), decide('<=4.7', '4.10')]).toEqual(['yes', 'yes', 'no']);
  expect([decide('>=V R5', '5.10.0.1'), decide('>=2021.2', '9.9.9.9')]).toEqual(['yes', 'undecided']);
  expect(() =>
    parseInventory('release: 4.10\nhosts: { primary: { address: a }, secondary: { address: b } }\n', 'f'),
  ).toThrow(/must be string, not 4\.1/);
});

it('Builds that differ only in the last number are not the same version', async () => {
  const report = await run((host, ask) =>
    host === 'secondary' && names(ask.argv, 'alation_version') && names(ask.argv, '/opt/')
      ? said(healthy(host, ask).stdout.replace('147420', '147421'))
      : undefined,
  );
  expect(of(report, 'same-version')[0]).toMatchObject({
    verdict: 'fail',
    actual: { primary: '10.0.0.147420', secondary: '10.0.0.147421' },
  });
});

it('Files "differ" only by keys that rightly differ', async () => {
  const report = await run((host, ask) => {
    if (host !== 'secondary') return undefined;
    if (names(ask.argv, 'os-release'))
      return said('PRETTY_NAME="Rocky Linux (standby)"\nVERSION_ID="9.4"\nID="rocky"\nBUG_URL=x\n');
    return ask.argv[0] === 'alation_conf'
      ? said(`site_id = other\n${ask.argv[1]} = standalone\nbase_url = http://b = x\n`)
      : undefined;
  });
  expect([...verdictsOf(report, 'same-operating-system'), ...verdictsOf(report, 'standalone-mode')]).toEqual([
    'pass',
    'pass',
    'pass',
  ]);
});

it('UDP "open" always: silence is not an open port', async () => {
  for (const line of ['22 1 - something new', '22 124 - ', '']) {
    const report = await run((_, ask) =>
      isReach(ask)
        ? said(['via bash', line, 'end', ''].filter((one, at) => at !== 1 || one !== '').join('\n'))
        : undefined,
    );
    for (const finding of of(report, 'ha-ports-reachable')) expect(finding.verdict).not.toBe('pass');
  }
});

it('Majority vote with two hosts', async () => {
  const report = await run((host, ask) =>
    host === 'secondary' && ask.argv[1] === '/proc/stat' ? said('cpu  1 2\ncpu0 1 2\nbtime 1\n') : undefined,
  );
  const [finding] = of(report, 'same-cpu-count');
  expect(finding).toMatchObject({ verdict: 'fail', actual: { primary: 2, secondary: 1 } });
  expect(finding?.message).toBe('differs: primary 2 and secondary 1');
});

describe('The check ran on the wrong machine', () => {
  const oneBox: Answer = (_, ask) => (names(ask.argv, 'boot_id') ? healthy('primary', ask) : undefined);
  it('both names reach the same box and everything is "identical"', async () => {
    const report = await run(oneBox);
    expect(verdictsOf(report, 'two-machines')).toEqual(['fail']);
    const compared = report.findings.filter(
      (finding) =>
        finding.subject.kind !== 'host' && finding.rule !== 'alation/two-machines' && finding.verdict !== 'skip',
    );
    expect(compared.length).toBeGreaterThan(8);
    for (const finding of compared)
      expect([finding.key, finding.verdict, finding.blockedBy]).toEqual([
        finding.key,
        'unknown',
        'alation/two-machines',
      ]);
    expect(report.run.exitCode).toBe(1);
  });

  it('a boot id that nobody could read proves no second machine', async () => {
    const report = await run((_, ask) => (names(ask.argv, 'boot_id') ? said('\n') : undefined));
    expect(verdictsOf(report, 'two-machines')).toEqual(['unknown']);
    expect(verdictsOf(report, 'same-memory')).toEqual(['unknown']);
    expect(report.run.exitCode).toBe(3);
  });

  it("an address that is on another machine's interface is not the host's own", async () => {
    const report = await run((host, ask) =>
      host === 'secondary' && names(ask.argv, 'fib_trie') ? healthy('primary', ask) : undefined,
    );
    expect(verdictsOf(report, 'address-on-interface')).toEqual(['pass', 'fail']);
  });
});

it('Two runs at once spoil each other', async () => {
  const broken: Answer = (host, ask) =>
    host === 'secondary' && ask.argv[0] === 'alation_conf' ? said(`${ask.argv[1]} = master\n`) : undefined;
  const apart = [await run(), await run(broken)];
  const together = await Promise.all([run(), run(broken)]);
  expect(together.map((report) => JSON.stringify(report.findings))).toEqual(
    apart.map((report) => JSON.stringify(report.findings)),
  );
});

it('An expired waiver still waives', async () => {
  const until = (day: string) => ({
    inventory: { waivers: [{ rule: 'alation/standalone-mode', reason: 'r', owner: 'o', until: day }] },
  });
  const broken: Answer = (host, ask) =>
    host === 'secondary' && ask.argv[0] === 'alation_conf' ? said(`${ask.argv[1]} = master\n`) : undefined;
  const taken = TAKEN.toISOString().slice(0, 10);
  const inForce = await run(broken, until(taken));
  expect([inForce.run.exitCode, inForce.summary.waived, inForce.summary.fail]).toEqual([0, 1, 0]);
  const expired = await run(broken, until('2026-11-20'));
  expect([expired.run.exitCode, expired.summary.waived, expired.summary.fail]).toEqual([1, 0, 1]);
});
