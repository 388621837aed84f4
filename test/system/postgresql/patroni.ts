/** Patroni's REST page on the hosts of a pair: what its daemons answer, in the form of the real ones; nothing else of it runs. */
import { listens } from '../lab/system.js';
import type { Pair } from './pair.js';
import type { Server } from './server.js';

const script = `const { createServer } = require('node:http');
createServer((_, answer) => answer.end(process.env.PAGE)).listen(8008, '127.0.0.1');`;

/** What a daemon says beside what it finds. */
export interface Page {
  pause?: true;
  tags?: Record<string, boolean>;
  role?: string;
}

/** Lets a daemon answer on each of the servers' hosts, or on the named ones. */
export async function managed(pair: Pair, page: Page = {}, servers = [pair.primary, pair.standby]): Promise<void> {
  for (const server of servers) await answer(pair, server, page);
}

async function answer(pair: Pair, server: Server, page: Page): Promise<void> {
  const primary = server === pair.primary;
  const body = {
    state: primary ? 'running' : 'streaming',
    postmaster_start_time: '2026-01-31 10:00:00.000000+00:00',
    role: primary ? 'primary' : 'replica',
    server_version: Number(await server.query('SHOW server_version_num')),
    timeline: 1,
    dcs_last_seen: 1769853600,
    database_system_identifier: await server.query('SELECT system_identifier FROM pg_control_system()'),
    patroni: { version: '4.0.5', scope: 'shop', name: server.host.name },
    ...page,
  };
  pair.keep(server.host, ['env', `PAGE=${JSON.stringify(body)}`, process.execPath, '-e', script]);
  await listens(server.host, 8008);
}
