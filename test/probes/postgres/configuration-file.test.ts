/** A rendered postgresql.conf: what it tells, and that the server's own reader takes the same from it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { postgresqlConf } from '../../../src/probes/postgres/configuration-file.js';
import { lacking, postgresPath } from '../../needs.js';

const told = (text: string, release?: number[]) =>
  new Map(postgresqlConf.read(text, release).map((one) => [one.property, one]));
const setting = (text: string, name: string) => told(text).get(`settings.${name}`);

/** What the file sets a setting to, in the words of `pg_settings`; undefined where it tells nothing of it. */
const cases: [text: string, name: string, value: string | undefined][] = [
  ['fsync = on', 'fsync', 'on'],
  ['fsync=off', 'fsync', 'off'],
  ['fsync off # not for long', 'fsync', 'off'],
  ["fsync'off'", 'fsync', 'off'],
  ['  FSync\t=\tOf  ', 'fsync', 'off'],
  ["fsync = 'Y'", 'fsync', 'on'],
  ['fsync = 0', 'fsync', 'off'],
  ["fsync = 'o\\146f'", 'fsync', 'off'],
  ['fsync = on\r\n', 'fsync', 'on'],
  ['fsync = off\nfsync = on', 'fsync', 'on'],
  ["max_connections = '300'", 'max_connections', '300'],
  ['max_connections = 0x10', 'max_connections', '16'],
  ['max_connections = 0144', 'max_connections', '100'],
  ['max_connections = 300\nMAX_CONNECTIONS 400', 'max_connections', '400'],
  ['max_slot_wal_keep_size = 10GB', 'max_slot_wal_keep_size', '10240'],
  ["max_slot_wal_keep_size = '1 TB'", 'max_slot_wal_keep_size', '1048576'],
  ['max_slot_wal_keep_size = 2048kB', 'max_slot_wal_keep_size', '2'],
  ['max_slot_wal_keep_size = 100', 'max_slot_wal_keep_size', '100'],
  ['max_slot_wal_keep_size = -1', 'max_slot_wal_keep_size', '-1'],
  ['wal_keep_size = 0x10MB', 'wal_keep_size', undefined],
  ['wal_level = Replica', 'wal_level', 'replica'],
  ['archive_mode = always', 'archive_mode', 'always'],
  ['archive_mode = yes', 'archive_mode', 'on'],
  ["recovery_target_timeline = 'latest'", 'recovery_target_timeline', 'latest'],
  ["primary_conninfo = 'host=10.0.0.1 password=''it''''s'''\nfsync = on", 'fsync', 'on'],
  ["archive_command = 'test ! -f /a/%f && cp %p /a/%f # no comment'\nfsync = on", 'fsync', 'on'],
  ['shared_buffers = 1.5GB\nwork_mem = 4MB\nrandom_page_cost = 1.1\nseq_page_cost = 1e0', 'fsync', undefined],
  ['my.setting = a-b:c/d.e\nfsync = on', 'fsync', 'on'],
  // To the server neither is a blank: each belongs to the word beside it.
  ['\ufefffsync = on', 'fsync', undefined],
  ['fsync = \u00a0on', 'fsync', undefined],
  ['max_connections = \u00a0300', 'max_connections', undefined],
];

describe('a setting that the file tells', () => {
  it.each(cases.filter(([, , value]) => value !== undefined))('%j: %s is %s', (text, name, value) => {
    expect(setting(text, name)).toMatchObject({ value });
  });

  it('is the last of several, which is said, with its line', () => {
    const doubled = setting('fsync = off\nmax_connections = 1\nfsync = on\n', 'fsync');
    expect(doubled).toMatchObject({ value: 'on', repeated: true, at: 'line 3' });
    expect(setting('fsync = on\n', 'fsync')).not.toHaveProperty('repeated');
  });

  it('counts as long as what goes before files does not say otherwise, which is said', () => {
    expect(setting('fsync = on', 'fsync')?.note).toMatch(/postgresql\.auto\.conf nor the command line/);
  });
});

describe('a setting that the file does not tell', () => {
  it.each([
    ['is left to the default', '#fsync = on\n', /does not set it, and the server's default depends on its version/],
    [
      'may be set by a file that is included behind it',
      "fsync = on\ninclude_dir 'conf.d'\n",
      /include_dir 'conf\.d' in line 2 may set it; write it below/,
    ],
    [
      'may be set by a file that is included at all',
      "include_if_exists = 'x.conf'\n",
      /include_if_exists 'x\.conf' in line 1 may set it/,
    ],
    ['has a value that is none', 'fsync = perhaps\n', /none that every version takes in one way/],
    [
      'stands in a file that the server refuses',
      'fsync = on\nlisten_addresses = 10.0.0.1\n',
      /^line 2 is no setting: the server would refuse/,
    ],
    ['stands in a file with an open quote', "fsync = on\ncluster_name = 'a\n", /^line 2 is no setting/],
  ])('%s', (_, text, why) => {
    expect(setting(text, 'fsync')).not.toHaveProperty('value');
    expect(setting(text, 'fsync')?.why).toMatch(why);
  });

  it.each(['on = true', 'fsync = on off', 'fsync : on', '= on', 'fsync', "fsync = 'on'x"])(
    'no line of the form: %s',
    (line) => {
      expect(setting(`fsync = on\n${line}`, 'fsync')?.value).toBe(line === 'on = true' ? 'on' : undefined);
    },
  );

  it('counts again behind the last include', () => {
    expect(setting("include 'a'\nfsync = on\n", 'fsync')).toMatchObject({ value: 'on' });
  });
});

it('the version is that of the release that was named', () => {
  expect(told('', [15, 4]).get('version')?.value).toBe(150004);
  expect(told('', [9, 6, 24]).get('version')?.value).toBe(90624);
  expect(told('').get('version')).toMatchObject({ why: expect.stringContaining('--release') });
});

it.each([
  ['full_page_writes = off', 'impossible'],
  ['full_page_writes = on\nwal_log_hints = on', 'possible'],
  ['full_page_writes = on\nwal_log_hints = off', undefined],
  ['wal_log_hints = on', undefined],
])('pg_rewind after %j is %s: checksums stand in no file', (text, value) => {
  expect(told(text).get('rewind')?.value).toBe(value);
});

it('nothing else of the file is kept', () => {
  const kept = JSON.stringify(
    postgresqlConf.read("primary_conninfo = 'password=hunter2'\ncluster_name = 'hunter3'\nfsync = on\n"),
  );
  expect(kept).not.toMatch(/hunter/);
});

const why = lacking('postgresql');
describe.skipIf(why)(`the server's own reader${why}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'postgresql-conf-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const program = postgresPath() ?? '';
  /** What the server would start with; undefined where it would not start. */
  const server = (text: string, name: string): string | undefined => {
    writeFileSync(join(folder, 'postgresql.conf'), `${text}\n`);
    const { status, stdout } = spawnSync(program, ['-C', name, '-D', folder], { encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  };

  it('takes every setting as this one does', () => {
    for (const [text, name, value] of cases)
      if (value !== undefined) expect([text, server(text, name)]).toEqual([text, value]);
  });

  it.each([
    'fsync = on off',
    'fsync : on',
    '= on',
    'fsync',
    "fsync = 'on'x",
    'listen_addresses = 10.0.0.1',
    "cluster_name = 'a",
    'port = 1 MB',
    'fsync = perhaps',
  ])('refuses %s, of which this one tells nothing', (line) => {
    const text = `${line}\nwal_log_hints = on`;
    expect(server(text, 'wal_log_hints')).toBeUndefined();
    if (line !== 'fsync = perhaps') expect(setting(text, 'wal_log_hints')).not.toHaveProperty('value');
    expect(setting(text, 'fsync')).not.toHaveProperty('value');
  });
});

it.each([
  ["listen_addresses = '*'", 'network'],
  ["listen_addresses = 'localhost, 10.0.0.1'", 'network'],
  ["listen_addresses = 'localhost'", 'itself'],
  ["listen_addresses = ''", 'itself'],
  ['fsync = on', undefined],
  ['fsync =', undefined],
  ["listen_addresses = 'db-a'", undefined],
])('for whom it listens after %j: %s', (text, value) => {
  const listens = told(text).get('listens');
  expect(listens?.value).toBe(value);
  if (value === undefined) expect(listens?.why).not.toBe('');
});

it('for whom it listens is told with its line, or with the reason why it is not', () => {
  const listens = (text: string) => told(text).get('listens');
  expect(listens("fsync = on\nlisten_addresses = '*'")).toEqual({
    ...{ property: 'listens', value: 'network', at: 'line 2', note: expect.stringContaining('command line') },
  });
  expect(listens('fsync = on')).toEqual({
    property: 'listens',
    why: expect.stringMatching(/^the file does not set it/),
  });
  expect(listens("listen_addresses = '*'\ninclude 'x'")).toEqual({
    ...{ property: 'listens', why: expect.stringMatching(/^include 'x' in line 2 may set it/) },
  });
  expect(listens("listen_addresses = 'db-a'")).toEqual({ property: 'listens', why: expect.stringContaining('names') });
});

it('whether pg_rewind could be used is told with the reason why it is not', () => {
  expect(told('wal_log_hints = on').get('rewind')).toEqual({
    property: 'rewind',
    why: expect.stringMatching(/checksums/),
  });
});
