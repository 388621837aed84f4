/** What verify says of a standby that streams, and whose address is not the inventory's: it is told by more than that. */
import { existsSync } from 'node:fs';
import { autoConfigure, type Pair } from '../pair.js';
import type { Row } from '../rows.js';
import { asOwner } from '../server.js';

const nothing = {};

/** A second network between the hosts, in which each has the same last number. */
async function secondNetwork({ hosts }: Pair, prefix: string, bits: number): Promise<void> {
  for (const [index, host] of hosts.all.entries())
    await host.exec(['ip', 'address', 'replace', `${prefix}${10 + index}/${bits}`, 'dev', 'eth0', 'nodad']);
}

/** The standby follows the primary by another address; both let that network in beside the usual one. */
async function followBy(pair: Pair, address: string, network?: string, port = 5432): Promise<void> {
  const { primary, standby } = pair;
  for (const server of network === undefined ? [] : [primary, standby]) {
    const lines = server.host.read(server.file('pg_hba.conf'));
    server.write('pg_hba.conf', `${lines}host replication replicator ${network} trust\n`);
    await server.reload();
  }
  autoConfigure(standby, {
    primary_conninfo: `host=${address} port=${port} user=replicator application_name=standby`,
    primary_slot_name: 'standby',
  });
  if (standby.build === 12) await standby.restart();
  else await standby.reload();
  const asks = `SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming' AND conninfo LIKE '%host=${address} port=${port} %'`;
  await pair.until('it streams the other way', async () => (await standby.answer(asks)) === '1');
}

/** A program on the standby that carries a port of its own to the primary, as an ssh tunnel does. */
const tunnel = `const { createServer, connect } = require('node:net');
createServer((near) => { const far = connect(5432, process.argv[1]); near.pipe(far).pipe(near);
for (const end of [near, far]) end.on('error', () => { near.destroy(); far.destroy(); }); }).listen(15432, '127.0.0.1');`;

/** The same, for a port or a socket of any host that hands on to a server of a third one. */
const handOn = `const { createServer, connect } = require('node:net');
createServer((near) => { const far = connect(5432, process.argv[1]); near.pipe(far).pipe(near);
for (const end of [near, far]) end.on('error', () => { near.destroy(); far.destroy(); }); }).listen(/^\\d/.test(process.argv[2]) ? +process.argv[2] : process.argv[2]);`;

/** None may differ from the healthy pair. */
export const networkRows: readonly Row[] = [
  {
    name: "the standby's name has a blank, it asks two hosts for the primary, and all is serializable by default",
    on: [12, 15, 18],
    fault: async (pair) => {
      const { primary, standby } = pair;
      for (const server of [primary, standby]) {
        server.configure({ default_transaction_isolation: 'serializable' });
        await server.reload();
      }
      const asked = `host=${standby.host.address},${primary.host.address} port=5432,5432 target_session_attrs=read-write`;
      autoConfigure(standby, {
        primary_conninfo: `${asked} user=replicator application_name='my standby'`,
        primary_slot_name: 'standby',
      });
      if (standby.build === 12) await standby.restart();
      else await standby.reload();
      const named =
        "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = 'my standby'";
      await pair.until('it streams by its name', async () => (await primary.answer(named)) === '1');
      await pair.until(
        'it has applied all',
        async () =>
          (await primary.answer('SELECT replay_lsn >= pg_current_wal_lsn() FROM pg_stat_replication')) === 't',
      );
    },
    changes: nothing,
  },
  {
    name: 'the replication runs over a second network',
    on: [12, 13, 15, 18],
    fault: async (pair) => {
      await secondNetwork(pair, '192.0.2.', 24);
      await followBy(pair, '192.0.2.10', '192.0.2.0/24');
    },
    changes: nothing,
  },
  {
    name: 'the replication runs over IPv6, in its long form',
    on: [13, 15, 18],
    fault: async (pair) => {
      await secondNetwork(pair, 'fd00:0:0:7::', 64);
      await followBy(pair, 'fd00:0000:0000:0007:0000:0000:0000:0010', 'fd00:0:0:7::/64');
    },
    changes: nothing,
  },
  {
    name: 'the standby asks for the primary by a name',
    on: [14, 15, 17],
    fault: async (pair) => {
      const { standby, hosts } = pair;
      const names = standby.host.read('/etc/hosts');
      standby.host.write('/etc/hosts', `${names}${hosts.all[0].address} db-primary.example\n`);
      pair.undo.push(() => standby.host.write('/etc/hosts', names));
      await followBy(pair, 'db-primary.example');
    },
    changes: nothing,
  },
  {
    name: 'the replication runs through a tunnel that begins on the standby',
    on: [15, 16],
    fault: async (pair) => {
      const { standby, hosts } = pair;
      pair.keep(standby.host, [process.execPath, '-e', tunnel, hosts.all[0].address]);
      await followBy(pair, '127.0.0.1', undefined, 15432);
    },
    changes: nothing,
  },
];

/** Another server answers than the one that is meant. */
export const wrongServerRows: readonly Row[] = [
  {
    name: "a port of the primary's host hands the standby on to a third server that has lost the primary",
    on: [12, 15, 18],
    shape: { slotless: true },
    fault: async (pair) => {
      const { primary, standby, hosts } = pair;
      // Nobody has a name: the third server's row could be anybody's.
      const third = await pair.addStandby('walreceiver', primary);
      pair.keep(primary.host, [process.execPath, '-e', handOn, hosts.all[2].address, '6432']);
      autoConfigure(standby, { primary_conninfo: `host=${primary.host.address} port=6432 user=replicator` });
      if (standby.build === 12) await standby.restart();
      else await standby.reload();
      const rows = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'";
      await pair.until('the standby follows the third', async () => (await third.answer(rows)) === '1');
      await pair.until('and the primary no longer', async () => (await primary.answer(rows)) === '1');
    },
    changes: { streaming: 'unknown' },
    unknownToo: true,
    exit: 3,
  },
  {
    name: "the socket on the standby's host leads on to another standby's server",
    on: [15, 17],
    shape: { primary: { unix_socket_directories: '/var/run/postgresql, /tmp' } },
    fault: async (pair) => {
      const { standby, hosts } = pair;
      await pair.addStandby('third', pair.primary, 'third');
      await standby.stop();
      const socket = '/tmp/.s.PGSQL.5432';
      standby.host.remove(socket);
      pair.undo.push(() => standby.host.remove(socket));
      pair.keep(standby.host, asOwner([process.execPath, '-e', handOn, hosts.all[2].address, socket]));
      await pair.until('it listens', async () => existsSync(standby.host.path(socket)));
    },
    inventory: () => ({ settings: { socket: '/tmp' } }),
    changes: { roles: 'unknown', streaming: 'unknown', 'idle-slots': 'fail' },
    unknownToo: true,
    says: { roles: /leads on to a server at/ },
    exit: 3,
  },
];
