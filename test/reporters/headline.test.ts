/** What a gate that did not fail means for whoever is about to go on: in the words of the pack. */
import { describe, expect, it } from 'vitest';
import { inventoryFromHosts } from '../../src/cli/host-option.js';
import type { Report } from '../../src/core/model.js';
import { makeEvidence } from '../../src/evidence/evidence.js';
import { judgeEvidence } from '../../src/judge/report.js';
import { allPacks } from '../../src/pack/load.js';
import { scopeOf } from '../../src/plan/scope.js';
import { planSteps } from '../../src/plan/steps.js';
import { adviceOf, headline } from '../../src/reporters/words/headline.js';
import { makeFinding, makeReport } from './report.js';

describe('what follows', () => {
  const open = makeFinding({ verdict: 'unknown', message: 'timeout' });
  it.each<[string, Report, string | undefined]>([
    ['a pass', makeReport([makeFinding()]), 'No gating rule failed: this pair may be set up.'],
    ['an unknown', makeReport([open]), 'Not yet: some gating rules could not be judged.'],
    [
      'an interrupted run',
      makeReport([makeFinding()], {}, { interrupted: true }),
      'Not yet: some gating rules could not be judged.',
    ],
    ['a failure, whose headline says it', makeReport([makeFinding({ verdict: 'fail' })]), undefined],
  ])('from %s', (_, report, advice) => {
    expect(adviceOf(report)).toBe(advice);
  });
});

describe("a pack's sentence", () => {
  const packs = allPacks();
  it.each(packs.flatMap((pack) => Object.keys(pack.phases).map((phase) => [pack.name, phase, pack] as const)))(
    '%s says for %s what a passed gate allows and a failed one forbids',
    (_, phase, pack) => {
      const hosts = Object.entries(pack.roles).flatMap(([role, { count }], at) =>
        count.startsWith('1') ? [`${role}=10.0.0.${at + 1}`] : [],
      );
      const { scope } = scopeOf(inventoryFromHosts(hosts), { pack: pack.dir, phases: [phase] });
      const steps = planSteps(scope).map((step) => ({ ...step, outputs: [] }));
      const now = new Date();
      const evidence = makeEvidence(scope, { tokenKeyId: 'x', connections: [], steps }, now, now, false);
      const report = judgeEvidence(scope, evidence, 'blocker');
      expect(report.run.go).toMatch(/^\S.*[^.]$/);
      expect(headline({ ...report, run: { ...report.run, gate: 'failed' } })).toContain(`; ${report.run.stop}`);
      expect(report.run.stop).toMatch(/^\S.*[^.]$/);
      // A role's place is its host's: nothing in braces is left.
      for (const sentence of [report.run.go, report.run.stop, report.run.next])
        expect(sentence ?? '').not.toMatch(/[{}]/);
    },
  );
});
