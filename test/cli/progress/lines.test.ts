/** The hosts' lines fit their terminal, whatever is written in inventory and pack. */
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { HostView } from '../../../src/cli/progress/host.js';
import { clockOf, progressLines } from '../../../src/cli/progress/lines.js';
import { anyCharacter } from '../../any-character.js';

const view = (over: Partial<HostView>): HostView => ({
  name: 'primary',
  done: 12,
  total: 31,
  doing: 'filesystem /data',
  limit: '',
  elapsedMs: 4_200,
  left: { ms: 8_100, least: false },
  ...over,
});
const slow = { name: 'secondary', done: 9, doing: 'disk-usage /opt/x', limit: '(up to 2 min)' };
const pair = [view({}), view({ ...slow, left: { ms: 11_900, least: true } })];

describe('the lines of a pair', () => {
  it.each([
    [
      100,
      [
        'primary    12/31  filesystem /data                            0:04, about 0:09 left',
        'secondary   9/31  disk-usage /opt/x (up to 2 min)             0:04, at least 0:11 left',
      ],
    ],
    [
      79,
      [
        'primary    12/31  filesystem /data                     0:04, about 0:09 left',
        'secondary   9/31  disk-usage /opt/x (up to 2 min)      0:04, at least 0:11 left',
      ],
    ],
    [
      59,
      [
        'primary    12/31  filesystem /...  0:04, about 0:09 left',
        'secondary   9/31  disk-usage /...  0:04, at least 0:11 left',
      ],
    ],
    [39, ['primary    12/31  filesystem /...  0:04', 'secondary   9/31  disk-usage /...  0:04']],
    [34, ['primary   12/31  filesystem /data', 'secon...   9/31  disk-usage /opt/x']],
    [29, ['primary  12/31  0:04', 'seco...   9/31  0:04']],
    [19, ['prim  12/31  0:04', 'seco   9/31  0:04']],
    [11, ['prim  12/31', 'seco   9/31']],
  ])('%i columns wide', (width, lines) => {
    expect(progressLines(pair, width)).toEqual(lines);
  });

  it.each([
    [{ left: undefined }, '0:04'],
    [{ left: { ms: 1_001, least: false } }, '0:04, about 0:02 left'],
    [{ left: { ms: 60_001, least: false } }, '0:04, about 1:10 left'],
    [{ left: { ms: 69_000, least: true } }, '0:04, at least 1:00 left'],
    [{ left: { ms: 630_000, least: false }, elapsedMs: 3_909_000 }, '1:05:09, about 11:00 left'],
  ])('%j', (over, times) => {
    expect(progressLines([view(over)], 120)[0]?.replace(/.* {2}/, '')).toBe(times);
  });

  it('drops the limit before the words that it is of', () => {
    expect(progressLines([view(slow)], 62)[0]).toContain('  disk-usage /opt/x  ');
  });

  it('writes out what would steer a terminal', () => {
    const [line] = progressLines([view({ name: 'a\u001b[2J', doing: 'file /\u202e\r\nx' })], 120);
    expect(line).toContain('a\\x1b[2J  12/31  file /\\u202e\\r\\nx  ');
  });

  it.each([0, 999, 1_000, 59_999, 60_000, 3_600_000, -5])('tells %i ms as a clock does', (ms) => {
    expect(clockOf(ms)).toBe({ 1000: '0:01', 59999: '0:59', 60000: '1:00', 3600000: '1:00:00' }[ms] ?? '0:00');
  });
});

describe('whatever is asked', () => {
  const text = fc.oneof(
    fc.string({ unit: anyCharacter, maxLength: 60 }),
    fc.string({ unit: fc.constantFrom('名', 'é', '👩‍👩‍👧', '\u001b', 'a', '\u200b', '\n'), maxLength: 60 }),
  );
  const views = fc.array(
    fc.record({
      name: text,
      done: fc.nat(10_000),
      total: fc.nat(10_000),
      doing: text,
      limit: fc.constantFrom('', '(up to 2 min)', '(up to 10 min)'),
      elapsedMs: fc.nat(1_000_000_000),
      left: fc.option(fc.record({ ms: fc.nat(100_000_000), least: fc.boolean() }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 5 },
  );

  it('each host has one line, from 20 columns to 200, that is no wider and steers nothing', () => {
    fc.assert(
      fc.property(views, fc.integer({ min: 20, max: 200 }), (some, width) => {
        const lines = progressLines(some, width);
        expect(lines).toHaveLength(some.length);
        for (const line of lines) {
          expect(stringWidth(line)).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        }
      }),
    );
  });

  it('the counts stand below each other', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(999)), { minLength: 2, maxLength: 4 }), (counts) => {
        const lines = progressLines(
          counts.map(([done, total]) => view({ name: `h${total}`, done, total })),
          100,
        );
        expect(new Set(lines.map((line) => line.search(/ {2}filesystem/))).size).toBe(1);
      }),
    );
  });
});
