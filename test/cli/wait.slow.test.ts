/** A run that waits, and is ended: the reports of its last full round are written all the same. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Evidence, Report } from '../../src/core/model.js';

const program = fileURLToPath(new URL('../../bin/pairflight.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pairflight-wait-'));
let running: ChildProcess | undefined;
afterEach(() => void running?.kill('SIGKILL'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A pack with one rule, on a file that is there or is not; both of its hosts are this machine. */
function write(): void {
  const files = {
    'pack/pack.yaml': `name: mine\nversion: "1"\ntitle: Mine\nroles: { left: { title: L, count: "1" }, right: { title: R, count: "1" } }
pair: [left, right]\nphases: { verify: { title: after } }\nsections: [rules]\ndocuments: { manual: { title: Manual } }\nsettings: {}\nreleases: [{ name: "1", basis: documented }]\n`,
    'pack/sections/rules.yaml': `title: T\nsource: { doc: manual, section: S }\nrules:\n  - id: mine/ready\n    title: Ready\n    phases: [verify]\n    severity: blocker
    basis: documented\n    releases: "*"\n    requires: R.\n    facts: { mark: { probe: file, with: { path: ${join(folder, 'mark')} } } }
    expect:\n      - { every: mark.line, equals: ready }\n    remedy: R.\n`,
    'pairflight.yaml':
      'hosts:\n  left: { address: 127.0.0.1, connection: local }\n  right: { address: 127.0.0.2, connection: local }\n',
  };
  mkdirSync(join(folder, 'pack/sections'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

function start(...more: string[]) {
  write();
  const words = ['verify', '--pack', 'pack', '--report', 'json=r.json', '--evidence', 'e.json', ...more];
  const child = spawn(process.execPath, [program, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running = child;
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return { child, stderr: () => stderr, ended: once(child, 'close') };
}

const read = <T>(name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;

describe('verify --wait', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'that is ended by %s between two rounds reports the last full one and ends with %i',
    async (signal, code) => {
      writeFileSync(join(folder, 'mark'), 'not yet\n');
      const { child, stderr, ended } = start('--wait', '6h');
      await once(child.stderr ?? child, 'data');
      child.kill(signal);
      expect(await ended).toEqual([code, null]);
      expect(stderr()).toMatch(/^pairflight: after \ds; waiting for mine\/ready; the next round in \d+s\n$/);
      const report = read<Report>('r.json');
      expect(report.findings.map(({ key, verdict }) => [key, verdict])).toEqual([['mine/ready', 'fail']]);
      expect(report.run).toMatchObject({ interrupted: true, exitCode: code });
      expect(read<Evidence>('e.json').run.interrupted).toBe(true);
    },
  );

  it('is an ordinary run where nothing is to be waited for', async () => {
    writeFileSync(join(folder, 'mark'), 'ready\n');
    const { stderr, ended } = start('--wait', '6h');
    expect(await ended).toEqual([0, null]);
    expect(stderr()).toMatch(/^pairflight: after \ds: the gate passed in a full round\n$/);
    expect(read<Report>('r.json').run).toMatchObject({ exitCode: 0, gate: 'passed' });
    expect(read<Evidence>('e.json').run).not.toHaveProperty('interrupted');
  });

  it('compares with the evidence of an earlier run, which is kept in the new one', async () => {
    writeFileSync(join(folder, 'mark'), 'ready\n');
    await start().ended;
    const before = read<Evidence>('e.json');
    writeFileSync(join(folder, 'before.json'), JSON.stringify(before));
    expect(await start('--baseline', 'before.json').ended).toEqual([0, null]);
    expect(read<Evidence>('e.json').baseline).toEqual(before);
  });
});
