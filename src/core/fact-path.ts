/** Paths into values: `fact.property...` begins with the name of a fact and goes down by properties of the value's own. Pure. */
import { isRecord } from './json.js';

/** The role whose host is meant, where a path names one (`@primary.server.version`). */
export function roleNamed(path: string): string | undefined {
  return path.startsWith('@') ? path.slice(1).split('.')[0] : undefined;
}

/** The name of the fact that a path begins with, behind the role that it may name. */
export function factNamed(path: string): string {
  return path.split('.')[path.startsWith('@') ? 1 : 0] ?? '';
}

/** The last property of a path; its name carries the unit. */
export function lastProperty(path: string): string {
  return path.split('.').at(-1) ?? '';
}

/** The properties of a path below its fact. */
export function propertiesOf(path: string): string[] {
  return path.split('.').slice(path.startsWith('@') ? 2 : 1);
}

/**
 * A property of an object's or list's own: what every object inherits is in no answer. Undefined where it is not there; a group of a
 * pattern that took no part in the match is there with the value undefined, and counts as not there too.
 */
export function ownProperty(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** What stands below a value, property by property; undefined where one of them is not there. */
export function valueBelow(value: unknown, properties: readonly string[]): unknown {
  return properties.reduce(ownProperty, value);
}

/** A value without what stands below it; of a list, each element without it. */
export function valueWithout(value: unknown, [first = '', ...rest]: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => valueWithout(one, [first, ...rest]));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => {
      if (key !== first) return [[key, one]];
      return rest.length === 0 ? [] : [[key, valueWithout(one, rest)]];
    }),
  );
}
