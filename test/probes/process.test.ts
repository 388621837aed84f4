/** Processes by name: found among real lists, never among mere mentions, and without anybody's arguments. */
import { describe, expect, it, test } from 'vitest';
import { check } from '../../src/core/check-schema.js';
import { processes } from '../../src/probes/process.js';
import { fixture, noAnswers, read, said, spoiled, unreadable } from './support.js';

const names = ['shop.Server', 'shop.Worker', 'postgres', 'java'];

describe.each(['ps', 'busybox-ps'])('%s of Debian 12', (name) => {
  const outputs = [said(fixture(`debian-12/${name}`))];

  it('finds a runtime and what it runs; a program that only mentions a name does not count', () => {
    const expected = { running: ['shop.Server', 'postgres', 'java'], missing: ['shop.Worker'] };
    expect(read(processes, outputs, { names })).toEqual(expected);
    expect(processes.read(outputs, { names })).toEqual(expected);
  });

  it('keeps no argument but the searched names', () => {
    const kept = JSON.stringify(processes.redact?.(outputs, { names }, String));
    for (const word of ['hunter2', 'Xmx1g', 'replicator', '/dev/null', 'capture']) expect(kept).not.toContain(word);
  });
});

test.each([
  'less shop.Server',
  'tail -f /var/log/shop.Server shop.Server',
  'grep shop.Server',
  'vi shop.Server',
  'sh -c pgrep shop.Server',
  'sudo -u shop.Server id',
  'java -cp /opt/shop.Server.jar other.Main',
  'java -Dname=shop.Server other.Main',
  '[java] <defunct> shop.Server',
  'java shop.ServerOther',
  'notjava shop.Server',
  'javac shop.Server',
  'nodejs-wrapper shop.Server',
  'x:shop.Server',
  'shop:Server',
  'shop.Server:x: worker',
])('%j does not run shop.Server', (args) => {
  expect(read(processes, [said(`1 init\n 7 ${args}\n`)], { names: ['shop.Server'] })).toEqual({
    running: [],
    missing: ['shop.Server'],
  });
});

test.each([
  'java -Xmx2g shop.Server',
  '/usr/lib/jvm/bin/java shop.Server --port 1',
  '/opt/bin/shop.Server -d',
  'shop.Server: worker',
  'python3.11 -m shop.Server',
  'java  -Xmx2g \t shop.Server',
  'jsvc shop.Server',
  '  java shop.Server',
  'node shop.Server',
  'perl shop.Server',
])('%j runs shop.Server', (args) => {
  expect(read(processes, [said(`1 init\n 7 ${args}\n`)], { names: ['shop.Server'] })).toEqual({
    running: ['shop.Server'],
    missing: [],
  });
});

test('a list in which other users are hidden proves no absence', () => {
  unreadable(processes, [said('  812 -bash\n  900 ps -e\n')], { names });
  unreadable(processes, [said('   11 init\n')], { names });
});

test('a colon is left out at the end of a name alone', () => {
  const [before, after] = [said('1 a:b:\n2 c:d\n'), { running: ['a:b', 'c:d'], missing: ['ab', 'cd'] }];
  expect(read(processes, [before], { names: ['a:b', 'c:d', 'ab', 'cd'] })).toEqual(after);
});

test.each(['1x init\n', 'x1 init\n', '-1 init\n', '1'])('%j is no line of the list', (text) => {
  const kept = processes.redact?.([said(`${text}\n`)], { names }, String) ?? [];
  expect(kept).toEqual([said(text === '1' ? '1 -\n' : '')]);
});

test('after redaction a name that is also a path, or ends in a colon, stays what it was', () => {
  const tricky = ['/usr/bin/x', 'x', 'y:', 'y'];
  const outputs = [said('1 init\n2 java /usr/bin/x\n3 java y:\n')];
  const once = processes.redact?.(outputs, { names: tricky }, String) ?? [];
  expect(processes.read(once, { names: tricky })).toEqual({ running: ['/usr/bin/x', 'y:'], missing: ['x', 'y'] });
  expect(processes.redact?.(once, { names: tricky }, String)).toEqual(once);
});

test('the mark that redaction leaves cannot be searched', () => {
  for (const name of ['-', '--help', '', 'two words'])
    expect(check(processes.params, { names: [name] })).not.toEqual([]);
  expect(check(processes.params, { names: ['/usr/sbin/sshd', 'shop.Server'] })).toEqual([]);
});

it.each(noAnswers)('gives no value for %s', (_, output) => {
  unreadable(processes, [output], { names });
});

it('gives no value for an answer with a problem, for none, and for garbage', () => {
  for (const output of [
    ...spoiled(said('1 init\n2 java shop.Server\n')),
    said(''),
    said('PID ARGS\n'),
    said('1init java\n'),
  ]) {
    unreadable(processes, [output], { names });
  }
});
