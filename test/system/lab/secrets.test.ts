import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeLab } from './describe-lab.js';
import * as faults from './faults.js';
import type { Lab } from './lab.js';
import { pairflight } from './pairflight.js';
import { secrets } from './product.js';
import { makeReady } from './ready.js';
import { leaksIn } from './scenario.js';
import { borrowLab, handBack } from './shared.js';

describeLab('secrets on the hosts', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await borrowLab({ confDelay: 0.05 });
  });
  afterEach(() => lab.reset());
  afterAll(() => handBack(lab));

  it('stand where a tool that asks like ours meets them', async () => {
    for (const host of lab.hosts) {
      faults.setTwins(host, { confDelay: 0, confAlwaysSubstring: true });
      const enter = ['chroot', host.layout.root, '/bin/su', '-', 'alation', '-c'];
      const conf = await host.exec([...enter, 'alation_conf alation.cluster.replication_mode; alation_conf pgsql']);
      const processes = await host.exec(['ps', '-e', '-o', 'args=']);
      for (const secret of secrets) expect(conf.stdout + processes.stdout).toContain(secret);
    }
  });

  it.each(['preflight', 'pre-replication'])('none comes out of a %s, whatever is asked for', async (phase) => {
    makeReady(lab);
    for (const host of lab.hosts) faults.setTwins(host, { confDelay: 0, confAlwaysSubstring: true });
    const file = (name: string) => `${lab.folder}/${name}`;
    const reports = ['table', `table=${file('t')}`, `json=${file('j')}`, `junit=${file('x')}`];
    const words = reports.flatMap((report) => ['--report', report]);
    const common = [lab.inventory(), '--known-hosts', lab.knownHosts, '--all', '--evidence', file('e')];
    const env = { ...process.env, NO_COLOR: '1', PAIRFLIGHT_DEBUG: '1' };
    const ran = await pairflight(['check', '--phase', phase, ...common, ...words], { env });
    expect(ran.stdout).toContain('alation/host-access');
    const again = await pairflight(['evaluate', file('e'), '--report', 'json'], { env });
    expect(again.stdout).toContain('alation/host-access');
    const plan = await pairflight(['plan', '--phase', phase, lab.inventory()], { env });
    expect(plan.stdout).toContain('alation_conf');
    const files = ['t', 'j', 'x', 'e'].map((name) => readFileSync(file(name), 'utf8'));
    for (const text of files) expect(text).toContain('host-access');
    const said = [ran, again, plan].flatMap(({ stdout, stderr }) => [stdout, stderr]);
    expect(leaksIn(...files, ...said)).toEqual([]);
  });
});
