/** psql on a played host: the row in which a PostgreSQL server tells how it is configured, and what it keeps. */
import { bytesOf, type PlayedPostgres } from '../file/machine.js';
import { settingsOf } from './postgres-settings.js';
import type { Runner } from './runner.js';

const role = 'replicator';

/** Everything of a healthy server is there; `demo.yaml` says what differs. */
export function configurationOf(postgres: PlayedPostgres, { hosts }: Runner): object {
  const { version, standby, slots = {}, files = {}, waiting = [], archiver = 'works' } = postgres;
  const settings = settingsOf(postgres);
  return {
    ...{
      version,
      standby,
      settings: settings.map((one) => ({ ...one, source: 'configuration file', boot: one.setting })),
    },
    files: Object.entries(files).map(([name, setting], index) => ({ name, setting, seqno: index + 1 })),
    signals: standby ? ['standby.signal'] : [],
    slots: Object.entries(slots).map(([name, { type = 'physical', active = true, retained = 0 }]) => ({
      ...{ name, type, active, temporary: false, reserves: true, retained: bytesOf(retained), status: 'reserved' },
      ...(version >= 170_000 && { failover: false, synced: false, invalid: null }),
    })),
    archiver: [{ failed: archiver === 'fails' ? 12 : 0, archived: true, failing: archiver === 'fails' }],
    archive: 'some',
    ...{ databases: [], collations: [], missing: [], libraries: [], fileErrors: [], pending: waiting },
    ...{
      accessChanged: false,
      accessThere: true,
      waits: waiting,
      lostFiles: [],
      nextSource: standby ? 'same' : 'nobody',
    },
    access: hosts.map(({ address }, index) => ({
      ...{ line: 90 + index, type: 'host', databases: ['replication'], users: [role], address },
      ...{ mask: '255.255.255.255', method: 'scram-sha-256', error: null },
    })),
    replicators: [{ name: role, login: true, limit: -1, expired: false, groups: [] }],
    follows: { user: standby ? role : null, tls: standby ? 'prefer' : null },
    ...{ restores: false, unlogged: 0, locales: ['C.UTF-8'], checksumFailures: 0, tablespaces: [] },
    sendersBusy: Object.keys(postgres.senders ?? {}).length,
    ...{ repmgr: null, oldPrepared: 0 },
  };
}
