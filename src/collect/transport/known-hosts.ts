/** OpenSSH's known_hosts: who a host is known to be. Reads and judges text; opens no file. */
import { createHmac } from 'node:crypto';
import { keyType } from './host-key.js';

/** One line of a known_hosts file. Lines of certificate authorities are left out: ssh2 cannot judge certificates. */
export interface KnownHost {
  revoked: boolean;
  /** The first field: patterns, or a hash of the name. */
  names: string;
  key: Buffer;
  /** File and line, for messages. */
  at: string;
}

/** What known_hosts says of a key: `changed` when the host is known and none of its keys is this one. */
export type HostKeyVerdict = { kind: 'known' | 'unknown' } | { kind: 'changed' | 'revoked'; at: string };

/** Reads the lines of one file; lines that OpenSSH would not understand are passed over as it does. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split('\n').flatMap((line, index) => {
    const fields = line.trim().split(/\s+/);
    const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined;
    const [names, type, blob] = fields;
    if (!names || !type || !blob || names.startsWith('#')) return [];
    if (marker !== undefined && marker !== '@revoked') return [];
    const key = Buffer.from(blob, 'base64');
    return keyType(key) === type ? [{ revoked: marker === '@revoked', names, key, at: `${file}:${index + 1}` }] : [];
  });
}

/** The name under which a host is looked up: with its port in brackets unless that is 22. */
export function knownHostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** Judges the key that a host shows. A host on another port may also be known by its bare name, as for OpenSSH. */
export function judgeHostKey(known: readonly KnownHost[], host: string, port: number, key: Buffer): HostKeyVerdict {
  const bare = host.toLowerCase();
  const own = known.filter((entry) => matchesName(entry.names, knownHostName(host, port)));
  const loose = known.filter((entry) => matchesName(entry.names, bare));
  const same = (entry: KnownHost) => entry.key.equals(key);
  const revoked = [...own, ...loose].find((entry) => entry.revoked && same(entry));
  if (revoked) return { kind: 'revoked', at: revoked.at };
  const valid = own.filter((entry) => !entry.revoked);
  if (valid.some(same)) return { kind: 'known' };
  const type = keyType(key);
  const other = valid.find((entry) => keyType(entry.key) === type) ?? valid[0];
  if (other) return { kind: 'changed', at: other.at };
  return { kind: loose.some((entry) => !entry.revoked && same(entry)) ? 'known' : 'unknown' };
}

/** The key types under which a host is known. */
export function knownKeyTypes(known: readonly KnownHost[], host: string, port: number): Set<string> {
  const types = (name: string) =>
    known.filter((entry) => !entry.revoked && matchesName(entry.names, name)).map((entry) => keyType(entry.key));
  const own = types(knownHostName(host, port));
  return new Set(own.length > 0 ? own : types(host.toLowerCase()));
}

/** True when a names field (hashed, or patterns with `*`, `?` and `!`) means this name. */
function matchesName(names: string, name: string): boolean {
  const hashed = /^\|1\|([^|]+)\|([^|]+)$/.exec(names);
  if (hashed) {
    const [, salt = '', hash] = hashed;
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
  }
  const patterns = names.toLowerCase().split(',');
  const matches = (pattern: string) => wildcard(pattern).test(name);
  return (
    !patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1))) &&
    patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern))
  );
}

function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/[.+^${}()|[\]\\*?]/g, (c) => (c === '*' ? '.*' : c === '?' ? '.' : `\\${c}`));
  return new RegExp(`^${source}$`);
}
