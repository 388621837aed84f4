/** The numbers of a run: read from answers, never made up. */
import { describe, expect, it } from 'vitest';
import type { Evidence, Finding, Output } from '../../src/core/model.js';
import { measuresOf } from '../../src/judge/measures.js';
import { loadPack, packDir } from '../../src/pack/load.js';

const pack = loadPack(packDir('postgresql'));
const output = (stdout: string, startedAt = '2026-01-01T00:00:10.000Z', exit = 0): Output => ({
  exit,
  stdout,
  stderr: '',
  startedAt,
  durationMs: 0,
});
type Saved = Evidence['steps'][number];
const step = (probe: string, host: string, outputs: Output[][], params = {}): Saved => ({
  id: `${probe}-${host}`,
  probe,
  params,
  subject: { kind: 'host', host },
  asks: [],
  wantedBy: [],
  outputs,
});
const of = (steps: Saved[], findings: Partial<Finding>[] = []) =>
  measuresOf({ pack }, { steps } as Evidence, findings as Finding[]);
const clock = (host: string, seconds: string) => step('clock', host, [[output(`${seconds}\n`)]]);
const series = (property: string, values: (number | null)[]) => ({
  samples: [{ label: 'primary', property, values: values.map((value) => ({ at: '', value })) }],
});

describe('measures', () => {
  it('tell how far clocks are apart, by the middles of what is known', () => {
    const at = Date.parse('2026-01-01T00:00:10.000Z') / 1000;
    const found = of([clock('a', `${at}000000000`), clock('b', `${at + 5}000000000`)]);
    expect(found).toEqual([{ name: 'clockOffsetMs', value: 5000 }]);
    expect(of([clock('a', `${at}000000000`)])).toEqual([]);
    expect(of([clock('a', `${at}000000000`), clock('b', 'nonsense')])).toEqual([]);
  });

  it('tell the end of a lag that a rule followed, where the server itself was not asked', () => {
    expect(of([], [series('postgres_lag_bytes', [9, 4]), series('entries', [1])])).toEqual([
      { name: 'lagBytes', host: 'primary', value: 4 },
    ]);
    expect(of([], [series('lagBytes', [9, null])])).toEqual([]);
  });

  it('tell what is free, each file system of a path once', () => {
    const df = output('Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 100 40 60 40% /data\n');
    const free = of([
      step(
        'filesystem',
        'a',
        [
          [
            output('/data\n'),
            df,
            output('24 21 8:1 / /data rw,relatime shared:4 - ext4 /dev/sda1 rw\n'),
            output('major minor  #blocks  name\n\n   8        1   100 sda1\n'),
          ],
        ],
        { path: '/data' },
      ),
    ]);
    expect(free).toEqual([{ name: 'freeBytes', host: 'a', path: '/data', value: 60 * 1024 }]);
    expect(of([step('filesystem', 'a', [[output('', undefined, 1)]], { path: '/data' })])).toEqual([]);
  });
});
