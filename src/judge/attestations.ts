/** Attestations: somebody's word on what nobody can verify, at the time of a run. Pure. */
import { latestDayAt } from '../core/format.js';
import type { Attestation, NotVerified } from '../core/model.js';

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
