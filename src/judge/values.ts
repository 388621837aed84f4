/** The values that a condition names, one for each host or direction, and what its arguments refer to. */
import { isDeepStrictEqual } from 'node:util';
import { ownProperty } from '../core/fact-path.js';
import type { Condition, HostRef, Rule } from '../core/model.js';
import { notInPlan } from '../evidence/declared.js';
import { type FactSource, readPath } from '../evidence/facts.js';
import { isRead, type Reading, type Unread } from '../evidence/read-answer.js';
import { matcherNamed } from '../pack/matchers.js';
import { type Owner, ownerOf, type Present, quantifierOf } from '../pack/quantifiers.js';
import { hostProperties } from '../pack/references.js';
import { type JudgedRow, type RowProperty, rowProperties } from '../pack/row-properties.js';
import { expand } from '../pack/settings.js';

/** What a condition is judged with; `hosts` are those that a quantifier ranges over. */
export interface Context extends Present {
  rule: Rule;
  source: FactSource;
  row?: JudgedRow;
  setting(name: string, host: HostRef | undefined): unknown;
}

/** One value that is judged, and whose it is. */
export interface HostValue extends Owner {
  reading: Reading;
}

/** The values that a condition looks at, of the sample that the context's source gives. */
export function valuesOf(condition: Condition, context: Context): HostValue[] {
  const owners = quantifierOf(condition).looksAt?.(context, condition) ?? context.hosts.map(ownerOf);
  return owners.map((owner) => ({ ...owner, reading: readAt(owner, condition.path, context) }));
}

function readAt({ host, subject, before }: Owner, path: string, { rule, source, row }: Context): Reading {
  if (!subject) return readRow(row, path);
  if (!before) return readPath(source, rule, path, subject);
  if (source.declared) return { unread: notInPlan('what a host said before'), steps: [] };
  return source.before ? readPath(source.before, rule, path, subject) : noBaseline(host);
}

/** A property of the row; one that the row does not have is absent. */
export function readRow(row: JudgedRow | undefined, name: string): Reading {
  const property = ownProperty(rowProperties, name) as RowProperty | undefined;
  if (!property) throw new BrokenReference(`a row has no ${name}`);
  const value = row && (row[property.key] ?? property.otherwise);
  return value === undefined
    ? { unread: { reason: `no ${name} is given`, absent: true }, steps: [] }
    : { value, steps: [] };
}

/** `where` and `its`: the elements of a list that are meant, and the field of them that is judged. */
export function pickElements(condition: Condition, value: HostValue, context: Context): HostValue[] {
  const { where, its, matcher } = condition;
  if (quantifierOf(condition).picks !== undefined || (where === undefined && its === undefined)) return [value];
  const { reading } = value;
  if (!isRead(reading)) return [value];
  if (!Array.isArray(reading.value))
    return [{ ...value, reading: unreadable(value, `${condition.path} is not a list`) }];
  const wanted = Object.entries(referred(where ?? {}, value.host, context) as Record<string, unknown>);
  const picked = reading.value.filter((element) => wanted.every(([field, one]) => ownProperty(element, field) === one));
  if (its === undefined) return [{ ...value, reading: { ...reading, value: picked } }];
  // What is counted is shown by the field that names it.
  if (matcherNamed(matcher?.name)?.counts) {
    return [
      { ...value, reading: { ...reading, value: picked.map((element) => ownProperty(element, its) ?? element) } },
    ];
  }
  if (picked.length === 0) {
    const which = wanted.map(([field, one]) => `${field} ${one}`).join(', ');
    return [{ ...value, reading: unreadable(value, `the answer has nothing for ${which}`) }];
  }
  return picked.map((element) => {
    const field = ownProperty(element, its);
    return {
      ...value,
      reading: field === undefined ? unreadable(value, `${its} is not in the answer`) : { ...reading, value: field },
    };
  });
}

type UnreadReading = Extract<Reading, { unread: Unread }>;

/** Nobody saved what this host said before. */
function noBaseline(host: HostRef | undefined): UnreadReading {
  const reason = 'there is no earlier evidence; give --baseline FILE';
  const next = 'run again with --baseline FILE, the evidence of the run before';
  return { unread: { reason, problem: 'not-run', next, ...(host && { host: host.name }) }, steps: [] };
}

function unreadable(value: HostValue, reason: string): Reading {
  return { unread: { reason, ...(value.host && { host: value.host.name }) }, steps: value.reading.steps };
}

/** Thrown while an argument is made out, when a fact that it refers to has no value. */
export class UnreadReference extends Error {
  constructor(readonly reading: UnreadReading) {
    super(reading.unread.reason);
  }
}

/** Thrown for a reference that leads nowhere: the rule itself makes no sense. */
export class BrokenReference extends Error {}

/** `@reference` and `${setting}` in an argument, as they stand for one host. @throws UnreadReference */
export function referred(value: unknown, host: HostRef | undefined, context: Context): unknown {
  const self = context.self ?? host;
  return expand(
    value,
    (name) => context.setting(name, self),
    (reference) => {
      const [who = ''] = reference.split('.');
      const what = reference.slice(who.length + 1);
      if (who === 'port') {
        if (!context.row || !Object.hasOwn(rowProperties, what))
          throw new BrokenReference(`@${reference} means nothing here`);
        return valueOr(readRow(context.row, what), 'row');
      }
      if (who === 'before') {
        if (!self) throw new BrokenReference(`@${reference} means no host here`);
        return valueOr(readAt({ ...ownerOf(self), before: true }, what, context), self.name);
      }
      const other = self && context.hosts.find((one) => one.name !== self.name);
      const meant = who === 'self' ? self : who === 'peer' ? (context.peer ?? other) : undefined;
      const hosts = meant ? [meant] : ['self', 'peer'].includes(who) ? [] : context.hostsOf(who);
      return agreedOn(reference, hosts, (one) =>
        hostProperties.includes(what) ? ownProperty(one, what) : valueOr(readAt(ownerOf(one), what, context), one.name),
      );
    },
  );
}

/** The value that was read. @throws UnreadReference where there is none, with the host that it is of */
function valueOr(reading: Reading, host: string): unknown {
  if (!isRead(reading)) throw new UnreadReference({ ...reading, unread: { ...reading.unread, host } });
  if (reading.may || reading.sensitive) {
    const reason = 'is declared only to be compared with the same of another host';
    throw new UnreadReference({
      unread: { ...(reading.may ? notInPlan('it') : {}), reason, host },
      steps: reading.steps,
    });
  }
  return reading.value;
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
