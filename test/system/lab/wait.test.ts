import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Evidence, Report } from '../../../src/core/model.js';
import { must } from './command.js';
import { describePair } from './describe-lab.js';
import type { Lab } from './lab.js';
import { block, unblock } from './obstacles.js';
import { holdStart, letStart, resumeReplay } from './pair/standby-faults.js';
import { LabPlan } from './planned.js';
import { pairInventory } from './rows/pair.js';
import { pausedWith } from './rows/verify-replication.js';
import { type Running, startRun } from './running.js';
import { harmTo, notPassed, type Played, play } from './scenario.js';
import { recordSessions } from './session-log.js';
import { borrowPair, handBack } from './shared.js';

const settles = 'alation/postgres-lag-settles';
/** What only a full round may ask. */
const costlyProbes = ['tcp-reach', 'rsync-dry-run', 'disk-usage', 'port-check'];
const waits = /^pairflight: after .*; waiting for .*; primary \w+: .*4\d[.\d]* MiB.*; the next round /;

describePair('verify --wait on a pair that is not well yet', () => {
  let lab: Lab;
  let healthy: Played;
  let running: Running | undefined;
  let logins: number[];

  beforeAll(async () => {
    lab = await borrowPair();
    healthy = await play(lab, { phase: 'verify', inventory: pairInventory });
  });
  afterEach(async () => {
    running?.kill('SIGKILL');
    await lab.reset();
  });
  afterAll(() => handBack(lab));

  const evidence = () => `${lab.folder}/waited.json`;

  /** Makes it fail, by a replay that is paused with 40 MiB to go unless told otherwise, and starts to wait. */
  async function start(wait: string, fault = () => pausedWith(lab, 40), ...words: string[]): Promise<Running> {
    await fault();
    lab.baseline();
    logins = lab.hosts.map((host) => lab.acceptedLogins(host));
    const how = ['--wait', wait, '--every', '1s', '--report', 'json', '--evidence', evidence()];
    running = startRun(['verify', lab.inventory(pairInventory()), '--known-hosts', lab.knownHosts, ...how, ...words]);
    return running;
  }

  /** How it ended; in every case all findings are those of a full round, and nothing was written. */
  function end(code: number | null, { stdout, lines }: Running) {
    const report = JSON.parse(stdout()) as Report;
    expect(report.findings.map(({ key }) => key)).toEqual(Object.keys(healthy.verdicts));
    expect(harmTo(lab)).toEqual([]);
    const verdicts = Object.fromEntries(report.findings.map(({ key, verdict }) => [key, verdict]));
    return {
      code,
      report,
      failed: Object.entries(verdicts).filter(([, verdict]) => verdict !== 'pass' && verdict !== 'skip'),
      last: lines().at(-1),
      logins: lab.hosts.map((host, index) => lab.acceptedLogins(host) - (logins[index] ?? 0)),
    };
  }

  it('ends well once it is resumed and a firewall is gone, by one full round over the same connections; the small rounds cost little', async () => {
    const plan = await LabPlan.for('--phase', 'verify', lab.inventory(pairInventory()));
    await Promise.all(lab.hosts.map(recordSessions));
    // What only a costly step can tell is awaited, too.
    await block(lab.secondary, lab.primary, 22, 'reset');
    const run = await start('2m');
    await run.said(waits, 3);
    expect(run.lines()[0]).toContain('; waiting for alation/ha-ports-reachable, ');
    await unblock(lab.primary);
    await resumeReplay(lab);
    const ended = end(await run.ended, run);
    expect(ended).toMatchObject({ code: 0, failed: [], logins: [1, 1] });
    expect(ended.last).toMatch(/: the gate passed in a full round$/);
    expect(ended.report.steps.count).toBe(healthy.report?.steps.count);
    expect(notPassed(healthy)).toEqual(
      Object.fromEntries(
        ended.report.findings.flatMap(({ key, verdict }) => (verdict === 'pass' ? [] : [[key, verdict]])),
      ),
    );
    const full = 1 + run.lines().filter((line) => line.includes('; a full round ')).length;
    expect(full).toBe(2);
    for (const host of lab.hosts) {
      const ran = await plan.executed(host);
      const times = (argv: readonly string[]) =>
        ran.filter(([, ...words]) => JSON.stringify(words) === JSON.stringify(argv)).length;
      const costly = plan.on(host).filter(({ probe }) => costlyProbes.includes(probe));
      expect(costly).not.toEqual([]);
      for (const { argv } of costly) expect(times(argv)).toBe(full);
      // What the awaited rule rests on was asked in every round: two full ones and three small ones at the least.
      const [asked] = plan.on(host).filter(({ argv }) => argv[0] === 'psql');
      expect(times(asked?.argv ?? [])).toBeGreaterThanOrEqual(5 * (asked?.times ?? 0));
    }
  });

  it('ends with what the last full round found when the time is over', async () => {
    const run = await start('8s');
    const ended = end(await run.ended, run);
    expect(ended).toMatchObject({ code: 1, failed: [[settles, 'fail']], logins: [1, 1] });
    expect(ended.last).toMatch(/: the time is over, still waiting for alation\/postgres-lag-settles; the full round /);
    expect(run.lines().filter((line) => waits.test(line)).length).toBeGreaterThanOrEqual(2);
    expect(ended.report.run.gate).toBe('failed');
  });

  it('waits for a server that starts, which neither passes nor fails', async () => {
    const run = await start('2m', () => holdStart(lab), '--only', 'alation/postgres-roles');
    await run.said(/^pairflight: after .*; waiting for alation\/postgres-roles; the next round in /, 2);
    expect(run.lines().filter((line) => line.includes('does not help'))).toEqual([]);
    await letStart(lab);
    const report = JSON.parse(await run.ended.then(() => run.stdout())) as Report;
    expect([await run.ended, report.run.gate, report.summary.unknown]).toEqual([0, 'passed', 0]);
    expect(harmTo(lab)).toEqual([]);
  });

  it('waits until a standby that was started again streams', async () => {
    const run = await start('2m', () => holdStart(lab));
    await run.said(/^pairflight: after .*; waiting for .*; the next round in /, 2);
    expect(run.lines().filter((line) => line.includes('does not help'))).toEqual([]);
    await letStart(lab);
    expect(end(await run.ended, run)).toMatchObject({ code: 0, failed: [], logins: [1, 1] });
  });

  it('survives a connection that is dropped, and logs in once more', async () => {
    const run = await start('2m');
    await run.said(waits, 2);
    const { stdout } = await lab.secondary.exec(['ps', '-eo', 'pid=,args=']);
    const sessions = stdout.split('\n').filter((line) => /sshd(-session)?: ec2-user/.test(line));
    expect(sessions).not.toEqual([]);
    await must(lab.secondary.inside(['kill', '-KILL', ...sessions.map((line) => line.trim().split(' ')[0] ?? '')]));
    await run.said(/; a host cannot be reached; /);
    await resumeReplay(lab);
    expect(end(await run.ended, run)).toMatchObject({ code: 0, failed: [], logins: [1, 2] });
  });

  it('that is interrupted reports the last full round, and says that it was interrupted', async () => {
    const run = await start('2m');
    await run.said(waits, 2);
    run.kill('SIGINT');
    const ended = end(await run.ended, run);
    expect(ended).toMatchObject({ code: 130, failed: [[settles, 'fail']], logins: [1, 1] });
    expect(ended.report.run.interrupted).toBe(true);
    expect((JSON.parse(readFileSync(evidence(), 'utf8')) as Evidence).run.interrupted).toBe(true);
  });
});
