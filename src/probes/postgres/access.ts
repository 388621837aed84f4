/** Whether the servers would let each other in for replication: the standby now, and the old primary after a failover. */
import { isIP } from 'node:net';
import { Unreadable } from '../../core/errors.js';
import { isRecord } from '../../core/json.js';
import type { JsonSchema } from '../../core/model.js';
import type { Joint } from '../joint.js';
import type { AccessLine, ReplicationRole } from './access-query.js';
import { type Access, accessOf } from './hba.js';
import { isLoopback, placeOf, senderTo } from './identity.js';
import { type Word, wordsOf } from './quotes.js';
import type { Server } from './server.js';
import { addressesOf } from './stream.js';

interface Configuration {
  version?: number;
  settings?: Record<string, string>;
  access?: AccessLine[];
  replicators?: ReplicationRole[];
  follows?: { user?: string; tls?: string };
}

const text: JsonSchema = { type: 'string' };
const word: JsonSchema = { enum: ['let in', 'refused'] };

/**
 * `standby` is what the primary's pg_hba.conf does with the standby, `oldPrimary` what the standby's would do with the old primary; each
 * with the line that decides. `role`: whether the standby's role may replicate. Where no standby runs yet, every role that may replicate is
 * tried: one that is let in, and has what the line asks for, suffices.
 */
export const postgresAccess: Joint = {
  title: 'whether the servers let each other in for replication',
  sources: [
    ...['primary', 'standby', 'primaryServer', 'standbyServer'],
    ...['primaryAddress', 'standbyAddress', 'primaryAddresses', 'standbyAddresses'],
  ],
  value: {
    ...{ standby: word, standbyLine: text, oldPrimary: word, oldPrimaryLine: text },
    ...{
      user: text,
      role: { enum: ['may', 'no REPLICATION', 'no LOGIN', 'no connection', 'expired', 'no password', 'old password'] },
    },
  },
  make(values) {
    const [primary, standby] = [values.primary, values.standby].map(configurationOf);
    if (!primary && !standby) throw new Unreadable('neither server was asked');
    const { user, tls = 'prefer' } = standby?.follows ?? {};
    const roles = primary?.replicators ?? standby?.replicators;
    const [there, back] = comingFrom(values);
    if (user === undefined) return standbyOf(anyOf(primary, there, tls));
    const role = named(roles, user);
    const [way, after] = [said(primary, role, there, tls), said(standby, role, back, tls)];
    return {
      user,
      ...(roles && { role: stateOf(role, primary, way?.line) }),
      ...standbyOf(way),
      ...(after && { oldPrimary: after.says, oldPrimaryLine: shown(after) }),
    };
  },
};

function standbyOf(way: Way | undefined): Record<string, unknown> {
  return way ? { standby: way.says, standbyLine: shown(way) } : {};
}

function configurationOf(value: unknown): Configuration | undefined {
  return isRecord(value) ? (value as Configuration) : undefined;
}

type Role = Pick<ReplicationRole, 'name' | 'groups'> | ReplicationRole;

/** The role by its name; one that may not replicate is in no group that is known. */
function named(roles: readonly ReplicationRole[] = [], user: string): Role {
  return roles.find(({ name }) => name === user) ?? { name: user, groups: null };
}

/** What the lines of a server do with a role; undefined where they are hidden, or do not decide. */
function said(
  { access, settings }: Configuration = {},
  role: Role,
  address: string | undefined,
  tls: string,
): Way | undefined {
  const says = access && settings && accessOf(access, { role, tls, address }, settings.ssl === 'on');
  return says && { ...says, lines: access };
}

/** What they do with the best of all roles that may replicate; one without the password that its line asks for is not let in. */
function anyOf(primary: Configuration | undefined, address: string | undefined, tls: string): Way | undefined {
  const able = primary?.replicators?.filter((role) => ['may', 'expired'].includes(stateOf(role, primary, undefined)));
  const found = able?.map((role): Way | undefined => {
    const way = said(primary, role, address, tls);
    const state = stateOf(role, primary, way?.line);
    return way?.says === 'let in' && state !== 'may' ? { ...way, says: 'refused', but: `${role.name}: ${state}` } : way;
  });
  return found?.find((one) => one?.says === 'let in') ?? (found?.includes(undefined) ? undefined : found?.[0]);
}

/** From where the standby comes, and the old primary would: as they meet now, else as the inventory has it. */
function comingFrom(values: Readonly<Record<string, unknown>>): [string | undefined, string | undefined] {
  const [primary, standby] = [values.primaryServer, values.standbyServer].map((one) =>
    isRecord(one) ? (one as unknown as Server) : undefined,
  );
  const addresses = addressesOf(values);
  const { asks } = standby ?? {};
  const found = asks && senderTo({ asks }, primary?.senders ?? [], addresses);
  // What comes through a tunnel seems to come from the other host itself.
  const met = found && 'sender' in found ? found.sender.address : values.standbyAddress;
  // An address that is none of the primary's hands on to it, as a balancer's does: the old primary would not come from there.
  const asked = asks && placeOf(asks.host, addresses, 'primary') !== 'elsewhere' ? real(asks.host) : undefined;
  return [real(met), asked ?? real(values.primaryAddress)];
}

/** An address of another host. */
function real(address: unknown): string | undefined {
  const one = String(address);
  return isIP(one) !== 0 && !isLoopback(one) ? one : undefined;
}

/** Methods that ask for the password that the server keeps. */
const withPassword = ['md5', 'password', 'scram-sha-256'];

/**
 * What keeps the role from replicating; of its password where one is asked for. A hash of the kind md5 does not serve scram-sha-256;
 * the other way round it does.
 */
function stateOf(role: Role, { version = 0 }: Configuration = {}, line: AccessLine | undefined): string {
  if (!('login' in role)) return 'no REPLICATION';
  if (!role.login) return 'no LOGIN';
  // A superuser, and from 13 on a standby, is not counted.
  if (role.limit === 0 && role.groups !== null && version < 130_000) return 'no connection';
  const method = line?.method ?? 'password';
  if (!withPassword.includes(method)) return 'may';
  if (role.expired) return 'expired';
  if (role.password === 'none' && line) return 'no password';
  return role.password === 'md5' && method === 'scram-sha-256' ? 'old password' : 'may';
}

/** What the lines say, all of them, and what keeps the role from getting in nevertheless. */
interface Way extends Access {
  lines: readonly AccessLine[];
  but?: string;
}

function shown({ line, but, lines }: Way): string {
  if (!line) return ['no line fits', ...quotedIn(lines)].join('; ');
  const { type, mask, method } = line;
  const { databases, users, address } = wordsOf(line);
  const fields = [databases, users, address].map((field) => field.map(written).join());
  const words = [type, ...fields, mask, method].filter((one) => one !== null);
  return [`line ${line.line}: ${words.join(' ')}`, but ?? []].flat().join('; ');
}

/** A word with its quotes where they make another of it. */
function written({ text, quoted }: Word): string {
  return isName(text, quoted) ? `"${text}"` : text;
}

/** Whether a word would mean more than its letters, were it not for its quotes. */
function isName(word: string, quoted: boolean | undefined): boolean {
  return quoted === true && /^(replication|all|samehost|samenet|\+.+)$/.test(word);
}

/** Who wrote such a word in quotes may not know that it is a name now. */
function quotedIn(lines: readonly AccessLine[]): string[] {
  return lines.flatMap((line) => {
    const names = Object.values(wordsOf(line))
      .flat()
      .filter(({ text, quoted }) => isName(text, quoted));
    return names.length === 0 ? [] : [`line ${line.line} has ${names.map(written).join(', ')} in quotes, as a name`];
  });
}
