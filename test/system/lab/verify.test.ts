import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asLive } from '../../as-live.js';
import { describePair } from './describe-lab.js';
import { playOn } from './judging.js';
import type { Lab } from './lab.js';
import { pairflight, pairflightProcess } from './pairflight.js';
import { expectedOn, LabPlan } from './planned.js';
import { pairInventory } from './rows/pair.js';
import { monitorRows } from './rows/verify-monitor.js';
import { verifyProductRows } from './rows/verify-product.js';
import { replicationRows } from './rows/verify-replication.js';
import { changes, notPassed, type Played, play, type Scenario } from './scenario.js';
import { recordSessions } from './session-log.js';
import { borrowPair, handBack } from './shared.js';

const healthyRun = { phase: 'verify', inventory: pairInventory } as const;

describePair('verify on a replicating pair', () => {
  let lab: Lab;
  let healthy: Played;
  let replayed: string;

  beforeAll(async () => {
    lab = await borrowPair();
    // A process of its own: how long it takes is bounded, and what it prints is judged again in this one.
    healthy = await play(lab, { ...healthyRun, configured: true }, pairflightProcess);
    replayed = asLive((await pairflight(['evaluate', `${lab.folder}/evidence.json`, '--report', 'json'])).stdout);
  });
  afterAll(() => handBack(lab));

  it('passes where all is well, within a bounded time', () => {
    expect(healthy.ran.code, healthy.ran.stderr).toBe(0);
    expect(healthy.ran.stderr).toBe('');
    expect(healthy.harm).toEqual([]);
    expect(healthy.logins).toEqual([1, 1]);
    // What is asked takes a second; the rest is for a machine that has other things to do.
    expect(healthy.ran.ms).toBeLessThan(20_000);
    expect(healthy.report?.product).toMatchObject({ release: '2021.4', build: '10.0.0.147420' });
    expect(notPassed(healthy)).toEqual({
      // The product used MongoDB before V R5 only.
      'alation/ha-ports-reachable [27017 primary->secondary]': 'skip',
      'alation/ha-ports-reachable [27017 secondary->primary]': 'skip',
      // The setup resets Backup V2 before 2021.2 only.
      'alation/backup-v2-kept': 'skip',
      // A Secondary of 4.8 and above runs a few processes only.
      'alation/services-started [secondary]': 'skip',
      // Asked of 4.7 and below only.
      'alation/hushlogin [primary->secondary]': 'skip',
      'alation/hushlogin [secondary->primary]': 'skip',
    });
  });

  it('says what nobody can verify, and what would be verified if it were named', async () => {
    const unverified = ({ report }: Played) => report?.notVerified.map(({ id }) => id);
    const always = ['kvstore-port', 'event-bus-port', 'kvstore-replication', 'event-bus-sync'];
    expect(unverified(healthy)).toEqual(always);
    const unnamed = await play(lab, { phase: 'verify', args: ['--set', 'lagSamples=2', '--set', 'lagEveryMs=300'] });
    expect(unverified(unnamed)).toEqual([...always, 'file-paths']);
    expect(unnamed.ran.code).not.toBe(1);
  });

  it('gives the same report, byte for byte, when its evidence is judged again', () => {
    expect(replayed).toBe(healthy.ran.stdout);
  });

  it('runs what stands in its plan, as often as it says there, and nothing else', async () => {
    const plan = await LabPlan.for('--phase', 'verify', lab.inventory(pairInventory()));
    try {
      const recorded = async () => void (await Promise.all(lab.hosts.map(recordSessions)));
      const { ran, harm } = await play(lab, { ...healthyRun, fault: recorded, configured: true }, pairflightProcess);
      expect([ran.code, harm]).toEqual([0, []]);
      for (const host of lab.hosts) expect((await plan.executed(host)).sort()).toEqual(expectedOn(plan, host));
    } finally {
      await lab.reset();
    }
    const asked = plan.on(lab.primary).filter(({ times }) => times === 2);
    // The page is asked together with the host's own addresses: it may lead to one of them.
    expect(new Set(asked.map(({ argv }) => argv[0]))).toEqual(new Set(['curl', 'cat', 'psql']));
  });

  const playRow = (row: Scenario) => playOn(lab, healthy, row);

  describe('the replication', () => {
    it.each(replicationRows)('$name', playRow);
  });
  describe("the Primary's page answers", () => {
    it.each(monitorRows)('$name', playRow);
  });
  describe('the product, its files and its keys', () => {
    it.each(verifyProductRows)('$name', playRow);
  });

  it('passes again after every fault was undone', async () => {
    const again = await play(lab, healthyRun);
    expect(changes(healthy, again)).toEqual({});
    expect(again.ran.code).toBe(0);
  });
});
