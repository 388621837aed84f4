/** `init`: an inventory out of options, and out of what the hosts know. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { check } from '../../src/core/check-schema.js';
import type { JsonSchema } from '../../src/core/model.js';
import { loadDemo, type RunningDemo, startDemo } from '../../src/demo/index.js';
import { packDir, packIndex } from '../../src/pack/load.js';
import { pairflight, pairflightIn, tidy } from './run.js';

afterAll(tidy);

const two = ['--primary', 'ops@db-a,address=10.0.0.1', '--secondary', 'db-b,address=10.0.0.2'];

const inventoryIn = (folder: string) => readFileSync(join(folder, 'pairflight.yaml'), 'utf8');

/** The file with all that it has commented out. */
const uncommented = (text: string) => text.replace(/^( *)# (?=[ -]*[\w]+:| {2}-)/gm, '$1');

describe('init', () => {
  it('writes what plan reads, for its owner alone, and names the next commands', async () => {
    const { code, folder, stderr, stdout } = await pairflight(['init', ...two, '--set', 'installSpace=/srv/d']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/next: pairflight plan +.*\n +then: pairflight preflight /);
    const file = join(folder, 'pairflight.yaml');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const plan = await pairflight(['plan', file]);
    expect(plan).toMatchObject({ code: 0, stdout: expect.stringContaining('df -P -k /srv/d') });
  });

  it('begins with a schema that lies beside it, and that accepts it as the pack does', async () => {
    const { folder } = await pairflight(['init', ...two, '--release', '2021.4', '--set', 'dataDisk=/mnt/d']);
    const text = inventoryIn(folder);
    const [, path = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
    const schema = JSON.parse(readFileSync(join(folder, path), 'utf8')) as JsonSchema;
    expect(check(schema, parse(text))).toEqual([]);
    const wrong = [
      text.replace('/mnt/d', 'data'),
      text.replace('dataDisk', 'dataDsk'),
      text.replace('role: primary', 'role: master'),
    ];
    for (const one of wrong) expect(check(schema, parse(one)).length).toBeGreaterThan(0);
    // The editors' dialect, in which a mistake in the schema itself is an error.
    expect(new Ajv({ strict: true, allowUnionTypes: true, formats: { date: true } }).compile(schema)).toBeTypeOf(
      'function',
    );
  });

  it('explains its fields, and what it has commented out holds as it stands', async () => {
    const { folder } = await pairflight(['init', ...two]);
    const text = inventoryIn(folder);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
    for (const key of ['address', 'ssh', 'ports', 'waivers', 'attest', 'dataDisk', 'release']) {
      expect(text).toMatch(new RegExp(`${key}:[^\\n]* # \\w`));
    }
    const whole = uncommented(text);
    const added = parse(whole);
    expect(Object.keys(added)).toEqual([
      'name',
      'product',
      'release',
      'hosts',
      'settings',
      'ports',
      'waivers',
      'attest',
    ]);
    expect(added.hosts).toHaveProperty('test.address');
    const env = { SUDO_PASSWORD: 'x' };
    expect(await pairflight(['plan', '-'], { stdin: whole, env })).toMatchObject({ code: 0, stderr: '' });
  });

  it('writes to stdout alone where that is asked for', async () => {
    const { code, folder, stderr, stdout } = await pairflight(['init', ...two, '-o', '-']);
    expect({ code, stderr, files: readdirSync(folder) }).toEqual({ code: 0, stderr: '', files: [] });
    expect(stdout).not.toContain('$schema');
    expect(await pairflight(['plan', '-'], { stdin: stdout })).toMatchObject({ code: 0 });
  });

  it('does not write over a file, unless it is forced', async () => {
    const files = { 'pairflight.yaml': 'mine\n' };
    const refused = await pairflight(['init', ...two], { files });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
    expect(inventoryIn(refused.folder)).toBe('mine\n');
    expect(await pairflight(['init', ...two, '--force'], { files })).toMatchObject({ code: 0 });
  });

  it("does not write over somebody else's schema", async () => {
    const files = { 'pairflight.schema.json': '{}' };
    const { code, folder, stderr } = await pairflight(['init', ...two], { files });
    expect({ code, schema: readFileSync(join(folder, 'pairflight.schema.json'), 'utf8') }).toEqual({
      code: 0,
      schema: '{}',
    });
    expect(stderr).toContain('pairflight.schema.json: is another file, and stays as it is');
  });

  it('never asks in a pipe: it names the options that are missing, and they suffice', async () => {
    const { code, folder, stderr } = await pairflight(['init', '--primary', 'ops@db-a'], { stdin: '10.0.0.1\n' });
    expect({ code, files: readdirSync(folder) }).toEqual({ code: 2, files: [] });
    expect(stderr).toMatch(/there is no terminal to ask at, and no host is given for the role secondary\n/);
    const words = /try: pairflight (.*)\n/.exec(stderr)?.[1]?.split(' ') ?? [];
    expect(await pairflight(words)).toMatchObject({ code: 0 });
  });

  it.each(packIndex().packs)('writes an inventory of %s that its plan takes', async (product) => {
    const missing = await pairflight(['init', '--product', product]);
    const words = /try: pairflight (.*)\n/.exec(missing.stderr)?.[1]?.split(' ') ?? [];
    const { code, stdout } = await pairflight([...words, '--product', product, '-o', '-']);
    expect({ code, product: parse(stdout).product }).toEqual({ code: 0, product });
    const env = { SUDO_PASSWORD: 'x' };
    for (const stdin of [stdout, uncommented(stdout)])
      expect(await pairflight(['plan', '-'], { stdin, env })).toMatchObject({ code: 0, stderr: '' });
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
      'none',
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

  it('completes an inventory that is there, and keeps what somebody wrote into it', async () => {
    running = await startDemo(loadDemo(packDir('alation')), 'default');
    const text = `# ours\n${stringify({ ...running.inventory, settings: { lagSamples: 3 } })}waivers: [{ rule: alation/same-kernel, reason: r, owner: o, until: "2030-01-01" }] # agreed\n`;
    const { folder } = await pairflight(['rules', 'list'], { files: { 'pairflight.yaml': text } });
    const words = ['init', '--discover', '--known-hosts', running.knownHosts, '--ssh-config', 'none'];
    expect(await pairflightIn(folder, words)).toMatchObject({ code: 2 });
    expect(inventoryIn(folder)).toBe(text);
    expect(await pairflightIn(folder, [...words, '--force'])).toMatchObject({ code: 0 });
    const written = inventoryIn(folder);
    expect(written).toMatch(/^# ours\n/);
    expect(written).toContain('# agreed');
    expect(parse(written)).toMatchObject({
      settings: { lagSamples: 3, dataDisk: '/data' },
      hosts: {
        primary: { settings: { backupDisk: '/backup' } },
        secondary: { settings: { backupDisk: '/mnt/backup' } },
      },
      waivers: [{ rule: 'alation/same-kernel' }],
    });
  });
});
