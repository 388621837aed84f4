/** What guards explain and block, on findings that are made by hand. */
import { describe, expect, it } from 'vitest';
import type { Finding, Subject, Verdict } from '../../src/core/model.js';
import { blockByGuards, causeOf } from '../../src/judge/guards.js';
import { packOf, ruleText, scopeOf } from '../support.js';

describe('the host whose trouble explains an unread value', () => {
  it.each([
    [[], undefined],
    [[{ reason: 'r', host: 'left' }], undefined],
    [[{ reason: 'r', host: 'left', at: 'command' as const }], undefined],
    [[{ reason: 'r', host: 'left', at: 'host' as const }], 'left'],
    [[{ reason: 'r', host: 'left', at: 'context' as const }], 'left'],
    [[{ reason: 'r', at: 'host' as const }], undefined],
    [
      [
        { reason: 'r', at: 'host' as const },
        { reason: 'r', host: 'left', at: 'command' as const },
        { reason: 'r', host: 'right', at: 'host' as const },
      ],
      'right',
    ],
  ])('%j: %s', (unread, host) => {
    expect(causeOf(unread)).toEqual(host === undefined ? {} : { blockedBy: host });
  });
});

const boot = { facts: '{ boot: { probe: boot-id } }' };
const root = { facts: '{ root: { probe: access, with: { as: root } } }', guard: 'access', per: 'host' };
const scope = scopeOf(
  packOf(
    [
      ruleText('machines', ['{ distinct: boot.id }'], { ...boot, guard: 'identity' }),
      ruleText('access', ['{ every: root.user, matches: . }'], root),
      ruleText('access-too', ['{ every: root.user, matches: . }'], root),
      ruleText('same', ['{ same: x.release }'], { facts: '{ x: { probe: kernel } }' }),
      ruleText('sum', ['{ left: both.bytes, at_least: 1 }'], {
        facts: '{ m: { probe: memory }, both: { sum: ["@left.m.bytes", "@right.m.bytes"] } }',
      }),
      ruleText('plain', ['{ every: x.release, equals: a }'], { facts: '{ x: { probe: kernel } }' }),
    ].join(''),
  ),
);
const set: Subject = { kind: 'set', hosts: ['left', 'right'] };
const left: Subject = { kind: 'host', host: 'left' };
const finding = (rule: string, verdict: Verdict, over: Partial<Finding> = {}): Finding =>
  ({ key: rule, rule: `twin/${rule}`, verdict, message: verdict, subject: set, ...over }) as Finding;
const blocked = (...findings: Finding[]) =>
  Object.fromEntries(blockByGuards(scope, findings).map(({ key, verdict, blockedBy }) => [key, [verdict, blockedBy]]));

describe('access', () => {
  const open = finding('plain', 'unknown', { blockedBy: 'left', next: 'do' });
  it('explains what is unknown for want of it', () => {
    expect(blocked(finding('access', 'unknown', { subject: left }), open)).toEqual({
      access: ['unknown', undefined],
      plain: ['unknown', 'access'],
    });
  });

  it('explains nothing where it is given, of another host, or not the reason', () => {
    const plain = (...findings: Finding[]) => blocked(...findings).plain;
    expect(plain(finding('access', 'pass', { subject: left }), open)).toEqual(['unknown', undefined]);
    expect(plain(finding('access', 'fail', { subject: { kind: 'host', host: 'right' } }), open)).toEqual([
      'unknown',
      undefined,
    ]);
    expect(plain(finding('access', 'fail', { subject: left }), { ...open, verdict: 'fail' })).toEqual([
      'fail',
      undefined,
    ]);
    expect(plain(finding('access', 'fail', { subject: set }), finding('plain', 'unknown'))).toEqual([
      'unknown',
      undefined,
    ]);
    expect(plain(finding('machines', 'pass', { subject: left }), open)).toEqual(['unknown', undefined]);
    expect(plain(finding('same', 'fail', { subject: left }), open)).toEqual(['unknown', undefined]);
  });

  it('is told by the first that asks for it', () => {
    const [first, second] = [
      finding('access', 'fail', { subject: left }),
      finding('access-too', 'fail', { subject: left }),
    ];
    expect(blocked(first, second, open).plain).toEqual(['unknown', 'access']);
    expect(blocked(second, first, open).plain).toEqual(['unknown', 'access-too']);
  });

  it('that is declared explains nothing', () => {
    const declared = finding('access', 'unknown', { subject: left, declared: 'not-in-plan' });
    expect(blocked(declared, open).plain).toEqual(['unknown', undefined]);
  });

  it('is not taken for the identity of a machine, which explains nothing but comparisons', () => {
    expect(blocked(finding('machines', 'fail', { subject: left }), open).plain).toEqual(['unknown', undefined]);
  });
});

describe('identity', () => {
  const same = finding('same', 'pass');
  it.each<[string, Finding, [Verdict, string | undefined]]>([
    ['that is proven blocks nothing', finding('machines', 'pass'), ['pass', undefined]],
    ['that failed blocks comparisons', finding('machines', 'fail'), ['unknown', 'machines']],
    ['that is unknown blocks comparisons', finding('machines', 'unknown'), ['unknown', 'machines']],
    ['that does not apply proves nothing', finding('machines', 'skip'), ['unknown', 'machines']],
    [
      'that is declared blocks nothing',
      finding('machines', 'unknown', { declared: 'not-in-plan' }),
      ['pass', undefined],
    ],
  ])('%s', (_, identity, expected) => {
    expect(blocked(identity, same).same).toEqual(expected);
    expect(blocked(identity, finding('plain', 'pass')).plain).toEqual(['pass', undefined]);
  });

  it('that is not proven blocks what is made of facts of both', () => {
    expect(blocked(finding('machines', 'fail'), finding('sum', 'pass')).sum).toEqual(['unknown', 'machines']);
  });

  it('blocks nothing where there is one host alone', () => {
    const one = { ...scope, hosts: scope.hosts.slice(0, 1) };
    expect(blockByGuards(one, [finding('machines', 'fail'), same])).toEqual([finding('machines', 'fail'), same]);
  });

  it('says its own reason where it was not read', () => {
    const refused = finding('access', 'fail', { subject: left });
    const identity = finding('machines', 'unknown', { blockedBy: 'left' });
    expect(blocked(refused, identity, same).same).toEqual(['unknown', 'access']);
  });
});
