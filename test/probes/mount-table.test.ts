/** The mount table: two probes read it, and what they say of one path never differs. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Unreadable } from '../../src/core/errors.js';
import { filesystem } from '../../src/probes/files/filesystem.js';
import { mount } from '../../src/probes/files/mount.js';
import { mountHolding, readMountTable } from '../../src/probes/files/mount-table.js';
import { fixture, read, said } from './support.js';

const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url));
const folders = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('/mountinfo'))
  .map((name) => name.replace(/\/mountinfo$/, ''))
  .sort();
const measured = folders.filter((folder) => folder.includes('/filesystems/'));

/** What the file system's probe and the mount's probe say of a path, by one table. */
function both(table: string, df: string, path: string, partitions = fixture('debian-12/filesystems/ext4/partitions')) {
  const asked = { path };
  const seen = (probe: typeof filesystem | typeof mount, texts: string[]) => {
    try {
      const value = read(
        probe,
        texts.map((text) => said(text)),
        asked,
      ) as Record<string, unknown>;
      const device = probe === filesystem ? value.device : value.source;
      return { mountPoint: value.mountPoint, isMountPoint: value.isMountPoint, type: value.type, device };
    } catch (error) {
      if (error instanceof Unreadable) return error.message;
      throw error;
    }
  };
  return [
    seen(filesystem, [`${path}\n`, df, table, partitions]),
    seen(mount, [table, `${path}\n`, '128 directory\n']),
  ] as const;
}

test('tables of many systems are looked at', () => {
  expect(folders.length).toBeGreaterThan(30);
  expect(measured.length).toBeGreaterThan(15);
});

test.each(measured)('%s: both probes say the same, or neither says anything', (folder) => {
  const of = (file: string) => fixture(`${folder}/${file}`);
  const [one, other] = both(of('mountinfo'), of('df'), of('readlink').trim(), of('partitions'));
  // What df calls a mount point without the kernel's doing is none; the mount that holds it is known all the same.
  if (folder.endsWith('/btrfs-subvolume')) expect(one).toMatch(/does not list/);
  else if (typeof one === 'string')
    expect([one, other]).toEqual([expect.stringMatching(/mounted/), expect.any(String)]);
  else expect(one).toEqual(other);
});

test.each(folders)('%s: every line of the table is a mount, and the root holds what nothing else does', (folder) => {
  const table = fixture(`${folder}/mountinfo`);
  const mounts = readMountTable(table);
  expect(mounts).toHaveLength(table.split('\n').length - 1);
  expect(mountHolding(mounts, '/nothing/is/mounted/here').mountPoint).toBe('/');
  for (const { mountPoint, source } of mounts) expect(mountPoint + source).not.toMatch(/\\[0-7]{3}/);
});

const root = '1 0 8:1 / / rw - ext4 /dev/a rw\n';
const df = (source: string, point: string) =>
  `Filesystem 1024-blocks Used Available Capacity Mounted on\n${source} 1000 1 999 1% ${point}\n`;

test.each([
  ['octal escapes', `${root}2 1 0:2 / /a\\040b\\134c rw - tmpfs a\\011b rw\n`, '/a b\\c', 'a\tb'],
  ['optional fields that nobody knows yet', `${root}2 1 0:2 / /m rw shared:1 new:2 odd - tmpfs m rw\n`, '/m', 'm'],
  ['an empty source', `${root}2 1 0:2 / /m rw - tmpfs  rw\n`, '/m', ''],
  ['stacked', `${root}2 1 0:2 / /m rw - tmpfs low rw\n3 2 0:3 / /m rw - tmpfs high rw\n`, '/m', 'high'],
  [
    'blanks in other options',
    `1 0 0:1 / / rw - overlay o rw,lowerdir=/a b:/c - d\n2 1 0:2 / /m rw - 9p drvfs rw,aname=drvfs;path=C:\\Program Files\n`,
    '/m',
    'drvfs',
  ],
  ['a no-break space', `${root}2 1 0:2 / /a\u00a0b rw - tmpfs c\u00a0d rw\n`, '/a\u00a0b', 'c\u00a0d'],
  ['moved beneath', `${root}3 2 0:3 / /m rw - tmpfs high rw\n2 1 0:2 / /m rw - tmpfs low rw\n`, '/m', 'high'],
  ['bind over bind', `${root}2 1 8:1 /x /m rw - ext4 /dev/a rw\n3 2 8:1 /y /m rw - ext4 /dev/a rw\n`, '/m', '/dev/a'],
])('%s', (_, table, point, source) => {
  const [one, other] = both(table, df('x', point), point);
  expect(one).toEqual(other);
  expect(one).toMatchObject({ mountPoint: point, device: source });
});

// proc(5): fields are parted by one blank, and a blank in a field is escaped.
test.each([
  ['a blank line at its end', `${root}\n`],
  ['two lines that run together', `${root.trimEnd()} 2 1 0:2 / / rw - tmpfs over rw\n`],
  ['no end', root.trimEnd()],
  ['no dash', root.replace(' -', '')],
])('no value comes of a table with %s, from either', (_, table) => {
  expect(both(table, df('/dev/a', '/'), '/')).toEqual([
    expect.stringMatching(/mountinfo has/),
    expect.stringMatching(/mountinfo has/),
  ]);
});

const line = (ids: string, point: string, source = '/dev/a') => `${ids} / ${point} rw - ext4 ${source} rw\n`;

test.each([
  ...[
    'x1 0 8:1',
    '1x 0 8:1',
    '1 x0 8:1',
    '1 0x 8:1',
    '1 0 x8:1',
    '1 0 8:1x',
    'x 0 8:1',
    '1 x 8:1',
    '1 0 8',
    'x x 8:1',
  ].map((ids) => line(ids, '/')),
  '1 0 8:1 / / rw - ext4 /dev/a\n',
  '1 0 8:1 / / rw  - ext4 /dev/a rw\n',
  '1 0 8:1 /  rw shared - ext4 /dev/a rw\n',
  '1 0 8:1 / / rw -  /dev/a rw\n',
  '1 0 8:1 / / - ext4 /dev/a rw\n',
  '1 0 8:1 / / rw ext4 /dev/a rw\n',
  '1 0 8:1 / / rw - 9p a rw,b 2 1 8:2 / /x rw - ext4 c rw\n',
  'x\n',
])('%j is no line of the table', (text) => {
  expect(() => readMountTable(text)).toThrow('mountinfo has a line of another form');
});

test('options at the end of a line may hold blanks, but no other mount', () => {
  for (const end of ['rw', 'rw,dir=a b', 'rw 1:2x', 'rw x1:2', '8:1'])
    expect(readMountTable(`1 0 8:1 / / ro,x shared:1 - 9p a\\040b ${end}\n`)).toEqual([
      {
        ...{ id: '1', parent: '0', device: '8:1', root: '/', mountPoint: '/', type: '9p' },
        source: 'a b',
        options: ['ro', 'x', ...end.split(',')],
      },
    ]);
});

test.each([
  [
    'what stands at / and is mounted below another',
    [
      ['5 4 8:5', '/'],
      ['4 1 8:4', '/mnt'],
      ['1 0 8:1', '/'],
    ],
    '/x',
    '1',
  ],
  [
    'a root that is its own parent',
    [
      ['1 1 8:1', '/'],
      ['2 1 8:2', '/a'],
    ],
    '/x',
    '1',
  ],
  [
    'what is mounted below that',
    [
      ['1 1 8:1', '/'],
      ['2 1 8:2', '/a'],
    ],
    '/a/b',
    '2',
  ],
  [
    'the first point on the way',
    [
      ['1 0 8:1', '/'],
      ['2 1 8:2', '/a'],
      ['3 1 8:3', '/a/b'],
    ],
    '/a/b/c',
    '2',
  ],
  [
    'the first point on the way, wherever it stands',
    [
      ['1 0 8:1', '/'],
      ['3 1 8:3', '/a/b'],
      ['2 1 8:2', '/a'],
    ],
    '/a/b',
    '2',
  ],
  [
    'the last of two on one point',
    [
      ['1 0 8:1', '/'],
      ['2 1 8:2', '/a'],
      ['3 1 8:3', '/a'],
    ],
    '/a',
    '3',
  ],
  [
    'what is mounted over it',
    [
      ['1 0 8:1', '/'],
      ['2 1 8:2', '/a'],
      ['3 2 8:3', '/a'],
    ],
    '/a',
    '3',
  ],
])('a path is held by %s', (_, rows, path, id) => {
  const table = rows.map(([ids = '', point = '']) => line(ids, point)).join('');
  expect(mountHolding(readMountTable(table), path).id).toBe(id);
});

test('mounts in a circle hold nothing', () => {
  const table = [
    line('1 0 8:1', '/'),
    line('2 1 8:2', '/a'),
    line('2 2 8:2', '/a'),
    line('3 2 8:3', '/a'),
    line('2 3 8:2', '/a'),
  ];
  expect(() => mountHolding(readMountTable(table.join('')), '/a')).toThrow('mountinfo has mounts in a circle');
});
