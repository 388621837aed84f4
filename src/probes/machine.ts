/** Probes of the machine itself: identity, operating system, kernel, processors, memory. */

import { Unreadable } from '../core/errors.js';
import type { Output, SysinfoAsk } from '../core/model.js';
import { sha256 } from '../core/sha256.js';
import { answer, closed, command, defineProbe, groupsOf, parseJson, wholeNumber } from './define.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Random at each boot and the same for everything on one kernel: two names with one boot id are one machine. */
export const bootId = defineProbe({
  id: 'boot-id',
  title: 'The id that the kernel drew when it booted',
  on: 'host',
  params: closed({}),
  value: closed({ id: { type: 'string' } }),
  ask: () => [command(['cat', '/proc/sys/kernel/random/boot_id'])],
  read(outputs) {
    const id = answer(outputs).trim();
    if (!uuid.test(id)) throw new Unreadable('the boot id is not a UUID');
    return { id };
  },
});

/** What stands for a machine id, which never leaves the host as it is. */
export const hashOf = (id: string): string => `sha256:${sha256(id)}`;

/** What the file holds in an image that is yet to boot for the first time. */
const UNINITIALIZED = 'uninitialized';

const noIdentity = hashOf('0'.repeat(32));

const redactedId = /^sha256:[0-9a-f]{64}$/;

/** machine-id(5) is confidential, so only its SHA-256 leaves the host; equality survives. */
export const machineId = defineProbe({
  id: 'machine-id',
  title: 'The machine id (machine-id(5)), as a SHA-256',
  on: 'host',
  params: closed({}),
  value: closed({ id: { type: 'string' } }),
  ask: () => [command(['cat', '/etc/machine-id'])],
  redact: (outputs) =>
    outputs.map((output) => {
      const id = output.stdout.trim();
      const hashed = /^[0-9a-f]{32}$/.test(id) ? `${hashOf(id)}\n` : '';
      const stdout = redactedId.test(id) || id === UNINITIALIZED ? output.stdout : hashed;
      return { ...output, stdout, stderr: output.stderr.replace(/[0-9a-f]{32}/gi, '[machine id]') };
    }),
  read(outputs) {
    const id = answer(outputs).trim();
    if (id === UNINITIALIZED) throw new Unreadable('the machine id is not set yet (uninitialized, machine-id(5))');
    if (id === noIdentity) throw new Unreadable('the machine id is 32 zeros, which identify no machine');
    if (!redactedId.test(id)) throw new Unreadable('the machine id has not 32 hexadecimal digits');
    return { id };
  },
});

/** The key that identified the host to us; a local connection has none. */
export const hostKey = defineProbe({
  id: 'host-key',
  title: 'The SSH host key that was verified',
  on: 'host',
  params: closed({}),
  value: closed({ kind: { enum: ['ssh', 'local'] }, sha256: { type: 'string' } }, ['sha256']),
  ask: () => [{ kind: 'connection' as const }],
  read(outputs) {
    const known = parseJson(answer(outputs)) as { kind?: unknown; hostKey?: { sha256?: unknown } } | null;
    if (known?.kind === 'local') return { kind: 'local' };
    if (known?.kind !== 'ssh' || typeof known.hostKey?.sha256 !== 'string')
      throw new Unreadable('no host key was kept');
    return { kind: 'ssh', sha256: known.hostKey.sha256 };
  },
});

/** os-release(5). */
export const operatingSystem = defineProbe({
  id: 'operating-system',
  title: 'Distribution and version (os-release(5))',
  on: 'host',
  params: closed({}),
  value: closed({ id: { type: 'string' }, version: { type: 'string' }, name: { type: 'string' } }),
  ask: () => [command(['cat', '/etc/os-release'])],
  read(outputs) {
    const fields = new Map(
      answer(outputs)
        .split('\n')
        .flatMap((line) => {
          const found = /^([A-Z_]+)=(.*)$/.exec(line.trim());
          return found ? [[found[1], (found[2] ?? '').replace(/^(["'])(.*)\1$/, '$2')] as const] : [];
        }),
    );
    const id = fields.get('ID');
    const version = fields.get('VERSION_ID');
    if (!id) throw new Unreadable('os-release names no ID');
    // A rolling distribution names none. Two of them may be years apart, so nothing is put in its place.
    if (!version) throw new Unreadable('os-release names no VERSION_ID');
    return { id, version, name: fields.get('PRETTY_NAME') || `${id} ${version}` };
  },
});

function sysinfo(call: SysinfoAsk['call']): SysinfoAsk {
  return { kind: 'sysinfo', call };
}

/** What this machine says of itself, by systeminformation; undefined for the answer of a host's commands, which is never JSON. */
function ownFacts(outputs: Output[], keys: string[]): Record<string, unknown> | undefined {
  if (outputs.length !== 1 || !answer(outputs).startsWith('{')) return undefined;
  const facts = Object(parseJson(answer(outputs))) as Record<string, unknown>;
  if (!keys.every((key) => Object.hasOwn(facts, key)))
    throw new Unreadable('systeminformation did not give what was asked');
  return facts;
}

function positive(value: unknown): number {
  if (!Number.isSafeInteger(value) || Number(value) < 1) throw new Unreadable('systeminformation gave no number');
  return Number(value);
}

/** uname(1): `machine` is the architecture, `release` the kernel's. */
export const kernel = defineProbe({
  id: 'kernel',
  title: 'Kernel release and machine architecture (uname)',
  on: 'host',
  params: closed({}),
  value: closed({ release: { type: 'string' }, machine: { type: 'string' } }),
  ask: (_, { connection }) =>
    connection === 'local' ? [sysinfo('kernel')] : [command(['uname', '-r']), command(['uname', '-m'])],
  read(outputs) {
    const own = ownFacts(outputs, ['release', 'machine']);
    const [release, machine] = own
      ? [own.release, own.machine].map((word) => (typeof word === 'string' ? word : ''))
      : [0, 1].map((index) => answer(outputs, index).trim());
    if (!/^[\w.+~-]+$/.test(release ?? '') || !/^\w+$/.test(machine ?? ''))
      throw new Unreadable('uname gave no single word');
    return { release, machine };
  },
});

/** Logical processors that are online: /proc/stat has a line for each, in one form on every architecture. */
export const cpu = defineProbe({
  id: 'cpu',
  title: 'Logical processors online (/proc/stat)',
  on: 'host',
  params: closed({}),
  value: closed({ count: { type: 'integer', minimum: 1 } }),
  ask: (_, { connection }) =>
    connection === 'local' ? [sysinfo('cpu')] : [command(['cat', '/proc/stat'], 'login', { maxBytes: 1024 * 1024 })],
  read(outputs) {
    const own = ownFacts(outputs, ['count']);
    if (own) return { count: positive(own.count) };
    const text = answer(outputs);
    const count = new Set(text.match(/^cpu\d+ /gm)).size;
    // `btime` stands after the processors: without it the list may have been cut.
    if (count === 0 || !/^btime \d+$/m.test(text)) throw new Unreadable('/proc/stat does not list processors');
    return { count };
  },
});

/** Usable memory in bytes; firmware keeps a little of what is installed. */
export const memory = defineProbe({
  id: 'memory',
  title: 'Usable memory (MemTotal of /proc/meminfo)',
  on: 'host',
  params: closed({}),
  value: closed({ bytes: { type: 'integer', minimum: 1 } }),
  ask: (_, { connection }) => (connection === 'local' ? [sysinfo('mem')] : [command(['cat', '/proc/meminfo'])]),
  read(outputs) {
    const own = ownFacts(outputs, ['bytes']);
    if (own) return { bytes: positive(own.bytes) };
    const [kib] = groupsOf(/^MemTotal:\s+(0*[1-9]\d*) kB$/m, answer(outputs), '/proc/meminfo has no MemTotal');
    return { bytes: wholeNumber(kib, 1024) };
  },
});
