/**
 * One machine measured both ways: as the machine that pairflight runs on (systeminformation), and by the commands that any
 * other host is asked. The facts must be equal, or "identical" would compare two rulers.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOfThisMachine } from '../../src/collect/this-machine.js';
import { openLocal } from '../../src/collect/transport/local.js';
import type { Transport } from '../../src/collect/transport/transport.js';
import type { Ask, Host, HostRef, Output } from '../../src/core/model.js';
import type { AnyProbe } from '../../src/probes/define.js';
import { cpu, kernel, memory } from '../../src/probes/machine.js';
import {
  forSshd,
  knownHosts,
  type Login,
  makeLogin,
  removeLogin,
  type Sshd,
  startSshd,
} from '../collect/transport/sshd.js';
import { host, openLater, options } from '../collect/transport/support.js';
import { lacking } from '../needs.js';
import { read, said, spoiled, unreadable } from './support.js';

const probes: [string, AnyProbe][] = [
  ['cpu', cpu],
  ['memory', memory],
  ['kernel', kernel],
];
const self = (connection: Host['connection']): HostRef => ({ name: 'a', role: 'a', address: '127.0.0.1', connection });

const exec = (transport: Transport) => (ask: Ask) => {
  if (ask.kind !== 'exec') throw new Error(`${ask.kind} is not asked of a host`);
  return transport.run(ask);
};
const here = (ask: Ask) => {
  if (ask.kind !== 'sysinfo') throw new Error(`${ask.kind} is asked of this machine`);
  return answerOfThisMachine(ask);
};

async function measure(
  probe: AnyProbe,
  connection: Host['connection'],
  answer: (ask: Ask) => Promise<Output>,
): Promise<unknown> {
  const asks = probe.ask({}, self(connection));
  expect(asks.length).toBeGreaterThan(0);
  return read(probe, await Promise.all(asks.map(answer)));
}

describe.each(probes)('%s of this machine', (_, probe) => {
  it('is the same by its own facts and by commands', async () => {
    const transport = openLocal(host(), options());
    const byCommands = await measure(probe, 'ssh', exec(transport));
    await transport.close();
    expect(await measure(probe, 'local', here)).toEqual(byCommands);
  });
});

const why = lacking(...forSshd);
describe.skipIf(why)(`over SSH to itself${why}`, () => {
  let sshd: Sshd;
  let login: Login;
  let transport: Transport;
  beforeAll(async () => {
    [sshd, login] = [await startSshd(), makeLogin()];
    const ssh = { host: '127.0.0.1', port: sshd.port, user: login.name, identityFile: sshd.userKey };
    transport = openLater(host({ connection: 'ssh', ssh }), options({ knownHostsFile: knownHosts(sshd) }));
  });
  afterAll(async () => {
    await transport?.close();
    if (login) removeLogin(login);
    await sshd?.stop();
  });

  it.each(probes)('%s is the same', async (_, probe) => {
    expect(await measure(probe, 'ssh', exec(transport))).toEqual(await measure(probe, 'local', here));
  });
});

describe.each<[string, AnyProbe, string, string[]]>([
  [
    'cpu',
    cpu,
    '{"count":8}',
    ['{}', '{"count":0}', '{"count":"8"}', '{"count":1.5}', '{"count":null}', '{', '{"bytes":5}'],
  ],
  ['memory', memory, '{"bytes":1024}', ['{}', '{"bytes":0}', '{"bytes":-1}', '{"bytes":1e30}', '{"count":1}']],
  [
    'kernel',
    kernel,
    '{"release":"6.1.0","machine":"x86_64"}',
    [
      '{}',
      '{"release":"6.1.0"}',
      '{"release":"6.1.0","machine":"a b"}',
      '{"release":"","machine":"x86_64"}',
      '{"release":null,"machine":[]}',
      '{"release":null,"machine":"x86_64"}',
    ],
  ],
])('%s by its own facts', (_, probe, good, bad) => {
  it('is read', () => {
    expect(read(probe, [said(good)])).toEqual(JSON.parse(good));
  });
  it('is not read from less, nor from what a host adds to its commands', () => {
    for (const text of bad) unreadable(probe, [said(text)]);
    unreadable(probe, [said(good), said(good)]);
    for (const output of spoiled(said(good))) unreadable(probe, [output]);
  });
});
