import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asLive } from '../../as-live.js';
import { describePair } from './describe-lab.js';
import { playOn } from './judging.js';
import type { Lab } from './lab.js';
import { powerOff } from './pair/connection-faults.js';
import { promoteServer } from './pair/server.js';
import { pairflight } from './pairflight.js';
import { failoverRows } from './rows/failover.js';
import { pairInventory } from './rows/pair.js';
import { lost } from './rows/verify-replication.js';
import { changes, notPassed, type Played, play } from './scenario.js';
import { borrowPair } from './shared.js';

const healthyRun = { phase: 'failover', inventory: pairInventory } as const;

describePair('the phase before a Secondary is promoted', () => {
  let lab: Lab;
  let healthy: Played;

  beforeAll(async () => {
    lab = await borrowPair();
    healthy = await play(lab, healthyRun);
  });
  afterAll(() => lab?.close());

  it('passes where nothing would be lost, and says how far the Secondary is', () => {
    expect(healthy.ran.code, healthy.ran.stderr).toBe(0);
    expect(healthy.ran.stderr).toBe('');
    expect(healthy.harm).toEqual([]);
    expect(healthy.logins).toEqual([1, 1]);
    expect(notPassed(healthy)).toEqual({});
    const loss = healthy.report?.findings.find(({ rule }) => rule === 'alation/lag-before-failover');
    expect(loss?.told?.slice(0, 3).join('\n')).toMatch(
      /^primary has written up to (0\/\w+)\nsecondary has received up to \1\nsecondary has replayed up to \1$/,
    );
    expect(healthy.report?.run.next).toMatch(/^Fence primary \([\d.]+\) first: .*cannot be reversed/s);
    expect(healthy.report?.notVerified.map(({ id }) => id)).toEqual(['kvstore-replication', 'search-index-rebuild']);
  });

  describe('with one thing changed', () => {
    it.each(failoverRows)('$name', (row) => playOn(lab, healthy, row));
  });

  it('tells a person to fence a dead Primary first, and what its Secondary knows; judged again it is the same', async () => {
    try {
      await powerOff(lab);
      const words = ['check', '--phase', 'failover', lab.inventory(pairInventory()), '--known-hosts', lab.knownHosts];
      const evidence = `${lab.folder}/dead.json`;
      const json = `${lab.folder}/dead-report.json`;
      const reports = ['--report', 'table', '--report', `json=${json}`];
      const live = await pairflight([...words, '--evidence', evidence, ...reports]);
      expect(live.code, live.stderr).toBe(3);
      const text = live.stdout.replaceAll(/\s+/g, ' ');
      expect(text).toMatch(/^INCOMPLETE: .* CAUTION: Fence primary \([\d.]+\) first: power it off/);
      expect(text).toContain('primary: could not be reached');
      expect(text).toMatch(/secondary has received up to 0\/\w+/);
      expect(text).toMatch(/secondary has replayed up to 0\/\w+/);
      const again = await pairflight(['evaluate', evidence, '--report', 'json']);
      expect([again.code, asLive(again.stdout)]).toEqual([3, readFileSync(json, 'utf8')]);
    } finally {
      await lab.reset();
    }
  });

  it('passes again after every fault was undone', async () => {
    const again = await play(lab, healthyRun);
    expect(changes(healthy, again)).toEqual({});
    expect(again.ran.code).toBe(0);
  });

  // The last one: there is no way back.
  it('fails a Secondary whose server somebody has promoted, though its configuration still calls it a replica', async () => {
    const played = await play(lab, { ...healthyRun, fault: () => promoteServer(lab.secondary) });
    expect(changes(healthy, played)).toEqual({
      ...lost,
      'alation/postgres-roles [secondary]': 'fail',
      'alation/lag-before-failover': 'fail',
    });
    expect(played.ran.code).toBe(1);
    const said = (rule: string) => played.report?.findings.find(({ key }) => key.startsWith(rule))?.message;
    expect(said('alation/postgres-roles [secondary]')).toBe('secondary: primary, expected a standby, in recovery');
    expect(said('alation/lag-before-failover')).toMatch(
      / apart: primary [\d.]+ MiB \(\d+ bytes\) and secondary [\d.]+ MiB \(\d+ bytes\)/,
    );
  });
});
