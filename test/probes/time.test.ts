/** A host's clock as an interval, and its time zone. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { openLocal } from '../../src/collect/transport/local.js';
import { clock, timezone } from '../../src/probes/time.js';
import { host, options } from '../collect/transport/support.js';
import { noAnswers, read, said, spoiled, unreadable } from './support.js';

const started = Date.parse('2026-01-01T00:00:00.000Z');
const at = (text: string, durationMs: number) => ({
  ...said(text),
  startedAt: new Date(started).toISOString(),
  durationMs,
});
type Clock = { offsetMs: { low: number; high: number } };
const offset = (text: string, durationMs = 10) => (read(clock, [at(text, durationMs)]) as Clock).offsetMs;

describe('the clock', () => {
  it('lies between the two ends of the question', () => {
    expect(offset(`${started / 1000}005000000\n`)).toEqual({ low: -7, high: 7 });
    expect(offset(`${started / 1000 + 3600}000000000\n`, 40)).toEqual({ low: 3_599_958, high: 3_600_002 });
  });

  it.each([`${started / 1000}%N\n`, `${started / 1000}N\n`, `${started / 1000}\n`])(
    'in whole seconds is a second wider (%j)',
    (text) => {
      expect(offset(text)).toEqual({ low: -12, high: 1000 });
    },
  );

  test('the interval holds the true offset, however the times were rounded', () => {
    const ms = fc.double({ min: 0, max: 5000, noNaN: true });
    fc.assert(
      fc.property(ms, ms, ms, fc.integer({ min: -1e7, max: 1e7 }), (before, after, begin, ahead) => {
        const [start, read, end] = [started + begin, started + begin + before, started + begin + before + after];
        const nanoseconds = BigInt(Math.floor((read + ahead) * 1e6));
        const output = {
          ...said(`${nanoseconds}\n`),
          startedAt: new Date(Math.floor(start)).toISOString(),
          durationMs: Math.round(end - start),
        };
        const { low, high } = clock.read([output], {})
          ? (clock.read([output], {}) as Clock).offsetMs
          : { low: 0, high: 0 };
        expect(low).toBeLessThanOrEqual(ahead);
        expect(high).toBeGreaterThanOrEqual(ahead);
      }),
    );
  });

  it("of this machine is this machine's, also behind other questions in the queue", async () => {
    const transport = openLocal(host(), options());
    const slow = Array.from({ length: 4 }, () =>
      transport.run({
        kind: 'exec',
        argv: ['sleep', '0.4'],
        as: 'login',
        effect: 'read',
        timeoutMs: 5000,
        maxBytes: 100,
      }),
    );
    const [ask] = clock.ask({}, { name: 'a', role: 'a', address: '127.0.0.1', connection: 'local' });
    if (ask?.kind !== 'exec') throw new Error('date is not asked');
    const output = await transport.run(ask);
    await Promise.all(slow);
    await transport.close();
    const { low, high } = (read(clock, [output]) as Clock).offsetMs;
    expect(low).toBeLessThanOrEqual(0);
    expect(high).toBeGreaterThanOrEqual(0);
    expect(high - low - output.durationMs).toBeLessThanOrEqual(5);
  });

  it('is that of a line without an end, too', () => {
    expect(offset(`${started / 1000}005000000`)).toEqual({ low: -7, high: 7 });
    expect(offset(`${started / 1000}999999999\n`, 0)).toEqual({ low: 997, high: 1001 });
  });

  it('is not known where nobody knows how long the question took', () => {
    for (const durationMs of [-1, Number.NaN])
      expect(unreadable(clock, [at('1767225600123456789\n', durationMs)]).message).toMatch(/not known when/);
  });

  it.each(['x1767225600\n', '1767225600123456789x\n', '1767225600\n\n', '1767225600\nx'])(
    'is no time that stands among something else (%j)',
    (text) => {
      expect(unreadable(clock, [at(text, 1)]).message).toBe('date did not print the time');
    },
  );

  it.each(['', '\n', 'now', '12\n', '1767225600.5\n', `${'9'.repeat(30)}\n`, '1767225600123\n'])(
    'is not read from %j',
    (text) => {
      unreadable(clock, [at(text, 1)]);
    },
  );
  it.each(noAnswers)('is none for %s', (_, output) => void unreadable(clock, [output]));
  it('is none with a problem, or without the time of the question', () => {
    for (const output of spoiled(at('1767225600123456789\n', 1))) unreadable(clock, [output]);
    unreadable(clock, [{ ...at('1767225600123456789\n', 1), startedAt: 'once' }]);
  });
});

describe('the time zone', () => {
  it.each([
    ['UTC +0000\n', { zone: 'UTC', offset: '+0000' }],
    ['CEST +0200\n', { zone: 'CEST', offset: '+0200' }],
    ['+0545 +0545\n', { zone: '+0545', offset: '+0545' }],
    ['-03 -0300\n', { zone: '-03', offset: '-0300' }],
  ])('%j', (text, value) => {
    expect(read(timezone, [said(text)])).toEqual(value);
  });
  it.each([
    'UTC\n',
    '%Z %z\n',
    'UTC +00:00\n',
    ' +0000\n',
    'x UTC +0000\n',
    'UTC +00000\n',
    'UTC +0000 x\n',
    '+1 +0100',
  ])('is not read from %j', (text) => {
    expect(unreadable(timezone, [said(text)]).message).toBe('date did not print a time zone');
  });
  it.each(['', 'UTC +0000\nUTC +0000\n'])('is not read from %j, which is not one line', (text) => {
    unreadable(timezone, [said(text)]);
  });
  it.each(noAnswers)('is none for %s', (_, output) => void unreadable(timezone, [output]));
});
