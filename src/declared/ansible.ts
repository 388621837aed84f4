/** What Ansible's facts declare (`setup --tree`, or a fact cache of JSON files): processors, memory, mounts, kernel, system, addresses. Pure. */
import { UsageError } from '../core/errors.js';
import { parseExactJson } from '../core/exact-json.js';
import { ownProperty } from '../core/fact-path.js';
import { isRecord } from '../core/json.js';
import type { DeclaredProperty, Step, Telling } from '../core/model.js';
import type { Target } from '../plan/scope.js';
import { hashOf } from '../probes/machine.js';
import type { DeclaredStep } from './terraform.js';

/** A folder with a file for each host; `read` gives a file's bytes where it is there. */
export interface AnsibleFacts {
  dir: string;
  read(name: string): Buffer | undefined;
}

/** The facts of a host, and the file that they are in. */
export interface HostFacts {
  host: string;
  file: string;
  bytes: Buffer;
  facts: Record<string, unknown>;
}

/** What a fact comes to; `why` where it comes to nothing. */
type Taken = { fact: string; value?: unknown; why?: string; may?: Telling; note?: string };

/** Of what it could not find out Ansible says `NA`: two hosts that both say so are not alike. */
const isNone = (value: unknown) => typeof value === 'string' && /^(NA|N\/A|None|unknown)?$/i.test(value.trim());

const taken = (facts: Record<string, unknown>, fact: string, more: Omit<Taken, 'fact'> = {}): Taken => {
  const value = ownProperty(facts, fact);
  return { fact, ...(!isNone(value) && { value }), ...more };
};

/** os-release(5)'s IDs by the names that Ansible gives distributions; of another one the ID is not known. */
const systems: Record<string, string> = {
  AlmaLinux: 'almalinux',
  Amazon: 'amzn',
  CentOS: 'centos',
  Debian: 'debian',
  Fedora: 'fedora',
  OracleLinux: 'ol',
  RedHat: 'rhel',
  Rocky: 'rocky',
  SLES: 'sles',
  Ubuntu: 'ubuntu',
};

const MIB = 1_048_576;

/** The properties of each probe's answer, and how they come out of the facts. */
const properties: Record<string, Record<string, (facts: Record<string, unknown>, step: Step) => Taken>> = {
  cpu: { count: (facts) => taken(facts, 'ansible_processor_vcpus') },
  memory: {
    bytes: (facts) => {
      const megabytes = ownProperty(facts, 'ansible_memtotal_mb');
      const bytes = Number(megabytes) * MIB;
      return {
        fact: 'ansible_memtotal_mb',
        note: 'rounded down to MiB',
        ...(typeof megabytes === 'number' && Number.isSafeInteger(bytes) && { value: bytes }),
      };
    },
  },
  kernel: {
    release: (facts) => taken(facts, 'ansible_kernel'),
    machine: (facts) => taken(facts, 'ansible_machine'),
  },
  'operating-system': {
    id: (facts) => {
      const name = ownProperty(facts, 'ansible_distribution');
      const id = ownProperty(systems, String(name));
      return {
        fact: 'ansible_distribution',
        value: id,
        ...(id === undefined && { why: `no ID is known for ${String(name).slice(0, 80)}` }),
      };
    },
    // Ansible's version may be finer than that of os-release(5).
    version: (facts) => {
      const { value, ...rest } = taken(facts, 'ansible_distribution_version', { may: 'same-only' });
      return { ...rest, ...(typeof value === 'string' && { value }) };
    },
  },
  'machine-id': {
    id: (facts) => {
      const id = ownProperty(facts, 'ansible_machine_id');
      const known = typeof id === 'string' && /^[0-9a-f]{32}$/.test(id);
      return {
        fact: 'ansible_machine_id',
        ...(known && { value: hashOf(id) }),
      };
    },
  },
  interfaces: { ipv4: (facts) => taken(facts, 'ansible_all_ipv4_addresses') },
  filesystem: {
    exists: (facts, step) => mounted(facts, step, () => true),
    bytes: (facts, step) => mounted(facts, step, ({ size_total: size }) => size, 'the size of the file system'),
    freeBytes: (facts, step) => mounted(facts, step, ({ size_available: size }) => size),
    device: (facts, step) => mounted(facts, step, ({ device }) => device),
    mountPoint: (facts, step) => mounted(facts, step, ({ mount }) => mount),
    isMountPoint: (facts, step) => mounted(facts, step, () => true),
    type: (facts, step) => mounted(facts, step, ({ fstype }) => fstype),
  },
};

/** The mount of a path that is a mount point itself; any other may be a link to elsewhere, and one that the host follows nobody knows. */
function mountOf(facts: Record<string, unknown>, { params: { path } }: Step): Record<string, unknown> | undefined {
  const mounts = ownProperty(facts, 'ansible_mounts');
  const found = (Array.isArray(mounts) ? mounts : []).filter(
    (one) => typeof path === 'string' && ownProperty(one, 'mount') === path,
  );
  return found.length === 1 && isRecord(found[0]) ? found[0] : undefined;
}

function mounted(
  facts: Record<string, unknown>,
  step: Step,
  pick: (mount: Record<string, unknown>) => unknown,
  note?: string,
): Taken {
  const mount = mountOf(facts, step);
  return { fact: 'ansible_mounts', ...(mount && { value: pick(mount) }), ...(note !== undefined && { note }) };
}

/** Whether Ansible's facts may tell a property of a probe's answer. */
export function isAnsibles(probe: string, property: string): boolean {
  return Object.hasOwn(properties, probe) && Object.hasOwn(properties[probe] ?? {}, property);
}

/** The facts of the hosts that have a file in the folder. @throws UsageError where none has, or one is unreadable */
export function hostFacts({ hosts, at }: Pick<Target, 'hosts' | 'at'>, { dir, read }: AnsibleFacts): HostFacts[] {
  const found = hosts.flatMap((host) => {
    const named = host.declared?.ansible;
    const names = named === undefined ? [host.name, host.ssh.host, host.address] : [named];
    const file = names.find((name) => name !== undefined && isFileName(name) && read(name) !== undefined);
    if (file === undefined) {
      if (named === undefined) return [];
      throw new UsageError(`${at(['hosts', host.name, 'declared', 'ansible'])}: ${dir} has no file ${named}`);
    }
    const bytes = read(file) ?? Buffer.of();
    return [{ host: host.name, file: `${dir}/${file}`, bytes, facts: factsIn(bytes, `${dir}/${file}`) }];
  });
  if (found.length === 0)
    throw new UsageError(
      `--declared ansible=${dir}: has no file of the name of a host; right is ${dir}/${hosts[0]?.name}, or declared: { ansible: NAME } for each host`,
    );
  refuseOneMachine(found, at);
  return found;
}

function isFileName(name: string): boolean {
  return !/[/\\\0]/.test(name) && name !== '.' && name !== '..';
}

/** `setup --tree` puts the facts into an answer, a fact cache keeps them alone. @throws UsageError */
function factsIn(bytes: Buffer, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseExactJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const { message } = error as Error;
    throw new UsageError(`${file}: ${/^(is nested|has|holds) /.test(message) ? message : 'is not JSON'}`);
  }
  const facts = ownProperty(value, 'ansible_facts') ?? value;
  if (!isRecord(facts) || !Object.keys(facts).some((key) => key.startsWith('ansible_')))
    throw new UsageError(`${file}: has no facts of Ansible; right is what ansible -m setup --tree writes`);
  return facts;
}

/** Facts of one machine under two names would be alike in everything. */
function refuseOneMachine(all: readonly HostFacts[], at: Target['at']): void {
  for (const [index, one] of all.entries()) {
    const other = all.slice(0, index).find((before) => isSameMachine(before, one));
    if (other)
      throw new UsageError(`${at(['hosts', one.host])}: ${one.file} and ${other.file} are facts of one machine`);
  }
}

/** Facts that were gathered in part may have one of the two and not the other; a copied image shares its machine id, and no address. */
function isSameMachine(one: HostFacts, other: HostFacts): boolean {
  const same = (...path: string[]) => {
    const [mine, theirs] = [one, other].map(({ facts }) => path.reduce<unknown>(ownProperty, facts) ?? null);
    return mine === theirs ? mine : undefined;
  };
  const isKnown = (value: unknown) => value !== undefined && value !== null && !isNone(value);
  const named = same('ansible_nodename') !== undefined && same('ansible_product_serial') !== undefined;
  const placed =
    isKnown(same('ansible_default_ipv4', 'address')) && isKnown(same('ansible_default_ipv4', 'macaddress'));
  return one.bytes.equals(other.bytes) || (isKnown(same('ansible_machine_id')) && named) || placed;
}

/** What the facts declare of planned steps. */
export function declaredByAnsible(steps: readonly Step[], all: readonly HostFacts[]): DeclaredStep[] {
  return steps.flatMap((step) => {
    const { subject } = step;
    const own = subject.kind === 'host' ? all.find(({ host }) => host === subject.host) : undefined;
    if (!own || (step.probe === 'filesystem' && !mountOf(own.facts, step))) return [];
    const taking = Object.hasOwn(properties, step.probe) ? properties[step.probe] : undefined;
    return Object.entries(taking ?? {}).map(([property, take]) => ({
      step,
      declared: declaredOf(property, take(own.facts, step), own),
    }));
  });
}

function declaredOf(
  property: string,
  { fact, value, why, may = 'both', note }: Taken,
  { file, facts }: HostFacts,
): DeclaredProperty {
  const from = `${file} ${fact}${takenAt(facts)}`;
  const base = { property, may, from, ...(note !== undefined && { note }) };
  return value === undefined || value === null
    ? { ...base, why: why ?? `${file} has no ${fact} that can be read` }
    : { ...base, value };
}

/** When the facts were gathered, as far as they say it themselves. */
function takenAt(facts: Record<string, unknown>): string {
  const time = ownProperty(ownProperty(facts, 'ansible_date_time'), 'iso8601');
  return typeof time === 'string' && /^[\dTZ:.-]{1,40}$/.test(time) ? ` of ${time}` : '';
}
