/** Whatever the engine asks, the played pair answers as a host does: the probes read a value from it. */
import { describe, expect, it } from 'vitest';
import type { Machine } from '../../src/demo/machine.js';
import { findScenario, readDemo } from '../../src/demo/scenarios.js';
import { meaningOf } from '../../src/demo/session.js';
import type { ExecAsk, HostRef, Output } from '../../src/model.js';
import { builtinProbes } from '../../src/probes/index.js';
import { check } from '../../src/validation.js';

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
      listeners: { sshd: "0.0.0.0:22" }
    hosts:
      alpha:
        address: 10.0.0.1
        bootId: 7c1f0a52-3d0e-4b8e-9a57-2f6f0c1a9d11
        machineId: 5f0c6a3be1d24c0f9a7d8b3c2e1f4a60
        interfaces: { eth0: 10.0.0.1/24 }
        reach: { "10.0.0.2:7002": filtered }
      beta:
        address: 10.0.0.2
        bootId: 7c1f0a52-3d0e-4b8e-9a57-2f6f0c1a9d12
        machineId: 5f0c6a3be1d24c0f9a7d8b3c2e1f4a61
        interfaces: { eth0: 10.0.0.2/24 }
        echo: { 10.0.0.1: filtered }
  `,
  'demo.yaml',
);
const { hosts } = findScenario(demo, 'pair');
const [alpha, beta] = hosts as [Machine, Machine];
const refOf = ({ name, address }: Machine): HostRef => ({ name, role: name, address, connection: 'ssh' });

function output(machine: Machine, ask: ExecAsk): Output {
  const startedAt = new Date().toISOString();
  const meaning = meaningOf({ machine, hosts }, ask.argv, ask.as);
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
    ['ping', { address: '10.0.0.2' }, { sent: 10, received: 10, lossPercent: 0, roundTripMs: 0.412, maxMs: 0.603 }],
    ['ping', { address: '10.0.0.9', count: 3 }, { sent: 3, received: 0, lossPercent: 100 }],
    ['programs', { names: ['python3', 'rsync', 'nonesuch'] }, { found: ['python3'], missing: ['rsync', 'nonesuch'] }],
    ['ssh-batch', { key: '/root/.ssh/id', user: 'shop', address: '10.0.0.2', as: 'root' }, { state: 'silent' }],
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
