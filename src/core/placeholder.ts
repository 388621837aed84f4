/** What stands in a template until somebody fills it in. Pure. */
import { shorten } from './format.js';

/** Whether a text holds a variable that nobody expanded (`${X}`, `$X`, `{{ x }}`, `<x>`), or is a word that stands for one. */
export function isPlaceholder(text: string): boolean {
  return /\$\{|\$\w|\{\{|<[^<>]+>|^(change-?me|todo|tbd|fixme|placeholder|replace-?me)$/i.test(text);
}

/** The sentence on a placeholder. */
export function notFilledIn(text: string): string {
  return `"${shorten(text, 80)}" is a placeholder that was not filled in`;
}
