import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Finding, Rule, Severity, Verdict, Waiver } from '../../src/core/model.js';
import { comparesDeclared } from '../../src/judge/compares-declared.js';
import {
  atMost,
  badness,
  exitCode,
  gateOf,
  isGating,
  summarize,
  summarizeDeclared,
  weighsEnough,
} from '../../src/judge/verdict.js';

const severities: Severity[] = ['advice', 'warning', 'blocker'];
const words: Verdict[] = ['pass', 'fail', 'unknown', 'error', 'skip'];
const waiver: Waiver = { rule: 'p/r', reason: 'r', owner: 'o', until: '2026-12-31' };

function finding(verdict: Verdict, severity: Severity = 'blocker', over: Partial<Finding> = {}): Finding {
  const rest = {
    title: 't',
    group: 'g',
    basis: 'documented',
    message: '',
    requires: '',
    remedy: '',
    because: [],
  } as const;
  const subject = { kind: 'set', hosts: [] } as const;
  return {
    ...rest,
    key: 'p/r',
    rule: 'p/r',
    subject: { ...subject, hosts: [] },
    source: { doc: '', section: '' },
    because: [],
    severity,
    verdict,
    ...over,
  };
}

const guard = { id: 'p/guard', guard: 'identity' } as Rule;
const anyFinding = fc
  .tuple(fc.constantFrom(...words), fc.constantFrom(...severities), fc.boolean(), fc.boolean())
  .map(([verdict, severity, waived, guarding]) =>
    finding(verdict, severity, {
      ...(waived && verdict === 'fail' && { waivedBy: waiver }),
      ...(guarding && { rule: guard.id }),
    }),
  );

it.each([
  ['blocker', 'blocker', true],
  ['warning', 'blocker', false],
  ['advice', 'warning', false],
  ['blocker', 'advice', true],
  ['warning', 'warning', true],
] as const)('%s gates at %s: %s', (severity, failOn, holds) => {
  expect(weighsEnough(severity, failOn)).toBe(holds);
});

it.each([
  ['a blocker', finding('fail'), 'blocker', true],
  ['a warning', finding('fail', 'warning'), 'blocker', false],
  ['a warning, at warning', finding('fail', 'warning'), 'warning', true],
  ['a waived blocker', finding('fail', 'blocker', { waivedBy: waiver }), 'blocker', false],
  ['a known blocker', finding('fail', 'blocker', { known: true }), 'blocker', false],
] as const)('the gate looks at %s: %s', (_, one, failOn, holds) => {
  expect(isGating(one, failOn)).toBe(holds);
});

it.each([
  ['blocker', 'warning', 'warning'],
  ['advice', 'warning', 'advice'],
  ['blocker', undefined, 'blocker'],
] as const)('%s, at most %s, is %s', (severity, cap, result) => {
  expect(atMost(severity, cap)).toBe(result);
});

describe('hosts that are declared', () => {
  const deferred = finding('unknown', 'blocker', { declared: 'deferred' });
  const notInPlan = finding('unknown', 'blocker', { declared: 'not-in-plan' });
  const pair = { kind: 'pair', left: 'a', right: 'b' } as unknown as Finding['subject'];
  const comparing = {
    id: 'p/r',
    phases: ['verify'],
    expect: [{ quantifier: 'same', path: 'x.v', phases: ['verify'] }],
    facts: {},
  } as unknown as Rule;

  it('what they could not answer is counted apart, each kind for itself', () => {
    const findings = [finding('pass'), deferred, notInPlan, deferred];
    expect(summarize(findings)).toEqual({ pass: 1, fail: 0, unknown: 0, error: 0, skip: 0, waived: 0 });
    expect(summarizeDeclared(findings)).toEqual({ notInPlan: 1, deferred: 2 });
    expect(summarizeDeclared([finding('pass')])).toEqual({ notInPlan: 0, deferred: 0 });
  });

  it('are compared by a rule of the run that is no guard, and that was answered', () => {
    const gate = (findings: Finding[], rules: Rule[] = [comparing]) => gateOf(findings, rules, 'blocker', ['verify']);
    const other = {
      id: 'p/other',
      phases: ['verify'],
      expect: [{ quantifier: 'every', path: 'x.v', phases: ['verify'] }],
      facts: {},
    } as unknown as Rule;
    const ofOther = finding('pass', 'blocker', { rule: 'p/other' });
    expect(gate([ofOther], [comparing, other])).toBe('incomplete');
    expect(gate([ofOther, finding('pass')], [other, comparing])).toBe('declared');
    expect(gate([finding('pass')], [{ ...comparing, guard: 'identity' }])).toBe('incomplete');
    expect(gate([finding('skip')])).toBe('incomplete');
    expect(gate([finding('skip'), finding('pass')])).toBe('declared');
    // What failed was answered, too: here it is not looked at, as somebody accepted it.
    expect(gate([finding('fail', 'warning'), finding('skip')])).toBe('incomplete');
    const made = {
      ...{ id: 'p/r', phases: ['verify'], expect: [{ quantifier: 'role', role: 'a', path: 'both.value' }] },
      facts: { both: { sum: ['@a.x.v', '@b.x.v'] } },
    } as unknown as Rule;
    expect(gate([finding('pass')], [made])).toBe('declared');
    expect(comparesDeclared([finding('fail')], [comparing], ['verify'])).toBe(true);
    const several = { ...comparing, expect: [...other.expect, ...comparing.expect] } as Rule;
    expect(gate([finding('pass')], [several])).toBe('declared');
  });

  it('never end passed: declared where a rule compared them, else incomplete', () => {
    const findings = [finding('pass', 'blocker', { subject: pair })];
    expect(gateOf(findings, [comparing], 'blocker')).toBe('passed');
    expect(gateOf(findings, [comparing], 'blocker', ['verify'])).toBe('declared');
    expect(gateOf(findings, [comparing], 'blocker', ['preflight'])).toBe('incomplete');
    expect(gateOf([deferred], [comparing], 'blocker', ['verify'])).toBe('incomplete');
  });
});

describe('badness', () => {
  it('what could not be verified of a blocker is worse than a failed warning, and that worse than an unknown advice', () => {
    const order: [Verdict, Severity][] = [
      ['fail', 'blocker'],
      ['error', 'blocker'],
      ['unknown', 'blocker'],
      ['fail', 'warning'],
      ['unknown', 'warning'],
      ['fail', 'advice'],
      ['unknown', 'advice'],
      ['pass', 'blocker'],
      ['skip', 'blocker'],
    ];
    const worth = order.map(([verdict, severity]) => badness(verdict, severity));
    expect(worth).toEqual(worth.toSorted((a, b) => b - a));
    expect(new Set(worth).size).toBe(worth.length);
  });

  test('whatever did not pass is worse than a pass, and a pass worse than a skip', () => {
    for (const severity of severities) {
      for (const verdict of ['fail', 'error', 'unknown'] as const)
        expect(badness(verdict, severity)).toBeGreaterThan(badness('pass', 'blocker'));
      expect(badness('pass', severity)).toBeGreaterThan(badness('skip', 'blocker'));
    }
  });
});

describe('the gate', () => {
  it.each([
    ['nothing was judged', [], 'incomplete'],
    ['one passes', [finding('pass')], 'passed'],
    ['one gating failure', [finding('pass'), finding('fail')], 'failed'],
    ['a failure goes before an unknown', [finding('unknown'), finding('fail')], 'failed'],
    ['one gating unknown', [finding('pass'), finding('unknown')], 'incomplete'],
    ['one gating error', [finding('pass'), finding('error')], 'incomplete'],
    ['all skipped', [finding('skip'), finding('skip')], 'incomplete'],
    ['one judged, the others skipped', [finding('skip'), finding('pass')], 'passed'],
    ['a failed warning below the gate', [finding('pass'), finding('fail', 'warning')], 'passed'],
    ['an unknown warning below the gate', [finding('pass'), finding('unknown', 'warning')], 'passed'],
    ['a waived failure', [finding('pass'), finding('fail', 'blocker', { waivedBy: waiver })], 'passed'],
    ['a known failure', [finding('pass'), finding('fail', 'blocker', { known: true })], 'passed'],
    ['a known failure beside a new one', [finding('fail', 'blocker', { known: true }), finding('fail')], 'failed'],
    [
      'a known failure, all others skipped',
      [finding('fail', 'blocker', { known: true }), finding('skip')],
      'incomplete',
    ],
    [
      'only guards pass, every rule was skipped',
      [finding('pass', 'blocker', { rule: guard.id }), finding('skip')],
      'incomplete',
    ],
    ['only guards were asked for, and pass', [finding('pass', 'blocker', { rule: guard.id })], 'passed'],
    ['only guards were asked for, and are skipped', [finding('skip', 'blocker', { rule: guard.id })], 'incomplete'],
    ['an unknown guard', [finding('unknown', 'blocker', { rule: guard.id }), finding('pass')], 'incomplete'],
  ] as const)('%s: %s', (_, findings, gate) => {
    expect(gateOf(findings, [guard], 'blocker')).toBe(gate);
  });

  test('it passes only when no gating finding failed, is unknown or is an error', () => {
    fc.assert(
      fc.property(fc.array(anyFinding), fc.constantFrom(...severities), (findings, failOn) => {
        const open = findings.filter(
          (one) => weighsEnough(one.severity, failOn) && !one.waivedBy && !['pass', 'skip'].includes(one.verdict),
        );
        if (gateOf(findings, [guard], failOn) === 'passed') expect(open).toEqual([]);
        if (open.some((one) => one.verdict === 'fail')) expect(exitCode(gateOf(findings, [guard], failOn))).toBe(1);
      }),
    );
  });

  test('making one verdict worse never makes the gate better', () => {
    const worse: Record<Verdict, Verdict> = {
      skip: 'skip',
      pass: 'unknown',
      unknown: 'error',
      error: 'fail',
      fail: 'fail',
    };
    const rank = { passed: 0, declared: 0, incomplete: 1, failed: 2 };
    fc.assert(
      fc.property(
        fc.array(anyFinding, { minLength: 1 }),
        fc.nat(),
        fc.constantFrom(...severities),
        (findings, at, failOn) => {
          const spoiled = findings.map((one, index) =>
            index === at % findings.length && !one.waivedBy ? { ...one, verdict: worse[one.verdict] } : one,
          );
          expect(rank[gateOf(spoiled, [guard], failOn)]).toBeGreaterThanOrEqual(
            rank[gateOf(findings, [guard], failOn)],
          );
        },
      ),
    );
  });

  test('a stricter gate is never better', () => {
    const rank = { passed: 0, declared: 0, incomplete: 1, failed: 2 };
    fc.assert(
      fc.property(fc.array(anyFinding), (findings) => {
        const lax = findings.filter((one) => !(one.verdict === 'skip'));
        const [advice, warning, blocker] = severities.map((failOn) => rank[gateOf(lax, [guard], failOn)]);
        expect([advice, warning, blocker]).toEqual([advice, warning, blocker].toSorted((a, b) => (b ?? 0) - (a ?? 0)));
      }),
    );
  });
});

it.each([
  ['passed', 0],
  ['failed', 1],
  ['incomplete', 3],
] as const)('the exit code of %s is %i', (gate, code) => {
  expect(exitCode(gate)).toBe(code);
});

test('every finding is counted once, a waived one as waived only', () => {
  fc.assert(
    fc.property(fc.array(anyFinding), (findings) => {
      const summary = summarize(findings);
      expect(Object.values(summary).reduce((sum, one) => sum + one, 0)).toBe(findings.length);
      expect(summary.waived).toBe(findings.filter((one) => one.waivedBy).length);
      expect(summary.fail).toBe(findings.filter((one) => one.verdict === 'fail' && !one.waivedBy).length);
    }),
  );
});
