import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../../src/core/model.js';
import { describeLab } from './describe-lab.js';
import * as faults from './faults.js';
import type { Lab } from './lab.js';
import { pairflight } from './pairflight.js';
import { changes, harmTo, leaksIn, type Played, play } from './scenario.js';
import { borrowLab, handBack } from './shared.js';

/** What two places cannot tell together; both are warnings. */
const apart = {
  // A clock is told against that of the machine that asks.
  'alation/clock-offset': 'unknown',
};

describeLab('hosts that nobody reaches from one place', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await borrowLab({ confDelay: 0.05 });
  });
  afterEach(() => lab.reset());
  afterAll(() => handBack(lab));

  /** Collects where the one host is reached and the other is not; gives the file. */
  async function collect(reached: 'primary' | 'secondary', other: 'primary' | 'secondary'): Promise<string> {
    const file = `${lab.folder}/${reached}.json`;
    const before = lab.hosts.map((host) => lab.acceptedLogins(host));
    const inventory = lab.inventory({ hosts: { [other]: { connection: 'none' } } });
    const ran = await pairflight(['collect', inventory, '--known-hosts', lab.knownHosts, '-o', file]);
    expect(ran.code, ran.stderr).toBe(0);
    const logins = lab.hosts.map((host, index) => lab.acceptedLogins(host) - (before[index] ?? 0));
    expect(logins).toEqual(reached === 'primary' ? [1, 0] : [0, 1]);
    return file;
  }

  async function compare(live: Played, exit: number): Promise<void> {
    const files = [await collect('primary', 'secondary'), await collect('secondary', 'primary')];
    for (const order of [files, files.toReversed()]) {
      const ran = await pairflight(['evaluate', ...order, '--report', 'json']);
      expect(ran.code, ran.stderr).toBe(exit);
      const { findings } = JSON.parse(ran.stdout) as Report;
      const verdicts = Object.fromEntries(findings.map(({ key, verdict }) => [key, verdict]));
      expect(changes(live, { ...live, verdicts })).toEqual(apart);
    }
    expect([...harmTo(lab), ...leaksIn(...files.map((file) => readFileSync(file, 'utf8')))]).toEqual([]);
  }

  it('are judged as if they had been asked together', async () => {
    const live = await play(lab);
    expect(live.ran.code).toBe(0);
    await compare(live, 0);
  });

  it('and fail for the same', async () => {
    const live = await play(lab, {
      fault: async () => {
        faults.setBuild(lab.secondary, '10.0.0.147421');
        faults.setConf(lab.primary, 'alation.cluster.replication_mode', 'master');
        await faults.stopProcesses(lab.secondary, 'postgres');
      },
    });
    expect(live.ran.code).toBe(1);
    await compare(live, 1);
  });

  it('one of them alone proves nothing about the pair', async () => {
    const ran = await pairflight(['evaluate', await collect('primary', 'secondary'), '--report', 'json']);
    expect(ran.code, ran.stderr).toBe(3);
    const { findings } = JSON.parse(ran.stdout) as Report;
    expect(findings.find(({ key }) => key === 'alation/two-machines')?.verdict).toBe('unknown');
  });
});
