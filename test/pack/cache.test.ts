/** Packs that were checked when pairflight was built: taken only where neither they nor what checks them has changed since. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { productsOf, readChecked, readCheckedIndex, readProducts, writeChecked } from '../../src/pack/cache.js';
import type { Pack } from '../../src/pack/pack.js';

const HASH = 'a'.repeat(64);
const roles = { node: { title: 'Node', count: '2..' as const } };
const pack = {
  name: 'twin',
  title: 'Twin',
  roles,
  sha256: HASH,
  text: { written: { name: 'twin' } },
} as unknown as Pack;
const index = { default: 'twin', packs: ['twin'], reading: {} };
const indexText = 'default: twin\n';

/** A folder with compiled code and packs, and what may be done in it. */
function built() {
  const folder = mkdtempSync(join(tmpdir(), 'pairflight-cache-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const at = (name: string) => pathToFileURL(`${join(folder, name)}/`);
  const folders = { compiled: at('compiled'), checked: at('compiled/checked'), packs: at('rules') };
  /** Puts a file of that age. */
  const put = (name: string, text: string, secondsAgo = 0) => {
    writeFileSync(join(folder, name), text);
    const when = Math.floor(Date.now() / 1000) - secondsAgo;
    utimesSync(join(folder, name), when, when);
  };
  for (const name of ['compiled', 'compiled/check', 'rules', 'rules/twin', 'rules/alone'])
    mkdirSync(join(folder, name));
  put('compiled/load.js', '', 1000);
  put('compiled/check/pack.js', '', 1000);
  put('rules/index.yaml', indexText);
  put('rules/twin/pack.yaml', 'name: twin\n');
  put('rules/alone/pack.yaml', 'name: alone\n');
  const all = () => [readChecked(HASH, folders), readCheckedIndex(indexText, folders), readProducts(folders)];
  return { folder, folders, put, all };
}
const kept = [{ written: { name: 'twin' } }, index, { twin: { title: 'Twin', roles } }];
const nothing = [undefined, undefined, undefined];

it('is what was kept, and nothing before', () => {
  const { folders, all } = built();
  expect(all()).toEqual(nothing);
  writeChecked([pack], index, folders);
  expect(all()).toEqual(kept);
});

it('is nothing of other files', () => {
  const { folders, put } = built();
  writeChecked([pack], index, folders);
  expect(readChecked('b'.repeat(64), folders)).toBeUndefined();
  expect(readCheckedIndex('default: other\n', folders)).toBeUndefined();
  put('rules/twin/pack.yaml', 'name: twin # another\n');
  expect(readProducts(folders)).toBeUndefined();
});

it.each(['compiled/load.js', 'compiled/check/pack.js'])('is nothing once %s was compiled anew', (name) => {
  const { folders, put, all } = built();
  writeChecked([pack], index, folders);
  put(name, '', -1000);
  expect(all()).toEqual(nothing);
  put(name, '', 1000);
  put('compiled/load.js.map', '', -1000);
  expect(all()).toEqual(kept);
});

it('is what was kept in the moment in which it was compiled', () => {
  const { folders, put } = built();
  writeChecked([pack], index, folders);
  put(`compiled/checked/${HASH}.json`, '{}', 1000);
  expect(readChecked(HASH, folders)).toEqual({});
});

it('is nothing where a file is damaged', () => {
  const { folders, put } = built();
  writeChecked([pack], index, folders);
  put(`compiled/checked/${HASH}.json`, '{');
  expect(readChecked(HASH, folders)).toBeUndefined();
});

it('takes the place of what was kept before', () => {
  const { folder, folders } = built();
  writeChecked([{ ...pack, sha256: 'b'.repeat(64) }], index, folders);
  writeChecked([pack], index, folders);
  const names = readdirSync(join(folder, 'compiled/checked'));
  expect(names).toHaveLength(3);
  expect(names).toContain(`${HASH}.json`);
});

it('names title and roles of each product, in their order', () => {
  const other = { ...pack, name: 'other', title: 'Other' } as Pack;
  expect(Object.entries(productsOf([other, pack]))).toEqual([
    ['other', { title: 'Other', roles }],
    ['twin', { title: 'Twin', roles }],
  ]);
});
