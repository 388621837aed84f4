/** Whether the primary keeps the WAL that the standby will need when it comes back. */
import { Unreadable } from '../../core/errors.js';
import { isRecord } from '../../core/json.js';
import type { JsonSchema } from '../../core/model.js';
import type { Joint } from '../joint.js';

interface Configuration {
  settings?: Record<string, string>;
  physicalSlots?: { name: string; holds: boolean }[];
  restores?: boolean;
  archiver?: string;
}

const text: JsonSchema = { type: 'string' };

/**
 * `slot`: what the primary has of the slot that the standby asks for: `none` where it asks for none, `missing` where there is none of that
 * name, `lost` where it no longer holds, or is about to let go, what the standby needs. `keeps`: what keeps WAL for it while it is away.
 */
export const postgresRetention: Joint = {
  title: 'whether the primary keeps the WAL that the standby will need',
  sources: ['primary', 'standby'],
  value: {
    slot: { enum: ['none', 'holds', 'lost', 'missing'] },
    name: text,
    keeps: { enum: ['a slot', 'a size', 'an archive', 'nothing'] },
  },
  make({ primary, standby }) {
    if (!isRecord(primary) || !isRecord(standby)) throw new Unreadable('only one of the servers was asked');
    const [from, to] = [primary as Configuration, standby as Configuration];
    const name = to.settings?.primary_slot_name;
    const slot = name === undefined ? undefined : slotOf(from, name);
    const keeps = keeperOf(from, to, slot);
    return { ...(name && { name }), ...(slot && { slot }), ...(keeps && { keeps }) };
  },
};

function slotOf({ physicalSlots }: Configuration, name: string): string | undefined {
  if (name === '') return 'none';
  if (!physicalSlots) return undefined;
  const found = physicalSlots.find((one) => one.name === name);
  return found ? (found.holds ? 'holds' : 'lost') : 'missing';
}

/** A size that is kept, an archive that is written, and not thrown away, and read; undefined where one of them was not told and none is known to do. */
function keeperOf({ settings = {}, archiver }: Configuration, { restores }: Configuration, slot: string | undefined) {
  if (slot === 'holds') return 'a slot';
  const size = settings.wal_keep_size ?? settings.wal_keep_segments;
  if (Number(size) > 0) return 'a size';
  const mode = settings.archive_mode;
  const archives = mode === undefined ? undefined : mode !== 'off' && archiver !== 'none' && archiver !== 'discards';
  if (archives === true && restores === true) return 'an archive';
  const told = slot !== undefined && size !== undefined && (archives === false || restores === false);
  return told ? 'nothing' : undefined;
}
