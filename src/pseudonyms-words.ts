/** Names as whole words of a text: where one begins and ends, whatever stands around it, and how a variable is called. Pure. */

/** What follows an escape of JSON or of a URL begins a word, though the escape ends in a letter or digit. */
const begin = '(?:(?<![A-Za-z0-9])|(?<=\\\\(?:[bfnrt]|u[0-9A-Fa-f]{4})|%[0-9A-Fa-f]{2}))';
const end = '(?![A-Za-z0-9])';

/** Finds each of some names, the longest first, whatever its case. */
export function wholeWords(names: readonly string[]): RegExp {
  return new RegExp(`${begin}(?:${alternatives(names)})${end}`, 'gi');
}

/** Finds whole names of hosts that a pattern describes: one that takes any letter must not take those of an escape. */
export function wholeNames(pattern: string): RegExp {
  return new RegExp(`(?<![.%\\\\-])${begin}${pattern}${end}`, 'gi');
}

/** A pattern for any of some texts, the longest first. */
export function alternatives(texts: readonly string[]): string {
  return texts
    .toSorted((a, b) => b.length - a.length)
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
    .join('|');
}

/** Longer names of variables are not looked at. */
const LONGEST = 255;

/** A pseudonym as it may stand there: within the name of a variable (`ACME_TOKEN`) as a part of such a name (`HOST_1_TOKEN`). */
export function fitted(pseudonym: string, found: string, at: number, text: string): string {
  const [before = ''] = /\w*$/.exec(text.slice(Math.max(0, at - LONGEST), at)) ?? [];
  const [behind = ''] = /^\w*/.exec(text.slice(at + found.length, at + found.length + LONGEST)) ?? [];
  const isPart = before !== '' || behind !== '';
  return isPart && /^[A-Z0-9_]+$/.test(`${before}${found}${behind}`)
    ? pseudonym.toUpperCase().replaceAll(/[-.]/g, '_')
    : pseudonym;
}
