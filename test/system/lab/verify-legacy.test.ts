import { afterAll, beforeAll, expect, it } from 'vitest';
import { describePair } from './describe-lab.js';
import { setFile } from './faults.js';
import { replicationLogin } from './key-exchange.js';
import type { Lab } from './lab.js';
import { startPair } from './pair/pair.js';
import { startProduct } from './processes.js';
import { pairInventory } from './rows/pair.js';
import { changes, notPassed, type Played, play } from './scenario.js';

const verify = { phase: 'verify', inventory: pairInventory } as const;

describePair('verify on a pair of 4.7, where all services run on both hosts', () => {
  let lab: Lab;
  let healthy: Played;

  beforeAll(async () => {
    lab = await startPair({ confDelay: 0, build: '4.7.3.1234' });
    await startProduct(lab.secondary, ['ServerServer', 'TaskServer', 'AuthServer']);
    await Promise.all(lab.hosts.map((host) => startProduct(host, ['mongod'])));
    healthy = await play(lab, verify);
  });
  afterAll(() => lab?.close());

  it('passes, and says that nobody can see the lag of MongoDB', () => {
    expect(healthy.ran.code, healthy.ran.stderr).toBe(0);
    expect([healthy.harm, healthy.logins]).toEqual([[], [1, 1]]);
    expect(healthy.report?.notVerified.map(({ id }) => id)).toEqual(['mongo-lag']);
    expect(notPassed(healthy)).toEqual({
      // Instances are protected from 4.8 on.
      'alation/primary-protection-kept': 'skip',
      // From 2020.3, 2020.4 and 2021.3 on.
      'alation/backup-v2-kept': 'skip',
      'alation/override-ip [primary]': 'skip',
      'alation/override-ip [secondary]': 'skip',
      'alation/max-wal-senders': 'skip',
      'alation/wal-senders-not-below-primary': 'skip',
    });
  });

  it('warns of MongoDB that does not listen on the Secondary', async () => {
    await lab.secondary.processes.get('mongod')?.stop({ forked: true });
    const played = await play(lab, verify);
    expect(changes(healthy, played)).toEqual({ 'alation/ha-ports-reachable [27017 primary->secondary]': 'fail' });
    expect(played.ran.code).toBe(0);
    await startProduct(lab.secondary, ['mongod']);
  });

  it('asks for a login that says nothing of its own, by .hushlogin', async () => {
    try {
      setFile(lab.secondary, `${replicationLogin.home}/.bashrc`, 'echo Welcome\n');
      const played = await play(lab, verify);
      expect(changes(healthy, played)).toEqual({
        'alation/hushlogin [primary->secondary]': 'fail',
        'alation/keys-exchanged [primary->secondary]': 'fail',
      });
      expect(played.ran.code).toBe(1);
    } finally {
      await lab.reset();
    }
  });
});
