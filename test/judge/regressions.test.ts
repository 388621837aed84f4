import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { schemas } from '../../src/authoring/schemas.js';
import { check } from '../../src/core/check-schema.js';
import type { Evidence, Finding, Rule, Severity, Verdict, Waiver } from '../../src/core/model.js';
import { EvidenceFacts } from '../../src/evidence/facts-in-evidence.js';
import { evaluate } from '../../src/judge/evaluate.js';
import { markKnown } from '../../src/judge/regressions.js';
import { judgeEvidence } from '../../src/judge/report.js';
import { gateOf, weighsEnough } from '../../src/judge/verdict.js';
import type { Scope } from '../../src/plan/scope.js';
import { type Answer, collected, packOf, ruleText, said, scopeOf, TAKEN } from '../support.js';
import { findingOf } from './wait/waiting-pack.js';

const rules = [{ id: 'twin/r' }, { id: 'twin/guard', guard: 'identity' }] as Rule[];
const at = TAKEN.toISOString();
const scope = (waivers: Waiver[] = []) => ({ rules, inventory: { waivers } }) as unknown as Scope;
const finding = (verdict: Verdict, severity: Severity = 'blocker', over: Partial<Finding> = {}) =>
  findingOf({ rule: 'twin/r', key: 'twin/r', verdict, severity, ...over });
const waiver: Waiver = { rule: 'twin/r', reason: 'r', owner: 'o', until: '2026-11-20' };
const isKnown = (now: Finding, then: Finding[], waivers: Waiver[] = []) =>
  markKnown(scope(waivers), [now], then, at)[0]?.known === true;

describe('a finding is known when it failed then and is no worse now', () => {
  it.each<[Verdict, Verdict, boolean]>([
    ['fail', 'fail', true],
    ['fail', 'unknown', true],
    ['fail', 'error', false],
    ['fail', 'pass', false],
    ['fail', 'skip', false],
    ['pass', 'fail', false],
    ['pass', 'unknown', false],
    ['unknown', 'fail', false],
    ['unknown', 'unknown', false],
    ['error', 'fail', false],
    ['error', 'unknown', false],
    ['skip', 'fail', false],
    ['skip', 'unknown', false],
  ])('%s, then %s: %s', (then, now, known) => {
    expect(isKnown(finding(now), [finding(then)])).toBe(known);
  });

  it.each<[Severity, Severity, boolean]>([
    ['warning', 'blocker', false],
    ['advice', 'warning', false],
    ['warning', 'warning', true],
    ['blocker', 'warning', true],
  ])('a failing %s that is a failing %s now: %s', (then, now, known) => {
    expect(isKnown(finding('fail', now), [finding('fail', then)])).toBe(known);
  });

  it('not when only another subject of the rule failed', () => {
    expect(isKnown(finding('fail', 'blocker', { key: 'twin/r [left]' }), [finding('fail')])).toBe(false);
  });

  it('not when it is a guard', () => {
    const guard = finding('fail', 'blocker', { rule: 'twin/guard', key: 'twin/guard' });
    expect(isKnown(guard, [guard])).toBe(false);
  });

  it('not when it is waived: it is counted there', () => {
    expect(isKnown(finding('fail', 'blocker', { waivedBy: waiver }), [finding('fail')])).toBe(false);
  });

  it('not when somebody accepted it until a day that is over, nor with another value', () => {
    expect(isKnown(finding('fail'), [finding('fail')], [waiver])).toBe(false);
    expect(isKnown(finding('fail'), [finding('fail')], [{ ...waiver, until: '2026-12-31', value: 'z' }])).toBe(false);
    expect(isKnown(finding('fail'), [finding('fail')], [{ ...waiver, rule: 'twin/other' }])).toBe(true);
  });
});

const verdicts: Verdict[] = ['pass', 'fail', 'unknown', 'error', 'skip'];
const reportSchema = schemas.report();
const severities: Severity[] = ['advice', 'warning', 'blocker'];
const anyStanding = fc.record({
  verdict: fc.constantFrom(...verdicts),
  severity: fc.constantFrom(...severities),
  rule: fc.constantFrom('twin/r', 'twin/guard'),
  actual: fc.constantFrom('a', 'b'),
});
const anyRuns = fc.array(fc.tuple(anyStanding, anyStanding)).map((pairs) => {
  const keyed = (one: (typeof pairs)[number][number], rule: string, index: number) =>
    findingOf({ ...one, rule, key: `${rule} [${index}]` });
  return {
    now: pairs.map(([one], index) => keyed(one, one.rule, index)),
    before: pairs.map(([one, other], index) => keyed(other, one.rule, index)),
  };
});
const anyWaivers = fc.array(
  fc
    .record(
      { until: fc.constantFrom('2026-11-20', '2026-12-31'), value: fc.constantFrom('a', 'b') },
      { requiredKeys: ['until'] },
    )
    .map((over) => ({ ...waiver, ...over })),
);

test('a gate on regressions never passes what passed then and does not now', () => {
  fc.assert(
    fc.property(anyRuns, anyWaivers, fc.constantFrom(...severities), ({ now, before: then }, waivers, failOn) => {
      const marked = markKnown(scope(waivers), now, then, at);
      if (gateOf(marked, rules, failOn) !== 'passed') return;
      for (const [index, one] of marked.entries()) {
        if (!weighsEnough(one.severity, failOn) || one.verdict === 'pass' || one.verdict === 'skip') continue;
        // Whatever is let pass was proven to fail then, and weighed as much.
        expect(one.known).toBe(true);
        expect(then[index]?.verdict).toBe('fail');
        expect(weighsEnough(then[index]?.severity ?? 'advice', one.severity)).toBe(true);
      }
    }),
  );
});

test('marking changes nothing else, and lets pass no more than the ordinary gate fails', () => {
  const rank = { passed: 0, declared: 0, incomplete: 1, failed: 2 };
  fc.assert(
    fc.property(anyRuns, fc.constantFrom(...severities), ({ now, before: then }, failOn) => {
      const marked = markKnown(scope(), now, then, at);
      expect(marked.map(({ known: _, ...rest }) => rest)).toEqual(now);
      const ordinary = gateOf(now, rules, failOn);
      if (ordinary !== 'passed') expect(rank[gateOf(marked, rules, failOn)]).toBeLessThanOrEqual(rank[ordinary]);
      expect(gateOf(markKnown(scope(), now, [], at), rules, failOn)).toBe(ordinary);
    }),
  );
});

describe('a run and its baseline', () => {
  const pack = packOf(
    [
      ruleText('kernel', ['{ every: kernel.release, equals: right }'], { per: 'host' }),
      ruleText('cpu', ['{ every: cpu.count, at_least: "${limit}" }'], { facts: '{ cpu: { probe: cpu } }' }),
      ruleText('later', ['{ every: kernel.release, equals: right }'], { phases: '[verify]' }),
    ].join(''),
  );
  const minor = packOf(
    ruleText('kernel', ['{ every: kernel.release, equals: right }'], { severity: 'advice' }) +
      ruleText('cpu', ['{ every: cpu.count, at_least: 1 }'], { facts: '{ cpu: { probe: cpu } }' }),
  );
  const answering =
    (kernels: Record<string, string | undefined>, cpus = 20): Answer =>
    (host, ask) => {
      if (ask.argv[0] === 'uname') {
        const release = kernels[host];
        return release === undefined
          ? said('', { exit: null, problem: 'timeout', problemAt: 'command' })
          : said(ask.argv[1] === '-r' ? `${release}\n` : 'x86_64\n');
      }
      const processors = Array.from({ length: cpus }, (_, index) => `cpu${index} 1 2\n`).join('');
      return ask.argv.includes('/proc/stat') ? said(`cpu  1 2\n${processors}btime 1\n`) : undefined;
    };
  const right = { left: 'right', right: 'right' };
  const broken = { left: 'right', right: 'wrong' };
  const earlier = (evidence: Evidence): Evidence => ({ ...evidence, takenAt: '2026-11-20T00:00:00.000Z' });
  const judge = async (then: Answer, now: Answer, over: Parameters<typeof scopeOf>[1] = {}, thenOver = over) => {
    const today = scopeOf(pack, over);
    const before = earlier(await collected(scopeOf(pack, thenOver), then));
    const evidence = { ...(await collected(today, now)), baseline: before };
    return judgeEvidence(today, evidence, 'blocker', true);
  };

  it('what failed then and fails now is known, counted, and passes the gate', async () => {
    const report = await judge(answering(broken), answering(broken));
    expect(report.run).toMatchObject({
      gate: 'passed',
      exitCode: 0,
      failOnNew: { since: '2026-11-20T00:00:00.000Z', known: 1 },
    });
    expect(report.findings.filter(({ known }) => known).map(({ key, verdict }) => [key, verdict])).toEqual([
      ['twin/kernel [right]', 'fail'],
    ]);
    expect(report.summary.fail).toBe(1);
    expect(check(reportSchema, JSON.parse(JSON.stringify(report)))).toEqual([]);
  });

  it('what is known below the gate is marked, and not counted as let pass', async () => {
    const today = scopeOf(minor);
    const baseline = earlier(await collected(today, answering(broken)));
    const evidence = { ...(await collected(today, answering(broken))), baseline };
    const known = (failOn: Severity) => {
      const { findings, run } = judgeEvidence(today, evidence, failOn, true);
      return [findings.filter((one) => one.known).map(({ key }) => key), run.failOnNew?.known, run.exitCode];
    };
    expect(known('blocker')).toEqual([['twin/kernel'], 0, 0]);
    expect(known('advice')).toEqual([['twin/kernel'], 1, 0]);
  });

  it.each<[string, Answer, Answer, number]>([
    ['passed then and fails now', answering(right), answering(broken), 1],
    ['could not be asked then and fails now', answering({ left: 'right' }), answering(broken), 1],
    ['failed on the other host', answering({ left: 'wrong', right: 'right' }), answering(broken), 1],
    ['passed then and cannot be asked now', answering(right), answering({ left: 'right' }), 3],
    ['could not be asked, neither then nor now', answering({ left: 'right' }), answering({ left: 'right' }), 3],
    ['failed then and cannot be asked now', answering(broken), answering({ left: 'right' }), 0],
    ['failed then and passes now', answering(broken), answering(right), 0],
  ])('what %s', async (_, then, now, code) => {
    expect((await judge(then, now)).run.exitCode).toBe(code);
  });

  it("then is judged by today's settings: what today's would have refused then already is known", async () => {
    const strict = { inventory: { settings: { limit: 32 } } };
    expect((await judge(answering(right), answering(right), strict, {})).run).toMatchObject({
      exitCode: 0,
      failOnNew: { known: 1 },
    });
    expect((await judge(answering(right, 64), answering(right), strict, {})).run.exitCode).toBe(1);
  });

  it('what was not asked then is new', async () => {
    const verify = { phases: ['verify'] };
    expect(
      (await judge(answering(broken), answering(broken), { only: ['twin/kernel'] }, { only: ['twin/cpu'] })).run,
    ).toMatchObject({ exitCode: 1, failOnNew: { known: 0 } });
    // The question of another phase is the same question.
    expect((await judge(answering(broken), answering(broken), verify, {})).run.exitCode).toBe(0);
  });

  it('without being asked to, the gate looks at everything', async () => {
    const today = scopeOf(pack);
    const baseline = earlier(await collected(today, answering(broken)));
    const evidence = { ...(await collected(today, answering(broken))), baseline };
    const report = judgeEvidence(today, evidence, 'blocker');
    expect(report.run).toMatchObject({ exitCode: 1 });
    expect(report.run).not.toHaveProperty('failOnNew');
    expect(report.findings.some(({ known }) => known)).toBe(false);
  });

  it("the earlier run's findings are those that it would have had alone", async () => {
    const then = await collected(scopeOf(pack), answering(broken));
    const alone = judgeEvidence(scopeOf(pack), then, 'blocker').findings;
    const [today, facts] = [
      scopeOf(pack),
      new EvidenceFacts(scopeOf(pack), await collected(scopeOf(pack), answering(broken))),
    ];
    const earlier = { facts: new EvidenceFacts(today, then), takenAt: then.takenAt };
    const marked = evaluate(today, facts, at, earlier);
    expect(marked).toEqual(markKnown(today, evaluate(today, facts, at), alone, at));
    expect(marked.filter(({ known }) => known).map(({ key }) => key)).toEqual(
      alone.filter(({ verdict }) => verdict === 'fail').map(({ key }) => key),
    );
  });

  it('a guard that is waived by hand is not waived, and said to be refused', async () => {
    const guarded = packOf(
      ruleText('two', ['{ distinct: boot.id }'], { facts: '{ boot: { probe: boot-id } }', guard: 'identity' }) +
        ruleText('kernel', ['{ every: kernel.release, equals: right }'], { per: 'host' }),
    );
    const waivers = [{ ...waiver, rule: 'twin/two', until: '2026-12-31' }];
    const today = scopeOf(guarded, { inventory: { waivers } });
    const one = said('aaaaaaaa-0000-4000-8000-000000000000\n');
    const evidence = await collected(today, (host, ask) =>
      ask.argv.includes('/proc/sys/kernel/random/boot_id') ? one : answering(right)(host, ask),
    );
    const report = judgeEvidence(today, evidence, 'blocker');
    expect(report.run.exitCode).toBe(1);
    expect(report.summary.waived).toBe(0);
    expect(report.waivers).toMatchObject([{ rule: 'twin/two', state: 'refused', waives: [], leaves: ['twin/two'] }]);
    expect(check(reportSchema, JSON.parse(JSON.stringify(report)))).toEqual([]);
  });
});
