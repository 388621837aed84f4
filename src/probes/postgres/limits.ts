/** The limits that a standby may not have below its primary's: by version, since the manual's list grew. */
import type { Server } from './server.js';

/** Since which version the manual lists each; those before 9.3 are not asked. */
const since = {
  max_connections: 0,
  max_prepared_transactions: 0,
  max_locks_per_transaction: 0,
  max_worker_processes: 90400,
  // It counted among max_connections before.
  max_wal_senders: 120000,
} as const;

/** The name of a limit. */
export type Limit = keyof typeof since;

/** The names of all limits, as the manual has them. */
export const limitNames = Object.keys(since) as Limit[];

/** Whether a limit binds a standby of this version. */
export function binds(name: Limit, version: number): boolean {
  return version >= since[name];
}

/** The limits that the server runs with, those too that do not bind a standby of its version. */
export function limitsOf(setting: (name: string) => string | undefined): Partial<Record<Limit, number>> {
  return Object.fromEntries(
    limitNames.flatMap((name) => {
      const value = setting(name) ?? '';
      return /^\d+$/.test(value) ? [[name, Number(value)]] : [];
    }),
  );
}

/** The limits that bind a standby of this version and are below the primary's, each with both numbers. */
export function limitsBelow(primary: Server, standby: Server): Record<string, unknown> {
  const [theirs, own] = [primary.limits, standby.limits];
  const { version } = standby;
  if (!theirs || !own || version === undefined) return {};
  const bound = limitNames.filter((name) => binds(name, version));
  if (bound.some((name) => theirs[name] === undefined || own[name] === undefined)) return {};
  const below = bound.filter((name) => Number(own[name]) < Number(theirs[name]));
  return { below, belowNow: below.map((name) => `${name} ${own[name]}, primary ${theirs[name]}`).join('; ') || 'none' };
}
