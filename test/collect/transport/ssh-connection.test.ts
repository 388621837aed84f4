import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ByteBudget } from '../../../src/collect/transport/byte-budget.js';
import { dial } from '../../../src/collect/transport/dial.js';
import { HostVerifier } from '../../../src/collect/transport/host-verifier.js';
import { SshConnection } from '../../../src/collect/transport/ssh-connection.js';
import { resolveTarget } from '../../../src/collect/transport/ssh-target.js';
import { host, options } from './support.js';

/** Dials, waits until the socket is gone, and only then lets somebody listen. */
async function connectTooLate(port: number, signal = new AbortController().signal): Promise<unknown> {
  const given = options({ knownHostsFile: '/no/such/file' });
  const target = resolveTarget(host({ connection: 'ssh', ssh: { port, user: 'u' } }), given, undefined);
  const socket = dial(target);
  if (!signal.aborted) await once(socket.resume(), 'close').catch(() => {});
  return SshConnection.connect(target, {
    socket,
    verifier: new HostVerifier(target, { acceptNew: false, warn: () => {} }),
    secrets: { password: async () => undefined, passphrase: async () => undefined },
    connection: { host: 'a', kind: 'ssh', logins: 0, shells: 0, bytes: 0 },
    budget: new ByteBudget(),
    signal,
  }).catch((failure) => failure);
}

describe('a host that was dialled before anybody listened', () => {
  it('has refused', async () => {
    expect(await connectTooLate(1)).toMatchObject({
      problem: 'unreachable',
      message: 'cannot connect to 127.0.0.1 port 1: connection refused',
    });
  });

  it('has hung up', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await connectTooLate(port)).toMatchObject({
      problem: 'unreachable',
      message: `the connection to 127.0.0.1 port ${port} was lost: the host closed the connection`,
    });
    server.close();
  });

  it('is not asked where the run has ended', async () => {
    expect(await connectTooLate(1, AbortSignal.abort())).toMatchObject({ problem: 'not-run' });
  });
});
