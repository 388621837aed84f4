/** Whatever the engine asks, the played pair answers as a host does: the probes read a value from it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { check } from '../../src/core/check-schema.js';
import type { ExecAsk, HostRef, Output } from '../../src/core/model.js';
import type { Machine } from '../../src/demo/file/machine.js';
import { findScenario, readDemo } from '../../src/demo/file/scenarios.js';
import { Turns } from '../../src/demo/play/changing-answers.js';
import { meaningOf } from '../../src/demo/play/command-line.js';
import { builtinProbes } from '../../src/probes/index.js';

const demo = readDemo(
  `
product: shop
scenarios:
  pair:
    description: two hosts
    every:
      architecture: x86_64
      kernelRelease: 5.14.0
      processors: 2
      memory: 1 GiB
      timezone: CET +0100
      clockOffsetMs: 3600000
      programs: { rsync: false }
      usage: { /data: 3 GiB }
      filesystems: { /: { device: /dev/sda1, number: "8:1", type: ext4, deviceBytes: 9 GiB, freeBytes: 4 GiB } }
      files:
        /root/.ssh/id: key
        /backup/old.tar: { text: "123", ageHours: 50 }
        /backup/new.tar: { text: "12345", ageHours: 2.05 }
        /backup/new.log: { text: "1", ageHours: 0 }
        /srv/shared/a: ""
      listeners: { sshd: "0.0.0.0:22" }
    hosts:
      alpha:
        address: 10.0.0.1
        bootId: 7c1f0a52-3d0e-4b8e-9a57-2f6f0c1a9d11
        machineId: 5f0c6a3be1d24c0f9a7d8b3c2e1f4a60
        interfaces: { eth0: 10.0.0.1/24, eth1: 10.0.1.1/24 }
        reach: { "10.0.0.2:7002": filtered }
        listeners: { web: "0.0.0.0:80", admin: "127.0.0.1:8081" }
        web:
          /old: { status: 301, location: /state }
          /state: ['{"behind": "9"}', '{"behind": "7"}', { status: 503, body: gone }]
          /inside: { location: "http://10.0.1.1/state" }
          /away: { location: "http://10.0.0.2/state" }
          /round: { location: /round }
          /four: { location: /three }
          /three: { location: /two }
          /two: { location: /old }
        postgres:
          version: 150004
          standby: false
          maxWalSenders: 4
          written: [1/10, 1/50]
          senders: { 10.0.0.2: { state: streaming, lag: [32, 64], unreceived: 16 } }
        sync: { totalFiles: 1200, totalBytes: 2 GiB, differing: [a, b c], files: 1, bytes: 3 KiB, young: 2 }
      beta:
        address: 10.0.0.2
        bootId: 7c1f0a52-3d0e-4b8e-9a57-2f6f0c1a9d12
        machineId: 5f0c6a3be1d24c0f9a7d8b3c2e1f4a61
        interfaces: { eth0: 10.0.0.2/24 }
        echo: { 10.0.0.1: filtered }
        noise: "Welcome\\n"
        postgres:
          { version: 90605, system: "42", standby: true, maxWalSenders: 0, received: A/20, replayed: A/8, paused: true, replayAgeSeconds: 90 }
  broken:
    description: services that are down
    extends: pair
    hosts:
      alpha: { postgres: { state: starting }, noise: "" }
      beta: { postgres: { state: down }, sshd: stopped }
  `,
  'demo.yaml',
);
const { hosts } = findScenario(demo, 'pair');
const [alpha, beta] = hosts as [Machine, Machine];
const broken = findScenario(demo, 'broken').hosts;
const [starting, down] = broken as [Machine, Machine];
let turns: Map<Machine, Turns>;

beforeEach(() => {
  turns = new Map([...hosts, ...broken].map((machine) => [machine, new Turns()]));
});

const peersOf = (machine: Machine) => (broken.includes(machine) ? broken : hosts);
const refOf = ({ name, address }: Machine): HostRef => ({ name, role: name, address, connection: 'ssh' });

function output(machine: Machine, ask: ExecAsk): Output {
  const startedAt = new Date().toISOString();
  const meaning = meaningOf(
    { machine, hosts: peersOf(machine), turns: turns.get(machine) ?? new Turns() },
    ask.argv,
    ask.as,
  );
  if (meaning.kind !== 'answer') throw new Error(`${ask.argv[0]} is not played`);
  const { exit, stdout, stderr } = meaning.answer;
  return { exit, stdout, stderr, startedAt, durationMs: 1 };
}

function value(id: string, params: object, on: Machine = alpha, peer: Machine = beta): unknown {
  const probe = builtinProbes.find((one) => one.id === id);
  if (!probe) throw new Error(`no probe ${id}`);
  expect(check(probe.params, params)).toEqual([]);
  const asks = probe.ask(params, refOf(on), refOf(peer)) as ExecAsk[];
  const found = probe.read(
    asks.map((ask) => output(ask.on === 'peer' ? peer : on, ask)),
    params,
  );
  expect(check(probe.value, found)).toEqual([]);
  return found;
}

describe('the played pair answers', () => {
  it.each<[string, object, unknown]>([
    ['disk-usage', { path: '/data' }, { exists: true, bytes: 3 * 1024 ** 3 }],
    ['disk-usage', { path: '/backup' }, { exists: true, bytes: 16 * 1024 }],
    ['disk-usage', { path: '/none' }, { exists: false }],
    [
      'newest-file',
      { directory: '/backup', pattern: '*.tar' },
      { exists: true, count: 2, name: 'new.tar', bytes: 5, ageHours: 2.1, ageDays: 0.1 },
    ],
    ['newest-file', { directory: '/backup', pattern: '*.zip' }, { exists: true, count: 0 }],
    ['newest-file', { directory: '/none', pattern: '*' }, { exists: false, count: 0 }],
    ['timezone', {}, { zone: 'CET', offset: '+0100' }],
    ['ping', { address: '10.0.0.2' }, { sent: 5, received: 5, lossPercent: 0, roundTripMs: 0.412, maxMs: 0.603 }],
    ['ping', { address: '10.0.0.9', count: 3 }, { sent: 3, received: 0, lossPercent: 100 }],
    ['programs', { names: ['python3', 'rsync', 'nonesuch'] }, { found: ['python3'], missing: ['rsync', 'nonesuch'] }],
    [
      'ssh-batch',
      { key: '/root/.ssh/id', user: 'shop', address: '10.0.0.2', as: 'root' },
      { state: 'noisy', said: 'Welcome' },
    ],
    [
      'port-proof',
      { ports: [22, 7001, 7002], address: '10.0.0.2' },
      {
        via: 'python3',
        ports: [
          { port: 22, state: 'in-use' },
          { port: 7001, state: 'proven' },
          { port: 7002, state: 'blocked' },
        ],
      },
    ],
    [
      'tcp-reach',
      { ports: [22, 7001, 7002], address: '10.0.0.2' },
      {
        via: 'bash',
        ports: [
          { port: 22, state: 'open', ms: 1 },
          { port: 7001, state: 'refused', ms: 1 },
          { port: 7002, state: 'filtered' },
        ],
      },
    ],
  ])('%s %j', (id, params, expected) => {
    expect(value(id, params)).toEqual(expected);
  });

  it('that nothing comes back from an address', () => {
    expect(value('ping', { address: '10.0.0.1', count: 2 }, beta, alpha)).toEqual({
      sent: 2,
      received: 0,
      lossPercent: 100,
    });
  });

  const page = (url: string) => value('http', { url, address: '10.0.0.1' });

  it('with its own pages, which may change from turn to turn', () => {
    const told = { state: 'answered', status: 200, url: 'http://localhost/state', from: '127.0.0.1', form: 'json' };
    expect(page('http://localhost/old')).toMatchObject({ ...told, redirects: 1, json: { behind: '9' } });
    expect(page('http://localhost/old')).toMatchObject({ ...told, redirects: 1, json: { behind: '7' } });
    const gone = { ...told, status: 503, redirects: 1, form: 'text', text: 'gone' };
    expect([page('http://localhost/old'), page('http://localhost/old')]).toMatchObject([gone, gone]);
    expect(page('http://localhost/inside')).toMatchObject({ from: '10.0.1.1', redirects: 1, json: { behind: '9' } });
    // Another question is another count.
    expect(page('http://10.0.0.1/state')).toMatchObject({ from: '10.0.0.1', json: { behind: '9' } });
  });

  it('with no page, nobody who listens, and a page that leads elsewhere or in a circle', () => {
    expect(page('http://localhost/none')).toMatchObject({ status: 404, form: 'html' });
    expect(page('http://localhost:8081/none')).toMatchObject({ status: 404 });
    expect(page('http://localhost:8082/')).toMatchObject({ state: 'refused' });
    // What is bound to the loopback answers nobody else.
    expect(page('http://10.0.0.1:8081/')).toMatchObject({ state: 'refused' });
    expect(() => page('http://localhost/away')).toThrow(/leads to 10\.0\.0\.2, which is not the host itself/);
    expect(page('http://localhost/two')).toMatchObject({ redirects: 2 });
    expect(page('http://localhost/three')).toMatchObject({ redirects: 3 });
    expect(() => page('http://localhost/four')).toThrow(/redirects without an end/);
    expect(() => page('http://localhost/round')).toThrow(/redirects without an end/);
  });

  const server = (on: Machine) =>
    value('postgres', { socket: '/tmp', port: 5432, user: 'shop', database: 'shop', as: 'login' }, on);

  it('with its PostgreSQL server: a primary that writes on, a standby whose replay is paused', () => {
    const sender = { address: '10.0.0.2', name: 'walreceiver', state: 'streaming', sync: 'async', replays: true };
    expect(server(alpha)).toMatchObject({
      state: 'up',
      version: 150004,
      role: 'primary',
      system: '7300000000000000001',
      maxWalSenders: 4,
      written: '1/10',
      walBytes: 2 ** 32 + 16,
      senders: [{ ...sender, replay: '0/FFFFFFF0', lagBytes: 32, unreceivedBytes: 16 }],
    });
    expect(server(alpha)).toMatchObject({ written: '1/50', senders: [{ replay: '1/10', lagBytes: 64 }] });
    expect(server(beta)).toMatchObject({
      state: 'up',
      version: 90605,
      role: 'standby',
      system: '42',
      receiver: 'none',
      received: 'A/20',
      replayed: 'A/8',
      walBytes: 10 * 2 ** 32 + 32,
      pendingBytes: 24,
      replay: 'paused',
      replayAgeMs: 90_000,
      senders: [],
    });
    expect([server(starting), server(down)]).toMatchObject([{ state: 'starting' }, { state: 'down' }]);
  });

  const dryRun = (on: Machine, address: string, more: object = {}) =>
    value(
      'rsync-dry-run',
      {
        ...{ key: '/root/.ssh/id', user: 'shop', address, exclude: [], as: 'root' },
        ...{ paths: [{ remote: '/srv/shared', local: '/srv/shared' }], ...more },
      },
      on,
    );

  it('with a dry run of a copy', () => {
    expect(dryRun(alpha, '10.0.0.2')).toEqual({
      state: 'noisy',
      said: expect.stringContaining('is your shell clean'),
    });
    expect(dryRun(beta, '10.0.0.1')).toEqual({
      ...{ state: 'compared', changes: 0, young: 0, listed: [], files: 0, bytes: 0, totalFiles: 0, totalBytes: 0 },
      freeBytes: 4 * 1024 ** 3,
    });
    expect(dryRun(alpha, '10.0.0.1')).toMatchObject({
      ...{ state: 'compared', changes: 2, young: 2, listed: ['/srv/shared/a', '/srv/shared/b c'] },
      ...{ files: 1, bytes: 3072, totalFiles: 1200, totalBytes: 2 * 1024 ** 3 },
    });
  });

  it('with a dry run of a copy that cannot be made', () => {
    expect(() => dryRun(starting, '10.0.0.2')).toThrow(/Connection refused/);
    expect(() => dryRun(beta, '10.0.0.1', { key: '/root/none' })).toThrow(/no key file/);
    expect(() => dryRun(beta, '10.0.0.1', { paths: [{ remote: '/srv', local: '/none' }] })).toThrow(
      /no directory \/none/,
    );
  });

  it('with a login that says nothing where no profile script does', () => {
    const login = { key: '/root/.ssh/id', user: 'shop', address: '10.0.0.1', as: 'root' };
    expect(value('ssh-batch', login, beta, alpha)).toEqual({ state: 'silent' });
  });

  it('with its own clock', () => {
    const { offsetMs } = value('clock', {}) as { offsetMs: { low: number; high: number } };
    expect(offsetMs.low).toBeGreaterThan(3_590_000);
    expect(offsetMs.high).toBeLessThan(3_610_000);
  });

  it('a key file that is not there as ssh does', () => {
    expect(() => value('ssh-batch', { key: '/root/.ssh/none', user: 'shop', address: '10.0.0.2', as: 'root' })).toThrow(
      /no key file/,
    );
  });
});
