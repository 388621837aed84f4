/** What stands in a template until somebody fills it in. Pure. */
import { shorten } from './format.js';

/** Words that stand for a value: whoever writes a template puts them, and whoever fills it in takes them away. */
const WORD =
  /(^|[._-])(change[_-]?me\d*|replace[_-]?me|fill[_-]?me([_-]?in)?|fix[_-]?me)([._-]|$)|^(todo|tbd|placeholder|insert[_-].+)$|^__\w+__$|^@\w+@$|^%\w+%$/i;

/**
 * Whether a text holds a variable that nobody expanded (`${X}`, `$X`, `{{ x }}`, `<x>`), or is a word that stands for one. The group
 * of an expression (`(?<x>`) is none.
 */
export function isPlaceholder(text: string): boolean {
  return /\$\{|\$\w|\{\{|(?<!\?)<[^<>]+>|#\{|%\(\w+\)s/.test(text) || WORD.test(text);
}

/** The sentence on a placeholder. */
export function notFilledIn(text: string): string {
  return `"${shorten(text, 80)}" is a placeholder that was not filled in`;
}
