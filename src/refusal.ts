/** Refusing what a pack says, with its place and what would be right. */
import { UsageError } from './errors.js';
import type { Pack } from './packs.js';
import { suggestion } from './validation.js';

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

/** What is wrong with a release bound; undefined when nothing is. */
export function boundFault({ releases }: Pick<Pack, 'releases'>, bound: string): string | undefined {
  // A decimal comma would make two bounds of one: no release is both <=2 and 0.
  const bare = bound.includes(',') && bound.split(',').find((part) => !/^\s*[<>]/.test(part));
  if (bare) return `"${bare.trim()}" in "${bound}" is not a release bound; right is for example ">=4.0, <4.8"`;
  return releases.faultOf(bound);
}

/** Refuses a bound that names no releases. @throws UsageError */
export function mustBound(pack: Pack, bound: string | undefined, place: string): void {
  const fault = bound === undefined ? undefined : boundFault(pack, bound);
  must(fault === undefined, place, fault ?? '');
}
