/** The inventory: which hosts, how to reach them, and what is particular about this pair. Read from YAML or from `--host` options. */
import { readFileSync } from 'node:fs';
import { suggestion } from '../core/check-schema.js';
import { UsageError } from '../core/errors.js';
import type { Attestation, Host, PortRow, SshTarget, Waiver } from '../core/model.js';
import { readStdin } from '../core/stdin.js';
import { readDocument } from '../core/yaml-document.js';
import type { Pack } from '../pack/load.js';
import { checkSettings } from '../pack/settings.js';
import { checkEndpoints, HERE } from './endpoints.js';
import { checkAttestations } from './inventory-check.js';
import { inventorySchema } from './schema.js';

/** An inventory as it was written; roles and settings are judged once the pack is known. */
export interface Inventory {
  product?: string;
  release?: string;
  hosts: Host[];
  settings: Record<string, unknown>;
  ports: PortRow[];
  waivers: Waiver[];
  attest: Attestation[];
  /** Where a value stands, for messages. */
  at(path: (string | number)[]): string;
}

interface Written {
  product?: string;
  release?: string;
  hosts: Record<
    string,
    {
      role?: string;
      address: string;
      connection?: Host['connection'];
      via?: string;
      sudoPasswordEnv?: string;
      ssh?: SshTarget;
      settings?: Record<string, unknown>;
    }
  >;
  settings?: Record<string, unknown>;
  ports?: { port: number; name: string; from?: string; to?: string }[];
  waivers?: Waiver[];
  attest?: Attestation[];
}

/** Reads an inventory file; `-` is standard input. @throws UsageError */
export function readInventory(file: string): Inventory {
  let text: string;
  try {
    text = file === '-' ? readStdin() : readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw new UsageError(`${file}: ${reason}`);
  }
  return parseInventory(text, file === '-' ? '<stdin>' : file);
}

/** Reads an inventory's text; `file` is only for messages. @throws UsageError */
export function parseInventory(text: string, file: string): Inventory {
  const { value, at } = readDocument<Written>(text, file, inventorySchema);
  const hosts = Object.entries(value.hosts).map(([name, host]): Host => {
    return {
      name,
      role: host.role ?? name,
      address: host.address,
      connection: host.connection ?? 'ssh',
      ...(host.via === undefined ? {} : { via: host.via }),
      ssh: host.ssh ?? {},
      ...(host.sudoPasswordEnv === undefined ? {} : { sudoPasswordEnv: host.sudoPasswordEnv }),
      settings: host.settings ?? {},
    };
  });
  return {
    ...(value.product === undefined ? {} : { product: value.product }),
    ...(value.release === undefined ? {} : { release: value.release }),
    hosts,
    settings: value.settings ?? {},
    ports: (value.ports ?? []).map((row) => ({
      ...row,
      basis: 'documented' as const,
      confidence: 'given by the inventory',
    })),
    waivers: value.waivers ?? [],
    attest: value.attest ?? [],
    at,
  };
}

/** An inventory from `--host ROLE=[user@]host[:port][,address=IP][,via=HOST]` options; of several hosts of a role, `role-1` is the first. @throws UsageError */
export function inventoryFromHosts(specs: string[]): Inventory {
  const given = specs.map(readHost);
  const hosts = given.map((host, index) => {
    if (given.filter((other) => other.role === host.role).length === 1) return host;
    const number = given.slice(0, index + 1).filter((other) => other.role === host.role).length;
    return { ...host, name: `${host.role}-${number}` };
  });
  return { hosts, settings: {}, ports: [], waivers: [], attest: [], at: () => '--host' };
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
    throw new UsageError(
      `--host ${spec}: right is ROLE=[user@]host[:port][,address=IP][,via=HOST], for example primary=ec2-user@db-a,address=10.0.0.1`,
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

/**
 * Judges an inventory against its pack: roles, their number, settings, ports, waivers, attestations. `asOf` is when its run takes
 * place, or took place. @throws UsageError
 */
export function checkInventory(inventory: Inventory, pack: Pack, asOf = new Date()): void {
  const { at, hosts } = inventory;
  const roles = Object.keys(pack.roles);
  for (const host of hosts) {
    const place = at(['hosts', host.name, 'role']);
    if (host.name === HERE)
      throw new UsageError(
        `${at(['hosts', host.name])}: "${HERE}" is the machine that pairflight runs on; choose another name`,
      );
    if (!roles.includes(host.role))
      throw new UsageError(`${place}: unknown role "${host.role}"${suggestion(host.role, roles)}`);
    checkSettings(pack.settings, host.settings, (name) => at(['hosts', host.name, 'settings', name]));
  }
  for (const [role, { count }] of Object.entries(pack.roles)) {
    const found = hosts.filter((host) => host.role === role);
    const [least, most] = {
      '1': [1, 1],
      '0..1': [0, 1],
      '0..': [0, Infinity],
      '1..': [1, Infinity],
      '2..': [2, Infinity],
    }[count];
    if (found.length < (least ?? 0)) {
      if (found.length > 0)
        throw new UsageError(`${at(['hosts'])}: one host alone has the role ${role}; there must be ${least} or more`);
      throw new UsageError(
        `${at(['hosts'])}: no host has the role ${role}; right is hosts: { ${role}: { address: 10.0.0.1 } }, or --host ${role}=HOST`,
      );
    }
    if (found.length > (most ?? 0)) {
      const second = found[1]?.name ?? '';
      throw new UsageError(
        `${at(['hosts', second])}: ${found.length} hosts have the role ${role} (${found.map((host) => host.name).join(', ')}); there must be one`,
      );
    }
  }
  checkEndpoints(inventory, pack);
  checkSettings(pack.settings, inventory.settings, (name) => at(['settings', name]));
  checkPorts(inventory, pack);
  const ids = pack.rules.map((rule) => rule.id);
  for (const [index, waiver] of inventory.waivers.entries()) {
    const place = at(['waivers', index, 'rule']);
    if (!ids.includes(waiver.rule))
      throw new UsageError(
        `${place}: unknown rule "${waiver.rule}"${suggestion(waiver.rule, ids)}`,
        'pairflight rules list',
      );
    if (pack.rules.some((rule) => rule.id === waiver.rule && rule.guard)) {
      throw new UsageError(`${place}: ${waiver.rule} is a guard and cannot be waived: every other finding rests on it`);
    }
    if (waiver.host !== undefined && !hosts.some((host) => host.name === waiver.host)) {
      throw new UsageError(`${at(['waivers', index, 'host'])}: no host is named "${waiver.host}"`);
    }
  }
  checkAttestations(inventory, pack, asOf);
  if (inventory.release !== undefined && !pack.releases.parse(inventory.release)) {
    throw new UsageError(
      `${at(['release'])}: "${inventory.release}" is not a release of ${pack.title}; right is for example "${pack.releases.table.at(-1)?.name}"`,
    );
  }
}

/** Connects run in parallel on a host, so there are not too many; and a row that no direction means would never be judged. */
function checkPorts({ ports, at }: Inventory, pack: Pack): void {
  const most = 48;
  if (ports.length > most)
    throw new UsageError(`${at(['ports', most])}: there are ${ports.length} ports; at most ${most} are taken`);
  const seen = new Set<string>();
  for (const [index, { port, from, to }] of ports.entries()) {
    for (const [end, role] of [['from', from] as const, ['to', to] as const]) {
      if (role === undefined || pack.pair.includes(role)) continue;
      throw new UsageError(`${at(['ports', index, end])}: unknown role "${role}"${suggestion(role, pack.pair)}`);
    }
    const [one = '', other = one] = pack.pair;
    if (from !== undefined && from === to && other !== one)
      throw new UsageError(`${at(['ports', index])}: leads from ${from} to itself`);
    const directions = [...new Set([`${one}->${other}`, `${other}->${one}`])].filter(
      (way) => (from === undefined || way.startsWith(`${from}->`)) && (to === undefined || way.endsWith(`->${to}`)),
    );
    for (const way of directions) {
      if (seen.has(`${port} ${way}`))
        throw new UsageError(`${at(['ports', index, 'port'])}: port ${port} ${way} is there twice`);
      seen.add(`${port} ${way}`);
    }
  }
}
