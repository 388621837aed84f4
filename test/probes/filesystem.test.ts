/** The file system under a path: real ones of every kind, and every answer that must not become a size. */
import { existsSync } from 'node:fs';
import { expect, it, test } from 'vitest';
import { Unreadable } from '../../src/core/errors.js';
import { filesystem, spacesIn } from '../../src/probes/files/filesystem.js';
import { failed, fixture, noAnswers, read, said, spoiled, unreadable } from './support.js';

const params = { path: '/x' };
const KIB = 1024;
const debian = (name: string) => `debian-12/filesystems/${name}`;

function outputsOf(folder: string, by = '') {
  const files = [`${by}readlink`, `${by}df`, 'mountinfo', 'partitions'];
  return files.map((name) => said(fixture(`${folder}/${name}`)));
}

const onDevice = (kib: number, type: string, mountPoint: string) => ({
  exists: true,
  measured: 'block device',
  bytes: kib * KIB,
  type,
  mountPoint,
});
const alone = (kib: number, type: string, mountPoint: string) => ({
  ...onDevice(kib, type, mountPoint),
  measured: 'file system',
  filesystemBytes: kib * KIB,
});

it('tells a file system that can only be read by its mount', () => {
  expect(read(filesystem, healthy, params)).toMatchObject({ readOnly: false });
  const [mounts] = [healthy[2]].map((output) => (output as { stdout: string }).stdout);
  const fixed = said((mounts ?? '').replace(/ rw,/g, ' ro,'));
  expect(read(filesystem, healthy.with(2, fixed), params)).toMatchObject({ readOnly: true });
});

const systems: [string, object][] = [
  [
    debian('ext4'),
    { ...onDevice(307200, 'ext4', '/srv/ext4'), path: '/srv/ext4', isMountPoint: true, filesystemBytes: 277623 * KIB },
  ],
  [
    debian('plain-directory'),
    { ...onDevice(307200, 'ext4', '/srv/ext4'), path: '/srv/ext4/inside/deep', isMountPoint: false },
  ],
  [debian('symlink'), { ...onDevice(307200, 'ext4', '/srv/ext4'), path: '/srv/ext4/inside', isMountPoint: false }],
  [debian('blanks'), { ...onDevice(317440, 'ext4', '/srv/with blanks'), isMountPoint: true }],
  // A small XFS keeps a fifth of its device for its log: then what it offers is compared.
  [debian('xfs'), alone(262144, 'xfs', '/srv/xfs')],
  [debian('btrfs'), onDevice(337920, 'btrfs', '/srv/btrfs')],
  // The first of the two devices has 204800 KiB, half of what the file system has.
  [debian('btrfs-two-devices'), alone(409600, 'btrfs', '/srv/two')],
  // The device was enlarged, the file system was not: the device's size is no space for anybody.
  [debian('not-grown'), alone(186299, 'ext4', '/srv/grown')],
  [debian('tmpfs'), alone(65536, 'tmpfs', '/srv/tmpfs')],
  [debian('tmpfs-with-a-device-as-its-source'), alone(49152, 'tmpfs', '/srv/deceit')],
  [debian('mounted-over-without-a-source'), { ...alone(32768, 'tmpfs', '/srv/stack'), device: '' }],
  [debian('overlay'), alone(65536, 'overlay', '/srv/overlay')],
  [debian('bind'), { exists: true, type: 'ext4', bytes: 307200 * KIB }],
  [debian('bind-over-bind'), { exists: true, type: 'ext4', bytes: 307200 * KIB }],
  [
    'rhel-7.9/filesystems/lvm-long-names',
    { ...onDevice(52428800, 'xfs', '/opt/alpha'), usedPercent: 40, freeBytes: 31431680 * KIB },
  ],
  [
    'amazon-linux-2/filesystems/nvme-partition',
    { ...onDevice(104856559, 'xfs', '/'), device: '/dev/nvme0n1p1', isMountPoint: false },
  ],
  ['rhel-8.10/filesystems/nfs', { ...alone(1073741824, 'nfs4', '/backup'), device: 'nas.example.net:/export/backups' }],
  ['ubuntu-22.04/filesystems/moved-beneath', { ...onDevice(104857600, 'ext4', '/data'), device: '/dev/sdc' }],
];

test.each(systems)('%s', (folder, expected) => {
  expect(read(filesystem, outputsOf(folder), params)).toMatchObject(expected);
});

const busybox = systems.filter(([folder]) => existsSync(new URL(`./fixtures/${folder}/busybox-df`, import.meta.url)));

test.each(busybox)('%s, as busybox tells it', (folder) => {
  const { bytes, type } = read(filesystem, outputsOf(folder), params) as { bytes: number; type: string };
  expect(read(filesystem, outputsOf(folder, 'busybox-'), params)).toMatchObject({ bytes, type });
});

test('busybox was asked about nearly all of them', () => {
  expect(busybox.length).toBeGreaterThan(12);
});

test('a subvolume that is not mounted by itself, and a mount that is still to come, have no device to tell', () => {
  expect(unreadable(filesystem, outputsOf(debian('btrfs-subvolume')), params).message).toContain(
    'mountinfo does not list',
  );
  expect(unreadable(filesystem, outputsOf('rhel-8.10/filesystems/autofs-not-yet-mounted'), params).message).toContain(
    'not mounted yet',
  );
});

const healthy = outputsOf(debian('ext4'));

test('a path that does not exist is a value, if df itself says so', () => {
  const missing = failed(fixture('debian-12/df-missing'));
  expect(read(filesystem, healthy.with(1, missing), params)).toEqual({ exists: false });
  unreadable(filesystem, healthy.with(1, failed(fixture('debian-12/busybox-df-missing'))), params);
});

it.each(noAnswers)('gives no value for %s', (_, output) => {
  for (const index of healthy.keys()) unreadable(filesystem, healthy.with(index, output), params);
});

it('gives no value when any of its four answers has a problem, is empty, or is missing', () => {
  for (const [index, output] of healthy.entries()) {
    // The kernel of a container may show no devices; then what df says is all there is.
    const empty = index === 3 ? [] : [said('')];
    for (const one of [...spoiled(output), ...empty, said('\u0000\n'), { ...output, exit: 1 }])
      unreadable(filesystem, healthy.with(index, one), params);
    unreadable(filesystem, healthy.slice(0, index), params);
  }
});

it('gives no value for a text that was cut anywhere, of mountinfo and of the partitions', () => {
  for (const index of [2, 3]) {
    const { stdout = '' } = healthy[index] ?? {};
    for (let end = 1; end < stdout.length; end += 1) {
      const cut = healthy.with(index, said(stdout.slice(0, end)));
      // A cut at the end of a line looks whole; then what remains must tell the same, or nothing.
      if (stdout[end - 1] !== '\n') unreadable(filesystem, cut, params);
    }
  }
});

const row = '/dev/loop0          277623    14    258153       1% /srv/ext4';
const heading = 'Filesystem     1024-blocks  Used Available Capacity Mounted on';

test.each([
  `${row}\n`,
  `${heading}\n`,
  `${heading}\n${row}\n${row}\n`,
  `Dateisystem 1024-Blöcke Benutzt Verfügbar Kapazität Eingehängt auf\n${row}\n`,
  `${heading.replace('1024', '512')}\n${row}\n`,
  `${heading}\n${row.replace('277623', '-277623')}\n`,
  `${heading}\n${row.replace('277623', '1e999')}\n`,
  `${heading}\n${row.replace('277623', '9'.repeat(400))}\n`,
  `${heading}\n${row.replace('277623', '99999999999999999')}\n`,
  `${heading}\n${row.replace('277623', '271M')}\n`,
  `${heading}\n${row.replace('/srv/ext4', '/srv/another')}\n`,
  `${heading}\n/dev/mapper/wrapped--name\n                277623    14    258153       1% /srv/ext4\n`,
])('df gives no value for %j', (text) => {
  unreadable(filesystem, healthy.with(1, said(text)), params);
});

test.each([
  ...['a5 1 2 3% /x', '5a 1 2 3% /x', '5 a1 2 3% /x', '5 1a 2 3% /x', '5 1 a2 3% /x', '5 1 2a 3% /x'],
  ...['5 1 2 a3% /x', '5 1 2 3%a /x', '5 1 2 3% a/x', '5 1 2 -- /x', '5', ''],
])('the columns of df begin behind the name %j', (name) => {
  const table = '1 0 8:1 / / rw - ext4 /dev/a rw\n2 1 0:9 / /real rw - fuse.s3fs s3fs rw\n';
  const outputs = [said('/real\n'), said(`${heading}\n${name} 1000 100 900 10% /real\n`), said(table), said('')];
  expect(read(filesystem, outputs, params)).toMatchObject({ bytes: 1000 * KIB, mountPoint: '/real', usedPercent: 10 });
});

test.each(['x', '5', '5 1 2 3%', '/dev/loop0 277623 14 258153 1% srv'])('a line %j of df has not its form', (line) => {
  expect(unreadable(filesystem, healthy.with(1, said(`${heading}\n${line}\n`)), params).message).toBe(
    'df did not answer in its POSIX form',
  );
});

test('of a file system of which nothing is used and nothing is free all is taken', () => {
  const text = `${heading}\n/dev/loop0 277623 0 0 - /srv/ext4\n`;
  expect(read(filesystem, healthy.with(1, said(text)), params)).toMatchObject({ usedPercent: 100, freeBytes: 0 });
});

test.each([
  ['nine tenths of it', 'ext4', '8:1', '/dev/a', 900, 'block device'],
  ['less', 'ext4', '8:1', '/dev/a', 899, 'file system'],
  ['more than it', 'ext4', '8:1', '/dev/a', 1001, 'file system'],
  ['all of what it only calls its source', 'tmpfs', '0:9', '/dev/a', 1000, 'file system'],
  ['all of its source, as btrfs does', 'btrfs', '0:9', '/dev/a', 1000, 'block device'],
])('a device counts where the file system takes %s', (_, type, number, source, kib, measured) => {
  const table = `1 0 9:9 / / rw - ext4 /dev/x rw\n2 1 ${number} / /real rw - ${type} ${source} rw\n`;
  const df = `${heading}\n${source} ${kib} 0 ${kib} 0% /real\n`;
  const partitions = 'major minor  #blocks  name\n\n   8        1       1000  a\n';
  const value = read(filesystem, [said('/real\n'), said(df), said(table), said(partitions)], params);
  expect(value).toMatchObject({ measured, bytes: (measured === 'block device' ? 1000 : kib) * KIB });
});

test.each([
  [(text: string) => `x${text}`, 'has not its form'],
  [(text: string) => text.replace('#blocks', 'blocks'), 'has not its form'],
  [(text: string) => `${text}x 7 0 5 loop9\n`, 'has a line of another form'],
  [(text: string) => `${text} 7 0 5 loop9 x\n`, 'has a line of another form'],
  [(text: string) => `${text} 7 0 5\n`, 'has a line of another form'],
  [(text: string) => `${text} \n`, 'has a line of another form'],
])('of partitions in another form nothing is taken (%#)', (changed, why) => {
  const text = healthy[3]?.stdout ?? '';
  expect(unreadable(filesystem, healthy.with(3, said(changed(text))), params).message).toBe(`/proc/partitions ${why}`);
});

test('a full file system has nothing free, even where its reserve is used up', () => {
  const full = `${heading}\n/dev/loop0 277623 277630 -7 100% /srv/ext4\n`;
  expect(read(filesystem, healthy.with(1, said(full)), params)).toMatchObject({ freeBytes: 0, usedPercent: 100 });
});

test('a file system without a size, such as one of the kernel, proves nothing', () => {
  unreadable(filesystem, healthy.with(1, said(`${heading}\n/dev/loop0 0 0 0 - /srv/ext4\n`)), params);
});

test('without any device what df says is the size', () => {
  expect(read(filesystem, healthy.with(3, said('')), params)).toMatchObject({
    ...{ measured: 'file system', bytes: 277623 * KIB, device: '/dev/loop0' },
  });
});

test('used below zero, as quotas and deduplication make it, is nothing', () => {
  const text = `${heading}\n/dev/loop0 277623 -14 258153 0% /srv/ext4\n`;
  expect(read(filesystem, healthy.with(1, said(text)), params)).toMatchObject({
    usedPercent: 0,
    freeBytes: 258153 * KIB,
  });
});

test('16 EiB, as s3fs says of a bucket, lie between two numbers', () => {
  const text = `${heading}\n/dev/loop0 18014398509481983 0 18014398509481983 0% /srv/ext4\n`;
  const bounds = { low: 2 ** 64 - 2048, high: 2 ** 64 };
  expect(read(filesystem, healthy.with(1, said(text)), params)).toMatchObject({
    ...{ measured: 'file system', bytes: bounds, filesystemBytes: bounds, freeBytes: bounds, usedPercent: 0 },
  });
  // The neighbour of what is exact is not: 2 ** 53 bytes and one KiB more.
  const exact = (kib: string) =>
    read(filesystem, healthy.with(1, said(text.replaceAll('18014398509481983', kib))), params);
  expect(exact('8796093022207')).toMatchObject({ bytes: 8796093022207 * KIB });
  expect(exact('8796093022209')).toMatchObject({ bytes: { low: 2 ** 53 + 1024, high: 2 ** 53 + 1026 } });
  unreadable(filesystem, healthy.with(1, said(text.replaceAll('18014398509481983', '18014398509481985'))), params);
});

test('a device that is named as the numbers of another is no answer', () => {
  const line = 'x 9999999 0 9999999 0% /x 307200 307200 0 100% /srv/ext4';
  expect(() => spacesIn(`${heading}\n${line}\n`)).toThrow(Unreadable);
  const [path, , table, partitions] = healthy;
  unreadable(
    filesystem,
    [path, said(`${heading}\n${line}\n`), table, partitions].flatMap((one) => one ?? []),
    params,
  );
});

test('names with blanks, of devices and of mount points, and a no-break space', () => {
  const point = '/srv/a\u00a0b 1 2 3';
  const table = `1 0 8:1 / / rw - ext4 /dev/a rw\n2 1 0:9 / ${point.replaceAll(' ', '\\040')} rw - fuse.s3fs s3fs rw\n`;
  const df = `${heading}\na device 9 1000 1 999 1% ${point}\n`;
  const outputs = [said(`${point}\n`), said(df), said(table), said('')];
  expect(read(filesystem, outputs, params)).toMatchObject({
    mountPoint: point,
    isMountPoint: true,
    freeBytes: 999 * KIB,
  });
});
