/** What keeps WAL for a standby, and which locales a host lacks. */
import { describe, expect, it } from 'vitest';
import { check } from '../../../src/core/check-schema.js';
import { Unreadable } from '../../../src/core/errors.js';
import { closed } from '../../../src/probes/define.js';
import { postgresLocales } from '../../../src/probes/postgres/locales.js';
import { postgresRetention } from '../../../src/probes/postgres/retention.js';

const made = (settings: object, standby: object, slots: object[] | null = [{ name: 's', holds: true }]) => {
  const primary = { settings, ...(slots && { physicalSlots: slots }) };
  const value = postgresRetention.make({ primary, standby }, () => ({}));
  expect(check(closed(postgresRetention.value, Object.keys(postgresRetention.value)), value)).toEqual([]);
  return value;
};
const asks = (primary_slot_name: string, restores?: boolean) => ({
  settings: { primary_slot_name },
  ...(restores !== undefined && { restores }),
});
const none = { wal_keep_size: '0', archive_mode: 'off' };

describe('the slot that a standby asks for', () => {
  it.each([
    ['', [], { slot: 'none' }],
    ['s', [{ name: 's', holds: true }], { slot: 'holds', name: 's' }],
    ['s', [{ name: 's', holds: false }], { slot: 'lost', name: 's' }],
    ['s', [{ name: 'other', holds: true }], { slot: 'missing', name: 's' }],
  ])('%s among %j', (name, slots, told) => expect(made({}, asks(name), slots)).toMatchObject(told));

  it('is not told where one of the servers hides it', () => {
    expect(made({}, asks('s'), null)).toEqual({ name: 's' });
    expect(made({}, {})).toEqual({}); // what is asked for is hidden
  });
});

describe('what keeps WAL', () => {
  it.each([
    ['a slot', none, asks('s')],
    ['a size', { ...none, wal_keep_size: '64' }, asks('')],
    ['a size', { wal_keep_segments: '8' }, {}],
    ['an archive', { ...none, archive_mode: 'on' }, asks('', true)],
    ['an archive', { ...none, archive_mode: 'always' }, asks('gone', true)],
    ['nothing', { ...none, archive_mode: 'on' }, asks('', false)],
    ['nothing', none, asks('', true)],
    ['nothing', none, asks('gone')],
    [undefined, { ...none, archive_mode: 'on' }, asks('')],
    [undefined, { wal_keep_size: '0' }, asks('', true)],
    [undefined, { archive_mode: 'off' }, asks('', true)],
    [undefined, none, {}],
  ])('%s, with %j and %j', (keeps, settings, standby) => expect(made(settings, standby).keeps).toBe(keeps));

  it.each([
    ['none', 'nothing'],
    ['discards', 'nothing'],
    ['fails', 'an archive'],
    ['works', 'an archive'],
  ])('is no archive where the archiver is one that %s: %s', (archiver, keeps) => {
    const primary = { settings: { ...none, archive_mode: 'on' }, physicalSlots: [], archiver };
    expect(postgresRetention.make({ primary, standby: asks('', true) }, () => ({}))).toMatchObject({ keeps });
  });

  it('is not told by a server that tells no settings', () => {
    expect(postgresRetention.make({ primary: {}, standby: {} }, () => ({}))).toEqual({});
    expect(postgresRetention.make({ primary: { physicalSlots: [] }, standby: asks('s', false) }, () => ({}))).toEqual({
      ...{ name: 's', slot: 'missing' },
    });
  });

  it('is not judged of one server alone', () => {
    expect(() => postgresRetention.make({ primary: {} }, () => ({}))).toThrow(Unreadable);
    expect(() => postgresRetention.make({ standby: {} }, () => ({}))).toThrow(Unreadable);
  });
});

describe('locales', () => {
  const missing = (wanted: unknown, listed: unknown) => postgresLocales.make({ wanted, listed }, () => ({})).missing;
  it.each([
    [['C', 'POSIX'], 'fr_FR', []],
    [['en_US.UTF-8', 'C.UTF-8'], 'C\nC.utf8\nPOSIX\nen_US.utf8\n', []],
    [['de_DE.ISO-8859-15@euro'], 'de_DE.iso885915@euro\n', []],
    [['de_DE@euro', 'de_DE'], 'de_DE.utf8\nde_DE@euro\n', ['de_DE']],
    [['en_US.UTF-8'], 'C\nPOSIX\nen_US\n', ['en_US.UTF-8']],
    [['en_us.utf8'], 'en_US.utf8\n', ['en_us.utf8']],
    [['en_US.UTF-8'], 'en_US.iso88591\n', ['en_US.UTF-8']],
    [['de_DE@euro'], 'fr_FR@euro\n', ['de_DE@euro']],
    [['de_DE.UTF-8@euro'], 'de_DE.utf8\n', ['de_DE.UTF-8@euro']],
    [['de_DE.utf8@EURO'], 'de_DE.utf8@euro\n', ['de_DE.utf8@EURO']],
    [['zh_TW.big5-hkscs-2004'], ' zh_TW.big5hkscs2004 \r\n', []],
  ])('%j among %j', (wanted, listed, gone) => expect(missing(wanted, listed)).toEqual(gone));
  it.each([
    [undefined, 'C\n'],
    [['C'], undefined],
    [['C'], '\n'],
  ])('are not known of %j and %j', (wanted, listed) => expect(() => missing(wanted, listed)).toThrow(Unreadable));
});
