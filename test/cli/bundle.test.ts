/** The built program's `bundle`: what it writes, refuses, prints and ends with; and bundles where evidence is taken. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/core/model.js';
import { sha256 } from '../../src/core/sha256.js';
import { loadDemo, startDemo } from '../../src/demo/index.js';
import { readBundle } from '../../src/evidence/archive/bundle-file.js';
import { pack, unpack } from '../../src/evidence/archive/tar.js';
import { packDir } from '../../src/pack/load.js';
import { reporters } from '../../src/reporters/index.js';
import { asLive } from '../as-live.js';
import { pairflight, tidy } from './run.js';

const folder = mkdtempSync(join(tmpdir(), 'pairflight-bundle-'));
const at = (name: string) => join(folder, name);
let evidence: Evidence;
const members = (name: string) => readBundle(readFileSync(at(name)), name);

/** Saves the evidence with something changed. */
function saved(name: string, change: (evidence: Evidence) => void): string {
  const copy = structuredClone(evidence);
  change(copy);
  writeFileSync(at(name), JSON.stringify(copy));
  return at(name);
}

beforeAll(async () => {
  await pairflight(['demo', 'default', '--evidence', at('e.json'), '--report', `json=${at('r.json')}`]);
  evidence = JSON.parse(readFileSync(at('e.json'), 'utf8'));
  const made = await pairflight(['bundle', '--from', at('e.json'), '-o', at('b.tar.gz')]);
  expect(made.stderr).toBe('');
});
afterAll(() => {
  tidy();
  rmSync(folder, { recursive: true });
});

describe('bundle', () => {
  it('writes one file, which its owner alone may read, and ends as the run ended', async () => {
    const { code, stdout, stderr, folder: here } = await pairflight(['bundle', '--from', at('e.json')]);
    const time = evidence.takenAt.replace(/\.\d+Z$/, 'Z').replaceAll(':', '-');
    expect(readdirSync(here)).toEqual([`pairflight-alation-preflight-${time}.tar.gz`]);
    const [name = ''] = readdirSync(here);
    expect(statSync(join(here, name)).mode & 0o777).toBe(0o600);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain(sha256(readFileSync(join(here, name))));
    expect(stdout).toContain('it holds real names and addresses (--redact replaces them)');
  });

  it('under pseudonyms is called another, so that neither takes the place of the other', async () => {
    const words = ['bundle', '--from', at('e.json'), '--redact', 'addresses'];
    const { folder: here, stdout } = await pairflight(words);
    expect(readdirSync(here)).toEqual([expect.stringMatching(/Z-redacted\.tar\.gz$/)]);
    expect(stdout).toContain('; under pseudonyms: addresses\n');
  });

  it('writes the same bytes again, and holds the run in every format', async () => {
    await pairflight(['bundle', '--from', at('e.json'), '-o', at('again.tar.gz')]);
    expect(readFileSync(at('again.tar.gz')).equals(readFileSync(at('b.tar.gz')))).toBe(true);
    expect(members('b.tar.gz').size).toBe(3 + Object.keys(reporters).length);
    const answers = members('b.tar.gz').get('answers.txt')?.toString() ?? '';
    const asked = evidence.steps.flatMap((step) => step.outputs.flat());
    expect(answers.match(/^== /gm)).toHaveLength(asked.length);
    expect(members('b.tar.gz').get('report.json')?.toString()).toBe(readFileSync(at('r.json'), 'utf8'));
    expect(JSON.parse(members('b.tar.gz').get('evidence.json')?.toString() ?? '')).toEqual(evidence);
  });

  it('holds the plan that was run, word for word, with the time limits that it had', async () => {
    await withDemo('healthy', async (inventory, reach) => {
      const files = { 'pair.yaml': JSON.stringify(inventory) };
      const shown = await pairflight(['plan', 'pair.yaml', '--timeout', '17'], { files });
      await pairflight(['bundle', 'pair.yaml', '--timeout', '17', '-o', at('plan.tar.gz'), ...reach], { files });
      expect(shown.stdout).toContain('(17 s)');
      expect(members('plan.tar.gz').get('plan.txt')?.toString()).toBe(shown.stdout);
    });
  });

  it('prints the words for the ticket, with the hash of the very file', async () => {
    const { stdout } = await pairflight(['bundle', '--from', at('e.json'), '-o', at('s.tar.gz'), '--summary']);
    expect(stdout).toMatch(/^Alation HA, release 2021\.4 .* phase preflight: FAILED: 2 blockers/);
    expect(stdout).toContain('- alation/install-space-same-size (blocker):');
    expect(stdout).toContain(`SHA-256 ${sha256(readFileSync(at('s.tar.gz')))}`);
  });

  it('lets no secret in that a host happened to say', async () => {
    const key = '-----BEGIN RSA PRIVATE KEY-----\nS3CR3T\n-----END RSA PRIVATE KEY-----';
    const file = saved('secret.json', ({ connections: [first], steps }) => {
      if (first) first.noise = `${key}\npassword=S3CR3T`;
      for (const output of steps.flatMap(({ outputs }) => outputs.flat())) output.stderr += ' PGPASSWORD=S3CR3T';
    });
    const { code } = await pairflight(['bundle', '--from', file, '-o', at('secret.tar.gz')]);
    expect(code).toBe(1);
    for (const bytes of members('secret.tar.gz').values()) expect(bytes.toString()).not.toContain('S3CR3T');
  });

  it('asks the hosts itself, and hides the login that only the inventory knows', async () => {
    await withDemo('healthy', async (inventory, reach, running) => {
      const files = { 'pair.yaml': JSON.stringify(inventory) };
      const { code, stdout, stderr } = await pairflight(
        ['bundle', 'pair.yaml', '-o', at('live.tar.gz'), '--redact', 'addresses,users', '--summary', ...reach],
        { files },
      );
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('on primary 198.18.1.1, secondary 198.18.1.2');
      expect(running.logins).toEqual({ primary: 1, secondary: 1 });
      expect(members('live.tar.gz').get('evidence.json')?.toString()).not.toMatch(/10\.11\.2\.|"demo\\n"/);
    });
  });

  it('writes nothing when the bundle would be judged otherwise', async () => {
    // The engine's script begins its answer with this very word: under a pseudonym the answer cannot be read any more.
    const file = at('via.json');
    await withDemo('healthy', async ({ hosts: { primary, ...others }, ...inventory }, reach) => {
      const pair = { ...inventory, hosts: { via: primary, ...others } };
      const files = { 'pair.yaml': JSON.stringify(pair) };
      expect((await pairflight(['preflight', 'pair.yaml', '--evidence', file, ...reach], { files })).code).toBe(0);
    });
    expect((await pairflight(['bundle', '--from', file, '-o', at('open.tar.gz')])).code).toBe(0);
    const words = ['bundle', '--from', file, '--redact', 'hostnames'];
    const { code, stderr, stdout, folder: here } = await pairflight(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/would be judged otherwise than the run: alation\/.*nothing was written/);
    expect(readdirSync(here)).toEqual([]);
    expect((await pairflight([...words, '-o', at('via.tar.gz')])).code).toBe(2);
    expect(existsSync(at('via.tar.gz'))).toBe(false);
    writeFileSync(at('old.tar.gz'), 'an older bundle');
    expect((await pairflight([...words, '-o', at('old.tar.gz')])).code).toBe(2);
    expect(readFileSync(at('old.tar.gz'), 'utf8')).toBe('an older bundle');
  });

  it.each<[string[], RegExp]>([
    [['--redact', 'adresses'], /"adresses" cannot be hidden; did you mean "addresses"\?/],
    [['--redact', 'users,'], /"" cannot be hidden/],
    [['pair.yaml'], /either --from or the inventory pair\.yaml, not both/],
    [['--phase', 'verify'], /either --from or --phase, not both/],
    [['--primary', 'db-a'], /either --from or --primary, not both/],
    [['--prove-ports'], /either --from or --prove-ports, not both/],
    [['-o', '/nowhere/b.tar.gz'], /\/nowhere\/b\.tar\.gz: cannot be written/],
    [['-o', '-'], /-o -: /],
  ])('refuses --from e.json %j', async (words, message) => {
    const { code, stderr, folder: here } = await pairflight(['bundle', '--from', at('e.json'), ...words]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(readdirSync(here)).toEqual([]);
  });
});

describe('a bundle in the place of evidence', () => {
  it('is judged with the bytes and the exit code of the evidence itself', async () => {
    const [own, bundled] = await Promise.all(
      ['e.json', 'b.tar.gz'].map((name) => pairflight(['evaluate', at(name), '--report', 'json'])),
    );
    expect(bundled).toMatchObject({ code: own?.code, stderr: '' });
    expect(asLive(bundled?.stdout ?? '')).toBe(asLive(own?.stdout ?? ''));
    expect(own?.code).toBe(1);
  });

  it('is compared, bundled again, and taken from a pipe', async () => {
    const later = saved('later.json', (copy) => {
      copy.takenAt = new Date(Date.parse(copy.takenAt) + 1000).toISOString();
    });
    const words = ['diff', at('b.tar.gz'), later];
    expect(await pairflight(words)).toMatchObject({ code: 0, stderr: '' });
    await pairflight(['bundle', '--from', at('b.tar.gz'), '-o', at('twice.tar.gz')]);
    expect(readFileSync(at('twice.tar.gz')).equals(readFileSync(at('b.tar.gz')))).toBe(true);
    const baseline = await pairflight(['evaluate', later, '--baseline', at('b.tar.gz'), '--report', 'json']);
    expect(JSON.parse(baseline.stdout).changes.since).toBe(evidence.takenAt);
  });

  it.each<[string, (bytes: Buffer) => Buffer, RegExp]>([
    ['a changed answer', (bytes) => changed(bytes, 'evidence.json'), /evidence\.json is not the file that was packed/],
    ['a changed plan', (bytes) => changed(bytes, 'plan.txt'), /plan\.txt is not the file that was packed/],
    ['a cut end', (bytes) => bytes.subarray(0, -20), /cannot be unpacked/],
    ['an archive of something else', () => pack([{ name: 'x.txt', bytes: Buffer.from('x') }], 0), /has no MANIFEST/],
  ])('is refused with %s', async (_, change, message) => {
    writeFileSync(at('bad.tar.gz'), change(readFileSync(at('b.tar.gz'))));
    for (const words of [['evaluate'], ['report'], ['bundle', '--from']]) {
      const { code, stderr, stdout, folder: here } = await pairflight([...words, at('bad.tar.gz')]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(message);
      expect(readdirSync(here)).toEqual([]);
    }
  });
});

/** Plays a pair for as long as it is used: its inventory, and the options that reach it. */
async function withDemo(
  scenario: string,
  use: (
    inventory: { hosts: Record<string, unknown> },
    reach: string[],
    running: Awaited<ReturnType<typeof startDemo>>,
  ) => Promise<void>,
): Promise<void> {
  const running = await startDemo(loadDemo(packDir('alation')), scenario);
  try {
    const reach = ['--known-hosts', running.knownHosts, '--ssh-config', 'none'];
    await use(JSON.parse(JSON.stringify(running.inventory)), reach, running);
  } finally {
    await running.close();
  }
}

/** The bundle with one character of a file replaced. */
function changed(bytes: Buffer, name: string): Buffer {
  const altered = unpack(bytes, 'b').map((member) => {
    if (member.name !== name) return member;
    const copy = Buffer.from(member.bytes);
    copy[200] = (copy[200] ?? 0) ^ 1;
    return { name, bytes: copy };
  });
  return pack(altered, 0);
}
