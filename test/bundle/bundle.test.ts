import { describe, expect, it } from 'vitest';
import { check } from '../../src/core/check-schema.js';
import { sha256 } from '../../src/core/sha256.js';
import { type BundleParts, makeBundle, readBundle, textIn } from '../../src/evidence/archive/bundle-file.js';
import { manifestSchema } from '../../src/evidence/archive/manifest.js';
import { type Member, pack, unpack } from '../../src/evidence/archive/tar.js';

const named = { name: 'twin', version: '1', sha256: 'a'.repeat(64) };
const parts: BundleParts = {
  evidence: '{"schema":"x"}\n',
  answers: 'answers',
  plan: 'the plan\n',
  reports: { table: 'table', junit: '<x/>', json: '{}', markdown: '# x', github: '::error::x', later: 'later' },
  manifest: {
    tool: { name: 'pairflight', version: '0.0.0' },
    node: 'v20.0.0',
    platform: 'linux x64',
    takenAt: '2026-01-31T02:00:00.500Z',
    phases: ['preflight'],
    packs: [named],
    judgedWith: named,
    redaction: { what: ['machine ids'], pseudonyms: [], replaced: 0, kept: [] },
  },
};
const bundle = makeBundle(parts);

/** The bundle with its files changed; the manifest keeps what it says unless it is changed too. */
const changed = (change: (members: Member[]) => Member[]) => pack(change(unpack(bundle, 'b')), 0);
const without = (name: string) => changed((members) => members.filter((member) => member.name !== name));
const withBytes = (name: string, bytes: string) =>
  changed((members) => members.map((one) => (one.name === name ? { name, bytes: Buffer.from(bytes) } : one)));
const withManifest = (change: (manifest: Record<string, unknown>) => void) =>
  changed((members) =>
    members.map((one) => {
      if (one.name !== 'MANIFEST.json') return one;
      const manifest = JSON.parse(one.bytes.toString());
      change(manifest);
      return { name: one.name, bytes: Buffer.from(JSON.stringify(manifest)) };
    }),
  );

describe('a bundle', () => {
  it('holds every part under a name that tells its form, the manifest first', () => {
    expect(unpack(bundle, 'b').map(({ name }) => name)).toEqual([
      'MANIFEST.json',
      'evidence.json',
      'answers.txt',
      'report.txt',
      'report.junit.xml',
      'report.json',
      'report.md',
      'report.github.txt',
      'report.later',
      'plan.txt',
    ]);
    expect(readBundle(bundle, 'b').get('plan.txt')?.toString()).toBe(parts.plan);
  });

  it('is the same bytes when it is made again', () => {
    expect(makeBundle(parts).equals(bundle)).toBe(true);
  });

  it('has a manifest of its schema, with the size and hash of every other file', () => {
    const [first, ...others] = unpack(bundle, 'b');
    const manifest = JSON.parse(first?.bytes.toString() ?? '');
    expect(check(manifestSchema, manifest)).toEqual([]);
    expect(manifest.files).toEqual(
      others.map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: sha256(bytes) })),
    );
    expect(sha256(Buffer.from('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('reading a bundle', () => {
  it('takes a plain file for the text itself', () => {
    expect(textIn(Buffer.from('{"ä":1}'), 'evidence.json', 'e.json')).toBe('{"ä":1}');
    expect(textIn(bundle, 'evidence.json', 'b')).toBe(parts.evidence);
    expect(textIn(bundle, 'report.json', 'b')).toBe('{}');
  });

  it.each(
    unpack(bundle, 'b')
      .map(({ name }) => name)
      .filter((name) => name !== 'MANIFEST.json'),
  )('refuses one whose %s was changed, or taken out', (name) => {
    const bytes =
      unpack(bundle, 'b')
        .find((member) => member.name === name)
        ?.bytes.toString() ?? '';
    const flipped = `${bytes.slice(0, -1)}${bytes.endsWith('z') ? 'y' : 'z'}`;
    expect(() => readBundle(withBytes(name, flipped), 'b')).toThrow(`b: ${name} is not the file that was packed`);
    expect(() => readBundle(withBytes(name, `${bytes} `), 'b')).toThrow(`b: ${name} is not the file that was packed`);
    expect(() => readBundle(without(name), 'b')).toThrow(`b: "${name}" is missing`);
  });

  it.each<[string, Buffer, RegExp]>([
    ['without a manifest', without('MANIFEST.json'), /has no MANIFEST\.json/],
    ['whose manifest is not JSON', withBytes('MANIFEST.json', 'x'), /has no MANIFEST\.json/],
    [
      'of another schema',
      withManifest((one) => void Object.assign(one, { schema: 'x' })),
      /MANIFEST\.json: .*bundle\/1/,
    ],
    ['with a word of its own', withManifest((one) => void Object.assign(one, { x: 1 })), /unknown key "x"/],
    [
      'whose manifest has another size',
      withManifest((one) => void Object.assign((one.files as object[])[0] ?? {}, { bytes: 1 })),
      /evidence\.json is not the file/,
    ],
    ['whose manifest forgets a file', withManifest((one) => void (one.files as unknown[]).pop()), /holds plan\.txt/],
    [
      'with a file that nobody named',
      changed((members) => [...members, { name: 'extra.txt', bytes: Buffer.from('x') }]),
      /holds extra\.txt/,
    ],
  ])('refuses one %s', (_, bytes, message) => {
    expect(() => readBundle(bytes, 'b')).toThrow(message);
  });

  const withNamed = (name: string) =>
    changed((members) => {
      const extra = { name, bytes: Buffer.from('x') };
      return [...members, extra].map((one) => {
        if (one.name !== 'MANIFEST.json') return one;
        const manifest = JSON.parse(one.bytes.toString());
        manifest.files.push({ name, bytes: 1, sha256: sha256(extra.bytes) });
        return { name: one.name, bytes: Buffer.from(JSON.stringify(manifest)) };
      });
    });

  it.each([
    'run.sh',
    'my-plan.txt',
    'plan.txt.sh',
    'report',
    'report.a.b.c',
    'report.X',
    'report.7',
    `report.${'a'.repeat(17)}`,
  ])('refuses one with %s, which no bundle has, though its manifest names it', (name) => {
    expect(() => readBundle(withNamed(name), 'b')).toThrow(`b: holds ${name}, which its manifest does not name`);
  });

  it('takes one with reports of other formats', () => {
    for (const name of ['report.later.txt', `report.${'a'.repeat(16)}`])
      expect(readBundle(withNamed(name), 'b').get(name)?.toString()).toBe('x');
  });

  it('says what is missing from an archive without evidence', () => {
    const empty = makeBundle({ ...parts, reports: {} });
    expect(() => textIn(empty, 'report.json', 'b')).toThrow('b: holds no report.json');
  });
});
