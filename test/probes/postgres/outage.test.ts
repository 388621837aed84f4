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
  disk?: object;
  version?: number;
}

function outage({ samples: series = samples, standby: other = standby, settings = {}, disk, version = 150014 }: Told) {
  const primaries = series.map((one) => ({ ...one, version }));
  const sources = {
    ...{ primary: primaries.at(-1), standby: other, configuration: { settings } },
    disk: disk ?? { freeBytes: 12_000_000_000 },
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
    ['without a slot, where nothing is told', { standby: slotless }],
  ])('%s is not known', (_, told) => {
    const value = outage(told);
    expect(value).not.toHaveProperty('awayMs');
    expect(value.budget).toBe('room not known');
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

  it('is one time where the rate is one', () => {
    expect(outage({ samples: [at(0, 0), at(6000, 6_000_000)] }).away).toBe('about 3h20m');
  });

  it.each<[string, Told, string]>([
    ['nothing is written', { samples: [at(0, 500), at(12_000, 500)] }, 'nothing written'],
    ['it is watched for a moment', { samples: [at(0, 0), at(4999, 500)] }, 'watched too briefly'],
    ['it is asked once', { samples: [at(0, 0)] }, 'watched too briefly'],
    ['it is a standby', { samples: samples.map((one) => ({ ...one, role: 'standby' })) }, 'not told'],
    ['the standby does not say whom it asks', { standby: { state: 'up', role: 'standby' } }, 'not told'],
  ])('is not known where %s', (_, told, budget) => {
    const value = outage(told);
    expect(value).not.toHaveProperty('awayMs');
    expect(value.budget).toBe(budget);
  });

  it('is nothing of one server alone', () => {
    expect(() => postgresOutage.make({ primary: samples[0] }, () => ({}))).toThrow(Unreadable);
  });
});
