/** `init --fleet`: a fleet's file out of one pair, which the fleet's commands take as it is. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { check } from '../../src/core/check-schema.js';
import { loadDemo, startDemo } from '../../src/demo/index.js';
import { fleetSchema } from '../../src/fleet/schema.js';
import { packDir, packIndex } from '../../src/pack/load.js';
import { pairflight, pairflightIn, tidy } from './run.js';

afterAll(tidy);

const two = ['--primary', 'ops@db-a,address=10.0.0.1', '--secondary', 'db-b,address=10.0.0.2'];
const uncommented = (text: string) => text.replace(/^( *)# (?=[ -]*[\w]+:| {2}-)/gm, '$1');

describe('init --fleet', () => {
  it('writes a file that a fleet is checked by, and names the commands that do it', async () => {
    const running = await startDemo(loadDemo(packDir('alation')), 'healthy');
    try {
      const { hosts, identityFile, knownHosts } = running;
      const specs = ['primary', 'secondary'].flatMap((role) => [
        '--host',
        `${role}=${hosts[role]?.user}@127.0.0.1:${hosts[role]?.port},address=${hosts[role]?.address}`,
      ]);
      const { code, folder, stderr } = await pairflight(['init', '--fleet', '--name', 'billing', ...specs]);
      expect({ code, files: readdirSync(folder) }).toEqual({ code: 0, files: ['fleet.yaml'] });
      expect(statSync(join(folder, 'fleet.yaml')).mode & 0o777).toBe(0o600);
      const [, next = '', then = ''] =
        /next: pairflight (.*)\n +then: pairflight (.*)\n/.exec(stderr)?.map((line) => line.trim()) ?? [];
      expect(await pairflightIn(folder, next.split(' '))).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('== billing\n'),
      });
      expect(then).toBe('fleet preflight fleet.yaml --out results');
      const reach = ['--identity', identityFile, '--known-hosts', knownHosts, '--ssh-config', 'none'];
      const words = ['fleet', 'check', 'fleet.yaml', '--phase', 'preflight', '--out', 'results', ...reach];
      const ran = await pairflightIn(folder, [...words, '--skip', '*/runner-reaches-hosts', '--report', 'json=r.json']);
      expect(ran.code).toBe(0);
      expect(JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8'))).toMatchObject({
        pairs: [{ pair: 'billing', outcome: 'passed' }],
      });
    } finally {
      await running.close();
    }
  });

  it.each(packIndex().packs)('of %s holds as it is, and with all that it has commented out', async (product) => {
    const missing = await pairflight(['init', '--fleet', '--product', product]);
    const words = /try: pairflight (.*)\n/.exec(missing.stderr)?.[1]?.split(' ') ?? [];
    expect(words.slice(0, 2)).toEqual(['init', '--fleet']);
    const { code, stdout } = await pairflight([...words, '--product', product, '-o', '-']);
    expect(code).toBe(0);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(140);
    const inventory = 'hosts: { primary: { address: 10.9.0.1 }, secondary: { address: 10.9.0.2 } }\nproduct: alation\n';
    const files = { 'inventories/other.yaml': inventory };
    for (const text of [stdout, uncommented(stdout)]) {
      expect(check(fleetSchema, parse(text))).toEqual([]);
      const ran = await pairflight(['fleet', 'plan', 'fleet.yaml'], {
        files: { ...files, 'fleet.yaml': text },
        env: { SUDO_PASSWORD: 'x' },
      });
      expect(ran).toMatchObject({ code: 0, stderr: '' });
    }
    expect(Object.keys(parse(uncommented(stdout)))).toEqual(
      expect.arrayContaining(['fleet', 'defaults', 'pairs', 'include', 'waivers', 'attest']),
    );
  });

  it('writes over nothing, and does not look into hosts', async () => {
    const files = { 'fleet.yaml': 'mine\n' };
    expect(await pairflight(['init', '--fleet', ...two], { files })).toMatchObject({ code: 2 });
    expect(await pairflight(['init', '--fleet', '--force', ...two], { files })).toMatchObject({ code: 0 });
    expect(await pairflight(['init', '--fleet', '--discover', ...two])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--discover asks the hosts of one pair'),
    });
  });
});

describe('--name', () => {
  it('is what the pair is called, in the inventory that init writes and in a run', async () => {
    const { stdout } = await pairflight(['init', '-o', '-', '--name', 'billing', ...two]);
    expect(parse(stdout)).toMatchObject({ name: 'billing', product: 'alation' });
    expect(await pairflight(['plan', '--name', 'a b', ...two])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^pairflight: --name: "a b" is not a name of letters/),
    });
    const files = { 'pairflight.yaml': stdout, 'evidence.json': '' };
    const report = await pairflight(
      [
        'preflight',
        '--name',
        'other',
        '--declared-file',
        'primary:/opt/alation/alation/.disk1_cache=evidence.json',
        '--report',
        'json',
      ],
      { files },
    );
    expect(JSON.parse(report.stdout).run.pair).toBe('other');
  });
});
