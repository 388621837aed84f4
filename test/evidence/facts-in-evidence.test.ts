/** Facts out of saved evidence: which step answers a question, under which release, and for which reason none does. */
import { describe, expect, it } from 'vitest';
import type { Evidence, Output, Rule, Step, Subject } from '../../src/core/model.js';
import { readPath } from '../../src/evidence/facts.js';
import { EvidenceFacts } from '../../src/evidence/facts-in-evidence.js';
import { askedAtThePath } from '../../src/evidence/followed-in-evidence.js';
import { makeScope, type Scope } from '../../src/plan/scope.js';
import { planSteps } from '../../src/plan/steps.js';
import { inventoryOf, packOf, type RunOver, ruleText, said, scopeOf, TAKEN } from '../support.js';

const facts = `{ ${[
  'place: { probe: file, with: { path: "${base}/x" } }',
  'flag: { probe: file, with: { path: /flag } }',
  'inner: { probe: file, with: { path: /inner, as: shell } }',
  'super: { probe: file, with: { path: /super, as: root } }',
  'unset: { probe: file, with: { path: "${unset}" } }',
  'disk: { probe: stat, with: { path: { line_of: /note } } }',
  'shown: { probe: show, with: {} }',
  'known: { probe: inventory, with: { value: "@self.address" } }',
].join(', ')} }`;
const pack = packOf(
  ruleText(
    'all',
    [
      ...['place', 'flag', 'inner', 'super', 'unset', 'disk'].map((fact) => `{ every: ${fact}.exists, equals: true }`),
      '{ every: shown.text, equals: on }',
      '{ every: known.said, equals: true }',
    ],
    { facts },
  ) +
    ruleText('proven', ['{ pair: ports.via, equals: bash }'], {
      facts: '{ ports: { probe: port-proof, with: { ports: [8], address: "@peer.address" } } }',
      per: 'direction',
    }),
  `contexts: { shell: { title: s, enter: [enter, "{shell}"], user: shell } }
commands: { show: { title: s, argv: [show-it], as: login, parse: { text: {} } } }
build: version.line
facts: { version: { probe: file, with: { path: "\${base}/version" } } }
settings:
  base: { title: b, type: path, basis: documented, by_release: [{ releases: "<2.0", value: /old }, { releases: ">=2.0", value: /new }] }
  unset: { title: u, type: path, basis: inferred }
`,
);
const [rule, proving] = pack.rules as [Rule, Rule];

/** What hosts say, by host and the last word of the question; whatever is not in it is a file that is missing. */
type Told = Record<string, string | Partial<Output>>;

const wordOf = ({ asks }: Pick<Step, 'asks'>) => {
  const { host, ask } = asks[0] ?? {};
  return `${host} ${ask?.kind === 'exec' ? ask.argv.at(-1) : ask?.kind}`;
};

function outputOf(told: Told, word: string): Output {
  const answer = told[word];
  if (typeof answer === 'string') return said(answer);
  return said('', answer ?? { exit: 1, stderr: 'cat: x: No such file or directory\n' });
}

function evidenceOf(scope: Scope, told: Told, over: Partial<Evidence> = {}): Evidence {
  return {
    schema: 'pairflight/evidence/2',
    tool: { name: 'pairflight', version: '0' },
    takenAt: TAKEN.toISOString(),
    finishedAt: TAKEN.toISOString(),
    run: { phases: ['preflight'], selection: { only: [], skip: [] } },
    inventory: inventoryOf(pack),
    packs: [],
    connections: [],
    steps: planSteps(scope).map((step) => ({ ...step, outputs: [[outputOf(told, wordOf(step))]] })),
    redaction: { tokenKeyId: 'k', what: [] },
    ...over,
  };
}

interface Scene {
  told?: Told;
  run?: RunOver;
  scope?: Scope;
  rule?: Rule;
  of?: string | Subject;
  /** What became of the evidence. */
  later?: (evidence: Evidence) => Evidence;
}

/** The reading at a path; steps by host and word. */
function reading(
  path: string,
  { told = {}, run = {}, scope = scopeOf(pack, run), rule: asking = rule, of = 'left', later }: Scene = {},
) {
  const taken = evidenceOf(scope, told);
  const source = new EvidenceFacts(scope, later ? later(taken) : taken);
  const found = readPath(source, asking, path, typeof of === 'string' ? { kind: 'host', host: of } : of);
  const words = new Map(planSteps(scope).map((step) => [step.id, wordOf(step)]));
  return { ...found, steps: found.steps.map((id) => words.get(id) ?? id) };
}

const away = { exit: null, problem: 'unreachable', problemAt: 'host' } as const;
const shut = { exit: null, problem: 'denied', problemAt: 'context' } as const;
const late = { exit: null, problem: 'timeout', problemAt: 'command' } as const;
/** The left host says that it runs a release, in the files of that release. */
const old = { 'left /old/version': '1.0\n' };
const recent = { 'left /new/version': '2.0\n' };
const there = { 'left /old/x': 'old\n', 'left /new/x': 'new\n', 'right /old/x': 'old\n', 'right /new/x': 'new\n' };
const notKnown = {
  unread: {
    reason: 'the installed release is not known; give --release',
    next: 'run again with --release RELEASE',
  },
  steps: ['left /old/x', 'left /new/x'],
};

describe('a question that the release decides', () => {
  it.each<[string, Scene, object]>([
    ['is answered where the own build says it lies', { told: { ...there, ...old } }, { value: 'old' }],
    ['or there, where it runs the other', { told: { ...there, ...recent } }, { value: 'new' }],
    ['is unknown without a release', { told: there }, notKnown],
    ['of a host without a build, as another has it', { told: { ...there, ...old }, of: 'right' }, { value: 'old' }],
    ['or as the next one has it', { told: { ...there, 'right /old/version': '1.0\n' } }, { value: 'old' }],
    [
      'goes by the own build where another release is named',
      { told: { ...there, ...old }, run: { release: '2.0' } },
      // Only what the named release asks was asked.
      { value: 'new' },
    ],
    ['goes by the named release', { told: there, run: { release: '2.0' } }, { value: 'new' }],
    ['is unknown where the files of both name theirs', { told: { ...there, ...old, ...recent } }, notKnown],
    [
      'is unknown where the files of one name the other',
      { told: { ...there, 'left /new/version': '1.0\n' } },
      notKnown,
    ],
    ['is unknown where the build is no release', { told: { ...there, 'left /old/version': 'one\n' } }, notKnown],
    [
      'is not answered by a missing file of the other',
      { told: { ...old, 'left /new/x': 'new\n' } },
      { unread: { reason: 'place.line: there is no such file or directory', absent: true } },
    ],
  ])('%s', (_, scene, found) => {
    expect(reading('place.line', scene)).toMatchObject(found);
  });

  it.each<[string, Told, object]>([
    [
      'the trouble of the host is the reason, once',
      { 'left /old/version': away, 'left /new/version': away, 'left /old/x': away, 'left /new/x': away },
      { reason: 'could not be reached', problem: 'unreachable', at: 'host', host: 'left' },
    ],
    [
      'the trouble of the way in as well',
      { 'left /old/version': shut, 'left /new/version': shut, 'left /old/x': shut, 'left /new/x': shut },
      { reason: 'the login shell was refused', problem: 'denied', at: 'context', host: 'left' },
    ],
    [
      'what is the matter with one command is none of it',
      { 'left /old/x': late, 'left /new/x': late },
      { ...notKnown.unread },
    ],
    [
      'nor is what is the matter with one of them',
      { 'left /old/x': away, 'left /new/x': 'new\n' },
      { ...notKnown.unread },
    ],
    [
      'where the build could not be asked, its trouble is told',
      { ...there, 'left /old/version': away },
      { ...notKnown.unread, at: 'host', host: 'left' },
    ],
    [
      'and the trouble of the way to it',
      { ...there, 'left /old/version': shut },
      { ...notKnown.unread, at: 'context', host: 'left' },
    ],
    ['and no trouble of a command', { ...there, 'left /old/version': late }, { ...notKnown.unread }],
  ])('%s', (_, told, unread) => {
    expect(reading('place.line', { told })).toEqual({ unread, steps: notKnown.steps });
  });

  it('of a pack that names no build goes by the named release, or is unknown', () => {
    const { build: _, ...rest } = pack;
    const plain = (release?: string) =>
      makeScope(
        rest,
        { phases: ['preflight'], selection: { only: [], skip: [] }, ...(release !== undefined && { release }) },
        inventoryOf(pack),
      );
    expect(reading('place.line', { told: there, scope: plain() })).toEqual(notKnown);
    expect(reading('place.line', { told: there, scope: plain('2.0') })).toMatchObject({ value: 'new' });
  });

  it('has a build once, and the same for whoever asks', () => {
    const scope = scopeOf(pack);
    const source = new EvidenceFacts(scope, evidenceOf(scope, { ...there, ...old }));
    expect(source.buildOf('left')).toMatchObject({ text: '1.0' });
    expect(source.buildOf('left')).toBe(source.buildOf('left'));
    expect(source.buildOf('right')).toBeUndefined();
    const other = new EvidenceFacts(scope, evidenceOf(scope, { 'left /new/version': '1.0\n' }));
    expect(other.buildOf('left')).toBeUndefined();
  });

  describe('by other bounds', () => {
    const packBy = (below: string, above: string, build = 'version.line') =>
      packOf(
        ruleText('place', ['{ every: place.exists, equals: true }'], {
          facts: '{ place: { probe: file, with: { path: "${base}/x" } } }',
        }),
        `build: ${build}
facts: { version: { probe: file, with: { path: /version } }, size: { from: version.line, number: true } }
settings:
  base: { title: b, type: path, basis: documented, by_release: [{ releases: "${below}", value: /old }, { releases: "${above}", value: /new }] }
`,
      );
    const placeOf = (by: ReturnType<typeof packBy>, told: Told, release?: string) =>
      reading('place.line', {
        told: { ...there, ...told },
        scope: scopeOf(by, release === undefined ? {} : { release }),
        rule: by.rules[0] as Rule,
      });

    it('of which two hold is unknown', () => {
      const by = packBy('<2.0', '>=1.5');
      expect(placeOf(by, { 'left /version': '1.5\n' })).toMatchObject({ unread: notKnown.unread });
      expect(placeOf(by, {}, '1.5')).toMatchObject({ unread: notKnown.unread });
      expect(placeOf(by, { 'left /version': '1.0\n' })).toMatchObject({ value: 'old' });
    });

    it('that the named release does not decide is unknown, whatever another host runs', () => {
      const by = packBy('<2.0.5', '>=2.0.5');
      const other = { 'right /version': '2.0.7\n' };
      expect(placeOf(by, other)).toMatchObject({ value: 'new' });
      expect(placeOf(by, other, '2.0')).toMatchObject({ unread: notKnown.unread });
      expect(placeOf(by, { 'left /version': '2.0.7\n' }, '2.0')).toMatchObject({ value: 'new' });
    });

    it('is unknown by a build that is no text', () => {
      const by = packBy('<2.0', '>=2.0', 'size.value');
      expect(placeOf(by, { 'left /version': '1\n' })).toMatchObject({ unread: notKnown.unread });
    });
  });
});

describe('a question that cannot be asked', () => {
  const proven = makeScope(
    pack,
    { phases: ['preflight'], selection: { only: [], skip: [] }, provePorts: true },
    inventoryOf(pack),
  );
  it.each<[string, string, Scene, object]>([
    [
      'wants a setting',
      'unset.exists',
      {},
      { reason: 'set settings.unset to have it asked', next: 'run again with --set unset=VALUE' },
    ],
    [
      'opens a port, and nobody wanted that',
      'ports.via',
      { rule: proving, of: { kind: 'pair', from: 'left', to: 'right' } },
      {
        reason: 'proven on request only, with --prove-ports',
        problem: 'not-run',
        next: 'run again with --prove-ports (it listens for five seconds)',
      },
    ],
    [
      'is about several hosts at once',
      'flag.exists',
      { of: { kind: 'set', hosts: ['left', 'right'] }, scope: proven },
      { reason: 'the question cannot be asked here', problem: 'not-run' },
    ],
  ])('%s', (_, path, scene, unread) => {
    expect(reading(path, scene)).toEqual({ unread, steps: [] });
  });
});

describe('a step that was asked', () => {
  it.each<[string, string, Told, object]>([
    ['has its value', 'flag.line', { 'left /flag': 'on\n' }, { value: 'on' }],
    [
      'has a reason',
      'flag.line',
      { 'left /flag': late },
      { unread: { reason: 'did not answer in time', problem: 'timeout', at: 'command', host: 'left' } },
    ],
    [
      'names the shell of a context, whose trouble it is',
      'inner.line',
      { 'left /inner': shut },
      { unread: { reason: 'the shell shell was refused', problem: 'denied', at: 'context', host: 'left' } },
    ],
    [
      'names sudo',
      'super.line',
      { 'left /super': shut },
      { unread: { reason: 'sudo was refused', problem: 'denied', at: 'context', host: 'left' } },
    ],
    [
      'lets a host speak for itself',
      'super.line',
      { 'left /super': away },
      { unread: { reason: 'could not be reached', problem: 'unreachable', at: 'host', host: 'left' } },
    ],
  ])('%s', (_, path, told, found) => {
    expect(reading(path, { told })).toEqual({ ...found, steps: [`left /${path.split('.')[0]}`] });
  });

  it("is of the host's own, and where nothing is to be asked, the inventory's", () => {
    expect(reading('flag.line', { of: 'right', told: { 'right /flag': late } })).toMatchObject({
      unread: { host: 'right' },
    });
    const later = changed('inventory', () => undefined);
    expect(reading('known.value', { later })).toMatchObject({ value: '10.0.0.1' });
  });

  it('of a direction is the trouble of the host that asks', () => {
    const scope = makeScope(
      pack,
      { phases: ['preflight'], selection: { only: [], skip: [] }, provePorts: true },
      inventoryOf(pack),
    );
    const found = reading('ports.via', { scope, rule: proving, of: { kind: 'pair', from: 'left', to: 'right' } });
    expect(found).toMatchObject({ unread: { host: 'left' } });
  });

  it('is the same reading for whoever asks', () => {
    const scope = scopeOf(pack);
    const source = new EvidenceFacts(scope, evidenceOf(scope, { 'left /flag': 'on\n' }));
    const read = () => source.stated(rule, 'flag', { kind: 'host', host: 'left' });
    expect(read()).toBe(read());
  });
});

/** The evidence with the steps of one probe changed. */
const changed = (probe: string, change: (step: Evidence['steps'][number]) => object | undefined) => (one: Evidence) =>
  ({
    ...one,
    steps: one.steps.flatMap((step) => {
      const made = step.probe === probe ? change(step) : {};
      return made ? [{ ...step, ...made }] : [];
    }),
  }) as Evidence;
const notAsked = {
  reason: 'was not asked when the evidence was taken',
  problem: 'not-run',
  next: 'collect the evidence anew: today more is asked',
  host: 'left',
};

describe('a step that another release of pairflight asked', () => {
  const told = { 'left /flag': 'on\n', 'left show-it': 'on', 'left /inner': 'in\n' };

  it('is not there where it was not asked', () => {
    const later = changed('file', () => undefined);
    expect(reading('flag.line', { told, later })).toEqual({ unread: notAsked, steps: ['left /flag'] });
  });

  it("answers in other words of the engine's own", () => {
    const later = changed('file', ({ id, asks }) => ({
      id: `old ${id}`,
      asks: asks.map(({ host, ask }) => ({ host, ask: { ...ask, argv: ['/bin/cat', '--', 'x'] } })),
    }));
    expect(reading('flag.line', { told, later })).toMatchObject({ value: 'on' });
    expect(reading('inner.line', { told, later })).toMatchObject({ value: 'in' });
  });

  it.each<[string, string, (step: Evidence['steps'][number]) => object]>([
    ['other parameters', 'flag', ({ params }) => ({ params: { ...params, path: '/other' } })],
    ['another subject', 'flag', () => ({ subject: { kind: 'host', host: 'right' } })],
    ['another probe', 'flag', () => ({ probe: 'stat' })],
    ['another host', 'flag', ({ asks }) => ({ asks: asks.map(({ ask }) => ({ host: 'right', ask })) })],
    [
      'another user',
      'flag',
      ({ asks }) => ({ asks: asks.map(({ host, ask }) => ({ host, ask: { ...ask, as: 'root' } })) }),
    ],
    [
      'another way in',
      'inner',
      ({ asks }) => ({ asks: asks.map(({ host, ask }) => ({ host, ask: { ...ask, enter: ['other', '{shell}'] } })) }),
    ],
    [
      'no command',
      'flag',
      ({ asks }) => ({ asks: asks.map(({ host }) => ({ host, ask: { kind: 'sysinfo', call: 'cpu' } })) }),
    ],
  ])('answers nothing of %s', (_, fact, change) => {
    const later = changed('file', (step) =>
      wordOf(step) === `left /${fact}` ? { ...change(step), id: 'old' } : undefined,
    );
    expect(reading(`${fact}.line`, { told, later })).toEqual({ unread: notAsked, steps: [`left /${fact}`] });
  });

  it("answers nothing in other words of the pack's", () => {
    expect(reading('shown.text', { told })).toMatchObject({ value: 'on' });
    const later = changed('show', ({ id }) => ({ id: `old ${id}` }));
    expect(reading('shown.text', { told, later })).toEqual({ unread: notAsked, steps: ['left show-it'] });
  });
});

describe('a path that the host follows', () => {
  /** What was asked before hosts followed paths: the note, and what it names. */
  const asked = (path: string, of: object, outputs: Output[], probe = 'stat') => ({
    id: `old ${path}`,
    probe,
    params: { path, ...of },
    subject: { kind: 'host', host: 'left' },
    asks: [],
    wantedBy: [],
    outputs: [outputs],
  });
  const stat = (kind: string) => [said(`4 1 0 0 755 ${kind}\n`)];
  const later =
    (...steps: object[]) =>
    (one: Evidence) =>
      ({ ...one, steps: [...one.steps.filter(({ probe }) => probe !== 'stat'), ...steps] }) as Evidence;
  const note = asked('/note', {}, [said('/data\n')], 'file');

  it('is known by the file and the answer about it that were asked in two steps', () => {
    const found = reading('disk.kind', { later: later(note, asked('/data', {}, stat('directory'))) });
    expect(found).toEqual({ value: 'directory', steps: ['old /data'] });
    expect(reading('disk.followed', { later: later(note, asked('/data', {}, stat('directory'))) })).toMatchObject({
      value: '/data',
    });
    expect(
      reading('disk.names', { later: later(note, asked('/data', { as: 'root' }, stat('directory'))) }),
    ).toMatchObject({ value: 'path' });
  });

  it('is named by the file, whatever else was asked about it', () => {
    const other = { ...asked('/note', {}, stat('regular file')), id: 'other' };
    const found = reading('disk.kind', { later: later(other, note, asked('/data', {}, stat('directory'))) });
    expect(found).toMatchObject({ value: 'directory' });
  });

  it.each<[string, object[]]>([
    ['nothing', []],
    [
      'a note without a path, beside a question without one',
      [asked('/note', {}, [said('data\n')], 'file'), asked('', { path: undefined }, stat('directory'))],
    ],
    ['the note alone', [note]],
    ['what another path is', [note, asked('/other', {}, stat('directory'))]],
    ['what its path was in other words', [note, asked('/data', { more: 1 }, stat('directory'))]],
    ['another question about its path', [note, asked('/data', {}, [said('/data\n')], 'link')]],
    [
      'a note of several lines',
      [asked('/note', {}, [said('/data\n/more\n')], 'file'), asked('/data', {}, stat('directory'))],
    ],
    ['a note without a path', [asked('/note', {}, [said('data\n')], 'file'), asked('data', {}, stat('directory'))]],
    [
      'a note that is not there',
      [
        asked('/note', {}, [said('', { exit: 1, stderr: 'cat: /note: No such file or directory\n' })], 'file'),
        asked('/data', {}, stat('directory')),
      ],
    ],
    [
      'a note that could not be read',
      [asked('/note', {}, [said('', late)], 'file'), asked('/data', {}, stat('directory'))],
    ],
    [
      'another question about the note',
      [asked('/note', {}, stat('regular file')), asked('/data', {}, stat('directory'))],
    ],
    [
      'the note of another host',
      [{ ...note, subject: { kind: 'host', host: 'right' } }, asked('/data', {}, stat('directory'))],
    ],
    [
      'what another host has',
      [note, { ...asked('/data', {}, stat('directory')), subject: { kind: 'host', host: 'right' } }],
    ],
    ['a note without an answer', [{ ...note, outputs: [] }, asked('/data', {}, stat('directory'))]],
  ])('is not known by %s', (_, steps) => {
    expect(reading('disk.kind', { later: later(...steps) })).toMatchObject({ unread: { problem: 'not-run' } });
  });

  it('is none where the note names none', () => {
    const step = planSteps(scopeOf(pack)).find(({ probe }) => probe === 'stat') as Step;
    const steps = [asked('/note', {}, [said('data\n')], 'file'), asked('', { path: undefined }, stat('directory'))];
    expect(askedAtThePath(step, steps as Evidence['steps'])).toBeUndefined();
  });

  it('could not be asked where what it names could not', () => {
    const found = reading('disk.kind', { later: later(note, asked('/data', {}, [said('', late)])) });
    expect(found).toMatchObject({ unread: notAsked });
  });
});

describe('samples', () => {
  const sampled = packOf(
    ruleText('lag', ['{ every: lag.value, equals: 1 }', '{ every: once.text, equals: a }'], {
      facts: '{ lag: { probe: lag, with: {}, sample: { times: 3, every_ms: 5000 } }, once: { probe: once, with: {} } }',
    }),
    `commands:
  lag: { title: l, argv: [show-lag], as: login, parse: { number: {} } }
  once: { title: o, argv: [show-once], as: login, parse: { text: {} } }
`,
  );
  const scope = scopeOf(sampled);
  const [lagging] = sampled.rules as [Rule];
  const startedAt = (index: number) => `2026-01-01T00:00:0${index}.000Z`;
  const host: Subject = { kind: 'host', host: 'left' };
  /** What was said at each sample. */
  const sourceOf = (...lags: (string | undefined)[]) => {
    const evidence = evidenceOf(scope, { 'left show-once': 'a' });
    const outputs = lags.map((text, index) =>
      text === undefined ? [] : [said(text, { startedAt: startedAt(index) })],
    );
    return new EvidenceFacts(scope, changed('lag', () => ({ outputs }))(evidence));
  };
  const valueAt = (source: EvidenceFacts, name: string, sample?: number) => {
    const found = source.stated(lagging, name, host, sample);
    return found && 'value' in found ? found.value : found?.unread.reason;
  };

  it('are each read, and the last is what is known', () => {
    const source = sourceOf('1', '2', '3');
    expect([undefined, 0, 1, 2].map((at) => valueAt(source, 'lag', at))).toEqual(
      [3, 1, 2, 3].map((value) => ({ value })),
    );
    expect(source.times(lagging, 'lag', host)).toEqual([0, 1, 2].map(startedAt));
  });

  it('that were lost are no other samples, and are counted', () => {
    const source = sourceOf('1', '2');
    expect(valueAt(source, 'lag', 2)).toBe('was not asked when the evidence was taken');
    expect(source.times(lagging, 'lag', host)).toEqual([startedAt(0), startedAt(1), '']);
    expect(sourceOf('1', undefined, '3').times(lagging, 'lag', host)).toEqual([startedAt(0), '', startedAt(2)]);
  });

  it('of what was asked once are its one answer', () => {
    const source = sourceOf('1', '2', '3');
    for (const at of [undefined, 0, 1, 2]) expect(valueAt(source, 'once', at)).toEqual({ text: 'a' });
    expect(source.times(lagging, 'once', host)).toEqual([TAKEN.toISOString()]);
  });

  it('of what was asked more often than it says are each their own', () => {
    const outputs = ['a', 'b'].map((text) => [said(text)]);
    const source = new EvidenceFacts(scope, changed('once', () => ({ outputs }))(evidenceOf(scope, {})));
    expect([0, 1, 2].map((at) => valueAt(source, 'once', at))).toEqual(['a', 'b', 'b'].map((text) => ({ text })));
  });

  it('of a question that the release decides were taken as often as the one that was asked most', () => {
    const of = scopeOf(pack);
    const times = (...counts: number[]) => {
      const source = changed('file', ({ params }) => {
        const index = ['/old/x', '/new/x'].indexOf(String(params.path));
        return {
          outputs: Array.from({ length: counts[index] ?? 1 }, (_, at) => [said('x', { startedAt: `${index} ${at}` })]),
        };
      })(evidenceOf(of, {}));
      return new EvidenceFacts(of, source).times(rule, 'place', host);
    };
    expect(times(2, 1)).toEqual(['0 0', '0 1']);
    expect(times(1, 2)).toEqual(['1 0', '1 1']);
    expect(times(1, 1)).toEqual(['0 0']);
  });

  it('of what was not asked are none', () => {
    const evidence = changed('lag', () => undefined)(evidenceOf(scope, {}));
    expect(new EvidenceFacts(scope, evidence).times(lagging, 'lag', host)).toEqual([]);
    expect(new EvidenceFacts(scope, evidence).times(lagging, 'nothing', host)).toEqual([]);
  });
});

describe('declared hosts', () => {
  const declaredScope = (bases: object = {}) =>
    makeScope(
      pack,
      { phases: ['preflight'], selection: { only: [], skip: [] }, declared: { sources: [] }, ...bases },
      inventoryOf(pack),
    );
  const scope = declaredScope();
  const of = (property: string, value: unknown) => ({ property, may: 'both', from: 'a plan', value });
  /** Steps of which something is declared, by their word. */
  const declare = (declared: Record<string, object>) => (one: Evidence) =>
    ({
      ...one,
      steps: one.steps.flatMap((step) => {
        const found = declared[wordOf(step)];
        return found ? [{ ...step, outputs: [], ...found }] : [];
      }),
    }) as Evidence;

  it.each<[string, string, Record<string, object>, object]>([
    [
      'have what is declared',
      'flag.line',
      { 'left /flag': { declared: [of('line', 'on')] } },
      { value: 'on', steps: ['left /flag'] },
    ],
    [
      'have nothing of another type',
      'flag.exists',
      { 'left /flag': { declared: [of('exists', 'on')] } },
      { unread: { reason: 'a plan has another type: must be boolean, not "on"' }, steps: ['left /flag'] },
    ],
    [
      'have what a rendered file says beside',
      'flag.line',
      { 'left /flag': { declared: [], outputs: [[said('on\n')]] } },
      { value: 'on', steps: ['left /flag'] },
    ],
    [
      'have nothing of a file that was not rendered',
      'flag.line',
      { 'left /flag': { declared: [], outputs: [[]] } },
      {
        unread: { reason: 'flag.line is not in a plan', problem: 'not-run', declared: 'not-in-plan' },
        steps: ['left /flag'],
      },
    ],
    [
      'have nothing of a step that is not declared',
      'flag.line',
      {},
      {
        unread: {
          reason: '/flag is not in a plan; --declared-file left:/flag=FILE declares it',
          problem: 'not-run',
          declared: 'not-in-plan',
          host: 'left',
        },
        steps: ['left /flag'],
      },
    ],
    [
      'have nothing of a question without its setting',
      'unset.exists',
      {},
      { unread: { reason: 'unset is not in a plan', problem: 'not-run', declared: 'not-in-plan' }, steps: [] },
    ],
    [
      'have nothing of a question that the release decides, and the release is not the reason',
      'place.line',
      {},
      {
        unread: {
          reason: '/old/x is not in a plan; --declared-file left:/old/x=FILE declares it',
          problem: 'not-run',
          declared: 'not-in-plan',
          host: 'left',
        },
        steps: ['left /old/x', 'left /new/x'],
      },
    ],
    [
      'want the release where one of its questions is declared',
      'place.line',
      { 'left /old/x': { declared: [of('line', 'on')] } },
      notKnown,
    ],
  ])('%s', (_, path, declared, found) => {
    expect(reading(path, { scope, later: declare(declared) })).toEqual(found);
  });

  it('are no host that an earlier run is compared with, and are compared with none', () => {
    const live = scopeOf(pack);
    const baseline = evidenceOf(live, { 'left /flag': 'then\n' });
    const plan = { ...baseline, run: { ...baseline.run, declared: { sources: [] } } };
    const earlierOf = (of: Scope, one?: Evidence) =>
      new EvidenceFacts(of, { ...evidenceOf(live, {}), ...(one && { baseline: one }) }).before;
    expect(earlierOf(live)).toBeUndefined();
    expect(earlierOf(live, plan)).toBeUndefined();
    expect(earlierOf(scope, baseline)).toBeUndefined();
    const found = earlierOf(live, baseline)?.stated(rule, 'flag', { kind: 'host', host: 'left' });
    expect(found).toMatchObject({ value: { line: 'then' } });
    expect(new EvidenceFacts(scope, evidenceOf(live, {})).declared).toBe(true);
    expect(new EvidenceFacts(live, evidenceOf(live, {})).declared).toBe(false);
  });
});

it('an endpoint is asked from another host, whose trouble it is', () => {
  const inventory = inventoryOf(pack);
  const [left, right] = inventory.hosts;
  if (!left || !right) throw new Error('no hosts');
  const scope = makeScope(
    pack,
    { phases: ['preflight'], selection: { only: [], skip: [] } },
    { ...inventory, hosts: [{ ...left, connection: 'endpoint', via: 'right' }, right] },
  );
  const later = changed('file', () => ({ outputs: [[said('', away)]] }));
  expect(reading('flag.line', { scope, later })).toMatchObject({ unread: { host: 'right' } });
});

it('hosts are those of a role', () => {
  const scope = scopeOf(pack);
  const source = new EvidenceFacts(scope, evidenceOf(scope, {}));
  expect(source.hostsOf('right').map(({ name }) => name)).toEqual(['right']);
  expect(source.hostsOf('third')).toEqual([]);
});
