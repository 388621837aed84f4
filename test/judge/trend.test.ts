import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { courseOf, type Point, tellCourse, tellWritten } from '../../src/core/course.js';
import { pointValue } from '../../src/core/json.js';
import { seriesOf } from '../../src/judge/trend.js';

const start = Date.parse('2026-11-20T00:00:00.000Z');
const points = (...values: Point['value'][]): Point[] =>
  values.map((value, index) => ({ at: new Date(start + index * 5000).toISOString(), value }));
const MiB = 1024 ** 2;
const small = 16 * MiB;

describe('the course of a series', () => {
  it.each([
    ['small', [0, 0, 0]],
    ['small', [900 * MiB, 300 * MiB, small]],
    ['small', [1, 2, 3]],
    ['small', [5]],
    ['falling', [50 * MiB, 40 * MiB, 30 * MiB]],
    ['rising', [30 * MiB, 40 * MiB, 50 * MiB]],
    ['stuck', [30 * MiB, 30 * MiB, 30 * MiB]],
    ['mixed', [50 * MiB, 40 * MiB, 45 * MiB]],
    ['mixed', [50 * MiB, 40 * MiB, 40 * MiB]],
    ['rising', [40 * MiB, 40 * MiB, 50 * MiB]],
    ['rising', [40 * MiB, 50 * MiB, 50 * MiB]],
    ['mixed', ['unknown', 0, 0]],
    ['mixed', [0, 'unknown', 0]],
    ['not_a_number', [0, 0, 'unknown']],
    ['not_a_number', ['unknown']],
    [undefined, [50 * MiB]],
    [undefined, [0, undefined, 0]],
    [undefined, [0, 0, undefined]],
    [undefined, []],
  ] as const)('%s: %j', (course, values) => {
    expect(courseOf(points(...values), small)).toBe(course);
  });

  it('is small only if every sample was a number and the last is within the limit', () => {
    const value = fc.oneof(fc.nat(100 * MiB), fc.constant('unknown'), fc.constant(undefined));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 8 }), (values) => {
        const wanted =
          values.length > 0 && values.every((one) => typeof one === 'number') && Number(values.at(-1)) <= small;
        expect(courseOf(points(...values), small) === 'small').toBe(wanted);
      }),
    );
  });

  it('is none where the samples are not in the order of their times', () => {
    const series = points(50 * MiB, 40 * MiB, 30 * MiB);
    expect(courseOf(series.toReversed(), small)).toBeUndefined();
    expect(tellCourse(undefined, series.toReversed(), small, 'bytes')).toContain('not in the order of their times');
    const [first, ...rest] = series;
    expect(courseOf([...(first ? [first, first] : []), ...rest], small)).toBeUndefined();
  });

  it('falls only if no sample is as high as the one before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: small + 1, max: 10 * small }), { minLength: 2, maxLength: 8 }),
        (values) => {
          const falls = values.slice(1).every((value, index) => value < (values[index] ?? 0));
          expect(courseOf(points(...values), small) === 'falling').toBe(falls);
        },
      ),
    );
  });
});

describe('a value of a series', () => {
  it.each([
    ['0', 0],
    ['123', 123],
    [' 7\n', 7],
    ['-1', '-1'],
    [-1, '-1'],
    [12, 12],
    ['unknown', 'unknown'],
    ['', ''],
    ['1e9', '1e9'],
    ['0x10', '0x10'],
    ['Infinity', 'Infinity'],
    [null, undefined],
    [undefined, undefined],
    [{ a: 1 }, '{"a":1}'],
  ])('%j is %j', (value, wanted) => {
    expect(pointValue(value)).toEqual(wanted);
  });
});

describe('the words for a course', () => {
  const tell = (...values: Point['value'][]) =>
    tellCourse(courseOf(points(...values), small), points(...values), small, 'postgres_lag_bytes');

  it('tells when a falling series reaches zero', () => {
    expect(tell(300 * MiB, 250 * MiB, 200 * MiB)).toBe(
      '200 MiB (209715200 bytes), falling at every one of 3 samples over 10 s, by 10 MiB (10485760 bytes) a second; at that rate it reaches zero in about 20 s (2026-11-20T00:00Z)',
    );
    expect(tell(300 * MiB, 299 * MiB)).toContain('in about 25 min');
    expect(tell(3_000_000 * MiB, 2_999_999 * MiB)).toContain('days');
    // Counted from the last sample.
    expect(tellCourse('falling', points(1022, 1017, 1012), 0, 'items')).toMatch(
      / in about 17 min \(2026-11-20T00:17Z\)$/,
    );
  });

  it('names no moment of a year that has more than four digits', () => {
    const left = (Date.parse('+010000-01-01T00:00:00Z') - start - 5000) / 1000;
    const falling = (from: number) => tellCourse('falling', points(from + 5, from), small, 'items');
    expect(falling(left)).toMatch(/ days$/);
    expect(falling(left - 1)).toMatch(/ days \(9999-12-31T23:59Z\)$/);
  });

  it('tells how much a series rises, that it stands still, that it is small', () => {
    expect(tell(20 * MiB, 30 * MiB)).toBe(
      '30 MiB (31457280 bytes), risen by 10 MiB (10485760 bytes) and never fallen in 2 samples over 5 s',
    );
    expect(tell(20 * MiB, 20 * MiB)).toBe(
      '20 MiB (20971520 bytes) at every one of 2 samples over 5 s: it does not move',
    );
    expect(tell(0, 0)).toBe('0 bytes at the end of 2 samples over 5 s (at most 16 MiB (16777216 bytes))');
  });

  it('says that a small series rose all the same', () => {
    expect(tell(1, 2, 3)).toContain('though it rose at every one');
    expect(tell(1, 2, 2)).not.toContain('rose');
    // One step is no course, and none is no step.
    expect(tell(1, 2)).not.toContain('rose');
    expect(tell(1)).not.toContain('rose');
  });

  it('tells what stood in the place of a number, and what could not be read', () => {
    expect(tell(0, 'unknown')).toBe('"unknown" instead of a number');
    expect(tell('a', 0, 'b')).toBe('"b" instead of a number');
    expect(tell('unknown', 0)).toBe('not always a number (2 samples over 5 s)');
    expect(tell(50 * MiB, 40 * MiB, 45 * MiB)).toBe(
      'between 40 MiB (41943040 bytes) and 50 MiB (52428800 bytes), neither falling nor rising throughout (3 samples over 10 s)',
    );
    expect(tell(undefined)).toBe('1 of 1 samples could not be read');
    expect(tell()).toBe('no samples were taken, and one value shows no trend');
    const [late, early] = points(0, undefined).toReversed();
    expect(
      tellCourse(
        undefined,
        [late, early].flatMap((one) => one ?? []),
        small,
        'bytes',
      ),
    ).toBe('1 of 2 samples could not be read');
    expect(tell(0, undefined, 0)).toBe('1 of 3 samples could not be read');
    expect(tell(20 * MiB)).toBe('20 MiB (20971520 bytes): one sample shows no trend');
  });

  it('never invents a time when the clock of the samples stands still or is no clock', () => {
    const still = points(30 * MiB, 20 * MiB).map(({ value }) => ({ at: 'never', value }));
    expect(tellCourse('falling', still, small, 'bytes')).toBe(
      '20 MiB (20971520 bytes), falling at every one of 2 samples over 0 s',
    );
  });
});

describe('what was written while the samples were taken', () => {
  it.each([
    [[100, 100], 'nothing was written meanwhile, so this shows only that nothing was pending'],
    [[100, 2148], '2 KiB (2048 bytes) were written meanwhile'],
    [[100, 50, 2148], '2 KiB (2048 bytes) were written meanwhile'],
    [[100, 200, 100], 'nothing was written meanwhile, so this shows only that nothing was pending'],
    [[100, undefined, 200], 'whether anything was written meanwhile is not known'],
    [[100, undefined], 'whether anything was written meanwhile is not known'],
    [[100], 'whether anything was written meanwhile is not known'],
    [[], 'whether anything was written meanwhile is not known'],
  ])('%j', (values, words) => {
    expect(tellWritten(points(...values), 0)).toBe(words);
  });
});

it('what is pending while nothing is written is not said to be nothing', () => {
  expect(tellWritten(points(100, 100), 5_000_000)).toBe('nothing was written meanwhile');
});

it('a report keeps the numbers of a series, and null for what was none', () => {
  expect(seriesOf('primary', 'bytes', points(1, 'unknown', undefined))).toEqual({
    label: 'primary',
    property: 'bytes',
    values: [
      { at: '2026-11-20T00:00:00.000Z', value: 1 },
      { at: '2026-11-20T00:00:05.000Z', value: null },
      { at: '2026-11-20T00:00:10.000Z', value: null },
    ],
  });
});
