/** Whether pg_hba.conf lets somebody in who wants to replicate: the first line that fits decides, as the server reads them. */
import { isIP, isIPv4 } from 'node:net';
import type { AccessLine, ReplicationRole } from './access-query.js';
import { plain } from './identity.js';
import { type Word, wordsOf } from './quotes.js';

/** Who comes: the role, from where, and how it wants TLS (`sslmode`). An address that is not known is undefined. */
export interface Comer {
  role: Pick<ReplicationRole, 'name' | 'groups'>;
  address: string | undefined;
  tls: string;
}

/** What the lines say: of a refusal by no line, `line` is missing. */
export interface Access {
  says: 'let in' | 'refused';
  line?: AccessLine;
}

type Fits = 'yes' | 'no' | 'maybe';

/** What a server with these lines does with who comes; undefined where a line that cannot be decided from outside would decide. */
export function accessOf(lines: readonly AccessLine[], comer: Comer, hasTls: boolean): Access | undefined {
  const tries = attempts(comer.tls).filter((encrypted) => !encrypted || hasTls);
  const said = tries.map((encrypted) => first(lines, comer, encrypted));
  const allowed = said.find((one) => one?.says === 'let in');
  return allowed ?? (said.includes(undefined) ? undefined : (said[0] ?? { says: 'refused' }));
}

/** In which order libpq tries with and without TLS. */
function attempts(mode: string): boolean[] {
  if (mode === 'disable') return [false];
  if (mode === 'allow') return [false, true];
  return mode === 'prefer' ? [true, false] : [true];
}

function first(lines: readonly AccessLine[], comer: Comer, encrypted: boolean): Access | undefined {
  // A file with a line that cannot be read is not loaded at all: what was loaded before it holds.
  if (lines.some(({ type }) => type === null)) return undefined;
  const deciding = lines.findIndex((line) => fitOf(line, comer, encrypted) === 'yes');
  const before = deciding < 0 ? lines : lines.slice(0, deciding);
  const decision: Access = deciding < 0 ? { says: 'refused' } : saidBy(lines[deciding] as AccessLine);
  const open = before.filter((line) => fitOf(line, comer, encrypted) === 'maybe');
  return open.every((line) => saidBy(line).says === decision.says) ? decision : undefined;
}

function saidBy(line: AccessLine): Access {
  return { says: line.method === 'reject' ? 'refused' : 'let in', line };
}

function fitOf(line: AccessLine, comer: Comer, encrypted: boolean): Fits {
  const kinds = { host: true, hostssl: encrypted, hostnossl: !encrypted, hostnogssenc: true };
  if (!kinds[line.type as keyof typeof kinds]) return 'no';
  if (!line.databases || !line.users || line.address === null) return 'maybe';
  const { databases, users, address } = wordsOf(line);
  const fits = [
    best(databases.map((one) => either(one, databaseFits))),
    best(users.map((one) => either(one, (word) => userFits(word, comer.role)))),
    best(address.map((one) => either(one, (word) => addressFits(word, line.mask, comer.address)))),
  ];
  return fits.includes('no') ? 'no' : fits.includes('maybe') ? 'maybe' : 'yes';
}

/** A word as it is meant; one that may stand in quotes or not may fit where its two meanings differ. */
function either({ text, quoted }: Word, fits: (word: Word) => Fits): Fits {
  const meant = (quoted === undefined ? [true, false] : [quoted]).map((one) => fits({ text, quoted: one }));
  return meant.every((one) => one === meant[0]) ? (meant[0] as Fits) : 'maybe';
}

/** Only this word lets a standby in: `all` does not, and in quotes it is a database. */
function databaseFits({ text, quoted }: Word): Fits {
  return text === 'replication' && !quoted ? 'yes' : 'no';
}

function best(all: readonly Fits[]): Fits {
  return all.includes('yes') ? 'yes' : all.includes('maybe') ? 'maybe' : 'no';
}

function userFits({ text: written, quoted }: Word, { name, groups }: Comer['role']): Fits {
  if (written === 'all' && !quoted) return 'yes';
  // A pattern (16 and later), or letters that were not told, of which two names may have the same number.
  if (written.startsWith('/') || written.includes('?')) return 'maybe';
  if (written.startsWith('+') && !quoted)
    return groups === null ? 'maybe' : groups.includes(written.slice(1)) ? 'yes' : 'no';
  return written === name ? 'yes' : 'no';
}

function addressFits({ text: net, quoted }: Word, mask: string | null, address: string | undefined): Fits {
  if (net === 'all' && !quoted) return 'yes';
  // Who comes is another host.
  if (net === 'samehost' && !quoted) return 'no';
  const bits = mask ?? '';
  if (isIP(net) === 0 || isIP(bits) === 0 || address === undefined) return 'maybe';
  const own = plain(address);
  if (isIPv4(net) !== isIPv4(own)) return 'no';
  return (numberOf(net) & numberOf(bits)) === (numberOf(own) & numberOf(bits)) ? 'yes' : 'no';
}

/** An address as a number. */
function numberOf(address: string): bigint {
  if (isIPv4(address)) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [bare = ''] = address.split('%');
  const [head = '', tail = ''] = new URL(`http://[${bare}]/`).hostname.slice(1, -1).split('::');
  const [left, right] = [head, tail].map((half) => half.split(':').filter((part) => part !== '')) as [
    string[],
    string[],
  ];
  const zeros = Array(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n);
}
