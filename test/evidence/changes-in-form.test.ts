/** Changes between answers of other forms: declared ones, paths that were asked in two steps, values that are no records; and what a question is called. */
import { describe, expect, it } from 'vitest';
import type { DeclaredProperty, Evidence, Output, Step } from '../../src/core/model.js';
import { changesSince, factInWords } from '../../src/evidence/changes.js';
import type { Scope } from '../../src/plan/scope.js';
import { planSteps } from '../../src/plan/steps.js';
import type { AnyProbe } from '../../src/probes/define.js';
import { packOf, ruleText, said, scopeOf } from '../support.js';

const pack = packOf(
  ruleText('all', ['{ every: note.exists, equals: true }', '{ every: disk.exists, equals: true }'], {
    hosts: '[left]',
    facts:
      '{ note: { probe: file, with: { path: /note } }, disk: { probe: stat, with: { path: { line_of: /disk } } } }',
  }),
);
const scope = scopeOf(pack);
type Saved = Evidence['steps'][number];

/** What became of the step of a probe in a run; what is not told is not asked. */
function run(steps: Partial<Record<string, Partial<Saved>>>, more: Saved[] = []): Evidence {
  const planned = planSteps(scope).flatMap((step) => {
    const over = steps[step.probe];
    return over ? [{ ...step, outputs: [[said('')]], ...over }] : [];
  });
  return { steps: [...planned, ...more] } as unknown as Evidence;
}
const text = (stdout: string): Partial<Saved> => ({ outputs: [[said(stdout)]] });
const changes = (before: Evidence, after: Evidence) => changesSince(scope, before, after);
const of = (property: string, value: unknown, more: Partial<DeclaredProperty> = {}): DeclaredProperty => ({
  property,
  may: 'both',
  from: 'a plan',
  ...(value !== undefined && { value }),
  ...more,
});
const declared = (...properties: DeclaredProperty[]): Partial<Saved> => ({ declared: properties, outputs: [] });

describe('what was declared', () => {
  const note = { subject: 'left', fact: 'file /note' };
  const after = run({ file: text('on\n') });

  it.each<[string, Partial<Saved>, object[]]>([
    ['is as the host says', declared(of('line', 'on'), of('exists', true)), []],
    [
      'is another than the host says',
      declared(of('line', 'off'), of('exists', true)),
      [{ ...note, property: 'line', before: 'off', after: 'on' }],
    ],
    ['has no word on the rest', declared(of('exists', true)), []],
    ['has nothing that only compares', declared(of('line', 'off', { may: 'same-only' })), []],
    ['has nothing that only fails', declared(of('line', 'off', { may: 'fail-only' })), []],
    ['has no secret', declared(of('line', 'off', { sensitive: true })), []],
    ['has nothing without a value', declared(of('line', undefined, { why: 'later' })), []],
    [
      'is what the host does not have',
      declared(of('size', 5)),
      [{ ...note, property: 'size', before: 5, after: null }],
    ],
    [
      'is within what the host has',
      declared(of('line.length', 2)),
      [{ ...note, property: 'line.length', before: 2, after: null }],
    ],
  ])('%s', (_, before, list) => {
    expect(changes(run({ file: before }), after)).toEqual({ compared: 1, list });
    const turned = list.map((one) => ({
      ...one,
      before: (one as { after: unknown }).after,
      after: (one as { before: unknown }).before,
    }));
    expect(changes(after, run({ file: before }))).toEqual({ compared: 1, list: turned });
  });

  it('beside a host that could not be asked is a change, whole', () => {
    const lost = run({ file: { outputs: [[said('', { exit: null, problem: 'timeout', problemAt: 'command' })]] } });
    expect(
      changes(run({ file: declared(of('line', 'on'), of('text', 'x', { may: 'same-only' })) }), lost).list,
    ).toEqual([{ ...note, before: { line: 'on' }, after: 'could not be read: did not answer in time' }]);
  });

  it('twice is compared with all that it is, reasons too', () => {
    const [plan, other] = [
      declared(of('line', 'on', { may: 'same-only' }), of('text', undefined, { why: 'it is computed' })),
      declared(of('line', 'off', { may: 'same-only' }), of('text', 'x')),
    ];
    expect(changes(run({ file: plan }), run({ file: plan })).list).toEqual([]);
    expect(changes(run({ file: plan }), run({ file: other })).list).toEqual([
      { ...note, property: 'line', before: 'on', after: 'off' },
      { ...note, property: 'text', before: 'not known: it is computed', after: 'x' },
    ]);
  });
});

describe('a path that the host follows', () => {
  const asked = (probe: string, path: string, outputs: Output[]): Saved => ({
    id: `old ${path}`,
    probe,
    params: { path },
    subject: { kind: 'host', host: 'left' },
    asks: [],
    wantedBy: [],
    outputs: [outputs],
  });
  const stat = (kind: string) => `4 1 0 0 755 ${kind}\n`;
  const old = (path: string, kind = 'directory') =>
    run({}, [asked('file', '/disk', [said(`${path}\n`)]), asked('stat', path, [said(stat(kind))])]);
  const followed = (path: string, kind = 'directory') => run({ stat: text(`path ${path}\n${stat(kind)}`) });

  it('is the one that was asked in two steps', () => {
    expect(changes(old('/data'), followed('/data'))).toEqual({ compared: 1, list: [] });
    expect(changes(old('/data'), old('/data'))).toEqual({ compared: 1, list: [] });
  });

  it('is another, and the question is called as the plan of today calls it', () => {
    const fact = 'stat line 1 of /disk';
    expect(changes(old('/data'), followed('/other')).list).toEqual([
      { subject: 'left', fact, property: 'followed', before: '/data', after: '/other' },
    ]);
    expect(changes(followed('/data'), old('/data', 'regular file')).list).toMatchObject([{ fact, property: 'kind' }]);
  });

  it('that was asked in two steps both times is called as it was', () => {
    expect(changes(old('/data'), old('/data', 'regular file')).list).toMatchObject([
      { fact: 'stat /data', property: 'kind' },
    ]);
    // Of two paths neither is the question's.
    expect(changes(old('/data'), old('/other')).list).toMatchObject([
      { fact: 'stat line 1 of /disk', property: 'followed' },
    ]);
  });
});

describe('a value', () => {
  /** Runs of a probe that reads what it is told. */
  const valued = (before: unknown, after: unknown, over: Partial<AnyProbe> = {}) => {
    const probe = {
      ...pack.probes.get('file'),
      value: {},
      read: ([output]: Output[]) => JSON.parse(output?.stdout ?? ''),
      ...over,
    } as AnyProbe;
    const told: Scope = { ...scope, pack: { ...pack, probes: new Map([...pack.probes, ['file', probe]]) } };
    const [was, is] = [before, after].map((value) => run({ file: text(JSON.stringify(value)) })) as [
      Evidence,
      Evidence,
    ];
    return changesSince(told, was, is);
  };
  const token = (key: string) => `secret:${key.repeat(16)}:${'1'.repeat(32)}`;
  const [of, mixed] = [{ subject: 'left', fact: 'file /note' }, `a ${token('a')}  b`];

  it.each<[string, unknown, unknown, object[]]>([
    ['that is no record', 'a', 'b', [{ before: 'a', after: 'b' }]],
    ['that is the same', 'a', 'a', []],
    ['that became a record', 5, { a: 1 }, [{ before: 5, after: { a: 1 } }]],
    ['that was a record', { a: 1 }, 5, [{ before: { a: 1 }, after: 5 }]],
    ['that is the same list', [1, { a: 1 }], [1, { a: 1 }], []],
    ['of two keys, within a list', [token('a')], [token('b')], []],
    ['of two keys, within a text', mixed, mixed.replaceAll('a'.repeat(16), 'b'.repeat(16)), []],
    [
      'of two keys, in another text',
      mixed,
      `c ${token('b')}  b`,
      [{ before: 'a [secret]  b', after: 'c [secret]  b' }],
    ],
    ['in place of a secret', token('a'), 'x', [{ before: '[secret]', after: 'x' }]],
    [
      'that is called as what every object has',
      { constructor: 1 },
      {},
      [{ property: 'constructor', before: 1, after: null }],
    ],
  ])('%s', (_, before, after, list) => {
    expect(valued(before, after).list).toEqual(list.map((one) => ({ ...of, ...one })));
  });

  it('that changes by itself is left out, in part or whole', () => {
    expect(valued({ a: 1, b: { c: 1, d: 1 } }, { a: 1, b: { c: 2, d: 1 } }, { restless: ['b.c'] }).list).toEqual([]);
    expect(valued({ a: 1 }, { a: 2 }, { restless: true })).toEqual({ compared: 0, list: [] });
    expect(valued({ a: 1 }, { a: 2 }, { restless: [] }).list).toHaveLength(1);
  });
});

describe('a question is called', () => {
  const named = (params: Record<string, unknown>, subject: Step['subject'] = { kind: 'host', host: 'left' }) =>
    factInWords({ probe: 'p', params, subject } as Step, scope);
  const pair: Step['subject'] = { kind: 'pair', from: 'left', to: 'right' };

  it.each<[string, Record<string, unknown>, Step['subject']?]>([
    ['p', {}],
    ['p /a', { path: '/a' }],
    ['p /a as root', { as: 'root', path: '/a' }],
    ['p /a, /b', { paths: ['/a', '/b'] }],
    ['p port 5432', { port: 5432 }],
    ['p ports 1, 2', { ports: [1, 2] }],
    ['p words a, 1', { words: ['a', 1] }],
    ['p list {"a":1}, 2', { list: [{ a: 1 }, 2] }],
    ['p', { address: '10.0.0.1' }],
    ['p 10.0.0.2', { address: '10.0.0.2' }],
    ['p', { from: '10.0.0.1', to: '10.0.0.2' }, pair],
    ['p 10.0.0.1', { address: '10.0.0.1' }, { kind: 'set', hosts: ['left'] }],
    ['p line 1 of /a', { path: { line_of: '/a' } }],
    // biome-ignore lint/suspicious/noThenProperty: what comes behind the path
    ['p line 2 of /a, then /b', { path: { line_of: '/a', line: 2, then: '/b' } }],
  ])('%s', (name, params, subject) => {
    expect(named(params, subject)).toBe(name);
  });

  it('in at most 160 letters', () => {
    expect(named({ path: `/${'a'.repeat(300)}` }).length).toBeLessThanOrEqual(160);
  });
});
