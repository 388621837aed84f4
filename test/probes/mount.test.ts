/** Mounts: which one holds a path, as the kernel itself says, and what a network file system's source names. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { mount } from '../../src/probes/files/mount.js';
import { shareOf, sharingOf } from '../../src/probes/files/mount-share.js';
import { isWithin, mountHolding, readMountTable } from '../../src/probes/files/mount-table.js';
import { failed, fixture, noAnswers, read, said, spoiled, unreadable } from './support.js';

const client = fixture('nfs-client/mountinfo');
const answers = (path: string, table = client) => [said(table), said(`${path}\n`), said('128 directory\n')];
const look = (path: string, table = client) => read(mount, answers(path, table), { path }) as Record<string, unknown>;

it.each(noAnswers)('gives no value for %s', (_, output) => {
  for (const index of [0, 1, 2]) unreadable(mount, answers('/srv/v4').with(index, output), { path: '/srv/v4' });
});

it('gives no value for an answer with a problem', () => {
  for (const index of [0, 1, 2])
    for (const output of spoiled(answers('/srv/v4')[index] ?? said('')))
      unreadable(mount, answers('/srv/v4').with(index, output), { path: '/srv/v4' });
  unreadable(mount, [], { path: '/' });
});

test.each([
  ['the source', 'localhost:/', ''],
  ['the address', 'nas:/', ',addr=127.0.0.1'],
])('a server on the host itself (%s) is a tunnel whose end nobody knows', (_, source, option) => {
  const line = (from: string, options: string) =>
    `1 0 0:1 / / rw - ext4 /dev/x rw\n2 1 0:2 / /srv rw - nfs4 ${from} rw${options}\n`;
  expect(look('/srv', line(source, option))).toMatchObject({ network: true, type: 'nfs4' });
  for (const key of ['identity', 'serverAddress']) {
    expect(look('/srv', line(source, option))).not.toHaveProperty(key);
    expect(look('/srv', line('nas:/', ',addr=10.0.0.9'))).toHaveProperty(key);
  }
});

test('a directory that is not there is a value', () => {
  const missing = [said(client), said('', 1), failed("stat: cannot statx '/srv/none': No such file or directory")];
  expect(read(mount, missing, { path: '/srv/none' })).toEqual({ exists: false });
});

test.each([
  ['disk', { type: 'ext4', source: '/dev/loop6', isMountPoint: true }],
  ['inside-a-disk', { mountPoint: '/srv/disk', isMountPoint: false, inode: '13' }],
  ['link', { path: '/srv/disk/inside', mountPoint: '/srv/disk' }],
  ['bind', { root: '/inside', path: '/srv/bind/deep' }],
  ['read-only', { readOnly: true, options: ['ro'], device: '7:6' }],
  ['blanks', { mountPoint: '/srv/with blanks', source: 'a name' }],
  ['stacked', { source: 'upper' }],
  ['mounted-over', { source: 'cover', mountPoint: '/srv/cover' }],
  ['overlay', { type: 'overlay', sharing: 'local' }],
  ['no-mount-point', { mountPoint: '/srv/layers' }],
])('%s: the mount that the kernel says', (name, expected) => {
  const of = (file: string) => fixture(`debian-12/mounts/${name}/${file}`);
  const path = of('path').trim();
  const value = read(mount, [said(of('mountinfo')), said(of('readlink')), said(of('stat'))], { path });
  const [, mountPoint, device] = /^(.*) (\d+:\d+)\n$/.exec(of('judge')) ?? [];
  expect(value).toMatchObject({
    exists: true,
    mountPoint,
    device,
    network: false,
    sharing: 'local',
    readOnly: name === 'read-only',
  });
  expect(value).toMatchObject(expected);
  expect(value).not.toHaveProperty('identity');
});

test('the options that are told are those that decide what may be relied on', () => {
  const told = [
    ...[
      'rw',
      'hard',
      'soft',
      'softerr',
      'sync',
      'noac',
      'nolock',
      'local_lock=posix',
      'lookupcache=none',
      'actimeo=30',
    ],
    ...['acregmin=3', 'acdirmax=60', 'vers=4.2', 'sec=krb5p', 'cache=none', 'proto=tcp6', 'noexec', 'nosuid', 'nobrl'],
  ];
  const others = [
    'rwx',
    'xrw',
    'hardy',
    'relatime',
    'acregmid=3',
    'acmin=3',
    'noexecx',
    'xnobrl',
    'timeo=600',
    'version=4',
  ];
  const table = `1 0 8:1 / / rw - ext4 /dev/a ${[...others, ...told].join(',')}\n`;
  expect(look('/', table)).toMatchObject({ options: told, readOnly: false });
});

describe('the share behind a mount', () => {
  const share = (type: string, source: string, more: object = {}) =>
    shareOf(
      {
        ...{ id: '2', parent: '1', device: '0:9', root: '/', mountPoint: '/m', type, source, options: [] },
        ...more,
      },
      '/m/lib',
    );

  test.each([
    ['nfs', 'nas:/ab', 'nfs://nas/ab/lib'],
    ['nfs4', 'nas:/', 'nfs://nas/lib'],
    ['nfs', '[fd00::1]:/ab', 'nfs://[fd00::1]/ab/lib'],
    ['nfs', 'x[a]:/d', 'nfs://x[a]/d/lib'],
    ['nfs', '[a]x:/d', 'nfs://[a]x/d/lib'],
    ['cifs', '//FS/Share/Sub', 'smb://fs/share/sub/lib'],
    ['smb3', '\\\\fs\\share', 'smb://fs/share/lib'],
    ['smbfs', '//f/s', 'smb://f/s/lib'],
    ['glusterfs', 'g1:vol0', 'glusterfs://g1/vol0/lib'],
    ['fuse.glusterfs', 'g1:/v/sub', 'glusterfs://g1/v/sub/lib'],
    ['ceph', '10.0.0.7:6789:/shop', 'ceph://10.0.0.7:6789/shop/lib'],
    ['fuse.ceph', 'user@id.fs=/shop', 'ceph://user@id.fs/shop/lib'],
    ['fuse.ceph-fuse', 'm1:/', 'ceph://m1/lib'],
    ['lustre', 'mgs@tcp:b@tcp:/fs0', 'lustre://mgs@tcp:b@tcp/fs0/lib'],
    ['fuse.sshfs', 'me@nas:/srv', 'sshfs://me@nas/srv/lib'],
    ['fuse.sshfs', '[fd00::1]:/srv', 'sshfs://[fd00::1]/srv/lib'],
    ['nfs', 'xlocalhost:/a', 'nfs://xlocalhost/a/lib'],
    ['nfs', 'localhostx:/a', 'nfs://localhostx/a/lib'],
    ['nfs', '127.0.0.1.example:/a', 'nfs://127.0.0.1.example/a/lib'],
    ['nfs', '1127.0.0.1:/a', 'nfs://1127.0.0.1/a/lib'],
  ])('of %s, %j, is %s', (type, source, identity) => {
    expect(share(type, source)?.identity).toBe(identity);
  });

  test.each([
    ...['xnfs', 'nfs5', 'nfs44'].map((type) => [type, 'nas:/a']),
    ...['/nas:/a', 'nas:/a\nb', 'nas', 'nas:a', ':/a'].flatMap((source) => [
      ['nfs', source],
      ['fuse.sshfs', source],
      ['lustre', source === '/nas:/a' ? 'nas:/' : source],
    ]),
    ...['xcifs', 'cifsx', 'smb33'].map((type) => [type, '//fs/share']),
    ...['x//fs/share', '//fs/', '//fs/a\nb', '///share', '/fs/share'].map((source) => ['cifs', source]),
    ...['xglusterfs', 'fuse.glusterfsx', 'fuse_glusterfs'].map((type) => [type, 'g1:vol']),
    ...['g1:vol:x', 'g1::v', 'x/g1:vol', 'g1://v', 'g1:'].map((source) => ['glusterfs', source]),
    ...['xceph', 'cephx', 'fuse.cephx', 'xfuse.ceph'].map((type) => [type, 'm1:/a']),
    ...['/x:/shop', 'm1:/a\nb', 'm1:a', '=/a'].map((source) => ['ceph', source]),
    ['lustre', 'x\nmgs:/fs'],
    ...['xlustre', 'lustre2'].map((type) => [type, 'mgs:/fs']),
    ...['xfuse.sshfs', 'fuse.sshfsx', 'fuse_sshfs'].map((type) => [type, 'nas:/a']),
    ...['localhost', '127.0.0.1', '127.10.20.130', '[::1]', '0.0.0.0', 'LOCALHOST.'].map((host) => [
      'nfs',
      `${host}:/a`,
    ]),
  ])('of %s, %j, is not known', (type = '', source = '') => {
    expect(share(type, source)).toBeUndefined();
  });

  test('has the address that the client talks to, if it is one', () => {
    const address = (option: string) => share('nfs', 'nas:/a', { options: ['rw', option] })?.serverAddress;
    expect(['addr=10.0.0.50', 'addr=fd00::1', 'addr=nas', 'xaddr=10.0.0.50'].map(address)).toEqual([
      ...['10.0.0.50', 'fd00::1', undefined, undefined],
    ]);
    expect(share('nfs', 'nas:/a', { options: ['addr=::1'] })).toBeUndefined();
  });

  test('begins where the mount begins', () => {
    expect(share('nfs', 'nas:/a', { mountPoint: '/' })?.remotePath).toBe('/a/m/lib');
    expect(share('nfs', 'nas:/a', { mountPoint: '/other' })?.remotePath).toBe('/a');
    expect(share('nfs', 'nas:/a', { root: '/part/' })).toMatchObject({ export: '/a/part', remotePath: '/a/part/lib' });
    expect(share('cifs', '//fs/a', { root: '/part' })).toBeUndefined();
  });
});

describe('a network file system', () => {
  test('is told with its server, directory and what its readers may rely on', () => {
    expect(look('/srv/v4/lib')).toEqual({
      ...{ exists: true, path: '/srv/v4/lib', mountPoint: '/srv/v4', isMountPoint: false, type: 'nfs4' },
      ...{ source: 'NAS.example.net.:/export/shop', sharing: 'network', network: true, readOnly: false },
      ...{ device: '0:41', root: '/', inode: '128', server: 'nas.example.net', serverAddress: '10.0.0.50' },
      ...{ export: '/export/shop', remotePath: '/export/shop/lib', identity: 'nfs://nas.example.net/export/shop/lib' },
      options: ['rw', 'vers=4.2', 'hard', 'proto=tcp', 'sec=sys', 'local_lock=none'],
    });
  });

  test.each([
    [
      '/srv/v3',
      {
        readOnly: true,
        identity: 'nfs://10.0.0.50/export/shop/data',
        options: ['ro', 'vers=3', 'soft', 'nolock', 'proto=tcp', 'sec=sys', 'local_lock=all'],
      },
    ],
    ['/srv/six/a', { server: 'fd00::50', serverAddress: 'fd00::50', identity: 'nfs://[fd00::50]/export/a' }],
    ['/srv/bind', { export: '/export/shop/data', identity: 'nfs://nas.example.net/export/shop/data' }],
    ['/srv/autodone/x', { type: 'nfs4', identity: 'nfs://nas/a b/x' }],
    ['/srv/smb/In', { identity: 'smb://fs/shop/In', serverAddress: '10.0.0.60', network: true }],
    ['/srv/gluster', { identity: 'glusterfs://g1/vol0', sharing: 'network' }],
    ['/srv/ceph/x', { identity: 'ceph://10.0.0.7:6789,10.0.0.8:6789/shop/x' }],
    ['/srv/ceph-part/x', { identity: 'ceph://10.0.0.7:6789,10.0.0.8:6789/shop/part/x' }],
  ])('%s', (path, expected) => {
    expect(look(path)).toMatchObject(expected);
  });

  test('of which it is not sure what directory it is has no identity', () => {
    for (const path of ['/srv/smb-part', '/srv/sshfs']) {
      expect(look(path)).toMatchObject({ network: true });
      expect(look(path)).not.toHaveProperty('identity');
    }
  });
});

test('one disk of several hosts is neither local nor of the network, and of some types nobody can tell', () => {
  expect(look('/srv/ocfs2')).toMatchObject({ sharing: 'cluster', network: false });
  expect(look('/srv/vm')).toMatchObject({ sharing: 'undecided' });
  expect(look('/srv/vm')).not.toHaveProperty('network');
  expect(['fuse.unheard-of', 'nfsd', '', 'nfs nfs4'].map(sharingOf)).toEqual(Array(4).fill('undecided'));
});

test('what an automounter has not mounted yet is not read', () => {
  expect(unreadable(mount, answers('/srv/auto'), { path: '/srv/auto' }).message).toBe(
    '/srv/auto is mounted on its first use, and was not when it was looked at',
  );
});

test('a silent mount without a source is named by its point', () => {
  const late = { ...said('', 124), problem: 'timeout', problemAt: 'command' } as const;
  const table = '1 0 8:1 / / rw - ext4  rw\n';
  expect(unreadable(mount, [said(table), said('/x\n'), late], { path: '/x' }).message).toBe(
    'did not answer in time: /x lies on / (ext4)',
  );
});

test('a server that is silent is named, and ends nothing but this question', () => {
  const late = { ...said('', 124), problem: 'timeout', problemAt: 'command' } as const;
  expect(unreadable(mount, [said(client), late, late], { path: '/srv/v4/lib' })).toMatchObject({
    message: 'did not answer in time: /srv/v4/lib lies on /srv/v4 (nfs4, NAS.example.net.:/export/shop)',
    problem: 'timeout',
    at: 'command',
  });
});

test.each([
  ['', /empty/],
  [client.trimEnd(), /no end/],
  [`${client}\n`, /another form/],
  [client.replace(' - nfs4', ' nfs4'), /another form/],
  [client.replace(/^25 .*\n/, ''), /does not list the root/],
  ['25 1 8:1 / / rw - ext4 /dev/a rw\n26 25 0:1 / /a rw - tmpfs a rw\n25 26 0:2 / /a rw - tmpfs b rw\n', /circle|root/],
])('no mount is found in a table that is not whole (%#)', (table, why) => {
  expect(unreadable(mount, answers('/a', table), { path: '/a' }).message).toMatch(why);
});

test('the readings of paths that are none give no value', () => {
  for (const link of ['relative\n', '/a\n/b\n', '/a\u001b[2J\n', '\n'])
    unreadable(mount, answers('/srv/v4').with(1, said(link)), { path: '/srv/v4' });
  for (const stat of ['x directory\n', '1\n', '1 directory\n2 directory\n'])
    unreadable(mount, answers('/srv/v4').with(2, said(stat)), { path: '/srv/v4' });
});

test('mounts that nothing covers: the longest mount point above a path holds it', () => {
  const name = fc.constantFrom('a', 'b', 'ab', 'a b');
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => `/${names.join('/')}`);
  fc.assert(
    fc.property(fc.uniqueArray(path, { maxLength: 8 }), path, (points, asked) => {
      // As a boot mounts them: each beneath what is mounted already.
      const ordered = ['/', ...points.toSorted((a, b) => a.length - b.length)];
      const holder = (point: string) => ordered.filter((one) => one !== point && isWithin(point, one)).at(-1);
      const lines = ordered.map(
        (point, index) =>
          `${index + 1} ${point === '/' ? 0 : ordered.indexOf(holder(point) ?? '/') + 1} 0:${index} / ${point.replaceAll(' ', '\\040')} rw - tmpfs t rw\n`,
      );
      const held = mountHolding(readMountTable(lines.join('')), asked);
      expect(held.mountPoint).toBe(ordered.filter((point) => isWithin(asked, point)).at(-1));
    }),
  );
});

test('two hosts that mount one directory in different places see one identity, and two directories never do', () => {
  const server = fc.constantFrom('nas', 'NAS', 'nas.', 'other', '10.0.0.5');
  const directory = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(server, directory, fc.nat(4), server, directory, fc.nat(4), (one, first, cut, two, second, cutToo) => {
      const identity = (host: string, names: string[], at: number) => {
        const inside = names
          .slice(at)
          .map((name) => `/${name}`)
          .join('');
        const table = `1 0 8:1 / / rw - ext4 /dev/a rw\n2 1 0:9 / /m rw - nfs4 ${host}:/${names.slice(0, at).join('/')} rw\n`;
        const path = `/m${inside}`;
        return shareOf(mountHolding(readMountTable(table), path), path)?.identity;
      };
      const same =
        one.toLowerCase().replace('nas.', 'nas') === two.toLowerCase().replace('nas.', 'nas') &&
        first.join() === second.join();
      expect(identity(one, first, cut) === identity(two, second, cutToo)).toBe(same);
    }),
  );
});
