/** `init` at a terminal: what it asks, refuses, and leaves behind. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { lacking } from '../needs.js';
import { pairflight, tidy } from './run.js';
import { atTerminal } from './terminal.js';

afterAll(tidy);

const two = ['--primary', 'ops@db-a,address=10.0.0.1', '--secondary', 'db-b,address=10.0.0.2'];

const inventoryIn = (folder: string) => readFileSync(join(folder, 'pairflight.yaml'), 'utf8');

const why = lacking('python3');
describe.skipIf(why)(`init at a terminal${why}`, { timeout: 60_000 }, () => {
  /** What a person types: each answer when its question shows. */
  const answers: [string, string][] = [
    ['Product \\[\\w+\\]: ', 'alation\r'],
    ['Primary, address: ', '10.0.0.1\r'],
    ['Primary, SSH \\[10.0.0.1\\]: ', 'ops@db-a:2222\r'],
    ['Secondary, address: ', '10.0.0.2\r'],
    ['Secondary, SSH \\[10.0.0.2\\]: ', '\r'],
    ['Test instance, address \\[none\\]: ', '\r'],
    ['Release \\[read from the hosts\\]: ', '\r'],
    ['dataDisk \\[/data\\]: ', '/mnt/data\r'],
    ['backupDisk \\[/backup\\]: ', '\r'],
  ];

  it.each([60, 120])('asks for what it needs, at %i columns', async (columns) => {
    const { code, folder, screen } = await atTerminal(['init'], answers, { columns });
    expect(code).toBe(0);
    const inventory = parse(inventoryIn(folder));
    expect(inventory).toMatchObject({
      product: 'alation',
      hosts: {
        primary: { role: 'primary', address: '10.0.0.1', ssh: { host: 'db-a', user: 'ops', port: 2222 } },
        secondary: { role: 'secondary', address: '10.0.0.2', ssh: { host: '10.0.0.2' } },
      },
      settings: { dataDisk: '/mnt/data' },
    });
    expect(inventory).not.toHaveProperty('release');
    // Every question says why it is put, and each line has room.
    expect(screen).toContain('The IPv4 address by which the other host reaches this one');
    for (const line of screen.split(/\r?\n/))
      expect(stringWidth(line.replace(/\x1b\[\d*[A-Z]/g, ''))).toBeLessThanOrEqual(columns);
    expect(await pairflight(['plan', join(folder, 'pairflight.yaml')])).toMatchObject({ code: 0, stderr: '' });
  });

  it('refuses an answer that is none with one line, and asks again', async () => {
    const rows: [string, string, RegExp][] = [
      ['Primary, address: ', 'db-a\r', /! "db-a" is no IPv4 address; right is for example 10\.0\.0\.1/],
      ['Primary, address: ', '127.0.0.1\r', /! 127\.0\.0\.1 leads to no other machine/],
      ['Secondary, address: ', '10.0.0.1\r', /! 10\.0\.0\.1 is primary's already/],
      ['Secondary, SSH .*: ', 'ops@db b\r', /! "ops@db b" is not \[user@\]host\[:port\]/],
      ['Release .*: ', 'newest\r', /! "newest" is no release of/],
      ['dataDisk .*: ', 'data\r', /! "data" is no path for dataDisk; right is for example "\/data"/],
    ];
    const all = answers.flatMap((answer) => [
      ...rows
        .filter(
          ([prompt]) =>
            prompt.slice(0, 8) === answer[0].slice(0, 8) && prompt.includes('SSH') === answer[0].includes('SSH'),
        )
        .map(([, typed]): [string, string] => [answer[0], typed]),
      answer,
    ]);
    const { code, screen } = await atTerminal(['init'], all, { columns: 200 });
    expect(code).toBe(0);
    for (const [, , says] of rows) expect(screen).toMatch(says);
  });

  it('takes answers that were pasted at once', async () => {
    const typed = answers.map(([, answer]) => answer).join('');
    const { code, folder } = await atTerminal(['init'], [['Product', typed]]);
    expect({ code, hosts: Object.keys(parse(inventoryIn(folder)).hosts) }).toEqual({
      code: 0,
      hosts: ['primary', 'secondary'],
    });
  });

  it('asks for no more than the options leave open', async () => {
    const rest = answers.filter(([prompt]) => !/^(Product|Primary|Release)/.test(prompt));
    const words = ['init', '--product', 'alation', '--primary', 'ops@db-a,address=10.0.0.1', '--release', '2021.4'];
    const { code, folder, screen } = await atTerminal(words, rest);
    expect({ code, release: parse(inventoryIn(folder)).release }).toEqual({ code: 0, release: '2021.4' });
    expect(screen).not.toMatch(/Primary, address|Release \[/);
  });

  it.each([
    ['Ctrl-C', '\x03', 130, /interrupted; nothing was written/],
    ['Ctrl-D', '\x04', 2, /input ended before all questions were answered; nothing was written/],
  ])('leaves nothing at %s', async (_, key, exit, says) => {
    const { code, folder, screen } = await atTerminal(
      ['init'],
      [...answers.slice(0, 3), ['Secondary, address: ', key]],
    );
    expect({ code, files: readdirSync(folder) }).toEqual({ code: exit, files: [] });
    expect(screen).toMatch(says);
  });

  it.each([
    ['yes', 'y\r', 0],
    ['no', 'n\r', 2],
    ['nothing', '\r', 2],
  ])('asks before it writes over a file, and takes %s for what it is', async (_, typed, exit) => {
    const files = { 'pairflight.yaml': 'mine\n' };
    const over: [string, string] = ['Write over it \\(yes/no\\) \\[no\\]: ', typed];
    const { code, folder } = await atTerminal(['init', ...two], [over], { files });
    expect(code).toBe(exit);
    expect(inventoryIn(folder) === 'mine\n').toBe(exit === 2);
  });
});
