import { suggestion } from '../core/check-schema.js';
import { UsageError } from '../core/errors.js';
import type { Attestation, NotVerified } from '../core/model.js';
import type { Pack } from '../pack/load.js';
import type { Inventory } from './inventory.js';

/** The word that held when the evidence was taken, else the last one that no longer did. */
export function attestedAt(what: string, attest: readonly Attestation[], takenAt: string): NotVerified['attested'] {
  const begun = attest
    .filter((one) => one.what === what && one.when <= latestDayAt(new Date(takenAt)))
    .sort((a, b) => (a.until < b.until ? 1 : a.until > b.until ? -1 : 0));
  const [last] = begun;
  if (!last) return undefined;
  // The last day counts whole, in UTC.
  return new Date(takenAt).toISOString().slice(0, 10) <= last.until ? last : { ...last, expired: true };
}

/**
 * Refuses a word on what the pack does not leave unverified, and one on days that cannot be; `asOf` is the time of the run.
 * @throws UsageError
 */
export function checkAttestations(
  { attest, at }: Pick<Inventory, 'attest' | 'at'>,
  { title, notVerified }: Pick<Pack, 'title' | 'notVerified'>,
  asOf: Date,
): void {
  const ids = notVerified.map((one) => one.id);
  for (const [index, { what, when, until }] of attest.entries()) {
    const place = (key: keyof Attestation) => at(['attest', index, key]);
    if (!ids.includes(what)) {
      const known = ids.length === 0 ? `; ${title} leaves nothing unverified` : suggestion(what, ids);
      throw new UsageError(`${place('what')}: "${what}" is nothing that can be attested${known}`);
    }
    if (until < when) throw new UsageError(`${place('until')}: ${until} is before ${when}, when it was attested`);
    if (when > latestDayAt(asOf)) {
      throw new UsageError(`${place('when')}: ${when} is yet to come; right is the day on which ${what} was looked at`);
    }
  }
}

/** The day it is where days begin first (UTC+14): a person's calendar may be a day ahead of UTC. */
function latestDayAt(time: Date): string {
  return new Date(time.getTime() + 14 * 3_600_000).toISOString().slice(0, 10);
}
