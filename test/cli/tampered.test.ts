/** Evidence that somebody edited is judged as strictly as an inventory; and an output that cannot be taken is told. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Evidence, Report } from '../../src/core/model.js';
import { pairflight, shell, tidy } from './run.js';

afterAll(tidy);

describe('edited evidence', () => {
  let file: string;
  let evidence: Evidence;
  beforeAll(async () => {
    const { folder } = await pairflight(['demo', 'healthy', '--evidence', 'e.json', '--report', 'json=r.json']);
    file = join(folder, 'e.json');
    evidence = JSON.parse(readFileSync(file, 'utf8'));
  });

  const evaluated = (change: (evidence: Evidence) => void) => {
    const copy = structuredClone(evidence);
    change(copy);
    writeFileSync(file, JSON.stringify(copy));
    return pairflight(['evaluate', file, '--report', 'json']);
  };
  const waiver = { rule: 'alation/same-kernel', reason: 'r', owner: 'o', until: '2030-01-01' };

  it.each<[string, (evidence: Evidence) => void, RegExp]>([
    [
      'a port that weighs less',
      (e) => void e.inventory.ports.push({ port: 22, severity: 'advice' } as never),
      /inventory\.ports/,
    ],
    [
      'a waiver without a day',
      (e) => void e.inventory.waivers.push({ ...waiver, until: 'zzz' }),
      /"zzz" is not a date/,
    ],
    ['a waived guard', (e) => void e.inventory.waivers.push({ ...waiver, rule: 'alation/two-machines' }), /is a guard/],
    ['a step twice', (e) => void e.steps.push(...e.steps.slice(0, 1)), /is there twice/],
    ['a setting of another type', (e) => void Object.assign(e.inventory.settings, { dataDisk: 5 }), /absolute path/],
    ['a glob of stars', (e) => void e.run.selection.only.push(`${'*'.repeat(40)}z`), /no rule has such an id/],
  ])('with %s is a mistake', async (_, change, says) => {
    const { code, stderr } = await evaluated(change);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(says) });
  });

  it('with a release that contradicts the build passes no rule that the release would gate', async () => {
    const { code, stdout } = await evaluated((e) => void Object.assign(e.run, { release: '3.12' }));
    const { findings } = JSON.parse(stdout) as Report;
    expect(code).not.toBe(0);
    const gated = findings.filter((finding) => finding.row?.port === 27017 && finding.verdict === 'pass');
    expect(gated.map((finding) => finding.key)).toEqual([]);
  });
});

it('a full stdout is a mistake of the command line, not a verdict', async () => {
  const { code, stderr } = await shell('$PF demo healthy > /dev/full');
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/^pairflight: stdout cannot be written: /),
  });
});
