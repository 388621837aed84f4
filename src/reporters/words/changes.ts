/** What changed since an earlier run, in lines that the formats share. Two values that differ are never shown alike. */

import { escapeForTerminal } from '../../core/escape.js';
import { isInterval, oneLine, showValue, unicodeEscape } from '../../core/format.js';
import type { Change } from '../../core/model.js';

/** Characters that are shown of one value; the JSON report has all of them. */
const most = 120;
/** Characters that two long values are shown from, before the first in which they differ. */
const lead = 20;
/** Facts that are named of those that share a fault. */
const mostNamed = 3;

/** One line for each change: `secondary, conf some.key: true -> false`; facts of a host that were lost alike share one. */
export function changesInWords(changes: readonly Change[]): string[] {
  const together = new Map<string, Change[]>();
  for (const [at, change] of changes.entries()) {
    const key = unreadKey(change) ?? String(at);
    together.set(key, [...(together.get(key) ?? []), change]);
  }
  return [...together.values()].map((alike) => {
    const [change] = alike;
    if (!change) return '';
    if (alike.length === 1) return changeInWords(change);
    const names = alike.slice(0, mostNamed).map(({ fact }) => fact);
    const rest = alike.length > mostNamed ? ` and ${alike.length - mostNamed} more` : '';
    const [before, after] = [change.before, change.after].map((value) => (typeof value === 'string' ? value : 'read'));
    return plain(`${change.subject}, ${names.join(', ')}${rest}: ${cut(`${before}`)} -> ${cut(`${after}`)}`);
  });
}

/** Alike are the answers of one host that could be read in one run, and in the other not, for one reason. */
function unreadKey({ subject, property, before, after }: Change): string | undefined {
  if (property !== undefined) return undefined;
  if (typeof after === 'string') return JSON.stringify([subject, 'after', after]);
  return typeof before === 'string' ? JSON.stringify([subject, 'before', before]) : undefined;
}

function changeInWords({ subject, fact, property, before, after }: Change): string {
  // A command's only answer is its value: the name says nothing.
  const of = property === undefined || property === 'value' ? '' : ` ${property}`;
  return `${plain(`${subject}, ${fact}${of}`)}: ${valuesApart(property ?? '', before, after)}`;
}

/** `before -> after`; of two lists with something in common only what is gone and what is new. */
function valuesApart(property: string, before: unknown, after: unknown): string {
  if (Array.isArray(before) && Array.isArray(after)) {
    const [gone, come] = [missingFrom(before, after), missingFrom(after, before)];
    const fewer = gone.length < before.length || come.length < after.length;
    if (fewer && gone.length > 0 && come.length > 0) {
      const [lost, found] = apart(property, gone, come);
      return `gone: ${lost}; new: ${found}`;
    }
    if (fewer && gone.length > 0) return `gone: ${cut(plain(inWords(property, gone)))}`;
    if (fewer && come.length > 0) return `new: ${cut(plain(inWords(property, come)))}`;
  }
  return apart(property, before, after).join(' -> ');
}

/** The elements of a list that another list does not have as often. */
function missingFrom(list: readonly unknown[], other: readonly unknown[]): unknown[] {
  const left = new Map<string, number>();
  for (const one of other) left.set(JSON.stringify(one), (left.get(JSON.stringify(one)) ?? 0) + 1);
  return list.filter((one) => {
    const key = JSON.stringify(one);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}

/** Two different values in words; where as much as is shown of those would be the same, in JSON from where they begin to differ. */
function apart(property: string, before: unknown, after: unknown): [string, string] {
  const [a = '', b = ''] = [before, after].map((value) => cut(plain(inWords(property, value))));
  if (a !== b) return [a, b];
  const [c, d] = [exactly(before), exactly(after)];
  let same = 0;
  while (same < c.length && c[same] === d[same]) same += 1;
  const from = same <= lead ? 0 : same - lead;
  return [cut(c, from), cut(d, from)];
}

function inWords(property: string, value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.map((one) => inWords(property, one)).join(', ') || 'none';
  if (typeof value !== 'object' || isInterval(value)) return showValue(property, value);
  const entries = Object.entries(value).map(([name, one]) => `${name} ${inWords(name, one)}`);
  return entries.join(' ') || 'nothing';
}

/** JSON in which no blank can be lost on the way through a terminal. */
function exactly(value: unknown): string {
  const text = (JSON.stringify(value) ?? 'null').replace(/[^\S ]| (?= )|(?<= ) /g, unicodeEscape);
  return escapeForTerminal(text);
}

function plain(text: string): string {
  return escapeForTerminal(oneLine(text));
}

function cut(text: string, from = 0): string {
  return `${from > 0 ? '...' : ''}${text.slice(from, from + most)}${text.length > from + most ? '...' : ''}`;
}
