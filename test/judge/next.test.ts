import { describe, expect, it } from 'vitest';
import type { Problem, Severity } from '../../src/core/model.js';
import { nextOf } from '../../src/judge/next.js';
import { play } from '../demo/run.js';

const next = (one: Partial<Parameters<typeof nextOf>[0]>) =>
  nextOf({ verdict: 'unknown', ...one }, 'pack/rule', ['verify']).next;

describe('what to do next', () => {
  it.each<[Problem, RegExp]>([
    ['denied', /right that is missing/],
    ['not-found', /^install/],
    ['timeout', /--timeout/],
    ['truncated', /longer than is read/],
    ['not-run', /^run again/],
    ['unreachable', /does not answer/],
  ])('of a command that was %s', (problem, words) => {
    expect(next({ unread: [{ reason: 'r', problem, at: 'command', host: 'primary' }] })).toMatch(words);
  });

  it('of a host that could not be entered is the command that shows how far it can be', () => {
    const unread = [{ reason: 'r', problem: 'timeout' as const, at: 'host' as const, host: 'primary' }];
    expect(next({ unread })).toBe('pairflight reach --try --phase verify');
  });

  it('of a host that was not asked at all is not how far it can be entered', () => {
    const unread = [{ reason: 'r', problem: 'not-run' as const, at: 'host' as const, host: 'primary' }];
    expect(next({ unread })).toMatch(/^run again, to the end/);
  });

  it('is that of the first reason that is a problem', () => {
    expect(next({ unread: [{ reason: 'r' }, { reason: 'r', problem: 'not-found' }] })).toMatch(/^install/);
  });

  it('is what the reason itself tells, else the page of the rule', () => {
    expect(next({ unread: [{ reason: 'r', problem: 'not-run', next: 'run again with --baseline FILE' }] })).toBe(
      'run again with --baseline FILE',
    );
    expect(next({ next: 'run again with --set a=b', unread: [{ reason: 'r', problem: 'timeout' }] })).toBe(
      'run again with --set a=b',
    );
    expect(next({})).toBe('pairflight rules show pack/rule');
    expect(next({ verdict: 'error' })).toBe('pairflight rules show pack/rule');
  });

  it('of what nothing declared could tell is to ask the hosts', () => {
    const unread = [{ reason: 'r', problem: 'not-run' as const, declared: 'not-in-plan' as const }];
    expect(next({ unread })).toBe('ask the hosts once they are there');
  });

  it.each(['pass', 'fail', 'skip'] as const)('is not said of a %s', (verdict) => {
    expect(next({ verdict })).toBeUndefined();
  });
});

it.each(['sudo-refused', 'secondary-down', 'everything-wrong', 'replication-stopped'])(
  'each finding of %s that is not known has a next, or a guard that has it',
  async (scenario) => {
    const { findings } = (await play(scenario)).report;
    const lost = findings.filter(({ verdict, next: own, blockedBy }) => {
      const guard = findings.find(({ key }) => key === blockedBy);
      const told = own ?? guard?.next ?? (guard?.verdict === 'fail' ? guard.remedy : undefined);
      return (verdict === 'unknown' || verdict === 'error') && told === undefined;
    });
    expect(lost.map(({ key, severity }): [string, Severity] => [key, severity])).toEqual([]);
  },
);
