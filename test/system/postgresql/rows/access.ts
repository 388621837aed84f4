/** What is said of pg_hba.conf, of roles, and of files that a server cannot read. */
import type { Pair } from '../pair.js';
import type { Row } from '../rows.js';
import type { Server } from '../server.js';
import { accessText } from '../settings.js';

/** Lines above the usual ones, or in place of them. */
async function rewrite(pair: Pair, server: Server, lines: string, rest = accessText(pair.hosts.network.prefix)) {
  server.write('pg_hba.conf', `${lines}\n${rest}`);
  await server.reload();
}

const own = 'local all all trust';

/** Each is told before a connection is refused, or a start. */
export const accessRows: readonly Row[] = [
  {
    name: 'before: only the word all in pg_hba.conf',
    phase: 'preflight',
    on: [12, 15, 18],
    fault: (pair) => rewrite(pair, pair.primary, `${own}\nhost all all ${pair.hosts.network.prefix}0/24 trust`, ''),
    changes: { 'standby-let-in': 'fail' },
    says: { 'standby-let-in': /refused/ },
  },
  {
    name: 'before: the word replication in quotes is a database',
    phase: 'preflight',
    on: [12, 15, 18],
    fault: (pair) =>
      rewrite(pair, pair.primary, `${own}\nhost "replication" all ${pair.hosts.network.prefix}0/24 trust`, ''),
    changes: { 'standby-let-in': 'fail' },
    says: { 'standby-let-in': /refused/ },
  },
  {
    name: 'quotes that make no other word of a name, in a line that lets in',
    on: [12, 15, 18],
    fault: async (pair) => {
      for (const server of [pair.primary, pair.standby])
        await rewrite(
          pair,
          server,
          `${own}\nhost "shop",replication "replicator" "${pair.hosts.network.prefix}0/24" trust`,
          '',
        );
    },
    changes: {},
  },
  {
    name: 'the word all in quotes is a role, and no standby is let in',
    on: [12, 15, 18],
    fault: (pair) =>
      rewrite(pair, pair.primary, `${own}\nhost replication "all" ${pair.hosts.network.prefix}0/24 trust`, ''),
    changes: { 'standby-let-in': 'fail' },
  },
  {
    name: 'a file of databases may have its words in quotes, and has',
    on: [13, 15, 18],
    fault: (pair) => {
      pair.standby.write('databases', '"replication"\n');
      return rewrite(pair, pair.standby, `${own}\nhost @databases all ${pair.hosts.network.prefix}0/24 trust`, '');
    },
    changes: { 'old-primary-let-in': 'unknown' },
    exit: 0,
  },
  {
    name: 'a line that goes on in the next one, within its quotes',
    on: [15, 18],
    fault: (pair) =>
      rewrite(pair, pair.standby, `${own}\nhost "repli\\\ncation" all \\\n${pair.hosts.network.prefix}0/24 trust`, ''),
    changes: { 'old-primary-let-in': 'fail' },
    exit: 0,
  },
  {
    name: 'the word replication in quotes in a file that pg_hba.conf includes',
    on: [18],
    fault: (pair) => {
      pair.standby.write('more.conf', `\nhost "replication" all ${pair.hosts.network.prefix}0/24 trust\n`);
      return rewrite(pair, pair.standby, `${own}\ninclude more.conf`, '');
    },
    changes: { 'old-primary-let-in': 'fail' },
    exit: 0,
  },
  {
    name: 'before: a line for the standby alone',
    phase: 'preflight',
    on: [13, 16],
    fault: (pair) =>
      rewrite(pair, pair.primary, `${own}\nhost replication replicator ${pair.standby.host.address}/32 trust`, ''),
    changes: {},
  },
  {
    name: 'a line that refuses the standby stands above the one that lets it in',
    on: [12, 15, 18],
    fault: (pair) => rewrite(pair, pair.primary, `host replication replicator ${pair.standby.host.address}/32 reject`),
    changes: { 'standby-let-in': 'fail' },
  },
  {
    name: 'a line that refuses stands below, and one for another role above',
    on: [14, 17],
    fault: (pair) =>
      rewrite(
        pair,
        pair.primary,
        `host replication somebody ${pair.hosts.network.prefix}0/24 reject`,
        `${accessText(pair.hosts.network.prefix)}host replication all all reject\n`,
      ),
    changes: {},
  },
  {
    name: 'the standby would not let the old primary in',
    on: [13, 15, 18],
    fault: (pair) =>
      rewrite(pair, pair.standby, `${own}\nhost replication replicator ${pair.standby.host.address}/32 trust`, ''),
    changes: { 'old-primary-let-in': 'fail' },
    exit: 0,
  },
  {
    name: 'failover: the standby would not let the old primary in, which is dead',
    phase: 'failover',
    on: [12, 16],
    fault: async (pair) => {
      await rewrite(pair, pair.standby, `${own}\nhost replication all samehost trust`, '');
      await pair.primary.stop('immediate');
    },
    changes: { 'old-primary-let-in': 'fail', 'promotion-loses-nothing': 'unknown' },
    unknownToo: true,
    exit: 0,
  },
  {
    name: 'a name in pg_hba.conf that only the server can look up',
    on: [15],
    fault: (pair) => rewrite(pair, pair.standby, `${own}\nhost replication replicator primary.example trust`, ''),
    changes: { 'old-primary-let-in': 'unknown' },
    exit: 0,
  },
  {
    name: 'TLS is demanded of the standby, and the primary has none',
    on: [15, 18],
    fault: (pair) =>
      rewrite(pair, pair.primary, `${own}\nhostssl replication replicator ${pair.hosts.network.prefix}0/24 trust`, ''),
    changes: { 'standby-let-in': 'fail' },
  },
  {
    name: "the standby's role lost REPLICATION",
    on: [12, 15, 18],
    fault: async (pair) => {
      await pair.primary.query('ALTER ROLE replicator NOREPLICATION');
      await pair.caughtUp();
    },
    changes: { 'replication-role': 'fail' },
  },
  {
    name: 'pg_hba.conf of the standby has a line that cannot be read',
    on: [12, 15, 18],
    fault: (pair) => rewrite(pair, pair.standby, 'host replication replicator nonsense'),
    changes: { 'readable-files [standby]': 'fail', 'old-primary-let-in': 'unknown' },
  },
  {
    name: 'postgresql.conf of the standby has a setting that its version does not know',
    on: [12, 14, 18],
    fault: ({ standby }) => standby.configure({ wal_keep_somehow: 8 }),
    changes: { 'readable-files [standby]': 'fail' },
  },
  {
    name: 'pg_hba.conf of the primary was changed and not read',
    on: [12, 15, 18],
    fault: async (pair) => {
      const { primary } = pair;
      // Files tell whole seconds.
      const past = "SELECT clock_timestamp() > pg_conf_load_time() + interval '2 seconds'";
      await pair.until('time has passed', async () => (await primary.answer(past)) === 't');
      primary.write('pg_hba.conf', `${accessText(pair.hosts.network.prefix)}# more\n`);
    },
    changes: { 'pending-changes [primary]': 'fail' },
    exit: 0,
  },
];
