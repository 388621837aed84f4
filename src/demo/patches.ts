/** Patches of a demo.yaml laid over one another. */
import { isRecord } from '../core/json.js';

/** What a scenario says differently from the one it rests on. */
export type Patch = Record<string, unknown>;

/** What one scenario of a chain says: of all at once, and of the one that is put together. Null takes that one away. */
export interface Layer {
  every?: Patch | undefined;
  own?: Patch | null | undefined;
}

/** What a chain of scenarios comes to for one of its hosts or endpoints; undefined where it is not there, or was taken away. */
export function layered(layers: readonly Layer[], defaults: Patch): Patch | undefined {
  let common = defaults;
  let said: Patch | undefined;
  for (const { every = {}, own } of layers) {
    common = merged(common, every);
    if (own === null) said = undefined;
    else if (said) said = merged(merged(said, every), own ?? {});
    else if (own) said = merged(common, own);
  }
  return said;
}

/** JSON merge patch (RFC 7396): objects are merged, null takes away, everything else replaces. */
export function merged(base: Patch, patch: Patch): Patch {
  const result = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = isRecord(value) ? merged(isRecord(result[key]) ? result[key] : {}, value) : value;
  }
  return result;
}
