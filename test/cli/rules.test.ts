/** `rules list` and `rules show`: what a rule is, offline, at any width. */
import stringWidth from 'string-width';
import { afterAll, describe, expect, it } from 'vitest';
import { rulePage } from '../../src/authoring/rule-page.js';
import type { Rule } from '../../src/core/model.js';
import { loadPack, packDir, packIndex } from '../../src/pack/load.js';
import { makeScope } from '../../src/plan/scope.js';
import { planSteps } from '../../src/plan/steps.js';
import { pairflight, tidy } from './run.js';

afterAll(tidy);

const shown = async (columns: number, ...ids: string[]) =>
  (await pairflight(['rules', 'show', ...ids], { env: { COLUMNS: String(columns) } })).stdout;

describe('rules show', () => {
  it('tells all that there is to know of a rule', async () => {
    const page = await shown(100, 'alation/install-space-same-size');
    for (const part of [
      /^alation\/install-space-same-size\nSize of the installation space\n/,
      /^requires +Both hosts give the installation the same amount of space\.$/m,
      /^fault +The installation spaces differ in size$/m,
      /^remedy +Resize the smaller volume/m,
      /^document +Set Up High Availability, Prerequisites\n +https:\/\/docs\.alation\.com\//m,
      /^basis +documented: the vendor asks for it$/m,
      /^severity +blocker: its failure fails the gate$/m,
      /^phases +preflight, verify$/m,
      /^releases +all$/m,
      /^hosts +primary and secondary; one finding for all of them$/m,
      /^depends on +alation\/two-machines: .*\n +alation\/host-access: /m,
      /^cases +2 pass, 2 fail, 1 unknown$/m,
      /^defined in +alation\/sections\/prerequisites\.yaml:\d+:\d+$/m,
      / {2}\+ space\.bytes is the same on primary and secondary, within 0\.1 % \(settings\.sizeTolerancePercent\)$/m,
      /^ {2}installSpace +\/usr\/local\/alation \(<=3\.12\) or \/opt\/alation \(>=4\.0\): /m,
      /^ {2}primary, secondary as login:\n {4}\$ readlink -f \/usr\/local\/alation\n {4}\$ df -P -k \/usr\/local\/alation$/m,
    ])
      expect(page).toMatch(part);
  });

  it('says of words what each comes to, of ports which they are, and of a trend how it is sampled', async () => {
    const ports = await shown(100, 'ha-ports-reachable');
    expect(ports).toMatch(/tcp\.ports\[port = this port\]\.state on the way from one host to the other: an answer/);
    expect(ports).toMatch(/open or refused passes; filtered or unreachable or unresolved fails/);
    expect(ports).toMatch(/^ {2}5432 +PostgreSQL replication/m);
    expect(ports).toMatch(/a finding for each direction and each port/);
    expect(ports).toMatch(/^ {4}\$ \/bin\/sh -c script-1 tcp-reach @secondary 4 22 5432 27017$/m);
    const lag = await shown(100, 'postgres-lag-settles');
    expect(lag).toMatch(/\(5 times, 5 s apart\)/);
    expect(lag).toMatch(/small, at most 16 MiB \(16777216 bytes\) \(settings\.lagSmallBytes\), or falling\s+passes/);
    expect(await shown(100, 'files-in-sync')).toContain('More, where settings.syncPaths is given.');
    expect(await shown(100, 'two-machines')).toMatch(/^depends on +nothing; .* neither skipped nor waived$/m);
  });

  it('takes several ids and globs, each rule once', async () => {
    const { stdout } = await pairflight(['rules', 'show', 'same-*', 'same-kernel', 'two-machines']);
    const heads = [...stdout.matchAll(/^(alation\/\S+)\n/gm)].map(([, id]) => id);
    expect(heads.length).toBeGreaterThan(5);
    expect(heads.filter((id) => id === 'alation/same-kernel')).toHaveLength(1);
    expect(heads.at(-1)).toBe('alation/two-machines');
  });

  it.each(['alien4cloud/two-instances', 'two-instances'])('finds the product of %s by itself', async (id) => {
    const { code, stdout } = await pairflight(['rules', 'show', id, 'alation/same-kernel']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^alien4cloud\/two-instances\n/);
    expect(stdout).toMatch(/^alation\/same-kernel\n/m);
  });

  it('gives one rule as it is, and several as a list', async () => {
    const json = async (...ids: string[]) => JSON.parse((await pairflight(['rules', 'show', ...ids, '--json'])).stdout);
    expect(await json('same-kernel')).toMatchObject({ id: 'alation/same-kernel', severity: 'advice' });
    expect(await json('same-kernel', 'two-machines')).toMatchObject([{ severity: 'advice' }, { guard: 'identity' }]);
  });

  it.each([
    ['kernel', 'did you mean "same-kernel"?', 'pairflight rules show same-kernel'],
    ['same-kernal', 'did you mean "same-kernel"?', 'pairflight rules show same-kernel'],
    ['alation/same-kernal', 'did you mean "same-kernel"?', 'pairflight rules show same-kernel'],
    ['zzz*', 'no rule has the id "zzz*"\n', 'pairflight rules list'],
  ])('does not know %s, and says what is near', async (id, says, next) => {
    const { code, stderr } = await pairflight(['rules', 'show', id]);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
    expect(stderr).toContain(`try: ${next}\n`);
  });
});

describe.each(packIndex().packs)('every rule of %s', (name) => {
  const pack = loadPack(packDir(name));
  const page = (rule: Rule, columns: number) =>
    rulePage(pack, rule, { columns, bold: String, cases: {}, byAnsible: () => false });
  /** Without white space and marks a broken line reads as the whole one. */
  const bare = (text: string) => text.replace(/^ {4}> /gm, '').replace(/\s+/g, '');

  it.each([40, 60, 80, 200])(
    'has a page that fits %i columns, loses nothing, and is not wider than prose',
    (columns) => {
      for (const rule of pack.rules) {
        const text = page(rule, columns);
        for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(Math.min(columns, 110));
        for (const words of [rule.title, rule.requires, rule.remedy, rule.at])
          expect(bare(text)).toContain(bare(words));
        expect(text.split('  script-1:\n')[0]).not.toMatch(/undefined|\[object|\$\{/);
      }
    },
  );

  it('shows every command that its plan has', () => {
    const hosts = Object.entries(pack.roles).flatMap(([role, { count, endpoint }]) =>
      Array.from({ length: Math.max(1, Number(count[0])) }, (_, at) => ({
        name: `${role}${at}`,
        role,
        address: '198.51.100.7',
        connection: endpoint ? ('endpoint' as const) : ('ssh' as const),
        settings: {},
      })),
    );
    const inventory = { product: name, hosts, settings: {}, ports: [], waivers: [], attest: [] };
    let commands = 0;
    for (const rule of pack.rules) {
      const { build: _, ...rest } = pack;
      const run = { phases: rule.phases, selection: { only: [rule.id], skip: [] }, provePorts: true };
      const text = bare(page(rule, 200).replace(/@[a-z]+(-\d)?/g, '198.51.100.7'));
      for (const step of planSteps(makeScope(rest, run, inventory)).filter((one) => one.wantedBy.includes(rule.id))) {
        for (const { ask } of step.asks) {
          const words = ask.kind === 'exec' ? ask.argv.filter((word) => /^[\w./-]+$/.test(word)) : [];
          for (const word of words) expect(text).toContain(word);
          commands += words.length;
        }
      }
    }
    expect(commands).toBeGreaterThan(10);
  });
});

describe('rules list', () => {
  it('has a line for each rule in a pipe, and lines that fit elsewhere', async () => {
    const { stdout, stderr } = await pairflight(['rules', 'list']);
    expect(stderr).toBe('pairflight: these are of alation; --product has those of alien4cloud and postgresql\n');
    expect((await pairflight(['rules', 'list', '--product', 'alation'])).stderr).toBe('');
    const ids = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(ids).toEqual(loadPack(packDir('alation')).rules.map(({ id }) => id));
    const narrow = (await pairflight(['rules', 'list'], { env: { COLUMNS: '60' } })).stdout.split('\n');
    for (const line of narrow) expect(line.length).toBeLessThanOrEqual(60);
    for (const id of ids) expect(narrow).toContain(id);
  });

  it('names the rules of a phase', async () => {
    const { stdout } = await pairflight(['rules', 'list', '--phase', 'failover', '--json']);
    const rules = JSON.parse(stdout) as Rule[];
    expect(rules.length).toBeGreaterThan(3);
    for (const { phases } of rules) expect(phases).toContain('failover');
    expect(await pairflight(['rules', 'list', '--phase', 'failovr'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('try: pairflight rules list --phase failover\n'),
    });
  });
});
