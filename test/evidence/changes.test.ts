import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { schemas } from '../../src/authoring/schemas.js';
import { check } from '../../src/core/check-schema.js';
import type { Change, Evidence, Output } from '../../src/core/model.js';
import { changesSince as compareRuns } from '../../src/evidence/changes.js';
import { EvidenceFacts } from '../../src/evidence/facts-in-evidence.js';
import { evaluate } from '../../src/judge/evaluate.js';
import { makeReport } from '../../src/judge/report.js';
import { builtinProbes } from '../../src/probes/index.js';
import { type Answer, brought, collected, packOf, ruleText, said, scopeOf } from '../support.js';

const secret = `commands:
  password: { title: The password, argv: [cat, /password], as: root, parse: { text: {} }, secret: true }
  greeting: { title: A greeting, argv: [greet, "\${name}", "-n", "2"], as: login, params: { name: { type: string } }, parse: { lines: {} } }
`;
const rule = (id: string, fact: string, expect: string) =>
  ruleText(id, [`{ ${expect} }`], { facts: `{ it: ${fact} }` });
const rules = [
  rule('kernel', '{ probe: kernel }', 'same: it.release'),
  rule('space', '{ probe: filesystem, with: { path: /disk, as: root } }', 'same: it.bytes'),
  rule('text', '{ probe: file, with: { path: /x } }', 'same: it.text'),
  rule('clock', '{ probe: clock }', 'difference: it.offsetMs, at_most: 10'),
  rule('password', '{ probe: password }', 'same: it.text'),
  rule('greeting', '{ probe: greeting, with: { name: bob } }', 'same: it.lines'),
  ruleText('reach', ['{ pair: it.via, equals: bash }'], {
    facts: '{ it: { probe: tcp-reach, with: { ports: [22, 5432], address: "@peer.address" } } }',
    per: 'direction',
  }),
].join('');
const pack = packOf(rules, secret);
const scope = scopeOf(pack);

const df = (size: number, free: number) =>
  said(`Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/x ${size} ${size - free} ${free} 1% /disk\n`);
const reach = (lines: string) => said(`via bash\n${lines}end\n`);
const denied = said('', { exit: 1, stderr: 'cat: /x: Permission denied\n' });
const missing = said('', { exit: 1, stderr: 'cat: /x: No such file or directory\n' });

/** What the hosts answer in a run, by the command's first words. */
type Answers = Record<string, Output>;

const usual: Answers = {
  'cat /x': said('one\ntwo\n'),
  'cat /password': said('hunter2\n'),
  'greet bob': said('hello\nbob\n'),
  'df -P': df(1000, 900),
  'readlink -f': said('/disk\n'),
  'cat /proc/self/mountinfo': said('1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / /disk rw - ext4 /dev/x rw\n'),
  '/bin/sh -c': reach('22 0 1 \n5432 1 1 Connection refused\n'),
};

/** Evidence of a run in which the right host alone answers as told. */
function taken(answers: Answers = {}): Promise<Evidence> {
  const answer: Answer = (host, { argv }) => {
    const told = Object.entries(host === 'right' ? { ...usual, ...answers } : usual);
    return told.find(([words]) => argv.join(' ').startsWith(words))?.[1];
  };
  return collected(scope, answer);
}

const changesSince = (...runs: Parameters<typeof compareRuns>) => compareRuns(...runs).list;
const changes = async (before: Answers, after: Answers) => changesSince(scope, await taken(before), await taken(after));

describe('between two runs', () => {
  it('in which all was the same nothing has changed', async () => {
    expect(await changes({}, {})).toEqual([]);
  });

  it.each<[string, Answers, Answers, Change[]]>([
    [
      'a value',
      {},
      { 'uname -r': said('6.1.0\n') },
      [{ subject: 'right', fact: 'kernel', property: 'release', before: '5.14.0-427', after: '6.1.0' }],
    ],
    [
      'two properties of one answer',
      {},
      { 'uname -r': said('6.1.0\n'), 'uname -m': said('aarch64\n') },
      [
        { subject: 'right', fact: 'kernel', property: 'release', before: '5.14.0-427', after: '6.1.0' },
        { subject: 'right', fact: 'kernel', property: 'machine', before: 'x86_64', after: 'aarch64' },
      ],
    ],
    [
      'a size, named by what was asked and as whom',
      {},
      { 'df -P': df(2000, 900) },
      ['bytes', 'filesystemBytes'].map((property) => {
        return { subject: 'right', fact: 'filesystem /disk as root', property, before: 1024000, after: 2048000 };
      }),
    ],
    ['space that was used', {}, { 'df -P': df(1000, 1) }, []],
    [
      'a file that is gone: that alone',
      {},
      { 'cat /x': missing },
      [{ subject: 'right', fact: 'file /x', property: 'exists', before: true, after: false }],
    ],
    [
      'a property that is new',
      { 'cat /x': said('one\ntwo\n') },
      { 'cat /x': said('one\n') },
      [
        { subject: 'right', fact: 'file /x', property: 'text', before: 'one\ntwo\n', after: 'one\n' },
        { subject: 'right', fact: 'file /x', property: 'line', before: null, after: 'one' },
      ],
    ],
    [
      'an answer that is lost',
      {},
      { 'cat /x': denied },
      [
        {
          subject: 'right',
          fact: 'file /x',
          before: { exists: true, text: 'one\ntwo\n' },
          after: 'could not be read: cat: /x: Permission denied',
        },
      ],
    ],
    [
      'an answer that came',
      { 'cat /x': said('', { exit: null, problem: 'timeout', problemAt: 'command' }) },
      {},
      [
        {
          subject: 'right',
          fact: 'file /x',
          before: 'could not be read: did not answer in time',
          after: { exists: true, text: 'one\ntwo\n' },
        },
      ],
    ],
    ['failures of two kinds', { 'cat /x': denied }, { 'cat /x': said('', { exit: 9 }) }, []],
    [
      "a port's state, in a direction, without the time it took",
      { '/bin/sh -c': reach('22 0 1 \n5432 1 1 Connection refused\n') },
      { '/bin/sh -c': reach('22 0 77 \n5432 0 5 \n') },
      [
        {
          subject: 'right -> left',
          fact: 'tcp-reach ports 22, 5432',
          property: 'ports',
          before: [
            { port: 22, state: 'open' },
            { port: 5432, state: 'refused' },
          ],
          after: [
            { port: 22, state: 'open' },
            { port: 5432, state: 'open' },
          ],
        },
      ],
    ],
    ['the time that a connect took', {}, { '/bin/sh -c': reach('22 0 77 \n5432 1 88 Connection refused\n') }, []],
    [
      'what a declared command says',
      {},
      { 'greet bob': said('hello\nalice\n') },
      [
        {
          subject: 'right',
          fact: 'greeting bob',
          property: 'lines',
          before: ['hello', 'bob'],
          after: ['hello', 'alice'],
        },
      ],
    ],
  ])('%s', async (_, before, after, expected) => {
    expect(await changes(before, after)).toEqual(expected);
  });

  it('a clock is never the same, and never told', async () => {
    const late = said('1763700060000000000\n');
    expect((await changes({}, { 'date +%s%N': late })).length).toBe(0);
    expect((await changes({}, { 'date +%s%N': said('nonsense\n') })).length).toBe(0);
  });
});

describe('secrets', () => {
  it('of two runs cannot be compared, be they the same or not', async () => {
    const [one, other] = [await taken(), await taken({ 'cat /password': said('hunter3\n') })];
    expect(JSON.stringify(one)).toMatch(/secret:[0-9a-f]{16}:/);
    expect(changesSince(scope, one, other)).toEqual([]);
  });

  it('under one key can be', async () => {
    const one = await taken();
    const text = JSON.stringify(one);
    const token = /secret:[0-9a-f]{16}:[0-9a-f]{32}/.exec(text)?.[0] ?? '';
    const other = JSON.parse(text.replaceAll(token, `${token.slice(0, -32)}${'0'.repeat(32)}`)) as Evidence;
    expect(changesSince(scope, one, other).map(({ subject, fact }) => [subject, fact])).toEqual([
      ['left', 'password'],
      ['right', 'password'],
    ]);
  });

  it('that are there in one run only are told as that', async () => {
    const without = { 'cat /password': said('') };
    expect(await changes({}, without)).toEqual([
      {
        subject: 'right',
        fact: 'password',
        before: { text: expect.stringMatching(/^secret:/) },
        after: 'could not be read: the answer is empty',
      },
    ]);
  });
});

describe('compared is', () => {
  const edit = (evidence: Evidence, steps: (all: Evidence['steps']) => Evidence['steps']): Evidence => ({
    ...evidence,
    steps: steps(evidence.steps),
  });
  const newKernel = { 'uname -r': said('6.1.0\n') };

  it('only what both runs asked', async () => {
    const [one, other] = [await taken(), await taken(newKernel)];
    const fewer = edit(one, (all) => all.filter((step) => step.probe !== 'kernel'));
    expect(changesSince(scope, one, other)).toHaveLength(1);
    expect(changesSince(scope, fewer, other)).toEqual([]);
    expect(changesSince(scope, other, fewer)).toEqual([]);
  });

  it('only what the plan of today asks', async () => {
    const narrow = scopeOf(pack, { only: ['twin/text'] });
    expect(changesSince(narrow, await taken(), await taken(newKernel))).toEqual([]);
  });

  it('the last sample of what was asked several times', async () => {
    const [one, other] = [await taken(), await taken(newKernel)];
    const last = new Map(other.steps.map((step) => [step.id, step.outputs.at(-1) ?? []]));
    const sampled = (order: (first: Output[], second: Output[]) => Output[][]) =>
      edit(one, (all) =>
        all.map((step) => ({ ...step, outputs: order(step.outputs.at(-1) ?? [], last.get(step.id) ?? []) })),
      );
    expect(
      changesSince(
        scope,
        one,
        sampled((first, second) => [first, second]),
      ),
    ).toHaveLength(1);
    expect(
      changesSince(
        scope,
        one,
        sampled((first, second) => [second, first]),
      ),
    ).toEqual([]);
  });
});

describe('what probes say of themselves', () => {
  const schemaOf = (properties: Record<string, unknown>, path: string[]): unknown =>
    path.reduce<unknown>(
      (node, name) => {
        const { items, properties: inner } = (node ?? {}) as { items?: { properties?: object }; properties?: object };
        return ((inner ?? items?.properties ?? {}) as Record<string, unknown>)[name];
      },
      { properties },
    );

  it.each(builtinProbes.map((probe) => [probe.id, probe] as const))('%s has what it calls restless', (_, probe) => {
    for (const path of Array.isArray(probe.restless) ? (probe.restless as string[]) : []) {
      expect([path, schemaOf(probe.value.properties, path.split('.'))]).toEqual([path, expect.anything()]);
    }
  });

  it('what tires a host or takes long is costly', () => {
    const costly = builtinProbes.filter((probe) => probe.costly).map((probe) => probe.id);
    expect(costly).toEqual(expect.arrayContaining(['disk-usage', 'port-proof', 'tcp-reach']));
  });
});

describe('the report', () => {
  const reportOf = (evidence: Evidence) => {
    const facts = new EvidenceFacts(scope, evidence);
    return makeReport(scope, evidence, evaluate(scope, facts, evidence.takenAt), facts, 'blocker');
  };

  it('has the changes since its baseline, an empty list where there are none, and none without a baseline', async () => {
    const [one, other] = [await taken(), await taken({ 'uname -r': said('6.1.0\n') })];
    const takenAt = '2026-11-01T00:00:00.000Z';
    const report = reportOf({ ...other, baseline: { ...one, takenAt } });
    expect(report.changes).toMatchObject({ since: takenAt, list: [{ fact: 'kernel' }] });
    expect(check(schemas.report(), JSON.parse(JSON.stringify(report)))).toEqual([]);
    expect(reportOf({ ...one, baseline: one }).changes).toEqual({
      since: one.takenAt,
      compared: expect.any(Number),
      list: [],
    });
    expect(reportOf(one)).not.toHaveProperty('changes');
  });
});

test('evidence compared with itself has no changes, whatever the hosts answered', async () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('via bash\nend\n', '5\n', 'x\n'));
  const exit = fc.constantFrom(0, 1, 127, null);
  const wide = scopeOf(brought, { release: '2021.4' });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, exit), { minLength: 1, maxLength: 20 }), async (answers) => {
      let turn = 0;
      const evidence = await collected(wide, () => {
        const [stdout = '', exit = 0] = answers[turn++ % answers.length] ?? [];
        return turn % 3 === 0 ? undefined : said(stdout, { exit });
      });
      expect(changesSince(wide, evidence, structuredClone(evidence))).toEqual([]);
    }),
    { numRuns: 20 },
  );
});
