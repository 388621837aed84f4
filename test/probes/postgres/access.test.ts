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
    ['10.0.0.2', '::', '::', 'refused'],
    ['::ffff:10.0.0.2', '10.0.0.2', full, 'let in'],
    ['::2', '10.0.0.2', full, 'refused'],
  ])('%s beside %s %s: %s', (address, written, mask, said) => {
    expect(says([line(`host replication rep ${written} ${mask} trust`)], { address })).toBe(said);
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

  it.each([
    ['old', 'expired'],
    ['shy', 'no connection'],
    ['mute', 'no LOGIN'],
    ['nobody', 'no REPLICATION'],
  ])('whose standby follows as %s: %s', (user, state) => {
    expect(made({ standby: { ...both.standby, follows: { user } } })).toMatchObject({ user, role: state });
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

  it('is none without a server', () => {
    expect(() => made({ primary: undefined, standby: undefined })).toThrow(Unreadable);
  });
});
