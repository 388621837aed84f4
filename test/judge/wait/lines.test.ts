/** What a waiting run says of each round. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/model.js';
import { endLine, roundLine } from '../../../src/judge/wait/lines.js';
import type { Awaited, Prospect } from '../../../src/judge/wait/prospects.js';
import { findingOf } from './waiting-pack.js';

const awaited = (rule: string, over: Partial<Finding> = {}, prospect: Prospect = 'askable'): Awaited => ({
  finding: findingOf({ rule, ...over }),
  prospect,
});
const samples = [{ label: 'secondary', property: 'bytes', values: [{ at: '', value: 1 }] }];
const next = { inMs: 90_000, full: false };

describe('the line of a round', () => {
  it.each<[string, Awaited[], string]>([
    ['names the rules, each once', [awaited('p/a'), awaited('p/b'), awaited('p/a')], 'waiting for p/a, p/b'],
    ['names three', ['a', 'b', 'c', 'd', 'e'].map((one) => awaited(one)), 'waiting for a, b, c and 2 more'],
    ['counts none where it named all', ['a', 'b', 'c'].map((one) => awaited(one)), 'waiting for a, b, c'],
    [
      'tells three that move, and nothing of a series without a value',
      [
        awaited('a', { samples: [], message: 'silent' }),
        ...['b', 'c', 'd', 'e'].map((one) => awaited(one, { samples, message: `${one} falls` })),
      ],
      'waiting for a, b, c and 2 more; b falls; c falls; d falls',
    ],
    [
      'says what waiting does not help',
      [awaited('a'), awaited('b', {}, 'hopeless')],
      'waiting for a; waiting does not help b',
    ],
    [
      'tells what moves in the words of its finding',
      [
        awaited('a'),
        awaited('p/lag', { samples, message: '3.2 GiB, falling at 12 MiB/s; reaches zero in about 4 min' }),
      ],
      'waiting for a, p/lag; 3.2 GiB, falling at 12 MiB/s; reaches zero in about 4 min',
    ],
  ])('%s', (_, list, says) => {
    expect(roundLine(3_725_000, list, next, true)).toBe(`after 1h2m; ${says}; the next round in 1m30s`);
  });

  it.each([
    [999, 'now'],
    [1000, 'in 1s'],
  ])('says of a round that is due in %i ms: %s', (inMs, says) => {
    expect(roundLine(0, [awaited('a')], { inMs, full: false }, true)).toMatch(new RegExp(`; the next round ${says}$`));
  });

  it('tells that a host is gone, and which round is next', () => {
    expect(roundLine(0, [], { inMs: 0, full: true }, false)).toBe(
      'after 0s; nothing that was asked again fails; a host cannot be reached; a full round now',
    );
  });

  it('is one line that cannot steer a terminal, however long the host talks', () => {
    const message = `\u001b[2J\nfine\r\u202e ${'x'.repeat(5000)}`;
    const lines = [
      roundLine(0, [awaited('a\u001b[2J', { samples, message })], next, true),
      endLine('hopeless', 0, 0, [awaited('a', { message, key: 'k\u001b[2J' }, 'hopeless')]),
      endLine('deadline', 0, 0, [awaited('a\n\u001b[2J')]),
    ];
    for (const line of lines) {
      expect(line).not.toMatch(/[\p{C}\u2028]/u);
      expect(line.length).toBeLessThan(500);
    }
  });
});

describe('the last line', () => {
  it('names what waiting does not help, and counts the rest', () => {
    const hopeless = ['a', 'b', 'c', 'd'].map((rule) =>
      awaited(rule, { verdict: 'unknown', message: 'denied' }, 'hopeless'),
    );
    expect(endLine('hopeless', 1000, 0, hopeless)).toBe(
      'after 1s: waiting ends, because it does not help a (unknown: denied), b (unknown: denied), c (unknown: denied) and 1 more finding',
    );
    expect(endLine('hopeless', 1000, 0, hopeless.slice(0, 3))).toMatch(/, c \(unknown: denied\)$/);
    expect(endLine('hopeless', 1000, 0, [])).toContain('where no gating rule applies');
  });

  it('is still waiting, at the deadline, for what waiting could have helped', () => {
    const stays = awaited('stays', {}, 'hopeless');
    expect(endLine('deadline', 60_000, 0, [stays, awaited('moves')])).toContain('over, still waiting for moves; ');
    expect(endLine('deadline', 60_000, 0, [stays])).toContain('the time is over before another full round; ');
  });
});
