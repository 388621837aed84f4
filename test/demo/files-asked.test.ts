/** The played hosts answer what is asked of configuration files, mounts, key stores and who may do what with files. */
import { describe, expect, it } from 'vitest';
import { HOST, played } from './played.js';

// Made for this test; its key was thrown away.
const PEM = `-----BEGIN CERTIFICATE-----
MIIBNDCB56ADAgECAhQYfcpzSbof82y4jwAGa/JaPTQohzAFBgMrZXAwDzENMAsG
A1UEAwwEc2hvcDAgFw0yNjExMjExMTUzNDZaGA8yMTI2MTAyODExNTM0NlowDzEN
MAsGA1UEAwwEc2hvcDAqMAUGAytlcAMhAL2ThMm0RT468TUmtfNiClJZFc1zrWDG
TvArkpMurYdno1MwUTAdBgNVHQ4EFgQUrNtKt5yDIMzF9SYgX8GC9X1qIqEwHwYD
VR0jBBgwFoAUrNtKt5yDIMzF9SYgX8GC9X1qIqEwDwYDVR0TAQH/BAUwAwEB/zAF
BgMrZXADQQDmhsnvbE5AcQsZ+vsBqrnD2VWP1pyiSOuZPI6UuP6Rhxkqo1nQToYE
C+L4lG4bRPSGBzhe4oqCHsPd58pN+SYP
-----END CERTIFICATE-----
`;

const { value, whyNot, run } = played(`
product: shop
scenarios:
  all:
    description: two hosts with one share
    every:${HOST}
      users: { shop: { uid: 1001, groups: [50] }, clerk: { uid: 1002, groups: [50] } }
      contexts: { service: { enter: [su, -s, /bin/sh, clerk, -c, "{shell}"], user: clerk, uid: 1002 } }
    hosts:
      alpha:
        address: 10.0.0.1
        filesystems:
          /srv/shop: { device: "nas:/export", number: "0:41", type: nfs4, deviceBytes: 9 GiB, freeBytes: 4 GiB, options: "ro,hard,addr=10.0.0.50" }
          /srv/shop/local disk: { device: /dev/sdb1, number: "8:17", type: xfs, deviceBytes: 9 GiB, freeBytes: 4 GiB }
        directories:
          /srv/shop/data: { owner: 1002 }
          /srv/private: { mode: "0700", owner: 1001 }
          /srv/drop: { mode: "0777" }
        files:
          /srv/shop/data/x: ""
          /srv/private/inside: ""
          /etc/shop.yml: { yaml: { ha: { enabled: yes, storePwd: hunter2 } } }
          /etc/shop.properties: "ha.enabled=yes\\n"
          /etc/cert.pem: { text: ${JSON.stringify(PEM)}, mode: "0640", owner: 50 }
          /etc/key: { text: "12345", mode: "0600", owner: 1001 }
          /etc/root: { text: "1", mode: "0600" }
        links: { /opt/key: /etc/key }
      beta:
        address: 10.0.0.2
        filesystems:
          /mnt/data: { device: "nas:/export/data", number: "0:42", type: nfs4, deviceBytes: 9 GiB, freeBytes: 4 GiB }
`);

it.each([
  ['yaml-file', '/etc/shop.yml'],
  ['properties', '/etc/shop.properties'],
])('%s reads the keys of a file', (id, path) => {
  const pick = { enabled: { path: 'ha.enabled', type: 'boolean' } };
  expect(value(id, { path, pick }, 'alpha')).toMatchObject({ exists: true, keys: { enabled: true } });
  expect(value(id, { path: '/etc/none', pick }, 'alpha')).toEqual({ exists: false });
});

describe('mounts', () => {
  it('tell one share from another, whatever it is called on a host', () => {
    const shared = value('mount', { path: '/srv/shop/data' }, 'alpha');
    expect(shared).toMatchObject({
      ...{ mountPoint: '/srv/shop', readOnly: true, options: ['ro', 'hard'] },
      ...{ identity: 'nfs://nas/export/data', serverAddress: '10.0.0.50' },
    });
    const there = value('mount', { path: '/mnt/data' }, 'beta');
    expect(there).toMatchObject({ readOnly: false, identity: shared.identity, inode: shared.inode });
    expect(value('mount', { path: '/srv/shop' }, 'alpha').inode).not.toBe(shared.inode);
  });

  it('lie on one another', () => {
    const lines = run(['cat', '/proc/self/mountinfo'], 'alpha', 'login').stdout.split('\n');
    expect(lines.slice(0, 3)).toEqual([
      '21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
      '22 21 0:41 / /srv/shop ro,relatime shared:2 - nfs4 nas:/export ro,hard,addr=10.0.0.50',
      '23 22 8:17 / /srv/shop/local\\040disk rw,relatime shared:3 - xfs /dev/sdb1 rw',
    ]);
    expect(value('mount', { path: '/srv/shop/local disk' }, 'alpha')).toMatchObject({ type: 'xfs', sharing: 'local' });
    expect(value('mount', { path: '/etc' }, 'alpha')).toMatchObject({ type: 'ext4', mountPoint: '/' });
    expect(value('mount', { path: '/none' }, 'alpha')).toEqual({ exists: false });
  });
});

describe('key stores', () => {
  const store = (path: string, more: object = {}) => value('key-store', { path, user: 'shop', ...more }, 'alpha');

  it('are readable to whom modes, owners, groups and every directory on the way allow it', () => {
    expect(store('/opt/key')).toMatchObject({
      exists: true,
      bytes: 5,
      readable: 'yes',
      owner: 1001,
      mode: 'rw-------',
    });
    expect(store('/etc/root')).toMatchObject({ readable: 'no', why: expect.stringContaining('/etc/root (rw-------') });
    expect(store('/srv/private/inside')).toMatchObject({ readable: 'yes' });
    expect(value('key-store', { path: '/srv/private/inside', user: 'clerk' }, 'alpha')).toMatchObject({
      readable: 'no',
      why: expect.stringContaining('clerk may not pass /srv/private (rwx------'),
    });
    expect(store('/etc/none')).toEqual({ exists: false });
  });

  it('tell when a certificate ends', () => {
    expect(store('/etc/cert.pem', { pem: true, as: 'root' })).toMatchObject({
      readable: 'yes',
      ends: '2126-10-28T11:53:46.000Z',
    });
    const why = (params: object) => whyNot('key-store', { pem: true, ...params }, 'alpha');
    expect(why({ path: '/etc/cert.pem' })).toMatch(/Permission denied/);
    expect(why({ path: '/etc/key', as: 'root' })).toMatch(/Could not read certificate/);
    expect(whyNot('key-store', { path: '/etc/key', user: 'nobody' }, 'alpha')).toBe("id: 'nobody': no such user");
  });
});

it.each<[string, string, string, number]>([
  ['service', '-w', '/srv/drop', 0],
  ['service', '-w', '/etc', 1],
  // Its own directory, on a share that is mounted read-only: not even root may write there.
  ['service', '-w', '/srv/shop/data', 1],
  ['root', '-w', '/srv/shop/data', 1],
  ['root', '-w', '/etc/root', 0],
  ['service', '-r', '/etc/root', 1],
  ['service', '-r', '/etc/cert.pem', 0],
  ['login', '-r', '/etc/cert.pem', 1],
  ['root', '-r', '/etc/root', 0],
  ['service', '-r', '/srv/private/inside', 1],
  ['service', '-x', '/srv/private', 1],
  ['root', '-x', '/etc/root', 1],
  ['root', '-x', '/srv/private', 0],
  ['login', '-d', '/srv/drop', 0],
  ['login', '-f', '/srv/drop', 1],
  ['login', '-e', '/none', 1],
  ['login', '-r', '/none', 1],
])('as %s, test %s %s ends with %i', (as, option, path, exit) => {
  expect(run(['test', option, path], 'alpha', as)).toMatchObject({ exit, stdout: '', stderr: '' });
});

it('nobody becomes a user that is not there', () => {
  const answer = run(['su', '-s', '/bin/sh', 'stranger', '-c', 'id -un'], 'alpha', 'root');
  expect(answer).toMatchObject({ exit: 1, stderr: expect.stringContaining('user stranger does not exist') });
  expect(run(['su', '-s', '/bin/sh', 'clerk', '-c', 'id -un'], 'alpha', 'root')).toMatchObject({ stdout: 'clerk\n' });
});
