import { describe, expect, it } from 'vitest';
import type { Case, MeantGap } from '../../src/authoring/case.js';
import { gapsOf } from '../../src/authoring/case-gaps.js';
import { packOf, ruleText } from '../support.js';

const pack = (...expectations: string[]) => {
  const memory = expectations.some((one) => one.includes(' m.')) ? ', m: { probe: memory }' : '';
  return packOf(ruleText('one', expectations, { facts: `{ x: { probe: kernel }${memory} }` }));
};
const kernel = (release?: string, machine?: string) => ({
  x: { ...(release !== undefined && { release }), ...(machine !== undefined && { machine }) },
});
type Stated = Omit<Case, 'name'>;

function gaps(own: ReturnType<typeof packOf>, cases: Stated[], meant: MeantGap[] = []) {
  const [rule] = own.rules;
  if (!rule) throw new Error('the pack has a rule');
  return gapsOf(own, {
    cases: cases.map((one) => ({ rule, one: { name: 'n', ...one }, at: 'f:1:1' })),
    meant: meant.map((gap) => ({ rule, gap, at: 'f:2:1' })),
  });
}
const says = (...args: Parameters<typeof gaps>) => gaps(...args).open.map((one) => one.says);

const two = pack('{ same: x.release }', '{ same: x.machine }');
const release: Stated = { facts: { left: kernel('a', 'm'), right: kernel('b', 'm') }, expect: 'fail' };
const machine: Stated = { facts: { left: kernel('a', 'm'), right: kernel('a', 'n') }, expect: 'fail' };

describe('a gap is a change that no case notices', () => {
  it('an expectation that another covers up', () => {
    const both: Stated = { facts: { left: kernel('a', 'm'), right: kernel('b', 'n') }, expect: 'fail' };
    expect(says(two, [both])).toEqual([
      'x.release is the same on left and right: dropped',
      'x.machine is the same on left and right: dropped',
    ]);
    expect(says(two, [release])).toEqual(['x.machine is the same on left and right: dropped']);
    expect(says(two, [release, machine])).toEqual([]);
  });

  it('a case that does not come out as stated notices nothing', () => {
    expect(says(two, [release, { ...machine, expect: 'pass' }])).toEqual([
      'x.machine is the same on left and right: dropped',
    ]);
  });

  it('a word that no case states, and a limit that none comes near', () => {
    const own = pack('{ left: x.release, verdicts: { a: pass, b: fail } }', '{ left: m.bytes, at_most: "${limit}" }');
    const of = (word: string, bytes: number, expect: 'pass' | 'fail', settings = {}): Stated => ({
      facts: { left: { ...kernel(word), m: { bytes } } },
      settings,
      expect,
    });
    const [far, near] = [of('a', 1000, 'fail'), [of('a', 10, 'pass'), of('a', 11, 'fail')]];
    expect(says(own, [far, of('a', 1, 'pass')])).toEqual([
      'x.release on left: a: dropped',
      'x.release on left: a: "b" passes instead of fail',
      expect.stringMatching(/more by 1$/),
      expect.stringMatching(/less by 1$/),
      expect.stringMatching(/twice as much$/),
    ]);
    expect(says(own, [...near, of('b', 1, 'fail')])).toEqual([]);
    // The limit is moved from where the case has it.
    const own500 = { limit: 500 };
    expect(says(own, [of('a', 500, 'pass', own500), of('a', 501, 'fail', own500), of('b', 1, 'fail')])).toEqual([]);
  });

  it('what a finding weighs, where a case says it', () => {
    const own = pack('{ same: x.release }', '{ same: x.release, severity: advice }');
    const apart: Stated = { facts: { left: kernel('a'), right: kernel('b') }, expect: 'fail' };
    expect(says(own, [apart])).toHaveLength(2);
    expect(says(own, [{ ...apart, severity: 'blocker' }])).toHaveLength(1);
  });
});

describe('a gap that is meant', () => {
  const dropped = 'x.machine is the same on left and right: dropped';
  it('is told as such, by all its words or by the change alone', () => {
    for (const gap of [dropped, 'dropped']) {
      const found = gaps(two, [release], [{ gap, reason: 'r' }]);
      expect(found).toMatchObject({ open: [], unused: [], meant: [{ gap: { gap } }] });
    }
  });

  it('is refused where a case notices, or where nothing is changed so', () => {
    for (const gap of [dropped, 'x.machin is the same on left and right: dropped']) {
      expect(gaps(two, [release, machine], [{ gap, reason: 'r' }])).toMatchObject({
        meant: [],
        unused: [{ gap: { gap } }],
      });
    }
  });

  it('covers what goes less far the same way', () => {
    const own = pack('{ same: x.release, when: { left: m.bytes, at_least: 100 } }');
    const cases: Stated[] = [
      { facts: { left: { ...kernel('a'), m: { bytes: 9000 } }, right: kernel('b') }, expect: 'fail' },
    ];
    const when = 'without "when m.bytes on left: at least 100 bytes"';
    expect(says(own, cases)).toHaveLength(4);
    expect(says(own, cases, [{ gap: when, reason: 'r' }])).toEqual([]);
  });
});

describe('the smallest case to add', () => {
  it('is a case there is with one thing changed, in the form of a cases file', () => {
    const [gap] = gaps(two, [
      release,
      { facts: { left: kernel('a', 'm'), right: kernel('a', 'm') }, expect: 'pass' },
    ]).open;
    expect(gap?.toAdd()).toMatch(
      /^\{ name: what it shows, facts: \{ left: \{ x: \{ .*\} \}, right: \{ x: .* \} \} \}, expect: (fail|unknown) \}$/,
    );
  });

  it('states the word that no case states', () => {
    const own = pack('{ left: x.release, verdicts: { a: pass, b: fail } }');
    const [gap] = gaps(own, [{ facts: { left: kernel('a') }, expect: 'pass' }]).open;
    expect(gap?.says).toBe('x.release on left: a: "b" passes instead of fail');
    expect(gap?.toAdd()).toBe('{ name: what it shows, facts: { left: { x: { release: b } } }, expect: fail }');
  });

  it('is none where no case can notice', () => {
    const own = pack('{ same: x.release }', '{ same: x.release }');
    const [gap] = gaps(own, [release]).open;
    expect(gap?.toAdd()).toBeUndefined();
  });
});
