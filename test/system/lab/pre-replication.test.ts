import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeLab } from './describe-lab.js';
import { playOn } from './judging.js';
import type { Lab } from './lab.js';
import { makeReady } from './ready.js';
import { preReplicationRows } from './rows/pre-replication.js';
import { notPassed, type Played, play } from './scenario.js';
import { borrowLab, handBack } from './shared.js';

describeLab('the gate before the Secondary is added', () => {
  let lab: Lab;
  let healthy: Played;

  beforeAll(async () => {
    lab = await borrowLab({ confDelay: 0.05 });
    healthy = await play(lab, { phase: 'pre-replication', fault: makeReady });
    await lab.reset();
  });
  afterAll(() => handBack(lab));

  it('a ready pair passes, and the report says what the next step deletes', () => {
    expect(healthy.ran.code, healthy.ran.stderr).toBe(0);
    expect(healthy.ran.stderr).toBe('');
    expect(healthy.harm).toEqual([]);
    expect(healthy.logins).toEqual([1, 1]);
    expect(notPassed(healthy)).toEqual({
      // The product used MongoDB before V R5 only.
      'alation/ha-ports-reachable [27017 primary->secondary]': 'skip',
      'alation/ha-ports-reachable [27017 secondary->primary]': 'skip',
      'alation/ha-ports-proven [27017 primary->secondary]': 'skip',
      'alation/ha-ports-proven [27017 secondary->primary]': 'skip',
      // The setup resets Backup V2 before 2021.2 only.
      'alation/backup-v2-kept': 'skip',
      // Asked of 4.7 and below only.
      'alation/legacy-cluster-hosts': 'skip',
      'alation/legacy-inline-disabled': 'skip',
      'alation/hushlogin [primary->secondary]': 'skip',
      'alation/hushlogin [secondary->primary]': 'skip',
    });
    expect(healthy.ran.stdout).toMatch(/deletes the data of every listed instance.*everything on secondary/s);
  });

  it('a pair on which nothing was set up yet fails each step that is missing', async () => {
    const played = await play(lab, { phase: 'pre-replication' });
    expect(played.ran.code).toBe(1);
    expect(Object.entries(notPassed(played)).filter(([, verdict]) => verdict !== 'skip')).toEqual([
      ['alation/secondary-unprotected', 'fail'],
      ['alation/primary-in-master-mode', 'fail'],
      ['alation/override-ip [primary]', 'fail'],
      ['alation/override-ip [secondary]', 'fail'],
    ]);
  });

  describe('with one thing changed', () => {
    it.each(preReplicationRows)('$name', (row) => playOn(lab, healthy, row));
  });
});
