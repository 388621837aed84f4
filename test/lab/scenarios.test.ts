import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeLab } from './describe-lab.js';
import { type Lab, startLab } from './lab.js';
import { accessRows } from './rows/access.js';
import { machineRows } from './rows/machine.js';
import { networkRows } from './rows/network.js';
import { productRows } from './rows/product.js';
import { changes, type Played, play, type Scenario } from './scenario.js';

describeLab('preflight on a lab with one thing changed', () => {
  let lab: Lab;
  let healthy: Played;

  beforeAll(async () => {
    lab = await startLab();
    healthy = await play(lab);
  });
  afterAll(() => lab?.close());

  it('a healthy lab passes', () => {
    expect(healthy.ran.code, healthy.ran.stderr).toBe(0);
    expect(healthy.ran.stderr).toBe('');
    expect(healthy.harm).toEqual([]);
    expect(healthy.logins).toEqual([1, 1]);
    const others = Object.entries(healthy.verdicts).filter(([, verdict]) => verdict !== 'pass');
    // The product used MongoDB before V R5 only.
    expect(others).toEqual([
      ['alation/ha-ports-reachable [27017 primary->secondary]', 'skip'],
      ['alation/ha-ports-reachable [27017 secondary->primary]', 'skip'],
    ]);
  });

  async function judge(own: Lab, row: Scenario): Promise<void> {
    const played = await play(own, row);
    expect(changes(healthy, played), played.ran.stderr).toEqual(row.changes);
    expect(played.ran.code).toBe(row.exit);
    expect(played.report?.run.exitCode).toBe(row.exit);
    expect(played.harm).toEqual([]);
    expect(played.logins).toEqual(row.logins ?? [1, 1]);
    expect(played.ran.stderr).toMatch(row.stderr ?? /^$/);
    for (const [key, words] of Object.entries(row.says ?? {})) {
      expect(played.report?.findings.find((finding) => finding.key === key)?.message).toMatch(words);
    }
    row.after?.(own);
  }

  async function playRow(row: Scenario): Promise<void> {
    const own = row.lab ? await startLab(row.lab) : lab;
    try {
      await judge(own, row);
    } finally {
      await (own === lab ? lab.reset() : own.close());
    }
  }

  describe('the product', () => {
    it.each(productRows)('$name', playRow);
  });
  describe('the machine', () => {
    it.each(machineRows)('$name', playRow);
  });
  describe('the network', () => {
    it.each(networkRows)('$name', playRow);
  });
  describe('the access', () => {
    it.each(accessRows)('$name', playRow);
  });

  it('is healthy again after every fault was undone', async () => {
    const again = await play(lab);
    expect(changes(healthy, again)).toEqual({});
    expect(again.ran.code).toBe(0);
  });
});
