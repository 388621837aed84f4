import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeLab } from './describe-lab.js';
import { playOn } from './judging.js';
import { type Lab, startLab } from './lab.js';
import { makeLegacyReady } from './ready.js';
import { legacyPreReplicationRows, legacyRows } from './rows/legacy.js';
import { notPassed, type Played, play } from './scenario.js';

// Nothing listens for MongoDB before the setup: without --prove-ports it stays open whether a connection is let through.
const mongo = {
  'alation/ha-ports-proven [27017 primary->secondary]': 'unknown',
  'alation/ha-ports-proven [27017 secondary->primary]': 'unknown',
} as const;

describeLab('a pair of a legacy release', () => {
  describe.each([
    ['3.12, under /usr/local/alation', '3.12.5.1234'],
    ['4.7, under /opt/alation/alation', '4.7.3.1234'],
  ])('%s', (_, build) => {
    let lab: Lab;
    let healthy: Played;
    let ready: Played;

    beforeAll(async () => {
      lab = await startLab({ build, confDelay: 0.05 });
      healthy = await play(lab);
      ready = await play(lab, { phase: 'pre-replication', fault: makeLegacyReady });
      await lab.reset();
    });
    afterAll(() => lab?.close());

    it('passes the preflight', () => {
      expect(healthy.ran.code, healthy.ran.stderr).toBe(0);
      expect(healthy.ran.stderr).toBe('');
      expect(healthy.harm).toEqual([]);
      expect(notPassed(healthy)).toEqual({
        ...mongo,
        'alation/test-instance-similar': 'skip',
        // Backup V2 came with 2020.3.
        'alation/backup-v2-kept': 'skip',
        // Instances are protected from 4.8 on.
        'alation/secondary-data-at-risk': 'skip',
        'alation/primary-protection-kept': 'skip',
      });
    });

    it('passes the gate before the Secondary is added', () => {
      expect(ready.ran.code, ready.ran.stderr).toBe(0);
      expect(ready.ran.stderr).toBe('');
      expect(ready.harm).toEqual([]);
      expect(notPassed(ready)).toEqual({
        ...mongo,
        'alation/backup-v2-kept': 'skip',
        // There is not so much data.
        'alation/legacy-inline-disabled': 'skip',
        'alation/secondary-data-at-risk': 'skip',
        'alation/primary-protected': 'skip',
        'alation/secondary-unprotected': 'skip',
        // From 2020.4 on.
        'alation/override-ip [primary]': 'skip',
        'alation/override-ip [secondary]': 'skip',
      });
    });

    it.each(legacyRows)('preflight: $name', (row) => playOn(lab, healthy, row));
    it.each(legacyPreReplicationRows)('gate: $name', (row) => playOn(lab, ready, row));
  });
});
