/** The numbers of a run: read from answers, never made up. */
import { describe, expect, it } from 'vitest';
import type { Evidence, Finding, Output, Probe } from '../../src/core/model.js';
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

  const sender = (name: string, bytes: unknown) => ({ name, lagBytes: bytes, unreceivedBytes: bytes });
  const answers = new Map<string, Probe>(
    ['postgres', 'clock', 'filesystem', 'memory'].map((id) => {
      const read = ([output]: Output[]) => JSON.parse(output?.stdout ?? '') as unknown;
      return [id, { value: {}, read } as unknown as Probe];
    }),
  );
  const told = (...steps: [probe: string, host: string, value: unknown][]) =>
    measuresOf(
      { pack: { ...pack, probes: answers } },
      { steps: steps.map(([probe, host, value]) => step(probe, host, [[output(JSON.stringify(value))]])) } as Evidence,
      [series('lagBytes', [7]) as Finding],
    );

  it('tell of several standbys the one that is farthest behind, and believe the server', () => {
    expect(told(['postgres', 'a', { senders: [sender('x', 3), sender('y', 9), null, 'z'] }])).toEqual([
      { name: 'lagBytes', host: 'a', value: 9 },
      { name: 'unreceivedBytes', host: 'a', value: 9 },
    ]);
    const ofSeries = [{ name: 'lagBytes', host: 'primary', value: 7 }];
    for (const senders of [[], undefined, 'none', [sender('x', 'many')]])
      expect(told(['postgres', 'a', { senders }])).toEqual(ofSeries);
    expect(told(['memory', 'a', { senders: [sender('x', 3)] }], ['postgres', 'a', [1]])).toEqual(ofSeries);
  });

  it('tell each number once, and nothing that is half known', () => {
    const free = (host: string, path: unknown, freeBytes: unknown) =>
      ['filesystem', host, { path, freeBytes }] as [string, string, unknown];
    const ofSeries = { name: 'lagBytes', host: 'primary', value: 7 };
    const is = (host: string, path: string, value: number) => ({ name: 'freeBytes', host, path, value });
    expect(told(free('a', '/x', 1), free('a', '/x', 2), free('b', '/x', 3), free('a', '/y', 4))).toEqual([
      ofSeries,
      is('a', '/x', 1),
      is('b', '/x', 3),
      is('a', '/y', 4),
    ]);
    expect(told(free('a', undefined, 1), free('a', '/x', undefined), free('a', '/x', '5'))).toEqual([ofSeries]);
  });

  it('tell how far the two clocks are apart that are farthest, rounded', () => {
    const at = (host: string, low: number, high: number) =>
      ['clock', host, { offsetMs: { low, high } }] as [string, string, unknown];
    expect(told(['filesystem', 'a', null], ['clock', 'a', 7], ['clock', 'b', { offsetMs: 'x' }])).toEqual([
      { name: 'lagBytes', host: 'primary', value: 7 },
    ]);
    expect(told(['clock', 'b', { offsetMs: 'x' }], at('a', 0, 0), at('b', 4, 4)).at(-1)?.value).toBe(4);
    const apart = told(at('a', 0, 1), at('b', 10, 13), at('c', -4, -2));
    expect(apart.find(({ name }) => name === 'clockOffsetMs')).toEqual({ name: 'clockOffsetMs', value: 15 });
  });

  it('take no answer of a direction, nor of a question that was not asked', () => {
    const pair = {
      ...step('postgres', 'a', [[output('{"senders":[{"lagBytes":1}]}')]]),
      subject: { kind: 'pair', from: 'a', to: 'b' },
    };
    const unasked = step('postgres', 'a', []);
    const scope = { pack: { ...pack, probes: answers } };
    expect(measuresOf(scope, { steps: [pair, unasked] } as unknown as Evidence, [])).toEqual([]);
    expect(
      measuresOf(
        { pack: { ...pack, probes: new Map() } },
        { steps: [step('postgres', 'a', [[output('{}')]])] } as Evidence,
        [],
      ),
    ).toEqual([]);
  });

  it('tell of a series its last number alone, and no series of anything but a lag in bytes', () => {
    expect(of([], [series('lag_seconds', [1]), series('lagBytesPerSecond', [2]), series('bytesLag', [3])])).toEqual([]);
    expect(of([], [series('replay_lag_bytes', [1, 2])])).toEqual([{ name: 'lagBytes', host: 'primary', value: 2 }]);
    expect(of([], [series('lagBytes', [])])).toEqual([]);
    expect(of([], [{}])).toEqual([]);
  });
});
