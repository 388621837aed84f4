/** Samples: the values that a condition names, one for each host or direction, and what its arguments refer to. */
import { isDeepStrictEqual } from 'node:util';
import type { Condition, HostRef, PortRow, Rule, Subject } from '../core/model.js';
import { type FactSource, readPath } from '../evidence/facts.js';
import { isRead, type Reading, type Unread } from '../evidence/read-answer.js';
import { expand } from '../pack/settings.js';

/** What a condition is judged with. */
export interface Context {
  rule: Rule;
  source: FactSource;
  /** The hosts that `every`, `any`, `same`, `distinct`, `difference` and `count` range over. */
  hosts: HostRef[];
  self?: HostRef;
  peer?: HostRef;
  direction?: { from: HostRef; to: HostRef };
  row?: PortRow & { needed_here: boolean };
  hostsOf(role: string): HostRef[];
  setting(name: string, host: HostRef | undefined): unknown;
}

/** One value that is judged, and whose it is. */
export interface HostValue {
  label: string;
  host?: HostRef;
  reading: Reading;
}

/** What a rule may ask of a row, and where it stands. */
const rowProperties: Record<string, string> = {
  number: 'port',
  port: 'port',
  name: 'name',
  from: 'from',
  to: 'to',
  severity: 'severity',
  basis: 'basis',
  must_listen: 'mustListen',
  needed: 'needed_here',
};

export function valuesOf(condition: Condition, here: Context): HostValue[] {
  const { rule, source } = here;
  const about = (host: HostRef, label = host.name): HostValue => ({
    label,
    host,
    reading: readPath(source, rule, condition.path, { kind: 'host', host: host.name } satisfies Subject),
  });
  switch (condition.quantifier) {
    case 'before':
      return here.hosts.map((host) => ({
        label: `${host.name} before`,
        host,
        reading: source.before
          ? readPath(source.before, rule, condition.path, { kind: 'host', host: host.name })
          : noBaseline(host),
      }));
    case 'row': {
      const row = here.row as Record<string, unknown> | undefined;
      const property = rowProperties[condition.path];
      if (property === undefined) throw new BrokenReference(`a row has no ${condition.path}`);
      return [{ label: 'row', reading: { value: row?.[property] ?? false, steps: [] } }];
    }
    case 'pair': {
      const directions = here.direction
        ? [here.direction]
        : here.hosts.flatMap((from) => here.hosts.filter((to) => to !== from).map((to) => ({ from, to })));
      return directions.map(({ from, to }) => ({
        label: `${from.name} -> ${to.name}`,
        reading: readPath(source, rule, condition.path, { kind: 'pair', from: from.name, to: to.name }),
      }));
    }
    case 'self':
      return here.self ? [about(here.self)] : [];
    case 'peer':
      return here.peer ? [about(here.peer)] : [];
    case 'role':
      return here.hostsOf(condition.role ?? '').map((host) => about(host));
    default:
      return here.hosts.map((host) => about(host));
  }
}

/** `where` and `its`: the elements of a list that are meant, and the field of them that is judged. */
export function pickElements(condition: Condition, sample: HostValue, here: Context): HostValue[] {
  const { where, its } = condition;
  if (condition.quantifier === 'count' || (where === undefined && its === undefined)) return [sample];
  const { reading } = sample;
  if (!isRead(reading)) return [sample];
  if (!Array.isArray(reading.value))
    return [{ ...sample, reading: unreadable(sample, `${condition.path} is not a list`) }];
  const wanted = Object.entries(referred(where ?? {}, sample.host, here) as Record<string, unknown>);
  const picked = reading.value.filter((element) =>
    wanted.every(([field, value]) => (element as Record<string, unknown> | null)?.[field] === value),
  );
  if (its === undefined) return [{ ...sample, reading: { ...reading, value: picked } }];
  // What is counted is shown by the field that names it.
  if (condition.matcher?.name === 'count') {
    const value = picked.map((element) => (element as Record<string, unknown> | null)?.[its] ?? element);
    return [{ ...sample, reading: { ...reading, value } }];
  }
  if (picked.length === 0) {
    const which = wanted.map(([field, value]) => `${field} ${value}`).join(', ');
    return [{ ...sample, reading: unreadable(sample, `the answer has nothing for ${which}`) }];
  }
  return picked.map((element) => {
    const value = (element as Record<string, unknown> | null)?.[its];
    return {
      ...sample,
      reading: value === undefined ? unreadable(sample, `${its} is not in the answer`) : { ...reading, value },
    };
  });
}

/** Nobody saved what this host said before. */
function noBaseline(host: HostRef): Extract<Reading, { unread: Unread }> {
  const reason = 'there is no earlier evidence; give --baseline FILE';
  return { unread: { reason, problem: 'not-run', host: host.name }, steps: [] };
}

function unreadable(sample: HostValue, reason: string): Reading {
  return { unread: { reason, ...(sample.host && { host: sample.host.name }) }, steps: sample.reading.steps };
}

/** Thrown while an argument is made out, when a fact that it refers to has no value. */
export class UnreadReference extends Error {
  constructor(readonly reading: Extract<Reading, { unread: Unread }>) {
    super(reading.unread.reason);
  }
}

/** Thrown for a reference that leads nowhere: the rule itself makes no sense. */
export class BrokenReference extends Error {}

/** `@reference` and `${setting}` in an argument, as they stand for one host. @throws UnreadReference */
export function referred(value: unknown, host: HostRef | undefined, here: Context): unknown {
  const self = here.self ?? host;
  const { rule, source } = here;
  return expand(
    value,
    (name) => here.setting(name, self),
    (reference) => {
      const [who = '', what = ''] = reference.split('.');
      if (who === 'port') {
        const value = (here.row as Record<string, unknown> | undefined)?.[what === 'number' ? 'port' : what];
        if (value === undefined) throw new BrokenReference(`@${reference} means nothing here`);
        return value;
      }
      if (who === 'before') {
        if (!self) throw new BrokenReference(`@${reference} means no host here`);
        const reading = source.before
          ? readPath(source.before, rule, reference.slice('before.'.length), {
              kind: 'host',
              host: self.name,
            })
          : noBaseline(self);
        if (!isRead(reading)) throw new UnreadReference({ ...reading, unread: { ...reading.unread, host: self.name } });
        return reading.value;
      }
      const other = self && here.hosts.find((one) => one.name !== self.name);
      const meant = who === 'self' ? self : who === 'peer' ? (here.peer ?? other) : undefined;
      const hosts = meant ? [meant] : ['self', 'peer'].includes(who) ? [] : here.hostsOf(who);
      return agreedOn(reference, hosts, (host) => {
        if (Object.hasOwn(host, what)) return (host as unknown as Record<string, unknown>)[what];
        const reading = readPath(source, rule, reference.slice(who.length + 1), { kind: 'host', host: host.name });
        if (!isRead(reading)) throw new UnreadReference({ ...reading, unread: { ...reading.unread, host: host.name } });
        return reading.value;
      });
    },
  );
}

/** The one value that all hosts of a role have; where they differ, nothing can be compared with it. */
function agreedOn(reference: string, hosts: readonly HostRef[], read: (host: HostRef) => unknown): unknown {
  const [first, ...others] = hosts;
  if (!first) throw new BrokenReference(`@${reference} means no host here`);
  const value = read(first);
  const odd = others.find((host) => !isDeepStrictEqual(read(host), value));
  if (!odd) return value;
  const reason = `${first.name} and ${odd.name} differ in ${reference.slice(reference.indexOf('.') + 1)}, so there is nothing to compare with`;
  throw new UnreadReference({ unread: { reason, host: odd.name }, steps: [] });
}
