/** Whether the standby would start again beside this primary, and what a promotion would lose. */
import { Unreadable } from '../../core/errors.js';
import { isRecord } from '../../core/json.js';
import type { JsonSchema } from '../../core/model.js';
import type { Joint } from '../joint.js';
import { binds, limitNames } from './limits.js';

const list: JsonSchema = { type: 'array', items: { type: 'string' } };

interface Configuration {
  version?: number;
  settings?: Record<string, string>;
  nextLimits?: Record<string, number>;
  logicalSlots?: { name: string; failover: boolean; synced: boolean }[];
}

/**
 * `below`: the limits that the standby would start with below what the primary runs with, or would start with. `lostSlots`: logical slots of
 * the primary that a promotion loses: all of them before 17, and from 17 on those that are not kept in step on the standby.
 */
export const postgresNextStart: Joint = {
  title: 'whether the standby would start again beside this primary, and what a promotion would lose',
  sources: ['primary', 'standby'],
  value: { below: list, belowThen: { type: 'string' }, lostSlots: list },
  make({ primary, standby }) {
    if (!isRecord(primary) || !isRecord(standby)) throw new Unreadable('only one of the servers was asked');
    return { ...limitsThen(primary as Configuration, standby as Configuration), ...slotsLost(primary, standby) };
  },
};

function limitsThen(primary: Configuration, standby: Configuration): object {
  const { version, nextLimits: own } = standby;
  const { settings, nextLimits } = primary;
  if (version === undefined || !own || !settings) return {};
  const compared = limitNames
    .filter((name) => binds(name, version))
    .map((name) => ({
      name,
      own: own[name],
      theirs: Math.max(Number(settings[name]), nextLimits?.[name] ?? 0),
    }));
  const below = compared.filter((one) => Number(one.own) < one.theirs);
  // One that is known to be below decides, whatever the others are.
  if (below.length === 0 && compared.some((one) => one.own === undefined || !Number.isFinite(one.theirs))) return {};
  return {
    below: below.map(({ name }) => name),
    belowThen: below.map((one) => `${one.name} ${one.own}, primary ${one.theirs}`).join('; ') || 'none',
  };
}

function slotsLost({ logicalSlots: theirs, version = 0 }: Configuration, { logicalSlots: own }: Configuration): object {
  if (!theirs) return {};
  if (version < 170_000 || theirs.length === 0) return { lostSlots: theirs.map(({ name }) => name) };
  if (!own) return {};
  const kept = (name: string) => own.some((one) => one.name === name && one.synced);
  return { lostSlots: theirs.filter(({ name, failover }) => !failover || !kept(name)).map(({ name }) => name) };
}
