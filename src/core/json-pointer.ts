/** JSON Pointers (RFC 6901). Pure. */
import { ownProperty } from './fact-path.js';

/** A pointer's form, for schemas. */
export const pointerForm = '^(/([^~/]|~[01])*)+$';

/** The keys and indexes that a pointer names. */
export function pointerTokens(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What stands at a token of an object or list; undefined where nothing does. A list has its indexes, and its length is none. */
export function valueAtToken(value: unknown, token: string): unknown {
  return Array.isArray(value) && token === 'length' ? undefined : ownProperty(value, token);
}
