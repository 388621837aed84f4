/** A host that sends without end is left after a bounded number of bytes, and an honest one beside it is answered all the same. */
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type ServerChannel } from 'ssh2';
import { afterAll, describe, expect, it } from 'vitest';
import { ByteBudget } from '../../../src/collect/transport/byte-budget.js';
import { drawKey } from '../../../src/demo/index.js';
import { lacking } from '../../needs.js';
import { ask, host, openLater, options, WAYS } from './support.js';

const MIB = 1024 * 1024;
const PIECE = Buffer.alloc(32 * 1024, '1');
const folder = mkdtempSync(join(tmpdir(), 'pairflight-flood-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Kind = 'honest' | 'before it listens' | 'as an answer' | 'on stderr' | 'after the sentinel';

interface Played {
  port: number;
  /** Bytes of the flood that left the host. */
  sent(): number;
  close(): void;
}

/** A host that lets everybody in; each of its shells answers, or sends without end where its kind says so. */
async function play(kind: Kind): Promise<Played> {
  let sent = 0;
  const flood = (channel: ServerChannel, to: NodeJS.WritableStream) => {
    let open = true;
    channel.on('close', () => {
      open = false;
    });
    const more = () => {
      if (!open) return;
      sent += PIECE.length;
      to.write(PIECE, () => setImmediate(more));
    };
    more();
  };
  const shell = (channel: ServerChannel) => {
    channel.on('error', () => {});
    if (kind === 'before it listens') {
      channel.resume();
      return flood(channel, channel);
    }
    let text = '';
    const answered = new Set<string>();
    channel.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      for (const [, set, nonce = set ?? ''] of text.matchAll(/^(?:pf_end (\w{32}) 0|pf (\w{32}) \d+ .*)\n/gm)) {
        if (answered.has(nonce)) continue;
        answered.add(nonce);
        const honest = kind === 'honest' || nonce === set;
        if (nonce !== set) {
          channel.write(`\n${nonce}\n`);
          channel.stderr.write(`\n${nonce}\n`);
        }
        if (!honest && kind === 'after the sentinel') channel.write(`\n${nonce} `);
        if (honest) {
          channel.write(`yes\n${nonce} 0\n`);
          channel.stderr.write(`\n${nonce} .\n`);
        } else flood(channel, kind === 'on stderr' ? channel.stderr : channel);
      }
    });
  };
  const { private: key } = drawKey();
  const clients = new Set<ssh2.Connection>();
  const server = new ssh2.Server({ hostKeys: [key] }, (client) => {
    clients.add(client);
    client.on('error', () => {});
    client.on('authentication', (context) => context.accept());
    client.on('session', (accept) => accept().on('exec', (take) => shell(take())));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const close = () => {
    for (const client of clients) client.end();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, sent: () => sent, close };
}

const open = (port: number, transport: 'ssh2' | 'openssh') =>
  openLater(
    host({ connection: 'ssh', ssh: { port, user: 'ops' } }),
    options({ transport, acceptNewHostKeys: true, knownHostsFile: join(folder, `known-${port}-${transport}`) }),
  );

const why = lacking('ssh');
describe.skipIf(why).each(WAYS)(`by %s${why}`, { timeout: 60_000 }, (way) => {
  it.each(['before it listens', 'as an answer', 'on stderr', 'after the sentinel'] as const)('%s', async (kind) => {
    const [bad, good] = await Promise.all([play(kind), play('honest')]);
    const [flooding, honest] = [open(bad.port, way), open(good.port, way)];
    const asked = ask(['true'], { maxBytes: 65_536 });
    const bads = Promise.all([1, 2, 3, 4].map(() => flooding.run(asked)));
    for (let n = 0; n < 40; n++) expect(await honest.run(asked)).toMatchObject({ exit: 0, stdout: 'yes' });
    for (const output of await bads) {
      expect(output.exit).toBe(null);
      expect(['truncated', 'unreachable']).toContain(output.problem);
    }
    expect(flooding.connection.bytes).toBeLessThan(8 * MIB);
    await Promise.all([flooding.close(), honest.close()]);
    const sent = bad.sent();
    // What the windows of its sessions had let it send, and no more.
    expect(sent).toBeLessThan(32 * MIB);
    bad.close();
    good.close();
  });
});

it('by ssh2 counts what belongs to no session, too', { timeout: 60_000 }, async () => {
  const sockets = new Set<Socket>();
  // Lines before the identification are allowed, and nobody says how many.
  const line = Buffer.from(`${'hello '.repeat(20)}\r\n`.repeat(200));
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    const more = () => {
      if (!socket.destroyed) socket.write(line, () => setImmediate(more));
    };
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const transport = open(port, 'ssh2');
  const output = await transport.run(ask(['true']));
  expect(output).toMatchObject({ exit: null, problem: 'unreachable', problemAt: 'host' });
  expect(output.stderr).toMatch(/sends more than was asked for/);
  expect([...sockets][0]?.bytesWritten).toBeLessThan(32 * MIB);
  await transport.close();
  for (const socket of sockets) socket.destroy();
  server.close();
});

it('a budget is what was asked for, and a margin', () => {
  const budget = new ByteBudget();
  expect(budget.take(4 * MIB)).toBe(true);
  expect(budget.take(1)).toBe(false);
  budget.allowAnswer(1000);
  expect(budget.take(2000)).toBe(true);
  budget.allowShell();
  expect(budget.take(MIB)).toBe(true);
  expect(budget.take(64 * 1024)).toBe(false);
});
