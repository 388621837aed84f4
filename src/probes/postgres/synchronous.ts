/** Synchronous replication: whom commits wait for, and whether those are there. */

/** What `synchronous_standby_names` says: how many must confirm, and out of whom; `*` is any standby. */
export interface Demand {
  method: 'first' | 'any';
  number: number;
  names: string[];
}

const bare = /^[^\s,()"]+$/;

/**
 * Reads the setting as the server does: a list of names, of which the first that is there counts; `2 (a, b)` and `FIRST 2 (a, b)`, by
 * priority; `ANY 2 (a, b)`, any of them. A name may stand in double quotes. Undefined for what is none of these.
 */
export function demandOf(written: string): Demand | undefined {
  const trimmed = written.trim();
  if (trimmed === '') return { method: 'first', number: 0, names: [] };
  const counted = /^(?:(first|any)\s+)?(\d+)\s*\((.*)\)$/is.exec(trimmed);
  const names = namesIn(counted?.[3] ?? trimmed);
  if (!names) return undefined;
  if (!counted) return { method: 'first', number: 1, names };
  return { method: counted[1]?.toLowerCase() === 'any' ? 'any' : 'first', number: Number(counted[2]), names };
}

function namesIn(list: string): string[] | undefined {
  const names = (list.match(/(?:"(?:[^"]|"")*"|[^,])+/g) ?? []).map((one) => one.trim());
  const read = names.map((name) =>
    /^".*"$/s.test(name) ? name.slice(1, -1).replaceAll('""', '"') : bare.test(name) ? name : undefined,
  );
  return read.length > 0 && read.every((name) => name !== undefined) ? read : undefined;
}

/**
 * `off`: no commit waits. `satisfied`: as many standbys as are demanded confirm. `lacking`: fewer do, and every commit that waits
 * hangs. `unread`: the setting is written in a way that is not known.
 */
export function synchronousOf(
  setting: (name: string) => string | undefined,
  rows: readonly { name: string | null; state: string | null; sync: string | null }[],
): object {
  const names = setting('synchronous_standby_names');
  const demand = names === undefined ? undefined : demandOf(names);
  const commit = setting('synchronous_commit') ?? '';
  if (!demand) return { state: 'unread', commit };
  const candidates = rows.filter(
    ({ name }) => demand.names.includes('*') || demand.names.some((one) => one.toLowerCase() === name?.toLowerCase()),
  );
  const confirming = rows.filter(({ sync }) => sync === 'sync' || sync === 'quorum').length;
  const state = demand.number === 0 ? 'off' : confirming >= demand.number ? 'satisfied' : 'lacking';
  return {
    state,
    commit,
    wanted: demand.number,
    confirming,
    // How many standbys more than are needed could confirm: none means that the loss of one stops every commit.
    spare: Math.max(0, candidates.length - demand.number),
    names: names ?? '',
  };
}
