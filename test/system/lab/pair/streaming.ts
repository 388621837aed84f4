/** How replication stands, asked of both servers, and waiting until it stands otherwise. */
import type { Lab } from '../lab.js';
import { answer, query, serverLog } from './server.js';

const limitMs = 30_000;

/** How far the standby is, as the Primary's pg_stat_replication has it; undefined while nothing is attached. */
export async function attached(lab: Lab): Promise<{ state: string; lagBytes: number } | undefined> {
  const lag = 'pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)';
  const where = `client_addr = '${lab.secondary.address}'`;
  const row = await answer(lab.primary, `SELECT state, ${lag} FROM pg_stat_replication WHERE ${where}`);
  const [state = '', lagBytes = ''] = row.split('|');
  return row === '' ? undefined : { state, lagBytes: Number(lagBytes) };
}

/** The Primary's WAL position in bytes. */
export async function walPosition(lab: Lab): Promise<number> {
  return Number(await query(lab.primary, `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')`));
}

/** Waits for something to become true; fails with what both servers said last. */
export async function until(lab: Lab, what: string, ask: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await ask())) {
    if (performance.now() > end) {
      const logs = lab.hosts.map((host) => `${host.name}:\n${serverLog(host).split('\n').slice(-8).join('\n')}`);
      throw new Error(`lab: not within ${limitMs / 1000} s: ${what}\n${logs.join('\n')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until the standby streams and has replayed all there is, with a word written now: an old row proves nothing. */
export async function caughtUp(lab: Lab): Promise<void> {
  await query(lab.primary, `SELECT pg_logical_emit_message(true, 'pflab', 'all is well')`);
  let asked = performance.now();
  await until(lab, 'the standby streams and lags by 0 bytes', async () => {
    const row = await attached(lab);
    if (row?.state === 'streaming') return row.lagBytes === 0;
    // Connecting again after a silent loss can take as long as the loss: the kernel backs off.
    if (row === undefined && performance.now() - asked > 1000) {
      await reconnect(lab);
      asked = performance.now();
    }
    return false;
  });
}

async function reconnect(lab: Lab): Promise<void> {
  const pid = await answer(lab.secondary, `SELECT pid FROM pg_stat_activity WHERE backend_type = 'walreceiver'`);
  if (pid !== '') await lab.secondary.exec(['kill', pid]);
}

/** Waits until the Primary has no standby any more. */
export function detached(lab: Lab): Promise<void> {
  return until(lab, 'the Primary has no standby', async () => (await attached(lab)) === undefined);
}
