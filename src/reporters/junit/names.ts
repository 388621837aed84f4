/** Names that consumers keep histories by: dotted, of parts without a dot of their own, the same from run to run. */

/** A part of a dotted name: lower case, and no dot of its own. */
export function slug(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '') || 'unnamed';
}

/** A pair as a part of a name. Where another pair's name could come to the same part (`a.b` and `a-b`), a number tells them apart. */
export function pairSlug(pair: string): string {
  const part = slug(pair);
  return part === pair || /^[\d.+]+$/.test(pair) ? part : `${part}-${numberOf(pair).toString(36)}`;
}

/** A number made of a name (FNV-1a, 31 bits): the suites of two pairs have two of them, and the schemas want a number. */
export function numberOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 1;
}
