/** `init`: an inventory out of options, and out of what the hosts know. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadDemo, type RunningDemo, startDemo } from '../../src/demo/index.js';
import { packDir } from '../../src/packs.js';
import { pairflight, tidy } from './run.js';

afterAll(tidy);

const two = ['--primary', 'ops@db-a,address=10.0.0.1', '--secondary', 'db-b,address=10.0.0.2'];

describe('init', () => {
  it('writes what plan reads, for its owner alone', async () => {
    const { code, folder, stderr } = await pairflight(['init', ...two, '--set', 'dataDisk=/mnt/d']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const file = join(folder, 'pairflight.yaml');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { stdout } = await pairflight(['plan', file]);
    expect(stdout).toContain('df -P -k /mnt/d');
  });

  it('does not write over a file, unless it is forced', async () => {
    const files = { 'pairflight.yaml': 'mine\n' };
    expect(await pairflight(['init', ...two], { files })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--force'),
    });
    expect(await pairflight(['init', ...two, '--force'], { files })).toMatchObject({ code: 0 });
  });
});

describe('init --discover', () => {
  let running: RunningDemo | undefined;
  afterEach(async () => {
    await running?.close();
    running = undefined;
  });

  const discover = async (scenario: string) => {
    running = await startDemo(loadDemo(packDir('alation')), scenario);
    const { identityFile, knownHosts, hosts } = running;
    const spec = (role: string) =>
      `${role}=${hosts[role]?.user}@127.0.0.1:${hosts[role]?.port},address=${hosts[role]?.address}`;
    const run = await pairflight([
      'init',
      '--host',
      spec('primary'),
      '--host',
      spec('secondary'),
      '--discover',
      '--identity',
      identityFile,
      '--known-hosts',
      knownHosts,
      '--ssh-config',
      '/dev/null',
    ]);
    return {
      ...run,
      inventory: run.code === 2 ? undefined : parse(readFileSync(join(run.folder, 'pairflight.yaml'), 'utf8')),
    };
  };

  it('writes what both hosts agree on once, and what one has for itself to that host', async () => {
    const { code, inventory } = await discover('default');
    expect(code).toBe(0);
    expect(inventory.settings).toEqual({ dataDisk: '/data' });
    expect(inventory.hosts.primary.settings).toEqual({ backupDisk: '/backup' });
    expect(inventory.hosts.secondary.settings).toEqual({ backupDisk: '/mnt/backup' });
  });

  it('finds the directory of an old release by itself', async () => {
    const { code, inventory } = await discover('old-3.12');
    expect({ code, settings: inventory.settings }).toEqual({
      code: 0,
      settings: { dataDisk: '/data', backupDisk: '/backup' },
    });
  });

  it('tells what it could not read, ends with 3, and writes no guess', async () => {
    const { code, inventory, stderr } = await discover('sudo-refused');
    expect(code).toBe(3);
    expect(stderr).toMatch(/not discovered: dataDisk on secondary: sudo was refused/);
    expect(inventory.hosts.secondary.settings).toBeUndefined();
  });

  it('takes no answer that is no path', async () => {
    const { code, inventory, stderr } = await discover('everything-wrong');
    expect(code).toBe(3);
    expect(stderr).toMatch(/dataDisk on primary: the answer "data" is no value/);
    expect(JSON.stringify(inventory)).not.toContain('"data"');
  });
});
