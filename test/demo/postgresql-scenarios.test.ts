/** A played pair of PostgreSQL servers: each scenario changes exactly the findings that it concerns. */
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/core/model.js';
import { changesFrom, keysOf, playOnce, unplayed, wordsOf } from './findings.js';
import type { Playing } from './run.js';

const product = 'postgresql';
const played = (scenario: string, playing: Playing = {}) => playOnce(scenario, { product, ...playing });

describe('the played servers', () => {
  it('are a healthy pair, of which nobody says within a second how fast it writes', async () => {
    const healthy = await played('healthy');
    expect(keysOf(healthy, 'fail')).toEqual([]);
    expect(keysOf(healthy, 'unknown')).toEqual(['outage-budget']);
    expect(healthy.report.run.exitCode).toBe(0);
  });

  it.each<[string, number, Record<string, Verdict>]>([
    ['default', 1, { 'next-start-limits': 'fail', 'idle-slots': 'fail', 'logical-slots': 'fail' }],
    ['silent-link', 1, { streaming: 'fail' }],
    ['commits-hang', 1, { 'commits-return': 'fail', 'synchronous-commit': 'pass' }],
    ['would-not-start', 1, { 'next-start-limits': 'fail' }],
    [
      'slot-fills-disk',
      0,
      { 'disks [db-a]': 'fail', 'idle-slots': 'fail', 'bounded-slots': 'fail', 'outage-budget': 'pass' },
    ],
  ])('%s ends with %i and changes exactly what it should', async (scenario, exitCode, changes) => {
    const check = await played(scenario);
    expect(await changesFrom(played('healthy'), check)).toEqual(changes);
    expect(check.report.run.exitCode).toBe(exitCode);
  });

  it('say what they say of real ones', async () => {
    expect(wordsOf(await played('silent-link'), 'streaming')).toMatch(/late/);
    expect(wordsOf(await played('would-not-start'), 'next-start-limits')).toMatch(/max_connections/);
    expect(wordsOf(await played('slot-fills-disk'), 'idle-slots')).toMatch(/old_reporting/);
    const { report } = await played('slot-fills-disk');
    const budget = report.findings.find(({ rule }) => rule === 'postgresql/outage-budget');
    expect(JSON.stringify(budget)).toMatch(/the standby may be away about \d+h/);
  });

  it('are failed over', async () => {
    const ready = await played('failover-ready');
    expect([...keysOf(ready, 'fail'), ...keysOf(ready, 'unknown')]).toEqual([]);
    const dead = await played('failover-dead-primary');
    expect(keysOf(dead, 'fail')).toEqual([]);
    expect(dead.report.run.exitCode).toBe(3);
  });

  it('have no scenario that nobody played', () => {
    expect(unplayed(['verify', 'failover'], product)).toEqual([]);
  });
});
