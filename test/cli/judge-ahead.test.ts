import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { judgeAhead } from '../../src/cli/judge-ahead.js';
import type { Evidence } from '../../src/core/model.js';
import { judgeEvidence } from '../../src/judge/report.js';
import { loadPack, packDir } from '../../src/pack/load.js';
import { scopeOfEvidence } from '../../src/plan/scope.js';

const saved = readFileSync(new URL('../../reports/examples/evidence.json', import.meta.url), 'utf8');
const read = () => JSON.parse(saved) as Evidence;

it.each<[string, (step: Evidence['steps'][number], at: number) => boolean]>([
  ['all', () => true],
  ['every second answer', (_step, at) => at % 2 === 0],
  ['no answer', () => false],
])('judging ahead with %s changes nothing of what is judged after it', (_what, isThere) => {
  const evidence = read();
  const scope = scopeOfEvidence(loadPack(packDir(evidence.packs[0]?.name ?? '')), evidence);
  const expected = judgeEvidence(scope, read(), 'blocker');
  const soFar = {
    ...evidence,
    steps: evidence.steps.map((step, at) => (isThere(step, at) ? step : { ...step, outputs: [] })),
  };
  const pieces = [...judgeAhead(scope, soFar, 'blocker')];
  for (const piece of pieces) piece();
  expect(pieces.length).toBeGreaterThan(scope.rules.length);
  expect(evidence).toEqual(read());
  expect(judgeEvidence(scope, evidence, 'blocker')).toEqual(expected);
});
