/** A report on saved evidence says that it is one, and what in it is not as it would be today. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Evidence, Report } from '../../src/core/model.js';
import { pairflight, pairflightIn, tidy } from './run.js';

afterAll(tidy);
let folder = '';
let evidence: Evidence;
beforeAll(async () => {
  ({ folder } = await pairflight(['demo', 'healthy', '--evidence', 'e.json', '--report', 'json=live.json']));
  evidence = JSON.parse(readFileSync(join(folder, 'e.json'), 'utf8')) as Evidence;
});

/** The report on the evidence after somebody has edited it. */
async function judged(edit: (evidence: Evidence) => void): Promise<Report> {
  const copy = structuredClone(evidence);
  edit(copy);
  writeFileSync(join(folder, 'edited.json'), JSON.stringify(copy));
  return JSON.parse((await pairflightIn(folder, ['evaluate', 'edited.json', '--report', 'json'])).stdout) as Report;
}

describe('a report on saved evidence', () => {
  it('names the file in every format, and else says what the live run said', async () => {
    const live = JSON.parse(readFileSync(join(folder, 'live.json'), 'utf8')) as Report;
    const { run, ...rest } = await judged(() => {});
    const { judgedFrom, ...own } = run;
    expect({ ...rest, run: own }).toEqual(live);
    expect(judgedFrom).toEqual({ files: ['edited.json'], differs: [] });
    expect(live.run).not.toHaveProperty('judgedFrom');
    for (const format of ['table', 'markdown', 'html', 'junit', 'github']) {
      const { stdout } = await pairflightIn(folder, ['evaluate', 'e.json', '--report', format]);
      expect(stdout.replace(/\\?[ \n]+/g, ' '), format).toMatch(
        /judged from e\\?\.json; nobody vouches for its content/,
      );
    }
  });

  it.each<[string, (evidence: Evidence) => void, RegExp]>([
    [
      'a command that was changed',
      ({ steps }) => {
        for (const { ask } of steps[0]?.asks ?? []) if (ask.kind === 'exec') ask.argv = ['rm', '-rf', '/'];
      },
      /^\w+ was asked `rm -rf \/` as \w+, and today's plan asks `/,
    ],
    [
      'a question that was added',
      ({ steps }) => void (steps[0] && steps.push({ ...steps[0], id: '0123456789abcdef' })),
      /^it holds 1 question that today's plan has not$/,
    ],
    ['one that was taken away', ({ steps }) => void steps.pop(), /^1 question of today's plan had not been asked$/],
    [
      'another pack',
      ({ packs }) => {
        for (const pack of packs) pack.sha256 = 'f'.repeat(64);
      },
      /^it was taken with other rules of alation \(.*\) than today's/,
    ],
  ])('says in its headline of %s', async (_, edit, says) => {
    const { run } = await judged(edit);
    expect(run.judgedFrom?.differs).toEqual([expect.stringMatching(says)]);
    const { stdout } = await pairflightIn(folder, ['evaluate', 'edited.json', '--report', 'junit']);
    expect(stdout).toMatch(/<system-out>[^\n]*it differs from today's plan: /);
  });
});
