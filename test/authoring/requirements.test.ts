/** Traceability: every requirement has an answer, every rule was asked for. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRequirements } from '../../src/authoring/requirements.js';
import { loadPack, packDir, packIndex } from '../../src/pack/load.js';

describe.each(packIndex().packs)('the pack %s', (name) => {
  const dir = packDir(name);

  it('answers every requirement, and has no rule that nobody asked for', () => {
    expect(loadRequirements(loadPack(dir)).length).toBeGreaterThan(0);
  });

  it("says nothing in a vendor's page that stands in no pack file", () => {
    const page = readFileSync(join(dir, 'README.md'), 'utf8');
    for (const { id } of loadPack(dir).rules) expect(page).toContain(`\`${id}\``);
  });
});

describe('requirements of a pack', () => {
  it.each<[string, (text: string) => string, RegExp]>([
    [
      'an answer that is no rule',
      (text) => text.replace(/alation\/same-version/g, 'alation/same-verson'),
      /requirements\.yaml:\d+:\d+: no rule has the id alation\/same-verson; did you mean "alation\/same-version"\?/,
    ],
    [
      'a rule without a requirement',
      (text) => text.replace(/ {4}rules: \[alation\/same-version\]/, '    not_verified: [kvstore-port]'),
      /no requirement is answered by alation\/same-version/,
    ],
    [
      'a requirement without an answer',
      (text) => text.replace(/ {4}rules: \[alation\/same-version\]\n/, ''),
      /has no answer/,
    ],
    ['a document that is none', (text) => text.replace('doc: overview', 'doc: overviw'), /unknown document "overviw"/],
  ])('is refused with %s', (_, change, says) => {
    const folder = mkdtempSync(join(tmpdir(), 'pairflight-pack-'));
    try {
      const copy = join(folder, 'alation');
      cpSync(packDir('alation'), copy, { recursive: true });
      const file = join(copy, 'requirements.yaml');
      const text = readFileSync(file, 'utf8');
      const changed = change(text);
      expect(changed).not.toBe(text);
      writeFileSync(file, changed);
      expect(() => loadRequirements(loadPack(copy))).toThrow(says);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
