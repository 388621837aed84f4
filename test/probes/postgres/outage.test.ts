/** How long a standby may be away: by what is kept for it, and by how fast the primary writes. */
import { describe, expect, it } from 'vitest';
import { check } from '../../../src/core/check-schema.js';
import { Unreadable } from '../../../src/core/errors.js';
import { closed } from '../../../src/probes/define.js';
import { postgresOutage } from '../../../src/probes/postgres/outage.js';

const whole = closed(postgresOutage.value, Object.keys(postgresOutage.value));
const GIB = 1024 ** 3;
const at = (now: number, writtenPosition: number) => ({
  ...{ state: 'up', role: 'primary', version: 150014, now, writtenPosition },
});
/** A megabyte a second at the mean, two at the fastest. */
const samples = [at(0, 0), at(3000, 6_000_000), at(6000, 6_000_000), at(12_000, 12_000_000)];
const standby = { state: 'up', role: 'standby', asks: { name: 'b', slot: 'b', host: '10.0.0.1' } };
const slotless = { ...standby, asks: { ...standby.asks, slot: '' } };

interface Told {
  samples?: ReturnType<typeof at>[];
  standby?: object;
  settings?: object;
  disk?: unknown;
  version?: number;
  configuration?: unknown;
}

function outage(told: Told) {
  const { samples: series = samples, standby: other = standby, settings = {}, version = 150014 } = told;
  const primaries = series.map((one) => ({ ...one, version }));
  const sources = {
    ...{ primary: primaries.at(-1), standby: other, configuration: { settings } },
    ...{ disk: { freeBytes: 12_000_000_000 }, ...told },
  };
  const value = postgresOutage.make(sources, () => ({ primary: primaries, standby: [] }));
  expect(check(whole, value)).toEqual([]);
  return value;
}

describe('what is kept', () => {
  it.each<[string, Told, object]>([
    [
      'by a slot without a limit, until the disk is full',
      { settings: { max_slot_wal_keep_size: '-1' } },
      { kept: 'by its slot', roomBytes: 12_000_000_000, until: "the disk of the primary's WAL is full" },
    ],
    [
      'by a slot of a version that has no limit',
      { version: 120023 },
      { kept: 'by its slot', roomBytes: 12_000_000_000 },
    ],
    [
      'by a slot with a limit',
      { settings: { max_slot_wal_keep_size: '1024' } },
      { kept: 'by its slot, within a limit', roomBytes: GIB, until: 'its slot is lost' },
    ],
    [
      'by a slot with a limit that the disk cannot hold',
      { settings: { max_slot_wal_keep_size: '1024' }, disk: { freeBytes: 1000 } },
      { kept: 'by its slot, within a limit', roomBytes: 1000, until: "the disk of the primary's WAL is full" },
    ],
    [
      'without a slot, as much as is set',
      { standby: slotless, settings: { wal_keep_size: '128', archive_mode: 'off' } },
      { kept: 'without a slot', roomBytes: 128 * 1024 ** 2, until: 'the WAL is removed' },
    ],
    ['without a slot, nothing', { standby: slotless, settings: { wal_keep_size: '0' } }, { roomBytes: 0 }],
    [
      'by a slot that is lost as soon as its standby is away',
      { settings: { max_slot_wal_keep_size: '0' } },
      { kept: 'by its slot, within a limit', roomBytes: 0, until: 'its slot is lost' },
    ],
    ['by a slot, on a full disk', { disk: { freeBytes: 0 } }, { kept: 'by its slot', roomBytes: 0 }],
    [
      'without a slot, as much as is set, on a disk that has no room for it',
      { standby: slotless, settings: { wal_keep_size: '128' }, disk: { freeBytes: 1000 } },
      { kept: 'without a slot', roomBytes: 1000, until: "the disk of the primary's WAL is full" },
    ],
    [
      'without a slot, a number of segments of 11',
      { standby: slotless, version: 110000, settings: { wal_keep_segments: '8', wal_segment_size: '16777216' } },
      { roomBytes: 8 * 16 * 1024 ** 2 },
    ],
    [
      'without a slot, a number of segments',
      { standby: slotless, version: 120023, settings: { wal_keep_segments: '8', wal_segment_size: '16777216' } },
      { roomBytes: 8 * 16 * 1024 ** 2 },
    ],
    [
      'without a slot, a number of segments before 11',
      { standby: slotless, version: 100023, settings: { wal_keep_segments: '8', wal_segment_size: '2048' } },
      { roomBytes: 8 * 16 * 1024 ** 2 },
    ],
    [
      'on a disk whose size is known by its bounds',
      { disk: { freeBytes: { low: 5000, high: 9000 } } },
      { kept: 'by its slot', roomBytes: 5000 },
    ],
  ])('%s', (_, told, value) => {
    expect(outage(told)).toMatchObject(value);
  });

  it.each<[string, Told]>([
    ['with an archive, without a slot', { standby: slotless, settings: { wal_keep_size: '0', archive_mode: 'on' } }],
    ['where the disk was not read', { disk: { exists: false } }],
    ['where the disk was not asked for', { disk: undefined }],
    ['with a limit, where the disk was not read', { settings: { max_slot_wal_keep_size: '1024' }, disk: undefined }],
    ['without a slot, where nothing is told', { standby: slotless }],
    ['without a slot, where segments have no size', { standby: slotless, settings: { wal_keep_segments: '8' } }],
    ['without a slot, where no number is told', { standby: slotless, settings: { wal_segment_size: '16777216' } }],
    [
      'without a slot, where the disk was not read',
      { standby: slotless, settings: { wal_keep_size: '128' }, disk: undefined },
    ],
  ])('%s is not known', (_, told) => {
    const value = outage(told);
    const slot =
      told.standby === slotless ? 'without a slot' : told.settings ? 'by its slot, within a limit' : 'by its slot';
    expect(value).toStrictEqual({ kept: slot, budget: 'room not known' });
  });
});

describe('how long it lasts', () => {
  it('lies between the fastest and the mean of what was written', () => {
    expect(outage({})).toMatchObject({
      rate: { low: 1_000_000, high: 2_000_000 },
      awayMs: { low: 6_000_000, high: 12_000_000 },
      away: 'about 1h40m to 3h20m',
    });
  });

  // Tried on 18: a slot that nobody uses for that long is lost at the next checkpoint.
  it.each<[string, Told, object]>([
    [
      'less than the room would',
      { settings: { idle_replication_slot_timeout: '600' } },
      { awayMs: { low: 600_000, high: 600_000 }, away: 'about 10m', until: 'its slot is lost' },
    ],
    [
      'less than the room would at the mean',
      { settings: { idle_replication_slot_timeout: '7200' } },
      { awayMs: { low: 6_000_000, high: 7_200_000 }, until: "the disk of the primary's WAL is full" },
    ],
    [
      'for ever',
      { settings: { idle_replication_slot_timeout: '0' } },
      { awayMs: { low: 6_000_000, high: 12_000_000 } },
    ],
    [
      'where there is none',
      { standby: slotless, settings: { idle_replication_slot_timeout: '1', wal_keep_size: '12000' } },
      { awayMs: { low: 6_000_000, high: 12_000_000 }, until: "the disk of the primary's WAL is full" },
    ],
  ])('is no longer than a slot may be idle: %s', (_, told, value) => {
    expect(outage(told)).toMatchObject(value);
  });

  it('is told by the samples that were read', () => {
    const unread = { state: 'up', role: 'primary' } as never;
    expect(outage({ samples: [unread, at(1000, 0), unread, at(7000, 6_000_000)] })).toMatchObject({
      rate: { low: 1_000_000, high: 1_000_000 },
    });
    for (const few of [
      [at(0, 0), unread],
      [unread, unread],
    ])
      expect(outage({ samples: few }).budget).toBe('watched too briefly');
    const halves = [
      ...[at(0, 0), at(6000, 6_000_000)],
      ...[{ writtenPosition: 90_000_000 }, { now: 90_000 }].map((half) => ({ role: 'primary', ...half }) as never),
    ];
    expect(outage({ samples: halves })).toMatchObject({ rate: { low: 1_000_000, high: 1_000_000 } });
    const series = { primary: [undefined, 'text', at(0, 0), at(6000, 6_000_000)] };
    const sources = { primary: at(6000, 6_000_000), standby, configuration: { settings: {} }, disk: { freeBytes: 10 } };
    expect(postgresOutage.make(sources, () => series)).toMatchObject({ rate: { low: 1_000_000, high: 1_000_000 } });
    expect(postgresOutage.make(sources, () => ({}))).toMatchObject({ budget: 'watched too briefly' });
  });

  it('is told from the first to the last look at its clock, wherever that begins', () => {
    const late = [at(1_000_000, 9_000_000), at(1_002_500, 14_000_000), at(1_005_000, 14_000_000)];
    expect(outage({ samples: late })).toMatchObject({ rate: { low: 1_000_000, high: 2_000_000 } });
    const brief = [at(1_000_000, 9_000_000), at(1_004_999, 14_000_000)];
    expect(outage({ samples: brief }).budget).toBe('watched too briefly');
  });

  it('is one time where the rate is one', () => {
    expect(outage({ samples: [at(0, 0), at(6000, 6_000_000)] }).away).toBe('about 3h20m');
  });

  it.each<[string, Told, string]>([
    ['nothing is written', { samples: [at(0, 500), at(12_000, 500)] }, 'nothing written'],
    ['it is watched for a moment', { samples: [at(0, 0), at(4999, 500)] }, 'watched too briefly'],
    ['it is asked once', { samples: [at(0, 0)] }, 'watched too briefly'],
    ['it is a standby', { samples: samples.map((one) => ({ ...one, role: 'standby' })) }, 'not told'],
    ['the standby does not say whom it asks', { standby: { state: 'up', role: 'standby' } }, 'not told'],
    ['the settings were not asked for', { configuration: undefined }, 'not told'],
    ['the primary did not tell its settings', { configuration: { state: 'down' } }, 'not told'],
  ])('is not known where %s', (_, told, budget) => {
    const value = outage(told);
    expect(value).not.toHaveProperty('awayMs');
    expect(value.budget).toBe(budget);
  });

  it('is nothing of one server alone', () => {
    expect(() => postgresOutage.make({ primary: samples[0] }, () => ({}))).toThrow(Unreadable);
    expect(() => postgresOutage.make({ standby }, () => ({}))).toThrow(Unreadable);
  });
});
