/** Which of several outcomes decides, and what is said beside it. */
import { describe, expect, it } from 'vitest';
import type { Condition, Severity, Verdict } from '../../src/core/model.js';
import { decisive, type Judged, shownIn, wordsOf } from '../../src/judge/outcome.js';

const judged = (verdict: Verdict, over: Partial<Judged> = {}): Judged => ({
  ...{ verdict, message: verdict, severity: 'blocker', steps: [], unread: [] },
  ...over,
});
const decides = (outcomes: Judged[], severity: Severity = 'blocker') => decisive(outcomes, severity);
const series = [{ label: 'left', property: 'lag', values: [] }];

describe('of what passed', () => {
  const plain = judged('pass', { message: 'plain', actual: { left: true, right: null } });
  const path = judged('pass', { message: 'path', actual: { left: '/data' } });
  const trend = judged('pass', { message: 'trend', actual: { left: true }, series });

  it.each<[string, Judged[], string]>([
    ['the first, where all are alike', [plain, judged('pass', { message: 'other', actual: { left: false } })], 'plain'],
    ['a value rather than a flag', [plain, path], 'path'],
    ['a value rather than a flag, whichever comes first', [path, plain], 'path'],
    ['a series rather than a value', [plain, path, trend], 'trend'],
    [
      'a flag among values is a value',
      [plain, judged('pass', { message: 'mixed', actual: { left: true, right: 1 } })],
      'mixed',
    ],
    ['a value that is no table is one', [plain, judged('pass', { message: 'one', actual: 3 })], 'one'],
    ['nothing is a value', [plain, judged('pass', { message: 'null', actual: null })], 'null'],
    ['what was not asked for is a value', [plain, judged('pass', { message: 'none' })], 'none'],
    ['what does not apply is not told', [judged('skip', { message: 'skipped', series }), path], 'path'],
    [
      'what does not apply is not told for its value',
      [judged('skip', { message: 'skipped', actual: 1 }), plain],
      'plain',
    ],
  ])('%s', (_, outcomes, message) => {
    expect(decides(outcomes)).toMatchObject({ verdict: 'pass', message });
  });

  it('it weighs what its rule weighs', () => {
    expect(decides([judged('pass', { severity: 'advice' })], 'warning').severity).toBe('warning');
    expect(decides([judged('skip', { severity: 'advice' })], 'warning').severity).toBe('warning');
  });
});

describe('of what did not pass', () => {
  it.each<[string, Judged[], Partial<Judged>]>([
    ['the worse decides', [judged('unknown'), judged('fail')], { verdict: 'fail', message: 'fail; unknown' }],
    [
      'what passed is not said',
      [judged('pass'), judged('skip'), judged('unknown')],
      { verdict: 'unknown', message: 'unknown' },
    ],
    [
      'what passed with a series does not decide',
      [judged('pass', { series }), judged('fail')],
      { verdict: 'fail', message: 'fail' },
    ],
    [
      'one sentence is said once',
      [judged('fail', { message: 'a' }), judged('fail', { message: 'a' })],
      { message: 'a' },
    ],
    ['its own weight counts', [judged('fail', { severity: 'advice' }), judged('pass')], { severity: 'advice' }],
    [
      'only what does not apply',
      [judged('skip', { message: 'a' }), judged('skip', { message: 'b' })],
      { verdict: 'skip', message: 'a' },
    ],
  ])('%s', (_, outcomes, expected) => {
    expect(decides(outcomes)).toMatchObject(expected);
  });

  it("a host's own trouble is told once, of what is unknown alone", () => {
    const cause = (at: 'host' | 'context' | undefined, host = 'left') => [{ reason: 'r', host, ...(at && { at }) }];
    const unknown = (message: string, unread: Judged['unread']) => judged('unknown', { message, unread });
    const said = (...outcomes: Judged[]) => decides(outcomes).message;
    expect(said(unknown('a', cause('host')), unknown('b', cause('host')))).toBe('a');
    expect(said(unknown('a', cause('host')), unknown('b', cause('context')))).toBe('a');
    expect(said(unknown('a', cause('host')), unknown('b', cause('host', 'right')))).toBe('a; b');
    expect(said(unknown('a', cause(undefined)), unknown('b', cause(undefined)))).toBe('a; b');
    expect(said(judged('fail', { message: 'a', unread: cause('host') }), unknown('b', cause('host')))).toBe('a; b');
  });

  it('what everything rests on is kept, each once', () => {
    const [one, two] = [judged('pass', { steps: ['a', 'b'], series }), judged('fail', { steps: ['b', 'c'] })];
    expect(decides([one, two])).toMatchObject({ steps: ['a', 'b', 'c'], series });
  });
});

it('nothing decides where there is nothing', () => {
  expect(() => decides([])).toThrow('a rule without outcomes has no worst one');
});

describe('a value in words', () => {
  const condition = { quantifier: 'every', path: 'x.v' } as Condition;
  const words = (verdict: Verdict, value: unknown) =>
    wordsOf(
      condition,
      { label: 'left', subject: { kind: 'host', host: 'left' }, reading: { value, steps: [] } },
      verdict,
      '1',
    );
  it('depends on what came of it', () => {
    expect(words('pass', 1)).toBe('left: 1');
    expect(words('skip', 1)).toBe('left: 1');
    expect(words('fail', 2)).toBe('left: 2, expected 1');
    expect(words('unknown', 2)).toBe('left: 2 decides nothing; expected 1');
    expect(words('error', 'a')).toBe('left: a cannot be compared with 1');
  });

  it('is cut where it is long', () => {
    const short = 'x'.repeat(160);
    expect(words('pass', short)).toBe(`left: ${short}`);
    const long = words('pass', `${short}x`);
    expect(long).toContain(' ... ');
    expect(long.length).toBeLessThanOrEqual('left: '.length + 160);
    // Where values are compared all that is shown of them counts.
    expect(shownIn(condition, { value: 'x'.repeat(290) })).toBe('x'.repeat(290));
  });
});
