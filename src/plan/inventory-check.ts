/** An inventory judged against its pack: roles, settings, ports, endpoints, waivers and attestations. Pure. */
import { addressFault } from '../core/address.js';
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import { latestDayAt, shorten } from '../core/format.js';
import type { Attestation, Host } from '../core/model.js';
import { isPlaceholder, notFilledIn } from '../core/placeholder.js';
import type { Pack } from '../pack/pack.js';
import { checkSettings } from '../pack/settings.js';
import { HERE } from './endpoints.js';
import type { Inventory } from './inventory.js';

/** Hosts of one inventory; a cluster has a few, and many pairs are a fleet. */
const MOST_HOSTS = 1000;

/**
 * Refuses a word on what the pack does not leave unverified, and one on days that cannot be; `asOf` is the time of the run.
 * @throws UsageError
 */
function checkAttestations(
  { attest, at }: Pick<Inventory, 'attest' | 'at'>,
  { title, notVerified }: Pick<Pack, 'title' | 'notVerified'>,
  asOf: Date,
): void {
  const ids = notVerified.map((one) => one.id);
  for (const [index, { what, when, until }] of attest.entries()) {
    const place = (key: keyof Attestation) => at(['attest', index, key]);
    if (!ids.includes(what)) {
      const known = ids.length === 0 ? `; ${title} has nothing to attest` : suggestion(what, ids);
      throw new UsageError(`${place('what')}: "${what}" cannot be attested${known}`);
    }
    if (until < when) throw new UsageError(`${place('until')}: ${until} is before ${when}, when it was attested`);
    if (when > latestDayAt(asOf)) {
      throw new UsageError(`${place('when')}: ${when} is in the future; use the day on which ${what} was checked`);
    }
  }
}

/**
 * Judges an inventory against its pack: roles, their number, settings, ports, waivers, attestations. `asOf` is when its run takes
 * place, or took place. @throws UsageError
 */
export function checkInventory(inventory: Inventory, pack: Pack, asOf = new Date()): void {
  const { at, hosts } = inventory;
  const roles = Object.keys(pack.roles);
  if (hosts.length > MOST_HOSTS)
    throw new UsageError(`${at(['hosts'])}: ${hosts.length} hosts; one inventory has at most ${MOST_HOSTS}`);
  for (const host of hosts) {
    const place = at(['hosts', host.name, 'role']);
    if (host.name === HERE)
      throw new UsageError(
        `${at(['hosts', host.name])}: "${HERE}" is the machine that pairflight runs on; choose another name`,
      );
    if (!roles.includes(host.role))
      throw new UsageError(`${place}: unknown role "${host.role}"${suggestion(host.role, roles)}`);
    checkFilledIn(host, at);
    checkAddresses(host, at);
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
        `${at(['hosts', second])}: ${found.length} hosts have the role ${role} (${shorten(found.map((host) => host.name).join(', '), 80)}); there must be one`,
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

/** A template's variable that nobody expanded would be asked for as it stands: another user, a key file that is not there. */
function checkFilledIn({ name, ssh, sudoPasswordEnv }: Host, at: Inventory['at']): void {
  for (const key of ['host', 'user', 'identityFile'] as const) {
    const text = ssh[key];
    if (text !== undefined && isPlaceholder(text))
      throw new UsageError(`${at(['hosts', name, 'ssh', key])}: ${notFilledIn(text)}`);
  }
  if (sudoPasswordEnv !== undefined && isPlaceholder(sudoPasswordEnv)) {
    const place = at(['hosts', name, 'sudoPasswordEnv']);
    throw new UsageError(
      `${place}: "${sudoPasswordEnv}" is no variable's name; right is for example SUDO_PASSWORD, without $`,
    );
  }
}

/** An address leads to one machine in every program, or it is refused. What `ssh.host` names may be an alias of OpenSSH's. */
function checkAddresses({ name, address, ssh }: Host, at: Inventory['at']): void {
  const fault = addressFault(address);
  if (fault !== undefined) throw new UsageError(`${at(['hosts', name, 'address'])}: "${address}" ${fault}`);
  const { host } = ssh;
  const isNumber = host !== undefined && (/^[\d.:[\]]+$|^\[/.test(host) || /^0x/i.test(host) || /[<>{}$]/.test(host));
  const other = isNumber ? addressFault(host, { ipv6: true }) : undefined;
  if (other !== undefined) throw new UsageError(`${at(['hosts', name, 'ssh', 'host'])}: "${host}" ${other}`);
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

/** Refuses an endpoint that nobody can ask, and a host that is taken for one. @throws UsageError */
function checkEndpoints({ hosts, at }: Pick<Inventory, 'hosts' | 'at'>, pack: Pack): void {
  for (const { name, role, connection, via } of hosts) {
    const endpoint = pack.roles[role]?.endpoint === true;
    if (endpoint !== (connection === 'endpoint')) {
      throw new UsageError(
        `${at(['hosts', name, 'connection'])}: a host of the role ${role} is ${endpoint ? '' : 'no '}endpoint`,
      );
    }
    if (via === undefined) continue;
    const place = at(['hosts', name, 'via']);
    if (!endpoint) throw new UsageError(`${place}: only an endpoint is asked via another host; ${role} is none`);
    const asking = hosts.filter((host) => host.connection !== 'endpoint').map((host) => host.name);
    if (!asking.includes(via)) {
      throw new UsageError(`${place}: no host that could ask is named "${via}"${suggestion(via, asking)}`);
    }
  }
}
