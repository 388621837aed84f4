/** The manual names the rules that never failed on a pair of real servers: those, and no others. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadPack, packDir } from '../../../src/pack/load.js';
import { majors } from './majors.js';
import { allRows } from './rows/all.js';

it('the manual names each rule that no row makes fail', () => {
  const failed = new Set(
    allRows.flatMap(({ changes }) =>
      majors
        .flatMap((major) => Object.entries(typeof changes === 'function' ? changes(major) : changes))
        .flatMap(([key, verdict]) => (verdict === 'fail' ? [key.replace(/ \[.*/, '')] : [])),
    ),
  );
  const all = loadPack(packDir('postgresql')).rules.map(({ id }) => id.replace('postgresql/', ''));
  const manual = readFileSync(new URL('../../../docs/postgresql.md', import.meta.url), 'utf8');
  const [, listed = ''] = /\*\*Failed in offline cases only\*\*(.*?)\. In healthy/s.exec(manual) ?? [];
  const named = [...listed.matchAll(/`([\w-]+)`/g)].map(([, name]) => name);
  expect(named.toSorted()).toEqual(all.filter((id) => !failed.has(id)).toSorted());
});
