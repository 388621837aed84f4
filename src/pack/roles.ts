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

/** How hosts of a role are called where nobody named any: by the role, or, where there may be several, by role and number. */
export function usualNames(role: string, one: Role): string[] {
  return isMany(one) ? [`${role}-1`, `${role}-2`] : [role];
}

const reserved = new Set<string>();

/** Keeps words from being a role's name: the command line has an option for each role of one host, beside its own. */
export function reserveRoleNames(words: Iterable<string>): void {
  for (const word of words) reserved.add(word);
}

/** Whether no role may have this name. */
export function isReserved(word: string): boolean {
  return reserved.has(word);
}
