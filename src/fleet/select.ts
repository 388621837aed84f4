/** `--where key=value`: the pairs that have all of these labels. Pure. */
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import type { FleetPair } from './fleet.js';

/** The pairs that are meant. @throws UsageError for a label that no pair has, and where none is left */
export function selectPairs(pairs: readonly FleetPair[], where: readonly string[]): FleetPair[] {
  const wanted = where.map((text): [string, string] => {
    const [, key, value] = /^([A-Za-z][\w-]*)=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined)
      throw new UsageError(`--where ${text}: right is key=value, for example site=fra`);
    const known = [...new Set(pairs.flatMap(({ labels }) => Object.keys(labels)))];
    if (!known.includes(key))
      throw new UsageError(`--where ${text}: no pair has a label "${key}"${suggestion(key, known)}`);
    const values = [...new Set(pairs.flatMap(({ labels }) => labels[key] ?? []))];
    if (!values.includes(value))
      throw new UsageError(`--where ${text}: no pair has ${key} "${value}"${suggestion(value, values)}`);
    return [key, value];
  });
  const found = pairs.filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value));
  if (found.length === 0) throw new UsageError(`--where ${where.join(' --where ')}: no pair has all of these labels`);
  return found;
}
