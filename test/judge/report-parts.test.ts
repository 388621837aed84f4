/** The parts of a report, each on the smallest run that has something to say in it. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Ask, Evidence, Finding, Output, Report, Step } from '../../src/core/model.js';
import { makeReport } from '../../src/judge/report.js';
import type { Scope } from '../../src/plan/scope.js';
import { collected, packOf, type RunOver, ruleText, StatedFacts, said, scopeOf, TAKEN } from '../support.js';
import { findingOf } from './wait/waiting-pack.js';

const hosts = ['left', 'right', 'third'].map((role, at) => ({
  name: `${role}-1`,
  role,
  address: `10.0.0.${at + 1}`,
  connection: 'ssh' as const,
  settings: {},
}));
const notVerified = (id: string, over = '', phases = 'preflight') =>
  `  - { id: ${id}, what: w, why: y, phases: [${phases}], source: { doc: page, section: S }${over} }`;
const pack = packOf(
  ruleText('kernels', ['{ same: kernel.release }'], { phases: '[preflight, verify]' }) +
    ruleText('rooms', ['{ every: room.freeBytes, at_least: 1 }'], {
      facts: '{ room: { probe: filesystem, with: { path: /data } } }',
    }),
  `phases:
  preflight: { title: before, go: "  {left} and {right} go ", stop: "ask {third}" }
  verify: { title: after, go: later, next: then }
documents: { page: { title: The Page, url: https://example.org/page }, book: { title: The Book } }
not_verified:
${notVerified('always', '', 'preflight, verify')}
${notVerified('old', ', releases: "<2.0"')}
${notVerified('new', ', releases: ">=2.0"')}
  - { id: later, what: w, why: y, phases: [verify], source: { doc: book, section: T } }
`,
);
const inventory = { hosts: hosts.slice(0, 2) };
/** A pack in which a setting decides whether something can be verified. */
const needing = packOf(
  ruleText('kernels', ['{ same: kernel.release }']),
  `settings:
  key: { title: k, type: path, basis: inferred }
not_verified:
${notVerified('files', ', unless_set: key')}
${notVerified('always')}
`,
);

let live: Evidence;
beforeAll(async () => {
  live = await collected(scopeOf(pack, { inventory }));
});

interface Over {
  run?: RunOver;
  scope?: (scope: Scope) => Scope;
  evidence?: Partial<Evidence>;
  findings?: Finding[];
  builds?: Record<string, string>;
  failOn?: 'blocker' | 'warning';
  failOnNew?: boolean;
}

function report({ run, scope: of = (one) => one, evidence, findings = [], builds = {}, ...over }: Over = {}): Report {
  const scope = of(scopeOf(pack, { inventory, ...run }));
  const facts = new StatedFacts(scope, {}, builds);
  return makeReport(scope, { ...live, ...evidence }, findings, facts, over.failOn ?? 'blocker', over.failOnNew);
}

const waiver = { rule: 'twin/kernels', reason: 'r', owner: 'o', until: '2030-01-01' };
const declared = { sources: [], defer: true as const };

it('a plain run has no part that has nothing to say', () => {
  const { run, ...parts } = report({ findings: [findingOf({ verdict: 'pass' })], evidence: { steps: [] } });
  expect(Object.keys(parts)).toEqual([
    ...['schema', 'tool', 'selection', 'settings', 'product', 'hosts', 'summary', 'findings', 'notVerified', 'steps'],
  ]);
  expect(parts.summary).toEqual({ pass: 1, fail: 0, unknown: 0, error: 0, skip: 0, waived: 0 });
  expect(run).toEqual({
    pair: '10.0.0.1+10.0.0.2',
    phase: 'preflight',
    startedAt: TAKEN.toISOString(),
    finishedAt: TAKEN.toISOString(),
    durationMs: 0,
    exitCode: 0,
    gate: 'passed',
    failOn: 'blocker',
    go: 'left-1 (10.0.0.1) and right-1 (10.0.0.2) go',
    stop: 'ask {third}',
  });
});

describe('the run', () => {
  it('took the time between its two ends', () => {
    expect(report({ evidence: { finishedAt: new Date(TAKEN.getTime() + 90_000).toISOString() } }).run.durationMs).toBe(
      90_000,
    );
  });

  it('has the sentences of its first phase that has one, with the hosts in them', () => {
    const [third] = hosts.slice(2);
    const phases = (...names: string[]) => report({ run: { phases: names, inventory: { hosts } } }).run;
    expect(phases('preflight').stop).toBe(`ask third-1 (${third?.address})`);
    expect(phases('verify')).toMatchObject({ go: 'later', next: 'then' });
    expect(phases('verify')).not.toHaveProperty('stop');
    expect(phases('preflight', 'verify')).toMatchObject({ go: expect.stringContaining('left-1'), next: 'then' });
  });

  it('may have been interrupted', () => {
    const run = { ...live.run, interrupted: true };
    const ended = (verdict: Finding['verdict']) =>
      report({ evidence: { run }, findings: [findingOf({ verdict })] }).run;
    // It has not passed; what failed before has failed.
    expect(ended('pass')).toMatchObject({ interrupted: true, gate: 'incomplete', exitCode: 3 });
    expect(ended('fail')).toMatchObject({ interrupted: true, gate: 'failed', exitCode: 1 });
  });

  it('names the programs that were allowed to it', () => {
    const run = { ...live.run, allowCommands: ['/opt/x'] };
    expect(report({ evidence: { run } }).run.allowCommands).toEqual(['/opt/x']);
  });

  it('looks at what is new only where it was told to, and there was an earlier run', () => {
    const { baseline: _, ...earlier } = live;
    const baseline = { ...earlier, takenAt: '2026-11-20T00:00:00.000Z' };
    const findings = [
      findingOf({ key: 'a', known: true }),
      findingOf({ key: 'b', known: true, severity: 'advice' }),
      findingOf({ key: 'c', verdict: 'pass' }),
    ];
    expect(report({ evidence: { baseline }, findings, failOnNew: true }).run.failOnNew).toEqual({
      since: baseline.takenAt,
      known: 1,
    });
    expect(report({ evidence: { baseline }, findings }).run).not.toHaveProperty('failOnNew');
    expect(report({ findings, failOnNew: true }).run).not.toHaveProperty('failOnNew');
  });
});

it('the summary counts what was accepted and would have stopped the gate', () => {
  const findings = [
    findingOf({ key: 'a', waivedBy: waiver }),
    findingOf({ key: 'b', waivedBy: waiver, severity: 'warning' }),
    findingOf({ key: 'c', waivedBy: waiver, severity: 'advice' }),
    findingOf({ key: 'd' }),
  ];
  expect(report({ findings }).summary).toMatchObject({ waived: 3, fail: 1, accepted: 1 });
  expect(report({ findings, failOn: 'warning' }).summary).toMatchObject({ waived: 3, accepted: 2 });
});

it('what became of waivers is told where one is for a rule of the run', () => {
  const findings = [findingOf({ key: 'twin/kernels', rule: 'twin/kernels', waivedBy: waiver })];
  expect(report({ run: { inventory: { ...inventory, waivers: [waiver] } }, findings }).waivers).toMatchObject([
    { rule: 'twin/kernels', state: 'applied', waives: ['twin/kernels'] },
  ]);
});

it('measures are those of the evidence', () => {
  expect(report().measures?.map(({ name, host, path }) => [name, host, path])).toEqual([
    ['freeBytes', 'left-1', '/data'],
    ['freeBytes', 'right-1', '/data'],
  ]);
});

it('of declared hosts it says what was declared, what no plan answers, and that nobody was asked', () => {
  const findings = [findingOf({ rule: 'twin/kernels', verdict: 'unknown', declared: 'not-in-plan' })];
  const one = report({
    scope: (scope) => ({ ...scope, declared: { defer: true } }),
    evidence: { run: { ...live.run, declared } },
    findings,
  });
  expect(one.declared).toMatchObject({ defer: true, rules: 2, answered: 0, notInPlan: ['twin/kernels'] });
  expect(one.summary).toMatchObject({ notInPlan: 1, deferred: 0 });
  expect(one.steps.count).toBe(0);
  expect(one.run.gate).toBe('incomplete');
});

it('the gate of declared hosts is never passed', () => {
  const findings = [findingOf({ rule: 'twin/kernels', verdict: 'pass' })];
  expect(report({ findings }).run.gate).toBe('passed');
  expect(report({ findings, scope: (scope) => ({ ...scope, declared: { defer: true } }) }).run.gate).toBe('declared');
});

it('what changed since an earlier run is told, with that run', () => {
  const { baseline: _, ...earlier } = live;
  const baseline = { ...earlier, takenAt: '2026-11-20T00:00:00.000Z' };
  expect(report({ evidence: { baseline } }).changes).toEqual({
    since: baseline.takenAt,
    compared: expect.any(Number),
    list: [],
  });
});

it('each host has its own connection, where there was one', () => {
  const [left] = live.connections.filter(({ host }) => host === 'left-1');
  expect(report().hosts.map((one) => one.connection?.host)).toEqual(['left-1', 'right-1']);
  expect(report({ evidence: { connections: left ? [left] : [] } }).hosts).toEqual([
    { name: 'left-1', role: 'left', address: '10.0.0.1', connection: left },
    { name: 'right-1', role: 'right', address: '10.0.0.2' },
  ]);
});

describe('the product', () => {
  const product = (builds: Record<string, string>, run: RunOver = {}) =>
    report({ builds, run: { inventory: { hosts }, ...run } }).product;
  const named = { pack: 'twin', title: 'Twin' };

  it('is of the release that the pair has installed, or that was named', () => {
    expect(product({})).toEqual({ ...named, release: null, build: null });
    expect(product({ 'left-1': '1.0', 'right-1': '1.0' })).toEqual({ ...named, release: '1.0', build: '1.0' });
    expect(product({ 'left-1': '1.0', 'right-1': '2.0' })).toEqual({ ...named, release: '1.0', build: '1.0 and 2.0' });
    expect(product({}, { release: '1.5' })).toEqual({ ...named, release: '1.5', build: null });
    expect(product({ 'left-1': '1.5' }, { release: '1.5' })).toEqual({ ...named, release: '1.5', build: '1.5' });
  });

  it('is not of a release that a host beside the pair has', () => {
    expect(product({ 'third-1': '2.0' })).toEqual({ ...named, release: null, build: null });
  });
});

describe('settings', () => {
  it('are the given ones and defaults, and those that a release decides once it is known', () => {
    expect(report().settings).toEqual({ disk: '/disk', limit: 10 });
    expect(report({ run: { release: '1.0', inventory: { ...inventory, settings: { limit: 3 } } } }).settings).toEqual({
      base: '/old',
      disk: '/disk',
      limit: 3,
    });
  });

  it('without a value are told as none', () => {
    const scope = scopeOf(needing, { inventory });
    expect(makeReport(scope, live, [], new StatedFacts(scope, {}), 'blocker').settings).toEqual({ key: null });
  });
});

describe('what nobody can verify', () => {
  const ids = (builds: Record<string, string>, run: RunOver = {}) =>
    report({ builds, run: { inventory: { hosts }, ...run } }).notVerified.map(({ id }) => id);

  it('is told for the releases that it concerns, and for all where none is known', () => {
    expect(ids({})).toEqual(['always', 'old', 'new']);
    expect(ids({ 'left-1': '1.0', 'right-1': '1.0' })).toEqual(['always', 'old']);
    expect(ids({ 'left-1': '2.0', 'right-1': '2.0', 'third-1': '1.0' })).toEqual(['always', 'new']);
  });

  it('is told for the phases of the run', () => {
    expect(ids({ 'left-1': '1.0' }, { phases: ['verify'] })).toEqual(['always', 'later']);
    expect(ids({ 'left-1': '1.0' }, { phases: ['preflight', 'verify'] })).toEqual(['always', 'old', 'later']);
  });

  it.each<[string, Record<string, string>, Record<string, string>[], boolean]>([
    ['nobody', {}, [{}, {}], true],
    ['everybody', { key: '/a' }, [{}, {}], false],
    ['one host', {}, [{}, { key: '/a' }], false],
    ['a host beside the pair', {}, [{}, {}, { key: '/a' }], true],
  ])('is told unless a setting makes it verifiable, given by %s', (_, settings, own, isTold) => {
    const some = hosts.slice(0, own.length).map((host, at) => ({ ...host, settings: own[at] ?? {} }));
    const scope = scopeOf(needing, { inventory: { hosts: some, settings } });
    const { notVerified: all } = makeReport(scope, live, [], new StatedFacts(scope, {}), 'blocker');
    expect(all.map(({ id }) => id)).toEqual(isTold ? ['files', 'always'] : ['always']);
  });

  it('names its document, and whose word there is on it', () => {
    const word = { what: 'always', by: 'ops', when: '2026-11-20', until: '2026-12-20' };
    const one = { what: 'w', why: 'y' };
    const told = report({ run: { phases: ['preflight', 'verify'], inventory: { ...inventory, attest: [word] } } });
    const page = { doc: 'The Page', section: 'S', url: 'https://example.org/page' };
    expect(told.notVerified).toEqual([
      { id: 'always', ...one, source: page, attested: word },
      { id: 'old', ...one, source: page },
      { id: 'new', ...one, source: page },
      { id: 'later', ...one, source: { doc: 'The Book', section: 'T' } },
    ]);
  });
});

describe('steps', () => {
  const exec = (over: Partial<Extract<Ask, { kind: 'exec' }>> = {}): Step['asks'][number] => ({
    host: 'left-1',
    ask: { kind: 'exec', argv: ['cat', '/x'], as: 'login', effect: 'read', timeoutMs: 1, maxBytes: 1, ...over },
  });
  const step = (asks: Step['asks'], outputs: Output[][], id = 'a'): Evidence['steps'][number] => ({
    id,
    probe: 'kernel',
    params: {},
    subject: { kind: 'host', host: 'left-1' },
    wantedBy: [],
    asks,
    outputs,
  });
  const steps = (some: Evidence['steps'], findings: Finding[] = []) =>
    report({ evidence: { steps: some }, findings }).steps;
  const shown = (text: string, findings: Finding[] = []) => {
    const [{ excerpt, cut } = { excerpt: '' }] = steps([step([exec()], [[said(text)]])], findings).list;
    return [excerpt.length, cut];
  };

  it('are counted where somebody was asked, and listed where a command was run', () => {
    const connection = { host: 'left-1', ask: { kind: 'connection' as const } };
    const { count, list } = steps([
      step([exec(), exec({ argv: ['uname'] })], [[said('one'), said('', { exit: 2, stderr: 'two' })]]),
      step([connection], [[said('{}')]], 'b'),
      step([], [[]], 'c'),
      step([exec()], [], 'd'),
    ]);
    expect(count).toBe(3);
    const common = { id: 'a', host: 'left-1', as: 'login' };
    expect(list).toEqual([
      { ...common, argv: ['cat', '/x'], exit: 0, problem: null, excerpt: 'one' },
      { ...common, argv: ['uname'], exit: 2, problem: null, excerpt: 'two' },
    ]);
  });

  it('show the last answer, and a problem', () => {
    const late = said('', { exit: null, stderr: 'late', problem: 'timeout' });
    expect(steps([step([exec()], [[said('first')], [late]])]).list).toMatchObject([
      { excerpt: 'late', exit: null, problem: 'timeout' },
    ]);
  });

  it('show what was printed, and what was complained of where nothing else was', () => {
    const both = (stdout: string) => steps([step([exec()], [[said(stdout, { stderr: 'warning' })]])]).list[0]?.excerpt;
    expect(both('answer')).toBe('answer');
    expect(both(' \n')).toBe('warning');
  });

  it('show what was given on the standard input, but no secret', () => {
    const ask = exec({ stdin: { line: 'user {secret}', env: 'PASSWORD' } });
    expect(steps([step([ask], [[said('x')]])]).list[0]?.stdin).toBe('user $PASSWORD');
    expect(steps([step([exec()], [[said('x')]])]).list[0]).not.toHaveProperty('stdin');
  });

  it('show the beginning of an answer, more of one on which something open rests, and how much they leave out', () => {
    const open = findingOf({ because: ['a'], verdict: 'unknown' });
    expect(shown('x'.repeat(240))).toEqual([240, undefined]);
    expect(shown('x'.repeat(241))).toEqual([240, 1]);
    expect(shown('x'.repeat(500), [findingOf({ because: ['a'], verdict: 'pass' })])).toEqual([240, 260]);
    expect(shown('x'.repeat(8000), [open])).toEqual([8000, undefined]);
    expect(shown('x'.repeat(8001), [open])).toEqual([8000, 1]);
    expect(shown('x'.repeat(500), [{ ...open, because: ['b'] }])).toEqual([240, 260]);
  });
});
