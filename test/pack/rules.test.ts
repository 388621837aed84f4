import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { readRules } from '../../src/pack/rules.js';
import { rulesHead, ruleText } from '../support.js';

const pack = {
  name: 'twin',
  roles: { left: { title: 'l', count: '1' as const }, right: { title: 'r', count: '1' as const } },
  facts: { build: { probe: 'kernel', with: {} } },
};
const read = (text: string) => readRules(`${rulesHead}${text}`, 'f.yaml', pack);

describe('a rule', () => {
  it('takes title and source of its file, and stands where it is written', () => {
    const [first, second] = read(
      ruleText('one', ['{ same: kernel.release }']) +
        ruleText('two', ['{ same: kernel.release }'], { source: '{ section: Other }' }),
    );
    expect(first).toMatchObject({
      id: 'twin/one',
      pack: 'twin',
      group: 'Section',
      source: { doc: 'page', section: 'Section' },
      at: 'f.yaml:4:5',
      per: 'set',
      tells: [],
    });
    expect(second).toMatchObject({ source: { doc: 'page', section: 'Other' }, at: 'f.yaml:15:5' });
  });

  it('over a table is judged for each direction', () => {
    expect(read(ruleText('one', ['{ same: kernel.release }'], { each: 'ports' }))[0]?.per).toBe('direction');
  });

  it("may name a fact of the pack, and a probe's fact has parameters", () => {
    const [rule] = read(
      ruleText('one', ['{ same: kernel.release }'], { facts: '{ b: build, kernel: { probe: kernel } }' }),
    );
    expect(rule?.facts).toEqual({ b: { probe: 'kernel', with: {} }, kernel: { probe: 'kernel', with: {} } });
  });
});

describe('a mistake is told with line and column', () => {
  it.each([
    [
      'an unknown key of a rule',
      ruleText('one', ['{ same: kernel.release }'], { severty: 'blocker' }),
      /^f\.yaml:13:5: rules\.0: unknown key "severty"; did you mean "severity"/,
    ],
    [
      'an unquoted release',
      ruleText('one', ['{ same: kernel.release }'], { releases: '4.10' }),
      /^f\.yaml:9:5: rules\.0\.releases: must be string, not 4\.1, for example ">=4\.8"/,
    ],
    [
      'a severity that is none',
      ruleText('one', ['{ same: kernel.release }'], { severity: 'fatal' }),
      /^f\.yaml:7:5: .*"fatal" is not one of blocker, warning, advice/,
    ],
    [
      'an id without its pack',
      ruleText('one', ['{ same: kernel.release }']).replace('twin/one', 'one'),
      /^f\.yaml:4:5: .*is not a rule id/,
    ],
    ['no expectation', ruleText('one', []), /^f\.yaml:13:5: rules\.0\.expect: must be array, not null/],
    [
      'an empty list of expectations',
      ruleText('one', []).replace('expect:', 'expect: []'),
      /^f\.yaml:13:5: .*must NOT have fewer than 1 items/,
    ],
    [
      'no remedy',
      ruleText('one', ['{ same: kernel.release }']).replace(/ {4}remedy.*\n/, ''),
      /^f\.yaml:4:5: rules\.0: the key "remedy" is missing/,
    ],
    [
      'a misspelt quantifier',
      ruleText('one', ['{ sane: kernel.release }']),
      /^f\.yaml:14:11: unknown word "sane"; did you mean "same"/,
    ],
    [
      'a verdict that is none',
      ruleText('one', ['{ every: kernel.release, verdicts: { a: green } }']),
      /^f\.yaml:14:46: .*"green" is not one of pass, fail, unknown, skip/,
    ],
    [
      'a misspelt word in `when`',
      ruleText('one', ['{ same: kernel.release, when: { evry: kernel.release, equals: x } }']),
      /^f\.yaml:14:\d+: unknown word "evry"/,
    ],
    [
      'a word in `when` that belongs beside it',
      ruleText('one', ['{ same: kernel.release, when: { every: kernel.release, equals: x, hosts: [left] } }']),
      /^f\.yaml:14:\d+: "hosts" belongs to the expectation itself/,
    ],
    [
      'hosts judged one by one over a table',
      ruleText('one', ['{ same: kernel.release }'], { each: 'ports', per: 'host' }),
      /^f\.yaml:14:5: each: ports is judged for each direction/,
    ],
    ['no rule at all', '  []\n', /^f\.yaml:3:1: rules: must NOT have fewer than 1 items/],
  ])('%s', (_, text, message) => {
    expect(() => read(text)).toThrow(UsageError);
    expect(() => read(text)).toThrow(message);
  });
});
