/** Who is let in for replication: out of the lines as servers of 12 to 18 show them, and of what two servers say of each other. */
import { describe, expect, it } from 'vitest';
import { check } from '../../../src/core/check-schema.js';
import { Unreadable } from '../../../src/core/errors.js';
import { closed } from '../../../src/probes/define.js';
import { postgresAccess } from '../../../src/probes/postgres/access.js';
import type { AccessLine } from '../../../src/probes/postgres/access-query.js';
import { accessOf } from '../../../src/probes/postgres/hba.js';

const full = '255.255.255.255';
/** A line as one writes it: type, databases, users, address, mask, method. */
function line(words: string, number = 1): AccessLine {
  const [type = '', databases = '', users = '', address = '', mask = '', method = ''] = words.split(' ');
  return {
    ...{ line: number, type, databases: databases.split(','), users: users.split(','), method, error: null },
    ...{ address: address === '-' ? null : address, mask: mask === '-' ? null : mask },
  };
}
const unread: AccessLine = {
  ...{ line: 7, type: null, databases: null, users: null, address: null, mask: null, method: null },
  error: 'invalid connection type "foo"',
};
const role = { name: 'rep', groups: ['rep', 'standbys'] };
const says = (lines: AccessLine[], over: object = {}, hasTls = false) =>
  accessOf(lines, { role, address: '10.0.0.2', tls: 'prefer', ...over }, hasTls)?.says;

describe('one line', () => {
  it.each([
    ['host replication rep 10.0.0.2 255.255.255.255 trust', 'let in'],
    ['host replication rep 10.0.0.0 255.255.255.0 md5', 'let in'],
    ['host replication rep 10.0.0.3 255.255.255.255 trust', 'refused'],
    ['host replication rep 0.0.0.0 0.0.0.0 scram-sha-256', 'let in'],
    ['host replication rep 10.0.0.2 255.255.255.255 reject', 'refused'],
    ['host replication all all - trust', 'let in'],
    ['host replication,shop shop,rep all - trust', 'let in'],
    ['host all rep all - trust', 'refused'],
    ['host shop rep all - trust', 'refused'],
    ['host replication shop all - trust', 'refused'],
    ['host replication +standbys all - trust', 'let in'],
    ['host replication +admins all - trust', 'refused'],
    ['host replication /^re all - trust', undefined],
    ['host replication r?p all - trust', undefined],
    ['host replication +st?ndbys all - trust', undefined],
    ['host replication rep 10.0.0.2 - trust', undefined],
    ['host replication rep db-b.example 255.255.255.255 trust', undefined],
    ['host replication rep samehost - trust', 'refused'],
    ['host replication rep samenet - trust', undefined],
    ['host replication rep db-b.example - trust', undefined],
    ['host replication rep db-b.example - reject', 'refused'],
    ['host replication rep ::/0 - trust', undefined],
    ['host replication rep :: :: trust', 'refused'],
    ['local replication rep - - trust', 'refused'],
    ['hostssl replication rep all - trust', 'refused'],
    ['hostnossl replication rep all - trust', 'let in'],
    ['hostgssenc replication rep all - gss', 'refused'],
    ['hostnogssenc replication rep all - trust', 'let in'],
  ])('%s: %s', (words, said) => expect(says([line(words)])).toBe(said));

  it.each([
    ['fd00::2', 'fd00::', 'ffff:ffff:ffff:ffff::', 'let in'],
    ['fd00:0:0:0:0:0:0:2', 'fd00::2', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'let in'],
    ['fd00::3', 'fd00::2', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'refused'],
    ['fd01::2', 'fd00::', 'ffff::', 'refused'],
    ['fd01::2', 'fd00::', 'ffff:ffff::', 'refused'],
    ['fd00:0:9::2', 'fd00::', 'ffff:ffff::', 'let in'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4::', 'ffff:ffff:ffff:ffff::', 'let in'],
    ['10.0.0.2', '::', '::', 'refused'],
    ['::ffff:10.0.0.2', '10.0.0.2', full, 'let in'],
    ['::2', '10.0.0.2', full, 'refused'],
  ])('%s beside %s %s: %s', (address, written, mask, said) => {
    expect(says([line(`host replication rep ${written} ${mask} trust`)], { address })).toBe(said);
  });

  // In quotes a word is a name: of a database, a role, or a host that the server looks up.
  it.each([
    ['host replication rep all - trust', 'x "x" x x x', 'refused'],
    ['host replication,replication rep all - trust', 'x "x",x x x x', 'let in'],
    ['host replication all all - trust', 'x x "x" x x', 'refused'],
    ['host replication rep all - trust', 'x x "x" x x', 'let in'],
    ['host replication +standbys all - trust', 'x x "x" x x', 'refused'],
    ['host replication rep all - trust', 'x x x "x" x', undefined],
    ['host replication rep samehost - trust', 'x x x "x" x', undefined],
    ['host replication rep 10.0.0.2 255.255.255.255 trust', 'x x x "x" x', 'let in'],
    // What stands in another file may be quoted there.
    ['host replication rep all - trust', 'x @x x x x', undefined],
    ['host shop rep all - trust', 'x @x x x x', 'refused'],
    ['host replication rep all - trust', 'x x @x x x', 'let in'],
    ['host replication all all - trust', 'x x @x x x', undefined],
    ['host replication all,rep all - trust', 'x x @x x x', 'let in'],
    ['host replication +standbys all - trust', 'x x @x x x', undefined],
    ['host replication +admins all - trust', 'x x @x x x', 'refused'],
    ['host replication all all - reject', 'x x @x x x', 'refused'],
  ])('%s, written as %s: %s', (words, shape, said) => {
    expect(says([{ ...line(words), shape }])).toBe(said);
  });

  it('whose quoted word is the name of the role', () => {
    const all = [{ ...line('host replication all all - trust'), shape: 'x x "x" x x' }];
    expect(says(all, { role: { name: 'all', groups: [] } })).toBe('let in');
    const plus = [{ ...line('host replication +x all - trust'), shape: 'x x "x" x x' }];
    expect(says(plus, { role: { name: '+x', groups: [] } })).toBe('let in');
  });

  it('cannot be decided where its words were not told', () => {
    const whole = line('host replication rep all - trust');
    for (const hidden of [{ databases: null }, { users: null }, { address: null }])
      expect(says([{ ...whole, ...hidden }])).toBeUndefined();
  });

  it('is not told apart from that of another role whose name has letters that were not told', () => {
    const role = { name: 'r?p', groups: ['r?p', 'gr?up'] };
    expect(says([line('host replication r?p all - trust')], { role })).toBeUndefined();
    expect(says([line('host replication +gr?up all - trust')], { role })).toBeUndefined();
    expect(says([line('host replication rep all - trust')], { role })).toBe('refused');
  });

  it('cannot be decided of somebody whose address is not known, unless it is for all', () => {
    const nowhere = { address: undefined };
    expect(says([line('host replication rep 10.0.0.2 255.255.255.255 trust')], nowhere)).toBeUndefined();
    expect(says([line('host replication rep all - trust')], nowhere)).toBe('let in');
    expect(says([line('host all rep 10.0.0.2 255.255.255.255 trust')], nowhere)).toBe('refused');
    expect(says([line('host replication +x all - trust')], { role: { name: 'rep', groups: null } })).toBeUndefined();
  });
});

describe('the first line that fits decides', () => {
  const [open, shut] = [line('host replication all all - trust', 2), line('host replication all all - reject', 3)];
  const [perhaps, perhapsNot] = [
    line('host replication all name.example - trust', 4),
    line('host replication all name.example - reject', 5),
  ];
  it.each([
    [[open, shut], 'let in', 2],
    [[shut, open], 'refused', 3],
    [[perhaps, open], 'let in', 2],
    [[perhapsNot, open], undefined, undefined],
    [[perhaps, shut], undefined, undefined],
    [[perhapsNot, shut], 'refused', 3],
    [[open, perhapsNot], 'let in', 2],
    [[perhapsNot], 'refused', undefined],
    [[open, unread], undefined, undefined],
    [[], 'refused', undefined],
  ])('of lines %#: %s', (lines, said, number) => {
    const access = accessOf(lines, { role, address: '10.0.0.2', tls: 'prefer' }, false);
    expect([access?.says, access?.line?.line]).toEqual([said, number]);
  });
});

describe('with TLS', () => {
  const [secure, bare] = [line('hostssl replication all all - cert'), line('hostnossl replication all all - trust')];
  it.each([
    ['prefer', true, 'let in', 'let in'],
    ['prefer', false, 'refused', 'let in'],
    ['allow', true, 'let in', 'let in'],
    ['disable', true, 'refused', 'let in'],
    ['require', true, 'let in', 'refused'],
    ['verify-full', true, 'let in', 'refused'],
    ['require', false, 'refused', 'refused'],
  ])('%s, and the server has it: %s', (tls, hasTls, withTls, without) => {
    expect([says([secure], { tls }, hasTls), says([bare], { tls }, hasTls)]).toEqual([withTls, without]);
  });
  it('is not decided where one of the tries is not', () => {
    const lines = [line('hostssl replication all name.example - cert')];
    expect(says(lines, {}, true)).toBeUndefined();
    expect(says([...lines, bare], {}, true)).toBe('let in');
  });
});

const replicators = [
  { name: 'rep', login: true, limit: -1, expired: false, groups: ['rep'] },
  { name: 'old', login: true, limit: -1, expired: true, groups: [] },
  { name: 'shy', login: true, limit: 0, expired: false, groups: [] },
  { name: 'mute', login: false, limit: -1, expired: false, groups: [] },
];
const server = (words: string, over: object = {}) => ({
  version: 120022,
  settings: { ssl: 'off' },
  access: [line(words)],
  replicators,
  ...over,
});
const both = {
  primary: server('host replication rep 10.0.0.2 255.255.255.255 scram-sha-256'),
  standby: server('host replication rep 10.0.0.1 255.255.255.255 trust', { follows: { user: 'rep' } }),
  ...{ primaryAddress: '10.0.0.1', standbyAddress: '10.0.0.2' },
};
const made = (over: object = {}) => {
  const value = postgresAccess.make({ ...both, ...over }, () => ({}));
  expect(check(closed(postgresAccess.value, Object.keys(postgresAccess.value)), value)).toEqual([]);
  return value;
};

describe('a pair', () => {
  it('lets each other in', () => {
    expect(made()).toEqual({
      ...{ user: 'rep', role: 'may', standby: 'let in', oldPrimary: 'let in' },
      standbyLine: 'line 1: host replication rep 10.0.0.2 255.255.255.255 scram-sha-256',
      oldPrimaryLine: 'line 1: host replication rep 10.0.0.1 255.255.255.255 trust',
    });
  });

  it('that meets over other addresses than the inventory has is judged by those', () => {
    const sender = { address: '10.8.0.2', name: 'walreceiver', slot: 's', state: 'streaming', replays: true, sync: '' };
    const met = {
      primaryServer: { senders: [sender] },
      standbyServer: { asks: { name: 'walreceiver', slot: 's', host: '10.8.0.1' } },
      ...{ primaryAddresses: ['10.0.0.1', '10.8.0.1'], standbyAddresses: ['10.0.0.2', '10.8.0.2'] },
    };
    expect(made(met)).toMatchObject({ standby: 'refused', standbyLine: 'no line fits', oldPrimary: 'refused' });
    expect(made({ ...met, standbyServer: { asks: { name: 'w', slot: '', host: 'db-a' } } })).toMatchObject({
      ...{ standby: 'let in', oldPrimary: 'let in' },
    });
  });

  const asks = (host: string) => ({ asks: { name: 'b', slot: 's', host } });
  const sender = { name: 'b', slot: 's', state: 'streaming', replays: true, sync: 'async' };
  const addresses = { primaryAddresses: ['10.0.0.1', '10.8.0.1'], standbyAddresses: ['10.0.0.2', '10.8.0.2'] };

  it.each<[string, object, object]>([
    // A balancer's address is asked: after a failover the old primary comes from its own.
    [
      'over an address that hands on to the primary',
      {
        primaryServer: { senders: [{ ...sender, address: '10.0.0.2' }] },
        standbyServer: asks('10.0.0.100'),
        standby: server('host replication rep 10.0.0.100 255.255.255.255 trust', { follows: { user: 'rep' } }),
        ...addresses,
      },
      { standby: 'let in', oldPrimary: 'refused' },
    ],
    [
      'over an address of a primary whose addresses were not read',
      {
        primaryServer: { senders: [{ ...sender, address: '10.0.0.2' }] },
        standbyServer: asks('10.8.0.1'),
        standby: server('host replication rep 10.8.0.1 255.255.255.255 trust', { follows: { user: 'rep' } }),
      },
      { standby: 'let in', oldPrimary: 'let in' },
    ],
    [
      "over the primary's name",
      { primaryServer: { senders: [{ ...sender, address: '10.0.0.2' }] }, standbyServer: asks('db-a.example') },
      { standby: 'let in', oldPrimary: 'let in' },
    ],
    // What stands in the inventory is not from where the primary sees it come.
    [
      'through a tunnel',
      { primaryServer: { senders: [{ ...sender, address: '127.0.0.1' }] }, standbyServer: asks('127.0.0.1') },
      { standby: undefined, oldPrimary: 'let in' },
    ],
    [
      'through a tunnel, at a primary that lets everybody in',
      {
        primaryServer: { senders: [{ ...sender, address: '127.0.0.1' }] },
        standbyServer: asks('127.0.0.1'),
        primary: server('host replication rep all - scram-sha-256'),
      },
      { standby: 'let in' },
    ],
    ['while the primary is dead', { standbyServer: asks('10.0.0.1') }, { standby: 'let in', oldPrimary: 'let in' }],
  ])('that meets %s', (_, met, value) => {
    const { standby, oldPrimary } = made(met);
    expect({ standby, oldPrimary }).toMatchObject(value);
  });

  it('of which the inventory tells no addresses is not judged by them', () => {
    const value = made({ primaryAddress: 7, standbyAddress: undefined });
    for (const way of ['standby', 'oldPrimary']) expect(value).not.toHaveProperty(way);
  });

  it('is asked with and without TLS by what the standby wants and the server has', () => {
    const secure = (ssl: string, tls?: string) => {
      const words = 'hostssl replication rep all - scram-sha-256';
      const follows = { user: 'rep', ...(tls && { tls }) };
      return made({ primary: server(words, { settings: { ssl } }), standby: { ...both.standby, follows } }).standby;
    };
    expect([secure('on'), secure('on', 'require'), secure('on', 'disable')]).toEqual(['let in', 'let in', 'refused']);
    expect([secure('off'), secure('off', 'require')]).toEqual(['refused', 'refused']);
  });

  it('shows each word of the line that decides', () => {
    const lines = [
      ['host replication,shop rep,old samehost - reject', 'no line fits'],
      ['host replication,shop rep,+x all - md5', 'line 1: host replication,shop rep,+x all md5'],
    ] as const;
    for (const [words, shown] of lines) expect(made({ primary: server(words) })).toMatchObject({ standbyLine: shown });
  });

  it('is told which words became names by their quotes, and no more', () => {
    const quoted = (words: string, shape: string, number?: number) => ({ ...line(words, number), shape });
    const shown = (...access: AccessLine[]) => made({ primary: { ...both.primary, access } }).standbyLine;
    const named = quoted('host replication,shop,all all all - trust', 'x "x","x","x" "x" x x', 3);
    expect(shown(named)).toBe('no line fits; line 3 has "replication", "all", "all" in quotes, as a name');
    const plain = quoted('host shop,overall,allied rep,a+b all - trust', 'x "x","x","x" "x","x" x x');
    expect(shown(plain)).toBe('no line fits');
    const group = quoted('host replication +,+standbys samenet - trust', 'x @x "x","x" "x" x', 4);
    expect(shown(named, group)).toMatch(/; line 4 has "\+standbys", "samenet" in quotes, as a name$/);
    const open = quoted('host shop,all,replication rep samehost,x - trust', 'x "x","x",x "x" x x', 5);
    expect(shown({ ...open, address: 'all' })).toBe('line 5: host shop,"all",replication rep all trust');
    expect(made({ standby: { ...both.standby, access: [named] } })).toMatchObject({
      oldPrimaryLine: 'no line fits; line 3 has "replication", "all", "all" in quotes, as a name',
    });
    const clone = made({ standby: undefined, primary: { ...both.primary, access: [named] } });
    expect(clone).toMatchObject({ standby: 'refused', standbyLine: expect.stringMatching(/^no line fits; line 3/) });
  });

  it.each([
    ['old', 'expired'],
    ['shy', 'no connection'],
    ['mute', 'no LOGIN'],
    ['nobody', 'no REPLICATION'],
  ])('whose standby follows as %s: %s', (user, state) => {
    expect(made({ standby: { ...both.standby, follows: { user } } })).toMatchObject({ user, role: state });
  });

  it('whose standby follows as a role that may not replicate is let in by lines for all alone', () => {
    const to = (users: string) =>
      made({
        primary: server(`host replication ${users} all - trust`),
        standby: { ...both.standby, follows: { user: 'nobody' } },
      });
    expect(to('all')).toMatchObject({ standby: 'let in', role: 'no REPLICATION' });
    expect(to('nobody')).toMatchObject({ standby: 'let in' });
    expect(to('rep')).toMatchObject({ standby: 'refused' });
    // Of which groups it is one was not asked.
    expect(to('+rep')).not.toHaveProperty('standby');
  });

  it('whose primary is dead is told by the standby what its role may do', () => {
    const roles = { replicators, follows: { user: 'old' } };
    expect(made({ primary: undefined, standby: { ...both.standby, ...roles } })).toMatchObject({ role: 'expired' });
    const hidden = { ...both.standby, replicators: undefined };
    expect(made({ primary: undefined, standby: hidden })).not.toHaveProperty('role');
    expect(made({ primary: { ...both.primary, replicators: undefined }, standby: hidden })).not.toHaveProperty('role');
  });

  // Tried on servers of 11 to 18: from 13 on no limit of a role holds a standby off.
  it.each([
    [120022, ['shy'], 'no connection'],
    [129999, ['shy'], 'no connection'],
    [130000, ['shy'], 'may'],
    [180004, ['shy'], 'may'],
    [undefined, ['shy'], 'no connection'],
    [120022, null, 'may'],
  ])('of %s whose role, in the groups %j, may hold no connection: %s', (version, groups, state) => {
    const shy = { name: 'shy', login: true, limit: 0, expired: false, groups };
    const primary = { ...server('host replication shy all - trust', { replicators: [shy] }), version };
    const standby = { ...both.standby, follows: { user: 'shy' } };
    expect(made({ primary, standby })).toMatchObject({ role: state });
    expect(made({ primary, standby: undefined }).standby).toBe(state === 'may' ? 'let in' : undefined);
  });

  it.each([
    ['md5', 'scram-sha-256', 'old password'],
    ['md5', 'md5', 'may'],
    ['md5', 'trust', 'may'],
    ['scram', 'scram-sha-256', 'may'],
    ['none', 'scram-sha-256', 'no password'],
    ['none', 'password', 'no password'],
    ['none', 'cert', 'may'],
    [undefined, 'scram-sha-256', 'may'],
  ])('whose password is %s where %s is asked for: %s', (password, method, state) => {
    const role = { ...replicators[0], ...(password && { password }) };
    const primary = server(`host replication rep 10.0.0.2 255.255.255.255 ${method}`, { replicators: [role] });
    expect(made({ primary, standby: { ...both.standby, follows: { user: 'rep' } } })).toMatchObject({ role: state });
  });

  it('whose role has no password may have it asked for by no line that is known', () => {
    const primary = { ...both.primary, access: undefined, replicators: [{ ...replicators[0], password: 'none' }] };
    expect(made({ primary, standby: { ...both.standby, follows: { user: 'rep' } } })).toMatchObject({ role: 'may' });
  });

  it('of a clone is let in by no role that may hold no connection', () => {
    const primary = server('host replication shy 10.0.0.2 255.255.255.255 trust');
    expect(made({ primary, standby: undefined })).toMatchObject({ standby: 'refused' });
  });

  it('whose password has expired, where none is asked for, may go on', () => {
    const primary = server('host replication old 10.0.0.2 255.255.255.255 cert');
    expect(made({ primary, standby: { ...both.standby, follows: { user: 'old' } } })).toMatchObject({ role: 'may' });
  });

  it.each([
    ['the primary hides its lines', { primary: { ...both.primary, access: undefined } }, ['standby', 'standbyLine']],
    ['the primary is dead', { primary: undefined }, ['standby', 'standbyLine']],
    [
      'the standby hides its lines',
      { standby: { ...both.standby, access: undefined } },
      ['oldPrimary', 'oldPrimaryLine'],
    ],
    [
      'the standby hides as whom it follows',
      { standby: { ...both.standby, follows: {} } },
      ['oldPrimary', 'oldPrimaryLine', 'role', 'user'],
    ],
    [
      'hosts that are known by name alone',
      { primaryAddress: 'a', standbyAddress: 'b' },
      ['standby', 'standbyLine', 'oldPrimary', 'oldPrimaryLine'],
    ],
  ])('where %s tells the rest', (_, over, hidden) => {
    expect(Object.keys(made(over)).toSorted()).toEqual(
      Object.keys(postgresAccess.value)
        .filter((key) => !hidden.includes(key))
        .toSorted(),
    );
  });

  it('without a standby is judged by any role that may replicate', () => {
    expect(made({ standby: undefined })).toEqual({
      standby: 'let in',
      standbyLine: 'line 1: host replication rep 10.0.0.2 255.255.255.255 scram-sha-256',
    });
    const mute = server('host replication mute 10.0.0.2 255.255.255.255 trust');
    expect(made({ standby: undefined, primary: mute })).toMatchObject({ standby: 'refused' });
  });

  const usable = { login: true, limit: -1, expired: false };
  const clone = (words: string[], ...roles: object[]) =>
    made({
      standby: undefined,
      primary: { ...server(''), access: words.map((one, index) => line(one, index + 1)), replicators: roles },
    });

  it.each([
    // A server's own superuser has no password in most places, and is the first role that may replicate.
    [{ password: 'none' }, 'scram-sha-256', 'refused', 'rep: no password'],
    [{ password: 'md5' }, 'scram-sha-256', 'refused', 'rep: old password'],
    [{ expired: true }, 'md5', 'refused', 'rep: expired'],
    [{ expired: true }, 'trust', 'let in', undefined],
    [{ password: 'scram' }, 'scram-sha-256', 'let in', undefined],
    [{}, 'scram-sha-256', 'let in', undefined],
  ])('without a standby, whose one role is %j where %s is asked for: %s', (over, method, word, but) => {
    const value = clone([`host replication all all - ${method}`], { name: 'rep', groups: ['rep'], ...usable, ...over });
    expect(value).toEqual({
      ...{ standby: word },
      standbyLine: `line 1: host replication all all ${method}${but === undefined ? '' : `; ${but}`}`,
    });
  });

  it('without a standby is let in as soon as one role is', () => {
    const [owner, rep] = [
      { name: 'postgres', groups: null, ...usable, password: 'none' },
      { name: 'rep', groups: ['rep'], ...usable, password: 'scram' },
    ];
    const open = 'host replication all all - scram-sha-256';
    expect(clone([open], owner, rep)).toMatchObject({ standby: 'let in' });
    expect(clone([open], owner)).toMatchObject({ standby: 'refused' });
    expect(clone(['host replication rep all - md5'], owner, rep)).toMatchObject({ standby: 'let in' });
    // A line for a group of which the superuser may be a member decides of it alone.
    expect(clone(['host replication +staff all - trust'], owner, rep)).toEqual({});
    expect(clone(['host replication +staff,rep all - trust'], owner, rep)).toMatchObject({ standby: 'let in' });
    expect(clone([open])).toEqual({});
    const late = { name: 'rep', groups: ['rep'], ...usable, expired: true };
    expect(clone(['host replication rep db-b.example - md5'], late)).toEqual({});
    expect(clone([], late)).toEqual({ standby: 'refused', standbyLine: 'no line fits' });
    expect(made({ standby: { ...both.standby, follows: {} }, primary: undefined })).toEqual({});
    expect(made({ standby: undefined, primary: { ...both.primary, replicators: undefined } })).toEqual({});
  });

  it('is none without a server', () => {
    expect(() => made({ primary: undefined, standby: undefined })).toThrow(Unreadable);
  });
});
