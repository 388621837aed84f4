import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describePair } from './describe-lab.js';
import { playOn } from './judging.js';
import type { Lab } from './lab.js';
import { pairInventory } from './rows/pair.js';
import { secondServerBeforeFailover, secondServerRows } from './rows/second-server.js';
import { changes, type Played, play } from './scenario.js';
import { borrowPair, handBack } from './shared.js';

describePair("a pair where another stands in for the Secondary's own server", () => {
  let lab: Lab;
  let healthy: Record<'verify' | 'failover', Played>;

  beforeAll(async () => {
    lab = await borrowPair();
    const run = (phase: 'verify' | 'failover') => play(lab, { phase, inventory: pairInventory });
    healthy = { verify: await run('verify'), failover: await run('failover') };
    expect([healthy.verify.ran.code, healthy.failover.ran.code]).toEqual([0, 0]);
  });
  afterAll(() => handBack(lab));

  describe('verify fails', () => {
    it.each(secondServerRows)('$name', (row) => playOn(lab, healthy.verify, row));
  });
  describe('failover fails', () => {
    it.each(secondServerBeforeFailover)('$name', (row) => playOn(lab, healthy.failover, row));
  });

  it('passes again after all of them are gone', async () => {
    const again = await play(lab, { phase: 'verify', inventory: pairInventory });
    expect(changes(healthy.verify, again)).toEqual({});
    expect([again.ran.code, again.harm]).toEqual([0, []]);
  });
});
