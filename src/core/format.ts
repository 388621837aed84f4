/** Values in words, for messages: the unit is the last word of the property's name. Plain text; reporters escape it. */

import { UsageError } from './errors.js';
import { isRecord } from './json.js';
import type { Subject } from './model.js';

const sizes = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** A value as a message shows it, for people first: `50 GiB (53687091200 bytes)` of a property named `bytes` or `...Bytes`, `12 ms` of `...Ms`. */
export function showValue(property: string, value: unknown): string {
  const unit = unitOf(property);
  if (typeof value === 'number' && unit !== undefined) return unit.shows(value);
  if (typeof value === 'number' && property === 'exit') return `exit ${value}`;
  if (isInterval(value)) {
    if (unit === units.bytes) return `${unit.shows(value.low)} to ${unit.shows(value.high)}`;
    return `${value.low} to ${value.high}${unit === units.ms ? ' ms' : ''}`;
  }
  if (typeof value === 'string') return shorten(value.trim() === '' ? '(empty)' : linesInOne(value));
  if (Array.isArray(value))
    return value.length === 0 ? 'none' : shorten(value.map((one) => showValue(property, one)).join(', '));
  return shorten(JSON.stringify(value) ?? 'nothing');
}

/** The lines of a text in one, without those that are blank. */
function linesInOne(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' / ');
}

/** A number that is only known to lie between two bounds. */
export function isInterval(value: unknown): value is { low: number; high: number } {
  const { low, high } = (value ?? {}) as { low?: unknown; high?: unknown };
  return typeof low === 'number' && typeof high === 'number';
}

/** A unit: what a property's name ends with, and a number of it. */
interface Unit {
  ends: RegExp;
  shows(value: number): string;
}

/** A number that is easier to read in another unit goes first in that one. */
const withPlain = (plain: string | undefined, exact: string) =>
  plain === undefined || plain === exact ? exact : `${plain} (${exact})`;

/** A length of time, in words where it is too long for its own unit or no whole number of it. */
const time = (exact: string, value: number, seconds: number, most: number) =>
  withPlain(value > most || (value > 0 && !Number.isInteger(value)) ? lengthInWords(seconds) : undefined, exact);

const units = {
  bytes: { ends: /((^|_)b|B)ytes$/, shows: (value) => withPlain(sizeOf(value), plural(value, 'byte')) },
  ms: {
    ends: /(^m|M)(s|illis)$/,
    shows: (value) => withPlain(value < 10_000 ? undefined : lengthInWords(value / 1000), `${value} ms`),
  },
  s: { ends: /(^s|S)econds?$/, shows: (value) => time(`${value} s`, value, value, 600) },
  min: { ends: /(^m|InM)in(utes)?$|Minutes$/, shows: (value) => `${value} min` },
  h: { ends: /(^h|H)ours$/, shows: (value) => time(`${value} h`, value, value * 3600, 48) },
  days: { ends: /(^d|D)ays$/, shows: (value) => time(plural(value, 'day'), value, value * 86_400, Number.MAX_VALUE) },
  percent: { ends: /(^p|P)ercent$/, shows: (value) => `${value} %` },
} satisfies Record<string, Unit>;

/** The unit of what a property's name says, if any. */
function unitOf(property: string): Unit | undefined {
  return Object.values<Unit>(units).find(({ ends }) => ends.test(property));
}

/** The name of a property whose unit stands behind a number in a text; empty where none does. */
export function unitBehind(value: number, text: string): string {
  const digits = String(value).replace(/[.+]/g, '\\$&');
  const [, found] = new RegExp(`(?<![\\d.])${digits} (bytes?|ms|%|s|min|h|days?)(?![\\w])`).exec(text) ?? [];
  const names = { byte: 'bytes', '%': 'percent', s: 'seconds', min: 'minutes', h: 'hours', day: 'days' };
  return found === undefined ? '' : ((names as Record<string, string>)[found] ?? found);
}

/**
 * Numbers of one property, short enough to stand in a row: `3.2 GiB`. Where two different sizes would look alike, all of them
 * are given in bytes.
 */
export function showRow(property: string, numbers: readonly number[]): string[] {
  if (unitOf(property) !== units.bytes) return numbers.map((number) => showValue(property, number));
  const sizes = numbers.map((bytes) => sizeOf(bytes) ?? inBytes(bytes));
  const exact = new Set(sizes).size < new Set(numbers).size;
  return exact ? numbers.map(inBytes) : sizes;
}

const inBytes = (bytes: number) => plural(bytes, 'byte');

/** What a finding or a step is about: `secondary`, `primary -> secondary`, `primary, secondary`. */
export function subjectInWords(subject: Subject): string {
  if (subject.kind === 'host') return subject.host;
  return subject.kind === 'pair' ? `${subject.from} -> ${subject.to}` : subject.hosts.join(', ');
}

/** What a pair is called: its name, else the addresses of its hosts, in whatever order they are given. */
export function pairName({ name, hosts }: { name?: string; hosts: readonly { address: string }[] }): string {
  return (
    name ??
    hosts
      .map(({ address }) => address)
      .toSorted()
      .join('+')
  );
}

/** `50 GiB`; undefined below one KiB. */
function sizeOf(bytes: number): string | undefined {
  let amount = bytes;
  let unit = '';
  for (const size of sizes) {
    if (amount < 1024) break;
    amount /= 1024;
    unit = size;
  }
  return unit === '' ? undefined : `${Number(amount.toPrecision(amount < 1000 ? 3 : 4))} ${unit}`;
}

/** Long values are cut in the middle: both ends tell more than the beginning alone. */
export function shorten(text: string, most = 300): string {
  const end = Math.min(50, Math.floor(most / 4));
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - end - 10))} ... ${text.slice(-end)}`;
}

/** A text on one line: YAML folds it as its author liked, and hosts as they must. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** A number in hexadecimal digits, as many as are meant at least. */
export function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}

/** A character as JSON writes it where it must not stand itself: `\\u001b`, in UTF-16. */
export function unicodeEscape(character: string): string {
  return Array.from({ length: character.length }, (_, at) => `\\u${hex(character.charCodeAt(at), 4)}`).join('');
}

/** `0.3 s`, `20 s`. */
export function secondsInWords(seconds: number): string {
  return `${seconds < 10 ? Number(seconds.toFixed(1)) : Math.round(seconds)} s`;
}

/** A length of time as a person says it: `20 s`, `5 min`, `3.2 h`, `4 days`. */
export function lengthInWords(seconds: number): string {
  if (seconds < 90) return secondsInWords(Math.max(0, seconds));
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Number((seconds / 3600).toFixed(1))} h` : `${Math.round(seconds / 86_400)} days`;
}

/** `a, b and c`, or with another word before the last. */
export function list(words: readonly string[], last = 'and'): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** `1 finding`, `2 findings`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What a command is given on its standard input; of a secret the variable alone is known. */
export function inputInWords({ line, env }: { line: string; env: string }): string {
  return line.replace('{secret}', () => `$${env}`);
}

/** What is said below an excerpt that leaves something out; nothing below a whole answer. */
export function cutInWords(cut: number | undefined): string {
  return cut === undefined ? '' : `... ${cut} more characters, in the evidence`;
}

const lengths = { d: 86_400, h: 3_600, m: 60, s: 1 };

/** The longest time that a run may wait, in milliseconds. */
const MOST_MS = 7 * lengths.d * 1000;

/** The milliseconds of an option's duration; a bare number means seconds. @throws UsageError unless it is more than nothing and at most seven days. */
export function readDuration(option: string, text: string): number {
  const written = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/.exec(text);
  if (!written || text === '') {
    throw new UsageError(`${option} ${text}: is not a duration; right is for example 90s, 30m, 6h, 2d or 1h30m`);
  }
  const [days, hours, minutes, seconds] = written.slice(1).map((digits) => Number(digits ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  const ms = (days * lengths.d + hours * lengths.h + minutes * lengths.m + seconds) * 1000;
  if (ms <= 0 || ms > MOST_MS)
    throw new UsageError(`${option} ${text}: must be more than nothing and at most 7d, for example 6h`);
  return ms;
}

/** The duration in its two largest units, `2d3h`, `1h5m`, `42s`; whole seconds, cut off. */
export function showDuration(ms: number): string {
  let rest = Math.max(0, Math.floor(ms / 1000));
  const parts = Object.entries(lengths).map(([unit, seconds]) => {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    return { unit, count };
  });
  const first = parts.findIndex(({ count }) => count > 0);
  const shown = parts.slice(first, first + 2).filter(({ count }) => count > 0);
  return first < 0 ? '0s' : shown.map(({ unit, count }) => `${count}${unit}`).join('');
}

/** The day it is where days begin first (UTC+14): a person's calendar may be a day ahead of UTC. */
export function latestDayAt(time: Date): string {
  return new Date(time.getTime() + 14 * 3_600_000).toISOString().slice(0, 10);
}

/** A value as YAML on one line, for an example of what would be right: `{ every: mode.value, one_of: [a, b] }`. */
export function inYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inYaml).join(', ')}]`;
  if (isRecord(value)) {
    const entries = Object.entries(value).map(([key, one]) => `${key}: ${inYaml(one)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  const text = String(value);
  return /^[A-Za-z/][\w./-]*$/.test(text) ? text : JSON.stringify(value);
}

/** What a reader has to know of a key that stands in its file more than once. */
export const severalTimes = 'the key stands in the file several times, and the last counts';
