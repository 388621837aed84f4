import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it, test } from 'vitest';
import { check } from '../../src/core/check-schema.js';
import type { Severity, Verdict, Waiver } from '../../src/core/model.js';
import { type Comparison, compareRuns, type Development, developmentOf, type Standing } from '../../src/judge/diff.js';
import { diffSchema } from '../../src/judge/diff-schema.js';
import { comparisonTable } from '../../src/reporters/terminal/diff.js';
import { type Answer, collected, packOf, ruleText, said, scopeOf } from '../support.js';

const verdicts: Verdict[] = ['pass', 'fail', 'unknown', 'error', 'skip'];
const severities: Severity[] = ['advice', 'warning', 'blocker'];

/** `fail blocker` in words; `waived` is a waived failure. */
function standing(words: string): Standing {
  const [verdict = '', severity = 'blocker'] = words.split(' ');
  const waived = verdict === 'waived';
  return {
    verdict: (waived ? 'fail' : verdict) as Verdict,
    severity: severity as Severity,
    message: words,
    ...(waived && { waived: true as const }),
  };
}

describe('what becomes of a finding', () => {
  it.each<[string, string, Development]>([
    ['pass', 'fail', 'new'],
    ['unknown', 'fail', 'new'],
    ['error', 'fail', 'new'],
    ['skip', 'fail', 'new'],
    ['unknown blocker', 'fail warning', 'new'],
    ['pass', 'unknown', 'worse'],
    ['pass', 'error', 'worse'],
    ['skip', 'unknown', 'worse'],
    ['unknown', 'error', 'worse'],
    ['waived', 'fail', 'worse'],
    ['waived', 'unknown', 'worse'],
    ['fail warning', 'fail blocker', 'worse'],
    ['unknown advice', 'unknown warning', 'worse'],
    ['fail warning', 'unknown blocker', 'worse'],
    ['fail', 'pass', 'fixed'],
    ['unknown', 'pass', 'fixed'],
    ['error', 'pass', 'fixed'],
    ['waived', 'pass', 'fixed'],
    ['fail', 'unknown', 'changed'],
    ['fail', 'skip', 'changed'],
    ['error', 'unknown', 'changed'],
    ['fail', 'waived', 'changed'],
    ['pass', 'waived', 'changed'],
    ['pass', 'skip', 'changed'],
    ['skip', 'pass', 'changed'],
    ['waived', 'skip', 'changed'],
    ['fail blocker', 'fail warning', 'changed'],
    ['fail blocker', 'unknown warning', 'changed'],
    ['pass', 'pass', 'unchanged'],
    ['pass advice', 'pass blocker', 'unchanged'],
    ['pass blocker', 'pass advice', 'unchanged'],
    ['waived blocker', 'waived warning', 'unchanged'],
    ['fail', 'fail', 'unchanged'],
    ['unknown', 'unknown', 'unchanged'],
    ['skip', 'skip', 'unchanged'],
    ['waived', 'waived', 'unchanged'],
    ['waived warning', 'waived blocker', 'unchanged'],
  ])('%s, then %s: %s', (before, after, development) => {
    expect(developmentOf(standing(before), standing(after))).toBe(development);
  });

  const anyStanding = fc
    .tuple(fc.constantFrom('waived', ...verdicts), fc.constantFrom(...severities))
    .map((words) => standing(words.join(' ')));

  test('nothing that does not pass any more, or weighs more, is taken for as good as it was', () => {
    fc.assert(
      fc.property(anyStanding, anyStanding, (before, after) => {
        const bad = (one: Standing) => !one.waived && ['fail', 'unknown', 'error'].includes(one.verdict);
        const development = developmentOf(before, after);
        const heavier = severities.indexOf(after.severity) > severities.indexOf(before.severity);
        if (bad(after) && (!bad(before) || heavier)) expect(['new', 'worse']).toContain(development);
        if (!bad(after)) expect(['fixed', 'changed', 'unchanged']).toContain(development);
      }),
    );
  });

  test('what is fixed one way is new or worse the other way', () => {
    fc.assert(
      fc.property(anyStanding, anyStanding, (before, after) => {
        if (developmentOf(before, after) !== 'fixed') return;
        const back = developmentOf(after, before);
        expect(before.waived ? ['changed'] : ['new', 'worse']).toContain(back);
      }),
    );
  });
});

const pack = packOf(
  [
    ruleText('kernel', ['{ every: kernel.release, equals: right }'], { per: 'host', title: '"The kernel is right"' }),
    ruleText('cpu', ['{ every: cpu.count, at_least: 1 }'], { facts: '{ cpu: { probe: cpu } }' }),
    ruleText('two', ['{ distinct: boot.id }'], { facts: '{ boot: { probe: boot-id } }', guard: 'identity' }),
  ].join(''),
);

const answering =
  (left: string, right: string, cpus = 1): Answer =>
  (host, ask) => {
    if (ask.argv.includes('/proc/stat'))
      return said(`cpu  1 2\n${Array.from({ length: cpus }, (_, at) => `cpu${at} 1 2\n`).join('')}btime 1\n`);
    if (ask.argv.includes('/proc/sys/kernel/random/boot_id'))
      return said(`${(host === 'left' ? 'a' : 'b').repeat(8)}-0000-4000-8000-000000000000\n`);
    if (ask.argv[0] !== 'uname') return undefined;
    const release = host === 'left' ? left : right;
    if (release === '') return said('', { exit: null, problem: 'timeout', problemAt: 'command' });
    return said(ask.argv[1] === '-r' ? `${release}\n` : 'x86_64\n');
  };

async function compared(before: Answer, after: Answer, waivers: Waiver[] = []): Promise<Comparison> {
  const scope = scopeOf(pack, { inventory: { waivers } });
  const then = { ...(await collected(scopeOf(pack), before)), takenAt: '2026-11-20T04:41:00.000Z' };
  return compareRuns(scope, then, await collected(scope, after), { name: 'pairflight', version: '0.1.0' });
}
const page = (comparison: Comparison, columns = 100) => comparisonTable(comparison, { color: false, columns });

it('what is wrong is told beside each standing that fails', async () => {
  const faulty = packOf(
    ruleText('kernel', ['{ every: kernel.release, equals: right }'], { per: 'host', fault: 'It is another.' }),
  );
  const scope = scopeOf(faulty);
  const [before, after] = [answering('right', 'wrong'), answering('wrong', 'right')];
  const tool = { name: 'pairflight', version: '0.1.0' };
  const { findings } = compareRuns(scope, await collected(scope, before), await collected(scope, after), tool);
  const keys = findings.map((one) => [Object.hasOwn(one.before, 'fault'), Object.hasOwn(one.after, 'fault')]);
  expect(keys).toEqual([
    [false, true],
    [true, false],
  ]);
  expect(findings.map((one) => one.before.fault ?? one.after.fault)).toEqual(['It is another.', 'It is another.']);
});

describe('two runs', () => {
  it('of which the later one is worse', async () => {
    const comparison = await compared(answering('wrong', 'right'), answering('right', 'wrong'));
    expect(comparison).toMatchObject({
      exitCode: 1,
      summary: { new: 1, worse: 0, fixed: 1, changed: 0, unchanged: 2 },
      phase: 'preflight',
      before: { takenAt: '2026-11-20T04:41:00.000Z' },
    });
    expect(comparison.findings.map(({ key, development }) => [key, development])).toEqual([
      ['twin/kernel [left]', 'fixed'],
      ['twin/kernel [right]', 'new'],
      ['twin/cpu', 'unchanged'],
      ['twin/two', 'unchanged'],
    ]);
    expect(comparison.changes.list).toEqual([
      { subject: 'left', fact: 'kernel', property: 'release', before: 'wrong', after: 'right' },
      { subject: 'right', fact: 'kernel', property: 'release', before: 'right', after: 'wrong' },
    ]);
    expect(check(diffSchema, JSON.parse(JSON.stringify(comparison)))).toEqual([]);
    expect(page(comparison)).toBe(`WORSE: 1 new, 1 fixed, 2 unchanged
Twin, phase preflight
before: 2026-11-20 04:41 UTC
after:  2026-11-21 04:41 UTC

New: fails, and did not
  pass -> blocker FAIL: twin/kernel [right]
      does not hold: The kernel is right
      before: right: right
      after:  right: wrong, expected right

Fixed: passes, and did not
  blocker FAIL -> pass: twin/kernel [left]
      The kernel is right
      before: left: wrong, expected right
      after:  left: right

Unchanged
  2 other findings: 2 pass

Facts that changed
  * left, kernel release: wrong -> right
  * right, kernel release: right -> wrong
`);
  });

  it('of which the later one could ask less', async () => {
    const comparison = await compared(answering('right', 'right'), answering('right', ''));
    expect(comparison).toMatchObject({ exitCode: 1, summary: { worse: 1, unchanged: 3 } });
    expect(page(comparison)).toMatch(/^WORSE: 1 worse, 3 unchanged\n/);
  });

  it('that are alike, with a fault that stays named', async () => {
    const comparison = await compared(answering('right', 'wrong'), answering('right', 'wrong'));
    expect(comparison).toMatchObject({ exitCode: 0, summary: { unchanged: 4 }, changes: { list: [] } });
    const text = page(comparison);
    expect(text).toMatch(/^NOTHING WORSE: 4 unchanged \(1 of them not passing\)\n/);
    expect(text).toMatch(/Unchanged\n {2}blocker FAIL: twin\/kernel \[right\]\n {2}3 other findings: 3 pass\n/);
    expect(text).toMatch(/Facts that changed\n {2}None, among \d+ answers that both runs have\./);
  });

  it('with another value of the same fault: the finding is as it was, the fact is not', async () => {
    const comparison = await compared(answering('right', 'wrong'), answering('right', 'odd'));
    expect(comparison).toMatchObject({ exitCode: 0, summary: { unchanged: 4 } });
    expect(comparison.changes.list).toHaveLength(1);
  });

  it('of which the later one waives what fails', async () => {
    const waiver = { rule: 'twin/kernel', host: 'right', reason: 'r', owner: 'o', until: '2026-11-21' };
    const accepted = await compared(answering('right', 'right'), answering('right', 'wrong'), [waiver]);
    expect(accepted).toMatchObject({ exitCode: 0, summary: { changed: 1 } });
    expect(page(accepted)).toContain('pass -> blocker FAIL, waived: twin/kernel [right]');
    // Then it was in force, now it is over.
    const over = await compared(answering('right', 'wrong'), answering('right', 'wrong'), [
      { ...waiver, until: '2026-11-20' },
    ]);
    expect(over).toMatchObject({ exitCode: 1, summary: { worse: 1 } });
  });

  it('of which the later one waives a guard, which it cannot', async () => {
    const waiver = { rule: 'twin/two', reason: 'r', owner: 'o', until: '2026-12-31' };
    const oneMachine: Answer = (host, ask) => answering('right', 'right')(host && 'left', ask);
    const comparison = await compared(answering('right', 'right'), oneMachine, [waiver]);
    expect(comparison).toMatchObject({ exitCode: 1, summary: { new: 1 } });
    expect(comparison.findings.find(({ key }) => key === 'twin/two')?.after).not.toHaveProperty('waived');
  });

  it('that have no question in common', async () => {
    const scope = scopeOf(pack);
    const after = await collected(scope, answering('right', 'right'));
    const comparison = compareRuns(scope, { ...after, steps: [] }, after, { name: 'pairflight', version: '0.1.0' });
    expect(comparison).toMatchObject({ exitCode: 0, summary: { fixed: 4 }, changes: { compared: 0 } });
    expect(page(comparison)).toContain('The two runs have no question in common; nothing was compared.');
  });

  it.each([40, 60, 200])('stay within %i columns, and steer no terminal', async (columns) => {
    const comparison = await compared(
      answering('right', 'right'),
      answering('right', `\x1b[2J${'w'.repeat(90)}\u202e`),
    );
    const text = page(comparison, columns);
    for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    expect(text).not.toMatch(/[\x1b\u202e]/);
    expect(comparisonTable(comparison, { color: true, columns })).toContain('\x1b[');
  });
});
