/** `diff`: two saved runs, compared by the built program. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../src/core/check-schema.js';
import type { Evidence } from '../../src/core/model.js';
import type { Comparison } from '../../src/judge/diff.js';
import { diffSchema } from '../../src/judge/diff-schema.js';
import { pairflight, tidy } from './run.js';

afterAll(tidy);

describe('diff', () => {
  const files: Record<string, string> = {};
  beforeAll(async () => {
    for (const scenario of ['build-differs', 'healthy', 'protected']) {
      const { folder } = await pairflight(['demo', scenario, '--evidence', 'e.json', '--report', 'json=r.json']);
      files[scenario] = join(folder, 'e.json');
    }
  });

  /** The evidence of a scenario, taken on a day, in a file of its own. */
  function taken(scenario: string, day: string, change: (evidence: Evidence) => void = () => undefined): string {
    const source = files[scenario] ?? '';
    const evidence = JSON.parse(readFileSync(source, 'utf8')) as Evidence;
    Object.assign(evidence, { takenAt: `${day}T01:00:00.000Z`, finishedAt: `${day}T01:00:01.000Z` });
    change(evidence);
    const file = source.replace(/e\.json$/, `${day}.json`);
    writeFileSync(file, JSON.stringify(evidence));
    return file;
  }
  const monday = '2026-11-16';
  const tuesday = '2026-11-17';

  it('that is worse ends with 1', async () => {
    const { code, stdout, stderr } = await pairflight([
      'diff',
      taken('healthy', monday),
      taken('build-differs', tuesday),
    ]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/^WORSE: \d+ new/);
    expect(stdout).toContain('pass -> blocker FAIL: alation/same-version');
  });

  it('that is better, or alike, ends with 0', async () => {
    const better = await pairflight(['diff', taken('build-differs', monday), taken('healthy', tuesday)]);
    expect(better).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^NOTHING WORSE: \d+ fixed/) });
    const file = taken('build-differs', monday);
    const same = await pairflight(['diff', file, file]);
    expect(same).toMatchObject({ code: 0, stdout: expect.stringMatching(/^NOTHING WORSE: \d+ unchanged \(\d+ of/) });
  });

  it('of two phases judges both by the later one', async () => {
    const { code, stdout } = await pairflight([
      'diff',
      taken('healthy', monday),
      taken('protected', tuesday),
      '--report',
      'json',
    ]);
    const comparison = JSON.parse(stdout) as Comparison;
    expect({ code, phase: comparison.phase }).toEqual({ code: 0, phase: 'verify' });
    expect(comparison.summary.fixed).toBeGreaterThan(0);
  });

  it('is told as JSON and as a table in one go, in files of their owner alone', async () => {
    const words = ['diff', taken('healthy', monday), taken('build-differs', tuesday)];
    const { code, stdout, folder } = await pairflight([...words, '--report', 'table', '--report', 'json=d.json']);
    const comparison = JSON.parse(readFileSync(join(folder, 'd.json'), 'utf8')) as Comparison;
    expect(check(diffSchema, comparison)).toEqual([]);
    expect([code, comparison.exitCode]).toEqual([1, 1]);
    expect(stdout).toMatch(/^WORSE/);
    expect(statSync(join(folder, 'd.json')).mode & 0o777).toBe(0o600);
  });

  it.each<[string, () => string[], RegExp]>([
    [
      'the wrong order',
      () => [taken('healthy', tuesday), taken('build-differs', monday)],
      /was taken after .*\n +try: pairflight diff /,
    ],
    [
      'another pair',
      () => [
        taken('healthy', monday, (e) => void Object.assign(e.inventory.hosts[0] ?? {}, { address: '10.9.9.9' })),
        taken('build-differs', tuesday),
      ],
      /is of another pair: the host of the role primary/,
    ],
    [
      'another product',
      () => [
        taken('healthy', monday, (e) => void Object.assign(e.inventory, { product: 'other' })),
        taken('build-differs', tuesday),
      ],
      /is about other, and this run about alation/,
    ],
    ['a file that is not there', () => ['no.json', 'none.json'], /no\.json: there is no such file/],
    [
      'another format',
      () => [taken('healthy', monday), taken('healthy', monday), '--report', 'junit'],
      /table or json/,
    ],
    ['one file', () => [taken('healthy', monday)], /./],
  ])('with %s is a mistake', async (_, words, says) => {
    const { code, stdout, stderr } = await pairflight(['diff', ...words()]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });
});
