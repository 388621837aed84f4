import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../../src/core/model.js';
import { asLive } from '../../as-live.js';
import { describePair } from './describe-lab.js';
import { setConf } from './faults.js';
import type { Lab } from './lab.js';
import { startPair } from './pair/pair.js';
import { pairflight } from './pairflight.js';
import { pairInventory } from './rows/pair.js';

const flag = 'alation.feature_flags.enable_backup_v2';
const mode = 'alation.cluster.replication_mode';
const kept = 'alation/backup-v2-kept';

/** Before the setup: standalone hosts, and Backup V2 turned on. */
function beforeSetup(lab: Lab): void {
  for (const host of lab.hosts) {
    setConf(host, mode, 'standalone');
    setConf(host, 'alation.cluster.hosts', '[]');
  }
  setConf(lab.primary, flag, 'True');
}

describePair('verify with the evidence of the preflight', () => {
  let lab: Lab;
  let before: string;

  beforeAll(async () => {
    // Backup V2 can be turned on from 2020.3 on, which is 5.17; the setup turns it off up to 2021.1.
    lab = await startPair({ confDelay: 0, build: '5.17.0.116556' });
    before = `${lab.folder}/before.json`;
    beforeSetup(lab);
    const ran = await run('preflight', '--evidence', before);
    expect(ran.code, ran.stderr).toBe(0);
    expect(verdictOf(ran.report, kept)).toMatchObject({ verdict: 'pass' });
    await lab.reset();
  });
  afterAll(() => lab?.close());

  async function run(verb: string, ...args: string[]) {
    const words = [verb, lab.inventory(pairInventory()), '--known-hosts', lab.knownHosts, '--report', 'json', ...args];
    const ran = await pairflight(words);
    return { ...ran, report: JSON.parse(ran.stdout) as Report };
  }

  const verdictOf = ({ findings }: Report, key: string) => findings.find((finding) => finding.key === key);

  it('fails what the setup turned off, as a warning, and names what changed since; judged again it is the same', async () => {
    const evidence = `${lab.folder}/after.json`;
    const { code, report, stdout } = await run('verify', '--baseline', before, '--evidence', evidence);
    expect(report.product).toMatchObject({ release: '2020.3', build: '5.17.0.116556' });
    expect(verdictOf(report, kept)).toMatchObject({ verdict: 'fail', severity: 'warning' });
    expect(code).toBe(0);
    const value = (subject: string, key: string, was: string, is: string) => ({
      subject,
      fact: `conf ${key}`,
      property: 'value',
      before: was,
      after: is,
    });
    expect(report.changes?.list).toEqual([
      value('primary', mode, 'standalone', 'master'),
      value('primary', flag, 'True', 'False'),
      value('secondary', mode, 'standalone', 'slave'),
    ]);
    expect(report.changes?.compared).toBeGreaterThan(20);
    const again = await pairflight(['evaluate', evidence, '--report', 'json']);
    expect([again.code, asLive(again.stdout)]).toEqual([0, stdout]);
  });

  it('fails the gate for it where warnings do', async () => {
    expect((await run('verify', '--baseline', before, '--fail-on', 'warning')).code).toBe(1);
  });

  it('passes where it was turned on again', async () => {
    try {
      setConf(lab.primary, flag, 'True');
      const { report } = await run('verify', '--baseline', before);
      expect(verdictOf(report, kept)).toMatchObject({ verdict: 'pass' });
      expect(report.changes?.list.map(({ fact }) => fact)).toEqual([`conf ${mode}`, `conf ${mode}`]);
    } finally {
      await lab.reset();
    }
  });

  it('cannot tell without it, and says what to give', async () => {
    const { code, report } = await run('verify');
    expect(verdictOf(report, kept)).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining('give --baseline FILE'),
    });
    expect(report.changes).toBeUndefined();
    expect(code).toBe(0);
  });

  it('refuses the evidence of another pair', async () => {
    const hosts = { secondary: { address: lab.network.runner, ssh: { host: lab.secondary.address } } };
    const words = ['verify', lab.inventory({ ...pairInventory(), hosts }), '--known-hosts', lab.knownHosts];
    const ran = await pairflight([...words, '--baseline', before]);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toMatch(/before\.json: is of another pair: the host of the role secondary is /);
  });
});
