import { readFileSync, statSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../../src/core/model.js';
import { asLive } from '../../as-live.js';
import { describeLab } from './describe-lab.js';
import * as faults from './faults.js';
import type { Lab } from './lab.js';
import { block, replaceProgram } from './obstacles.js';
import { pairflight } from './pairflight.js';
import { harmTo, leaksIn } from './scenario.js';
import { borrowLab, handBack } from './shared.js';

interface Situation {
  name: string;
  fault: (lab: Lab) => void | Promise<void>;
  exit: number;
  /** A host cannot be reached. */
  down?: boolean;
}

const situations: Situation[] = [
  { name: 'a healthy lab', fault: () => {}, exit: 0 },
  {
    name: 'a lab with another build and another mode',
    fault: (lab) => {
      faults.setBuild(lab.secondary, '10.0.0.147421');
      faults.setConf(lab.primary, 'alation.cluster.replication_mode', 'master');
    },
    exit: 1,
  },
  {
    name: 'a lab with a dropped port, `df` without end and shells that talk',
    fault: async (lab) => {
      await block(lab.secondary, lab.primary, 5432, 'drop');
      await replaceProgram(lab.primary, 'df', 'exec yes');
      faults.shellsTalk(lab.primary, 'good morning');
    },
    exit: 1,
  },
  { name: 'a lab that refuses sudo', fault: (lab) => faults.setSudoers(lab.secondary, ''), exit: 3 },
  { name: 'a lab with a host down', fault: (lab) => faults.stopSshd(lab.secondary), exit: 3, down: true },
];

describeLab('evidence of a lab, judged again', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await borrowLab();
  });
  afterEach(() => lab.reset());
  afterAll(() => handBack(lab));

  const file = (name: string) => `${lab.folder}/${name}`;
  const text = (name: string) => readFileSync(file(name), 'utf8');
  const mode = (name: string) => (statSync(file(name)).mode & 0o777).toString(8);
  const known = () => ['--known-hosts', lab.knownHosts];

  /** The findings as they stand in a report, byte for byte. */
  function findingsIn(report: string): string {
    const [findings] = /^ {2}"findings": \[\n[\s\S]*?\n {2}\]/m.exec(report) ?? [];
    expect((JSON.parse(report) as Report).findings.length).toBeGreaterThan(20);
    if (findings === undefined) throw new Error('the report has no list of findings');
    return findings;
  }

  /** The findings, but for what is measured anew in each run: of that the verdict alone. */
  function settled(report: string): object[] {
    const measured = /network-quality|clock-offset|runner-reaches-hosts|backup-recent|roles-not-swapped/;
    const { findings } = JSON.parse(report) as Report;
    return findings.map((one) => (measured.test(one.key) ? { key: one.key, verdict: one.verdict } : one));
  }

  describe.each(situations)('$name', ({ fault, exit, down = false }) => {
    it('gives the live findings again, byte for byte, and the same exit code', async () => {
      await fault(lab);
      lab.baseline();
      const outputs = ['--evidence', file('e.json'), '--report', `json=${file('live.json')}`];
      const live = await pairflight(['preflight', lab.inventory(), ...known(), ...outputs]);
      const again = await pairflight(['evaluate', file('e.json'), '--report', `json=${file('again.json')}`]);
      expect(live.code, live.stderr).toBe(exit);
      expect(again.code, again.stderr).toBe(exit);
      expect(findingsIn(text('again.json'))).toBe(findingsIn(text('live.json')));
      expect(asLive(text('again.json'))).toBe(text('live.json'));
      for (const name of ['e.json', 'live.json', 'again.json']) expect(mode(name)).toBe('600');
      expect([...harmTo(lab), ...leaksIn(text('e.json'), text('live.json'), text('again.json'))]).toEqual([]);
    });

    it('collected first and judged later, it is the same', async () => {
      await fault(lab);
      lab.baseline();
      const live = await pairflight(['preflight', lab.inventory(), ...known(), '--report', 'json']);
      const collected = await pairflight(['collect', lab.inventory(), ...known(), '-o', file('collected.json')]);
      expect(collected.code, collected.stderr).toBe(down ? 3 : 0);
      expect(collected.stdout).toBe('');
      expect(mode('collected.json')).toBe('600');
      const later = await pairflight(['evaluate', file('collected.json'), '--report', 'json']);
      expect(later.code, later.stderr).toBe(exit);
      expect(settled(asLive(later.stdout))).toEqual(settled(live.stdout));
      expect([...harmTo(lab), ...leaksIn(text('collected.json'), collected.stderr)]).toEqual([]);
    });
  });

  it('of a host that cannot be reached, collecting says why and ends with 3', async () => {
    await faults.stopSshd(lab.secondary);
    const { code, stderr } = await pairflight(['collect', lab.inventory(), ...known(), '-o', file('down.json')]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^pairflight: secondary: cannot connect to [\d.]+: connection refused\n$/);
  });
});
