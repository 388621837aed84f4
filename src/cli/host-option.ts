/** `--host`: an inventory out of options, for a pair without a file. */
import { UsageError } from '../core/errors.js';
import type { Host } from '../core/model.js';
import type { Inventory } from '../plan/inventory.js';

/** Where the hosts of such an inventory stand, for messages. */
export const FROM_OPTIONS = '--host';

/** An inventory from `--host ROLE=[user@]host[:port][,address=IP][,via=HOST]` options; of several hosts of a role, `role-1` is the first. @throws UsageError */
export function inventoryFromHosts(specs: string[]): Inventory {
  const given = specs.map(readHost);
  const hosts = given.map((host, index) => {
    if (given.filter((other) => other.role === host.role).length === 1) return host;
    const number = given.slice(0, index + 1).filter((other) => other.role === host.role).length;
    return { ...host, name: `${host.role}-${number}` };
  });
  return { hosts, settings: {}, ports: [], waivers: [], attest: [], at: () => FROM_OPTIONS };
}

function readHost(spec: string): Host {
  const [, role, user, host, port, options] =
    /^([a-z][\w-]*)=(?:([^@,\s]+)@)?([^:@,\s]+)(?::(\d+))?(?:,(.*))?$/.exec(spec) ?? [];
  const further = (options?.split(',') ?? []).map((one) => /^(address|via)=(\S+)$/.exec(one));
  const optionOf = (name: string) => further.find((one) => one?.[1] === name)?.[2];
  const [address = host, via] = [optionOf('address'), optionOf('via')];
  const number = port === undefined ? undefined : Number(port);
  if (
    role === undefined ||
    host === undefined ||
    address === undefined ||
    further.includes(null) ||
    !/^[A-Za-z0-9][A-Za-z0-9.:-]*$/.test(address) ||
    (number !== undefined && (number < 1 || number > 65535))
  ) {
    const ipv6 = /:[^,]*:/.test(spec) ? '; IPv6 stands in an inventory, for example ssh: { host: 2001:db8::1 }' : '';
    throw new UsageError(
      `--host ${spec}: right is ROLE=[user@]host[:port][,address=IP][,via=HOST], for example primary=ec2-user@db-a,address=10.0.0.1${ipv6}`,
    );
  }
  return {
    name: role,
    role,
    address,
    connection: 'ssh',
    ...(via === undefined ? {} : { via }),
    ssh: { host, ...(user === undefined ? {} : { user }), ...(number === undefined ? {} : { port: number }) },
    settings: {},
  };
}
