/** docs/writing-a-pack.md, followed word for word. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacking } from '../needs.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/writing-a-pack.md'), 'utf8');
const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);

const missing = lacking('sed');

describe.skipIf(missing)(`a pack written as the page says${missing}`, () => {
  let folder = '';
  const shell = (input: string) =>
    spawnSync('/bin/sh', ['-e'], {
      cwd: folder,
      input,
      encoding: 'utf8',
      env: { PATH: `${folder}:${process.env.PATH}`, HOME: folder },
    });
  let said = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pairflight-own-'));
    // Outside a clone there is no npx that would find the program.
    writeFileSync(join(folder, 'npx'), `#!/bin/sh\nshift\nexec ${process.execPath} ${root}bin/pairflight.js "$@"\n`);
    chmodSync(join(folder, 'npx'), 0o755);
    const ran = shell(blocks.join('\n'));
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    said = ran.stdout;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('says what the comments beside its commands promise', () => {
    const promised = blocks.flatMap((text) => [...text.matchAll(/^npx .*# (.+)$/gm)].map(([, words]) => words));
    expect(promised.length).toBeGreaterThan(1);
    for (const words of promised) expect(said).toContain(words);
  });

  it('asks the server in a read-only session', () => {
    expect(said).toMatch(/as server: sudo -n 'su' '-s' '\/bin\/sh' 'postgres'/);
    expect(said).toContain('default_transaction_read_only=on');
  });

  it('is planned without a release, which its hosts are not asked for', () => {
    expect(said).toMatch(/^Plan of my-pair .*, phase verify, release not asked for$/m);
  });

  it.each(['replication.yaml', 'replication.cases.yaml'])('holds what the pack that comes along holds: %s', (name) => {
    const written = readFileSync(join(folder, 'my-pair/sections', name), 'utf8').replaceAll('my-pair', 'postgresql');
    const brought = readFileSync(join(root, 'rules/postgresql/sections', name), 'utf8').split('\n');
    const own = written.split('\n').filter((line) => !line.startsWith('source:'));
    expect(own.length).toBeGreaterThan(3);
    expect(own.filter((line) => !brought.includes(line))).toEqual([]);
  });

  it('is refused a second time, and with a name that cannot be one', () => {
    const again = shell('npx pairflight rules new my-pair');
    expect(again).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('exists already') });
    const wrong = shell('npx pairflight rules new My_Pair');
    expect(wrong).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('valid pack name') });
  });
});
