import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeLab } from './describe-lab.js';
import { playOn } from './judging.js';
import type { Lab } from './lab.js';
import { pairflightProcess } from './pairflight.js';
import { accessRows } from './rows/access.js';
import { machineRows } from './rows/machine.js';
import { networkRows } from './rows/network.js';
import { productRows } from './rows/product.js';
import { changes, notPassed, type Played, play, type Scenario } from './scenario.js';
import { borrowLab, handBack } from './shared.js';

describeLab('preflight on a lab with one thing changed', () => {
  let lab: Lab;
  let healthy: Played;

  beforeAll(async () => {
    lab = await borrowLab();
    // The rows run in this process; what they are held against does not.
    healthy = await play(lab, { configured: true }, pairflightProcess);
  });
  afterAll(() => handBack(lab));

  it('a healthy lab passes', () => {
    expect(healthy.ran.code, healthy.ran.stderr).toBe(0);
    expect(healthy.ran.stderr).toBe('');
    expect(healthy.harm).toEqual([]);
    expect(healthy.logins).toEqual([1, 1]);
    expect(notPassed(healthy)).toEqual({
      // There is no third host.
      'alation/test-instance-similar': 'skip',
      // The product used MongoDB before V R5 only.
      'alation/ha-ports-reachable [27017 primary->secondary]': 'skip',
      'alation/ha-ports-reachable [27017 secondary->primary]': 'skip',
      'alation/ha-ports-proven [27017 primary->secondary]': 'skip',
      'alation/ha-ports-proven [27017 secondary->primary]': 'skip',
      // The setup resets Backup V2 before 2021.2 only.
      'alation/backup-v2-kept': 'skip',
      // Asked of 4.7 and below only.
      'alation/key-exchange-script [primary]': 'skip',
      'alation/key-exchange-script [secondary]': 'skip',
      'alation/postgres-inline-size': 'skip',
    });
  });

  it('answers the same by ssh2 and by ssh itself', async () => {
    const told = async (transport: string) => {
      const { ran, report, logins, harm } = await play(lab, { args: ['--transport', transport] });
      expect(ran.stderr).toBe('');
      expect([logins, harm]).toEqual([[1, 1], []]);
      expect(report?.hosts.map((host) => host.connection?.transport?.name)).toEqual([transport, transport]);
      // Sizes and clocks go on.
      return report?.findings.map(({ key, verdict, message = '' }) => [
        key,
        verdict,
        message.replace(/-?\d[\d.]*/g, 'N'),
      ]);
    };
    expect(await told('openssh')).toEqual(await told('ssh2'));
  });

  const playRow = (row: Scenario) => playOn(lab, healthy, row);

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
    it.each(accessRows)('$name', (row) => playRow({ ...row, configured: true }));
  });

  it('is healthy again after every fault was undone', async () => {
    const again = await play(lab);
    expect(changes(healthy, again)).toEqual({});
    expect(again.ran.code).toBe(0);
  });
});
