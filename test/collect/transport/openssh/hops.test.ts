/** The logins on the way to a host, out of what ssh says of each name. */
import { describe, expect, it } from 'vitest';
import type { Named } from '../../../../src/collect/transport/openssh/configuration.js';
import { hopsTo } from '../../../../src/collect/transport/openssh/hops.js';

/** Plays `ssh -G`: the entries by name, with what is given on the command line before them. */
const asking =
  (entries: Record<string, Record<string, string>>) =>
  async ({ name, user, port }: Named) => {
    const said = { hostname: name, user: 'me', port: '22', ...entries[name] };
    const given = { ...(user && { user }), ...(port && { port: String(port) }) };
    return new Map(Object.entries({ ...said, ...given }).map(([key, value]) => [key, [value]]));
  };
const way = async (entries: Record<string, Record<string, string>>) =>
  (await hopsTo({ name: 'db' }, asking(entries))).map(({ user, hostname, port }) => `${user}@${hostname}:${port}`);

describe('hopsTo', () => {
  it.each([
    ['nobody', {}, ['me@db:22']],
    ['none', { db: { proxyjump: 'none' } }, ['me@db:22']],
    ['a name', { db: { proxyjump: 'j' } }, ['me@j:22', 'me@db:22']],
    ['a whole login', { db: { proxyjump: 'ops@j:2222' } }, ['ops@j:2222', 'me@db:22']],
    ['a user of a domain', { db: { proxyjump: 'ops@corp@j' } }, ['ops@corp@j:22', 'me@db:22']],
    ['an address', { db: { proxyjump: '[fe80::1]:2222' } }, ['me@fe80::1:2222', 'me@db:22']],
    ['two', { db: { proxyjump: 'one,ops@two:2' } }, ['me@one:22', 'ops@two:2', 'me@db:22']],
    [
      'tokens',
      { db: { hostname: '10.0.0.1', proxyjump: '%r@jump-%n-%h' } },
      ['me@jump-db-10.0.0.1:22', 'me@10.0.0.1:22'],
    ],
    [
      'one behind another',
      { db: { proxyjump: 'inner' }, inner: { proxyjump: 'outer' } },
      ['me@outer:22', 'me@inner:22', 'me@db:22'],
    ],
    [
      'a second one, whose own way does not count',
      { db: { proxyjump: 'outer,inner' }, inner: { proxyjump: 'nowhere' } },
      ['me@outer:22', 'me@inner:22', 'me@db:22'],
    ],
  ])('by %s', async (_name, entries, logins) => {
    expect(await way(entries)).toEqual(logins);
  });

  it('keeps what is given to ssh apart from what ssh says of it', async () => {
    const [jump] = await hopsTo({ name: 'db' }, asking({ db: { proxyjump: 'j' }, j: { user: 'ops', port: '9' } }));
    expect(jump).toEqual({ named: { name: 'j' }, hostname: 'j', user: 'ops', port: 9, sendEnv: [] });
  });

  it('refuses a circle, and a token without a meaning', async () => {
    await expect(way({ db: { proxyjump: 'j' }, j: { proxyjump: 'db' } })).rejects.toThrow(
      /leads in a circle: me@db by me@j by me@db$/,
    );
    await expect(way({ db: { proxyjump: 'j-%x' } })).rejects.toThrow(/%x has no meaning there/);
  });
});
