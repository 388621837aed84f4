/** Files: their text, what they are, and where links lead, as GNU and busybox tools say it. */
import { expect, it, test } from 'vitest';
import { file, link, stat } from '../../src/probes/files/file.js';
import { failed, fixture, noAnswers, read, said, spoiled, unreadable } from './support.js';

const params = { path: '/x' };
const probes = [
  ['file', file],
  ['stat', stat],
  ['link', link],
] as const;

it.each(probes.flatMap(([id, probe]) => noAnswers.map(([name, output]) => [id, name, probe, output] as const)))(
  '%s gives no value for %s',
  (_id, _name, probe, output) => {
    unreadable(probe, [output], params);
  },
);

it.each(probes)('%s gives no value for an answer with a problem', (_, probe) => {
  for (const healthy of [
    said('/x\n'),
    failed('cat: /x: No such file or directory'),
    failed("stat: cannot statx '/x': No such file or directory"),
  ]) {
    for (const output of spoiled(healthy)) unreadable(probe, [output], params);
  }
  unreadable(probe, [], params);
});

test.each(['cat-missing', 'busybox-cat-missing'])('a file that is not there is a value (%s)', (name) => {
  expect(read(file, [failed(fixture(`debian-12/${name}`))], params)).toEqual({ exists: false });
});

test('a warning beside the refusal does not turn it into a file that is not there', () => {
  const warning = 'bash: warning: setlocale: LC_ALL: cannot change locale (xx): No such file or directory\n';
  unreadable(file, [failed(`${warning}cat: /x: Permission denied`)], params);
  unreadable(file, [failed(warning)], params);
  expect(read(file, [failed(`${warning}cat: /x: No such file or directory`)], params)).toEqual({ exists: false });
});

test('the text of a file, and its line where it has exactly one', () => {
  expect(read(file, [said('/data\n')], params)).toEqual({ exists: true, text: '/data\n', line: '/data' });
  expect(read(file, [said('/data')], params)).toEqual({ exists: true, text: '/data', line: '/data' });
  expect(read(file, [said('')], params)).toEqual({ exists: true, text: '' });
  expect(read(file, [said('/data\n/other\n')], params)).toEqual({ exists: true, text: '/data\n/other\n' });
  expect(read(file, [said(' \n  /data \n \t\n')], params)).toMatchObject({ line: '/data' });
  expect(read(file, [said(' \n')], params)).toEqual({ exists: true, text: ' \n' });
  unreadable(file, [failed('cat: /x: Is a directory')], params);
});

test.each(['', 'busybox-'])('stat (%s) tells what a path is', (by) => {
  const of = (name: string) => read(stat, [said(fixture(`debian-12/${by}stat-${name}`))], params);
  expect(of('shown')).toMatchObject({ exists: true, kind: 'directory', owner: 0, mode: '755' });
  expect(of('file')).toMatchObject({ kind: 'file', bytes: 5, mode: '644' });
  expect(of('empty')).toMatchObject({ kind: 'file', bytes: 0 });
  expect(of('null')).toMatchObject({ kind: 'other', mode: '666' });
  expect(read(stat, [failed(fixture(`debian-12/${by}stat-none`))], params)).toEqual({ exists: false });
});

test.each([
  '',
  '\n',
  'garbage\n',
  '-5 1 0 0 644 regular file\n',
  '5 1 0 0 644 regular file\n5 1 0 0 644 directory\n',
  '5 1 0 0 944 regular file\n',
  '5 1 0 0 644 regular',
  '1e999 1 0 0 644 regular file\n',
  `${'9'.repeat(400)} 1 0 0 644 directory\n`,
  '5 99999999999999999999 0 0 644 directory\n',
])('stat gives no value for %j', (text) => {
  unreadable(stat, [said(text)], params);
});

test('stat tells every column', () => {
  expect(read(stat, [said('512 1767225600 1000 2001 4755 regular empty file\n')], params)).toEqual({
    ...{ exists: true, kind: 'file', bytes: 512, modifiedAt: 1767225600, owner: 1000, group: 2001, mode: '4755' },
  });
  for (const odd of ['x5 1 0 0 644 directory\n', '5 1 0 0 644 directory\nx', '5 1 0 0 644 \n'])
    expect(unreadable(stat, [said(odd)], params).message).toBe('stat did not answer in its form');
});

test('a link leads to one absolute path', () => {
  expect(read(link, [said('/opt/alpha-10.0.0.1\n')], params)).toEqual({ target: '/opt/alpha-10.0.0.1' });
  expect(read(link, [said('/with blanks \n')], params)).toEqual({ target: '/with blanks ' });
  for (const text of ['', 'relative\n', '/a\n/b\n', '/a\u001b[2J\n', '\n', 'motd\n/opt\n'])
    unreadable(link, [said(text)], params);
});
