/** What is told of a standby's next start where one of the servers says only a part. */
import { describe, expect, it } from 'vitest';
import { missingPreloads } from '../../../src/probes/postgres/libraries.js';
import { postgresNextStart } from '../../../src/probes/postgres/next-start.js';

const limits = {
  ...{ max_connections: 30, max_worker_processes: 8, max_wal_senders: 10 },
  ...{ max_prepared_transactions: 0, max_locks_per_transaction: 64 },
};
const settings = Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, `${value}`]));
const without = <Value>(all: Record<string, Value>, name: string) =>
  Object.fromEntries(Object.entries(all).filter(([one]) => one !== name));
const standby = { version: 150014, nextLimits: limits };
const joint = (primary: object, other: object = standby) =>
  postgresNextStart.make({ primary, standby: other }, () => ({}));

describe('limits', () => {
  it('that are all told are none below', () => {
    expect(joint({ settings })).toEqual({ below: [], belowThen: 'none' });
  });

  it.each<[string, object, object]>([
    ['the standby does not tell its version', { settings }, { nextLimits: limits }],
    ['the standby hides its files', { settings }, { version: 150014 }],
    ['the primary tells no settings', {}, standby],
    ...Object.keys(limits).map((name): [string, object, object] => [
      `the standby does not tell ${name}`,
      { settings },
      { ...standby, nextLimits: without(limits, name) },
    ]),
    ...Object.keys(limits).map((name): [string, object, object] => [
      `the primary does not tell ${name}`,
      { settings: without(settings, name) },
      standby,
    ]),
  ])('are not told to be enough where %s', (_, primary, other) => {
    expect(joint(primary, other)).toEqual({});
  });

  it('of which one is below fail, whatever the others are', () => {
    const few = { ...standby, nextLimits: { max_connections: 10 } };
    expect(joint({ settings: { max_connections: '30' } }, few)).toEqual({
      ...{ below: ['max_connections'], belowThen: 'max_connections 10, primary 30' },
    });
  });
});

it('a slot is kept in step under its own name', () => {
  const slot = (name: string, synced: boolean) => ({ name, failover: true, synced });
  const primary = { version: 170010, logicalSlots: [slot('a', false), slot('b', false)] };
  expect(joint(primary, { version: 170010, logicalSlots: [slot('a', true), slot('b', false)] })).toEqual({
    lostSlots: ['b'],
  });
});

describe('libraries that are loaded at the start', () => {
  const there = (...names: string[]) => names.map((name) => ({ name, preload: true, found: true }));
  it.each([
    ['"a b"', there('a b'), []],
    ['" a" , b  ,"c" ', there('a', 'b', 'c'), []],
    ['a"b', there('a"b'), []],
    [' , ""', [], []],
    ['a b', there('ab'), undefined],
  ])('as %j', (written, libraries, missing) => {
    expect(missingPreloads(libraries, [written])).toEqual(missing);
  });
});
