/** What becomes of the files that a command line names: older ones, those that are also read, and two that are one. */
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pairflight, pairflightIn, tidy } from './run.js';

afterAll(tidy);

const inventory = `hosts:
  primary: { role: primary, address: 127.0.0.1, connection: none, ssh: { identityFile: key } }
  secondary: { role: secondary, address: 127.0.0.2, connection: none }
`;
const offline = ['preflight', 'pairflight.yaml', '--ssh-config', 'none'];

describe('a report of an earlier run', () => {
  const old = { 'run.xml': 'old', 'run.html': 'old', 'e.json': 'old' };
  const named = ['--report', 'junit=run.xml', '--report=html=run.html', '--evidence', 'e.json'];

  it.each([
    ['the inventory is wrong', ['preflight', 'pairflight.yaml', ...named]],
    ['an option is unknown', ['preflight', ...named, '--bogus']],
    ['the command is unknown', ['prefligth', ...named]],
    ['options come first', [...named, 'preflight']],
    ['another output is wrong', ['preflight', ...named, '--report', 'json=no/such/folder']],
    ['a format is unknown', ['preflight', ...named, '--report', 'jnuit']],
  ])('is gone where %s; evidence stays', async (_, words) => {
    const { code, folder } = await pairflight(words, { files: { ...old, 'pairflight.yaml': 'hosts: 1\n' } });
    expect(code).toBe(2);
    expect(Object.keys(old).filter((name) => existsSync(join(folder, name)))).toEqual(['e.json']);
    expect(readFileSync(join(folder, 'e.json'), 'utf8')).toBe('old');
  });

  it('is gone behind its link, and what is also read stays', async () => {
    const { folder } = await pairflight(['--version'], { files: { 'real.xml': 'old', 'in.json': '{}' } });
    symlinkSync('real.xml', join(folder, 'run.xml'));
    const words = ['evaluate', 'in.json', '--report', 'junit=run.xml', '--report', 'json=./in.json'];
    expect((await pairflightIn(folder, words)).code).toBe(2);
    expect([existsSync(join(folder, 'real.xml')), readFileSync(join(folder, 'in.json'), 'utf8')]).toEqual([
      false,
      '{}',
    ]);
  });

  it('stays where only help was asked for', async () => {
    const { code, folder } = await pairflight(['preflight', ...named, '--help'], { files: old });
    expect(code).toBe(0);
    expect(existsSync(join(folder, 'run.xml'))).toBe(true);
  });
});

describe('two that are one file', () => {
  it.each([
    [
      '--evidence and a report',
      ['--evidence', 'x', '--report', 'json=x'],
      /--report json=x: is the same file as --evidence x; give it a file of its own/,
    ],
    [
      'two reports',
      ['--report', 'json=./x', '--report', 'junit=x'],
      /junit=x: is the same file as --report json=\.\/x/,
    ],
    [
      'a link',
      ['--report', 'json=there', '--report', 'junit=link'],
      /junit=link: is the same file as --report json=there/,
    ],
    [
      'the inventory',
      ['--report', 'json=pairflight.yaml'],
      /is the same file as the inventory \(pairflight\.yaml\), which/,
    ],
    ['the private key', ['--report', 'json=key'], /the same file as the private key of primary \(key\), which/],
    [
      'the key of an option',
      ['--identity', 'id', '--report', 'json=./id'],
      /the same file as the private key \(id\), which/,
    ],
    [
      'known_hosts',
      ['--known-hosts', 'new', '--report', 'json=new'],
      /the same file as the known_hosts file \(new\), which/,
    ],
    ['the pack', ['--pack', 'pack', '--report', 'json=pack/pack.yaml'], /the same file as the pack's pack\.yaml \(/],
  ])('are refused before anything is asked: %s', async (_, words, says) => {
    const files = { 'pairflight.yaml': inventory, key: 'k', id: 'i', there: 'old' };
    const { folder } = await pairflight(['rules', 'new', 'pack'], { files });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    symlinkSync('there', join(folder, 'link'));
    if (words.includes('--pack'))
      writeFileSync(
        join(folder, 'pairflight.yaml'),
        inventory.replace('secondary: { role: secondary', 'standby: { role: standby'),
      );
    const ran = await pairflightIn(folder, [...offline, ...words]);
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringMatching(says) });
    for (const name of ['key', 'id', 'there']) expect(existsSync(join(folder, name))).toBe(true);
    expect(existsSync(join(folder, 'pack/pack.yaml'))).toBe(true);
  });
});

describe('a finished run', () => {
  let saved = '';
  beforeAll(async () => {
    saved = (await pairflight(['demo', 'healthy', '--report', 'json'])).stdout;
  });

  it('gives its reports the mode that was asked for', async () => {
    const words = ['report', 'run.json', '--report', 'junit=a.xml', '--report', 'html=b.html', '--report-mode', '0644'];
    const { code, folder } = await pairflight(words, { files: { 'run.json': saved } });
    expect(code).toBe(0);
    for (const name of ['a.xml', 'b.html']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o644);
  });

  it.each(['644x', '0044', '4644', 'rw-r--r--'])('refuses the mode %s', async (mode) => {
    const { code, stderr } = await pairflight(['report', 'run.json', '--report-mode', mode], {
      files: { 'run.json': saved },
    });
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('right is an octal mode that lets the owner read and write'),
    ]);
  });

  it('leaves its file alone where a report would overwrite it', async () => {
    const { code, stderr, folder } = await pairflight(['report', 'run.json', '--report', 'json=./run.json'], {
      files: { 'run.json': saved },
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining('is the same file as the saved report (run.json)')]);
    expect(readFileSync(join(folder, 'run.json'), 'utf8')).toBe(saved);
  });
});
