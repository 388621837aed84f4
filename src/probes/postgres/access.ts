/** Whether the servers would let each other in for replication: the standby now, and the old primary after a failover. */
import { isIP } from 'node:net';
import { Unreadable } from '../../core/errors.js';
import { isRecord } from '../../core/json.js';
import type { JsonSchema } from '../../core/model.js';
import type { Joint } from '../joint.js';
import type { AccessLine, ReplicationRole } from './access-query.js';
import { type Access, accessOf } from './hba.js';
import { isLoopback, senderTo } from './identity.js';
import type { Server } from './server.js';
import { addressesOf } from './stream.js';

interface Configuration {
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
 * tried: one that is let in suffices.
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
    const usable = primary?.replicators?.filter(({ login, limit }) => login && limit !== 0);
    const tried = user === undefined ? usable : named(roles, user);
    const [there, back] = comingFrom(values);
    const way = judged(primary, tried, there, tls);
    return {
      ...(user !== undefined && { user }),
      ...(user !== undefined && roles && { role: stateOf(roles, user, way?.line) }),
      ...(way && { standby: way.says, standbyLine: shown(way) }),
      ...(user !== undefined && backOf(judged(standby, named(roles, user), back, tls))),
    };
  },
};

function backOf(way: Access | undefined): object {
  return way ? { oldPrimary: way.says, oldPrimaryLine: shown(way) } : {};
}

function configurationOf(value: unknown): Configuration | undefined {
  return isRecord(value) ? (value as Configuration) : undefined;
}

/** The role by its name; one that may not replicate is in no group that is known. */
function named(
  roles: readonly ReplicationRole[] | undefined,
  user: string,
): Pick<ReplicationRole, 'name' | 'groups'>[] {
  return [roles?.find(({ name }) => name === user) ?? { name: user, groups: null }];
}

/** What the lines of a server do with the best of some roles. */
function judged(
  server: Configuration | undefined,
  roles: readonly Pick<ReplicationRole, 'name' | 'groups'>[] | undefined,
  address: string | undefined,
  tls: string,
): Access | undefined {
  const { access, settings } = server ?? {};
  if (!access || !settings || !roles) return undefined;
  const at = address === undefined ? {} : { address };
  const found = roles.map((role) => accessOf(access, { role, tls, ...at }, settings.ssl === 'on'));
  return found.find((one) => one?.says === 'let in') ?? (found.includes(undefined) ? undefined : found[0]);
}

/** From where the standby comes, and the old primary would: as they meet now, else as the inventory has it. */
function comingFrom(values: Readonly<Record<string, unknown>>): [string | undefined, string | undefined] {
  const [primary, standby] = [values.primaryServer, values.standbyServer].map((one) =>
    isRecord(one) ? (one as unknown as Server) : undefined,
  );
  const addresses = addressesOf(values);
  const found = standby?.asks && senderTo(standby, primary?.senders ?? [], addresses);
  const met = found && 'sender' in found ? found.sender.address : undefined;
  const real = (...those: (string | undefined)[]) =>
    those.find((one) => one !== undefined && isIP(one) !== 0 && !isLoopback(one));
  const named = (one: unknown) => (typeof one === 'string' ? one : undefined);
  return [real(met, named(values.standbyAddress)), real(standby?.asks?.host, named(values.primaryAddress))];
}

/**
 * What keeps the role from replicating; of its password where one is asked for. A hash of the kind md5 does not serve scram-sha-256;
 * the other way round it does.
 */
function stateOf(roles: readonly ReplicationRole[], user: string, line: AccessLine | undefined): string {
  const role = roles.find(({ name }) => name === user);
  if (!role) return 'no REPLICATION';
  if (!role.login) return 'no LOGIN';
  if (role.limit === 0) return 'no connection';
  const method = line?.method ?? 'password';
  if (!/^(md5|password|scram-sha-256)$/.test(method)) return 'may';
  if (role.expired) return 'expired';
  if (role.password === 'none' && line) return 'no password';
  return role.password === 'md5' && method === 'scram-sha-256' ? 'old password' : 'may';
}

function shown({ line }: Access): string {
  if (!line) return 'no line fits';
  const { type, databases, users, address, mask, method } = line;
  const words = [type, databases?.join(','), users?.join(','), address, mask, method];
  return `line ${line.line}: ${words.filter((one) => one !== null && one !== undefined).join(' ')}`;
}
