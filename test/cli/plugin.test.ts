/** Monitoring: the plugin's answer and codes on the command line, and metrics where a run came about and where none did. */
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pairflight, pairflightIn, tidy } from './run.js';

afterAll(tidy);
let folder = '';
beforeAll(async () => {
  folder = (
    await pairflight([
      'demo',
      'alation',
      '--phase',
      'verify',
      '--report',
      'json=good.json',
      '--report',
      'prometheus=run.prom',
    ])
  ).folder;
  await pairflightIn(folder, ['demo', 'everything-wrong', '--report', 'json=bad.json']);
  writeFileSync(join(folder, 'broken.json'), '{');
});
const pf = (...words: string[]) => pairflightIn(folder, words);

describe('a plugin', () => {
  it.each([
    [0, 'OK', ['good.json', '--report', 'nagios', '--max-age', '2h']],
    [2, 'CRITICAL', ['bad.json', '--report=nagios']],
    [3, 'UNKNOWN', ['broken.json', '--report', 'nagios']],
    [3, 'UNKNOWN', ['none.json', '--report', 'nagios']],
    [3, 'UNKNOWN', ['good.json', '--report', 'nagios', '--max-age', 'soon']],
    [3, 'UNKNOWN', ['good.json', '--report', 'nagios', '--bogus']],
    [3, 'UNKNOWN', ['good.json', '--report', 'nagios', '--report', 'table']],
    [3, 'UNKNOWN', ['good.json', '--report', 'nagios=file']],
    [3, 'UNKNOWN', ['--report', 'nagios']],
  ])('ends with %i, and says %s', async (code, word, words) => {
    const ran = await pf('report', ...words);
    expect(ran).toMatchObject({ code, stdout: expect.stringMatching(new RegExp(`^PAIRFLIGHT ${word} - `)) });
  });

  it('tells lag, clocks and space of a run', async () => {
    const { stdout } = await pf('report', 'good.json', '--report', 'nagios');
    for (const words of [
      /'lag primary'=\d+B/,
      /'not received primary'=\d+B/,
      /'clock offset'=[\d.]+s/,
      /'free secondary \/data'=\d+B/,
      / age=\d+s;;86400;0 /,
    ])
      expect(stdout.split('\n')[0]).toMatch(words);
  });

  it('is no format of a run, and an age is of no other format', async () => {
    expect(await pf('demo', '--report', 'nagios')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /is for a saved report, as its only format[^\n]*\n {7}try: pairflight report run\.json --report nagios\n/,
      ),
    });
    expect(await pf('report', 'good.json', '--max-age', '2h')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is for --report nagios'),
    });
  });
});

describe('metrics', () => {
  it('say that nothing ran where a call ends with 2, and the file keeps its mode', async () => {
    const path = join(folder, 'run.prom');
    const before = readFileSync(path, 'utf8');
    expect(before).toMatch(/^pairflight_gate_passed\{.*\} 1$/m);
    chmodSync(path, 0o640);
    expect((await pf('verify', 'no.yaml', '--report', 'prometheus=run.prom')).code).toBe(2);
    const [own] = /\{.*\}/.exec(before) ?? [];
    const lines = readFileSync(path, 'utf8')
      .split('\n')
      .filter((one) => !one.startsWith('#'));
    expect(lines).toEqual([`pairflight_ran${own} 0`, '']);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });
});
