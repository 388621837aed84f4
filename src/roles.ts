/** Roles: what hosts of a kind are to a product, and how many of them there may be. */

/** `endpoint`: they are asked over HTTP alone, and nobody logs in to them. */
export interface Role {
  title: string;
  count: '1' | '0..1' | '0..' | '1..' | '2..';
  endpoint?: boolean;
}

/** Whether a role may have several hosts. */
export function isMany({ count }: Role): boolean {
  return count.endsWith('..');
}
