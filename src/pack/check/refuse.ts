/** Refusing what a pack says, with its place and what would be right. */
import { suggestion } from '../../core/did-you-mean.js';
import { UsageError } from '../../core/errors.js';
import { ownProperty } from '../../core/fact-path.js';
import type { Pack } from '../pack.js';
import { isMany, type Role } from '../roles.js';

/** Where a value of pack.yaml stands. */
export type PlaceInPack = (path: (string | number)[]) => string;

/** Refuses what does not hold, with its place. @throws UsageError */
export function must(holds: boolean, place: string, what: string): void {
  if (!holds) throw new UsageError(`${place}: ${what}`);
}

/** Refuses a name that nobody declared. @throws UsageError */
export function mustKnow(word: string, known: string[], place: string, kind: string): void {
  must(known.includes(word), place, `unknown ${kind} "${word}"${suggestion(word, known)}`);
}

/** Refuses a bound that names no releases. @throws UsageError */
export function mustBound({ releases }: Pick<Pack, 'releases'>, bound: string | undefined, place: string): void {
  if (bound === undefined) return;
  // A decimal comma would make two bounds of one: no release is both <=2 and 0.
  const bare = bound.includes(',') ? bound.split(',').find((part) => !/^\s*[<>]/.test(part)) : undefined;
  const right = 'right is for example ">=4.0, <4.8"';
  must(bare === undefined, place, `"${bare?.trim()}" in "${bound}" is not a release bound; ${right}`);
  const fault = releases.faultOf(bound);
  must(fault === undefined, place, fault ?? '');
}

/** Refuses to mean one host by a role that may have several. @throws UsageError */
export function mustBeOne({ roles }: Pick<Pack, 'roles'>, role: string, text: string, place: string): void {
  const named = ownProperty(roles, role) as Role | undefined;
  must(
    !named || !isMany(named),
    place,
    `${text}: there may be several hosts of the role ${role}; right is a fact of theirs that all agree on, or "@self.address"`,
  );
}
