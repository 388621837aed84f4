/** The inventory and the known_hosts file of a lab. */
import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { login } from './system.js';

/** Values that replace or add to those of the lab's own inventory; objects are merged, everything else is replaced. */
export interface Overrides {
  [key: string]: unknown;
}

function isObject(value: unknown): value is Overrides {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merge(base: Overrides, over: Overrides): Overrides {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = merged[key];
    merged[key] = isObject(before) && isObject(value) ? merge(before, value) : value;
  }
  return merged;
}

/** Writes an inventory for the given hosts; gives its path. */
export function writeInventory(
  file: string,
  hosts: { name: string; address: string }[],
  identityFile: string,
  overrides: Overrides,
): string {
  const entries = hosts.map(({ name, address }) => {
    const ssh = { host: address, user: login.name, identityFile };
    return [name, { role: name, address, ssh }] as const;
  });
  const inventory = merge({ product: 'alation', hosts: Object.fromEntries(entries) }, overrides);
  writeFileSync(file, stringify(inventory), { mode: 0o600 });
  return file;
}

/** Writes a known_hosts file with every host's keys. */
export function writeKnownHosts(file: string, ends: { host: { address: string }; hostKeys: string[] }[]): void {
  const lines = ends.flatMap(({ host, hostKeys }) => hostKeys.map((key) => `${host.address} ${key}\n`));
  writeFileSync(file, lines.join(''), { mode: 0o600 });
}
