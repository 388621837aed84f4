/** The text of a new inventory: whatever was given or discovered, it reads as exactly that. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { inventoryFromHosts } from '../../src/cli/host-option.js';
import { schemaFor } from '../../src/cli/init/editor-schema.js';
import { inventoryText, withSettings } from '../../src/cli/init/text.js';
import { check } from '../../src/core/check-schema.js';
import { loadPack, packDir, packIndex } from '../../src/pack/load.js';
import { parseInventory } from '../../src/plan/inventory.js';
import { anyCharacter } from '../any-character.js';

const pack = loadPack(packDir('alation'));
const today = '2026-11-20';
const { hosts } = inventoryFromHosts(['primary=ops@db-a,address=10.0.0.1', 'secondary=10.0.0.2']);

/** What a host may say for a path: anything on one line. */
const path = fc
  .string({ unit: anyCharacter, maxLength: 20 })
  .filter((text) => !/[\n\r\0]/.test(text))
  .map((text) => `/${text}`);

describe('the text of an inventory', () => {
  test('is what was given, whatever a host answered for a setting', () => {
    fc.assert(
      fc.property(path, path, (dataDisk, backupDisk) => {
        const own = hosts.map((host) => (host.name === 'secondary' ? { ...host, settings: { backupDisk } } : host));
        const text = inventoryText(
          pack,
          { hosts: own, settings: { dataDisk }, release: '4.10' },
          { today, schema: './s' },
        );
        const inventory = parseInventory(text, 'new.yaml');
        expect(inventory).toMatchObject({ release: '4.10', settings: { dataDisk }, product: 'alation' });
        expect(inventory.hosts).toEqual(own);
        expect(Object.keys(parse(text))).toEqual(['product', 'release', 'hosts', 'settings']);
      }),
    );
  });

  test('keeps what it had when settings are put into it', () => {
    fc.assert(
      fc.property(path, path, (dataDisk, backupDisk) => {
        const text = inventoryText(pack, { hosts, settings: { dataDisk: '/old' } }, { today });
        const found = { settings: { dataDisk }, byHost: { primary: { backupDisk } }, gaps: [] };
        const inventory = parseInventory(withSettings(text, found), 'new.yaml');
        expect(inventory.settings).toEqual({ dataDisk });
        expect(inventory.hosts).toEqual(
          hosts.map((host) => (host.name === 'primary' ? { ...host, settings: { backupDisk } } : host)),
        );
      }),
    );
  });

  test('puts a setting that all hosts share in the place of their own', () => {
    const text = 'hosts: { primary: { address: a, settings: { dataDisk: /one } }, secondary: { address: b } } # ours\n';
    const written = withSettings(text, { settings: { dataDisk: '/all' }, byHost: {}, gaps: [] });
    expect(parse(written)).toMatchObject({ settings: { dataDisk: '/all' }, hosts: { primary: { settings: {} } } });
    expect(written).toContain('# ours');
  });

  test.each(packIndex().packs)(
    'is accepted by the schema that editors get for %s, with every setting that has a default',
    (name) => {
      const one = loadPack(packDir(name));
      const roles = Object.entries(one.roles).flatMap(([role, { count }]) =>
        Array<string>(Math.max(1, Number(count[0]))).fill(role),
      );
      const some = inventoryFromHosts(roles.map((role, at) => `${role}=10.0.0.${at + 1}`)).hosts.map((host) =>
        one.roles[host.role]?.endpoint ? { ...host, ssh: {}, connection: 'endpoint' as const } : host,
      );
      const settings = Object.fromEntries(
        Object.entries(one.settings).flatMap(([key, { default: usual }]) =>
          usual === undefined ? [] : [[key, usual]],
        ),
      );
      const value = parse(inventoryText(one, { hosts: some, settings }, { today }));
      expect(value.settings).toEqual(Object.keys(settings).length > 0 ? settings : undefined);
      expect(check(schemaFor(one), value)).toEqual([]);
    },
  );
});
