/** The pack of plain PostgreSQL pairs, run against the lab's real pair: it knows nothing of the product around the servers. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../../src/core/model.js';
import { describePair } from './describe-lab.js';
import type { Lab } from './lab.js';
import { database, promoteServer } from './pair/server.js';
import { pauseReplay, startStandby, stopStandby } from './pair/standby-faults.js';
import { pairflight } from './pairflight.js';
import { productUsers } from './product.js';
import { borrowPair } from './shared.js';

/** The lab's servers are made for speed, and the pack says so. */
const fast = { 'crash-safety [primary]': 'fail', 'crash-safety [secondary]': 'fail', 'rewind-possible': 'fail' };

/** The lab's servers live in a chroot: the lock file beside the socket names a directory that is none outside of it. */
const unseen = {
  // A user with such a number is no system's user, and nothing here says what becomes of his shared memory.
  'shared-memory-kept [primary]': 'unknown',
  'shared-memory-kept [secondary]': 'unknown',
  'disks [primary]': 'unknown',
  'disks [secondary]': 'unknown',
  'equal-disks': 'unknown',
  'outage-budget': 'unknown',
};

/** Who owns the servers: outside of the chroot nobody has that number, and the pack asks as whoever does. */
const owner = `dba:*:${productUsers.alation}:${productUsers.alation}::/:/bin/sh`;
const asked = { user: database.user, database: database.name, serverUser: 'dba' };

describePair('the pack postgresql', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await borrowPair();
  });
  afterAll(() => lab?.close());

  /** Verdicts by rule, but passes; and the exit code. */
  async function verify(): Promise<{ code: number | null; found: Record<string, string>; messages: string }> {
    const socket = `${lab.primary.layout.chroot}${database.socket}`;
    const inventory = lab.inventory({
      product: 'postgresql',
      hosts: { secondary: { role: 'standby' } },
      settings: { ...asked, socket, lagSamples: 3, lagEveryMs: 300 },
    });
    const before = lab.hosts.map((host) => host.read('/etc/passwd'));
    for (const host of lab.hosts) host.rewrite('/etc/passwd', `${host.read('/etc/passwd')}${owner}\n`);
    const ran = await pairflight(['verify', inventory, '--known-hosts', lab.knownHosts, '--report', 'json']);
    for (const [index, host] of lab.hosts.entries()) host.rewrite('/etc/passwd', before[index] ?? '');
    const { findings = [] } = JSON.parse(ran.stdout || '{}') as Partial<Report>;
    expect(findings.length, ran.stderr).toBeGreaterThan(0);
    const left = findings.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skip');
    return {
      code: ran.code,
      found: Object.fromEntries(left.map(({ key, verdict }) => [key.replace('postgresql/', ''), verdict])),
      messages: left.map(({ key, message }) => `${key}: ${message}`).join('\n'),
    };
  }

  it('passes a pair that replicates, and writes nothing', async () => {
    const { code, found, messages } = await verify();
    expect(found, messages).toEqual({ ...fast, ...unseen });
    expect(code).toBe(0);
    // The file of users is what this test itself wrote.
    const changed = lab.hosts.flatMap((host) => lab.changedFiles(host));
    expect(changed.filter((file) => file !== '/etc/passwd')).toEqual([]);
  });

  it('tells a standby that is down', async () => {
    await stopStandby(lab);
    const { code, found } = await verify();
    await startStandby(lab);
    await lab.reset();
    expect(code).toBe(1);
    expect(found).toMatchObject({
      roles: 'fail',
      streaming: 'fail',
      'one-cluster': 'unknown',
      'same-version': 'unknown',
    });
  });

  it('tells replay that is paused, however small the lag', async () => {
    await pauseReplay(lab);
    const { code, found } = await verify();
    await lab.reset();
    expect(code).toBe(1);
    expect(found).toEqual({ ...fast, ...unseen, 'lag-settles': 'fail' });
  });

  // Last: there is no way back.
  it('tells two servers that both accept writes', async () => {
    await promoteServer(lab.secondary);
    const { code, found } = await verify();
    expect(code).toBe(1);
    expect(found).toMatchObject({ roles: 'fail', streaming: 'fail' });
  });
});
