import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPacked, type Member, MOST, pack, unpack } from '../../src/evidence/archive/tar.js';
import { lacking } from '../needs.js';

const SECONDS = 1_769_824_800;
const members: Member[] = [
  { name: 'MANIFEST.json', bytes: Buffer.from('{}\n') },
  { name: 'empty.txt', bytes: Buffer.alloc(0) },
  { name: 'block.txt', bytes: Buffer.alloc(512, 'x') },
  { name: 'longer.txt', bytes: Buffer.alloc(513, 'ä') },
];

describe('packing', () => {
  it('gives back what was packed, whatever it is', () => {
    const file = fc.record({
      name: fc.stringMatching(/^[a-z][a-z0-9.-]{0,40}$/),
      bytes: fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(fc.uniqueArray(file, { selector: ({ name }) => name, maxLength: 8 }), (files) => {
        expect(unpack(pack(files, SECONDS), 'a').map(({ name, bytes }) => [name, bytes.toString('hex')])).toEqual(
          files.map(({ name, bytes }) => [name, bytes.toString('hex')]),
        );
      }),
    );
  });

  it('gives the same bytes again, and names neither a time nor a system of its own', () => {
    const packed = pack(members, SECONDS);
    expect(pack(members, SECONDS).equals(packed)).toBe(true);
    expect(packed.subarray(4, 8).toString('hex')).toBe('00000000');
    expect(packed[9]).toBe(0xff);
    expect(isPacked(packed)).toBe(true);
    for (const bytes of [[0x1f, 0x8c], [0x1e, 0x8b], []]) expect(isPacked(Buffer.from(bytes))).toBe(false);
  });

  it('gives back a file of more than a mebibyte', () => {
    const bytes = Buffer.alloc(3 * 1024 * 1024);
    const [found] = unpack(pack([{ name: 'large', bytes }], SECONDS), 'a');
    expect(found?.bytes.equals(bytes)).toBe(true);
  });

  it('takes names of 99 bytes, and no longer ones', () => {
    const named = (length: number) => [{ name: 'a'.repeat(length), bytes: Buffer.alloc(0) }];
    expect(unpack(pack(named(99), SECONDS), 'a')).toEqual(named(99));
    expect(() => pack(named(100), SECONDS)).toThrow('is too long a name for an archive');
  });

  const why = lacking('tar', 'gzip');
  it.skipIf(why)(`is read by tar(1) as files that only their owner may read${why}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'pairflight-archive-'));
    try {
      const file = join(folder, 'a.tar.gz');
      writeFileSync(file, pack(members, SECONDS));
      const env = { ...process.env, TZ: 'UTC' };
      const listed = execFileSync('tar', ['tzvf', file, '--numeric-owner', '--full-time'], { encoding: 'utf8', env });
      for (const { name, bytes } of members) {
        expect(listed).toMatch(
          new RegExp(`^-rw------- 0/0 +${bytes.length} 2026-01-31 02:00:00 ${name.replace('.', '\\.')}$`, 'm'),
        );
      }
      execFileSync('tar', ['xzf', file, '-C', folder]);
      expect(readdirSync(folder).sort()).toEqual(['a.tar.gz', ...members.map(({ name }) => name)].sort());
      for (const { name, bytes } of members) expect(readFileSync(join(folder, name)).equals(bytes)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** The archive with its tar changed. */
const changed = (change: (tar: Buffer) => Buffer | undefined) => {
  const tar = Buffer.from(gunzipSync(pack(members, SECONDS)));
  return gzipSync(change(tar) ?? tar);
};

/** The first header with other words in it, and a sum that fits. */
const header = (...words: [number, string][]) =>
  changed((tar) => {
    for (const [at, text] of words) tar.write(text, at, 'latin1');
    tar.write(' '.repeat(8), 148, 'latin1');
    const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    return undefined;
  });

/** A first block that is no header, before much that cannot be guessed. */
const strange = gzipSync(Buffer.concat([Buffer.alloc(512, 'x'), Buffer.alloc(5000, 'abcdefgh')]));

describe('a hostile archive', () => {
  it('stays readable where only the mode differs, so that each refusal below has its own reason', () => {
    expect(unpack(header([100, '0000777\0']), 'a')).toHaveLength(members.length);
  });

  it.each<[string, Buffer, RegExp]>([
    ['a symbolic link', header([156, '2']), /no regular file/],
    ['a hard link', header([156, '1']), /no regular file/],
    ['a folder', header([156, '5']), /no regular file/],
    ['a device', header([156, '3']), /no regular file/],
    ['an extended header', header([156, 'x']), /no regular file/],
    ['a long name of GNU', header([156, 'L']), /no regular file/],
    ['a path upwards', header([0, '../../x.json\0']), /whose name no bundle has/],
    ['an absolute path', header([0, '/etc/passwd\0']), /whose name no bundle has/],
    ['a path into a folder', header([0, 'a/b.json\0']), /whose name no bundle has/],
    ['a name with a terminal sequence', header([0, 'a\x1b[2J\0']), /whose name no bundle has: "a\\u001b/],
    ['a prefix to its name', header([345, '../..\0']), /whose name no bundle has/],
    ['no name', header([0, '\0\0\0\0']), /whose name no bundle has/],
    ['a size in another base', header([124, '\x80\0\0\0\0\0\0\0\0\0\0\x03']), /no regular file/],
    ['a negative size', header([124, '-0000000003\0']), /no regular file/],
    ['a size with a letter', header([124, '0000000003x\0']), /no regular file/],
    ['a size of blanks', header([124, ' '.repeat(11)]), /no regular file/],
    ['a kind that is not said', header([156, '\0']), /no regular file/],
    ['a size beyond its end', header([124, '77777777777\0']), /MANIFEST\.json ends in the middle/],
    ['a name twice', header([0, 'block.txt\0\0\0\0\0']), /block\.txt is there twice/],
    ['a sum that does not fit', changed((tar) => void tar.write('X', 0)), /no archive that pairflight bundle made/],
    ['another form of header', header([257, 'nosuch']), /no archive that pairflight bundle made/],
    ['no end', changed((tar) => tar.subarray(0, tar.length - 1024)), /ends in the middle/],
    ['nothing behind its last file', changed((tar) => tar.subarray(0, 512 * 5)), /the archive ends in the middle/],
    ['half of a header', changed((tar) => tar.subarray(0, 1024 + 100)), /ends in the middle/],
    ['something behind its end', changed((tar) => Buffer.concat([tar, Buffer.alloc(512, 'x')])), /behind its end/],
    ['no tar at all', gzipSync('{}'), /ends in the middle/],
    ['a cut gzip', pack(members, SECONDS).subarray(0, -9), /cannot be unpacked/],
    ['bytes behind the gzip', Buffer.concat([pack(members, SECONDS), Buffer.from('x')]), /cannot be unpacked/],
    ['zeros behind the gzip', Buffer.concat([pack(members, SECONDS), Buffer.alloc(9)]), /cannot be unpacked/],
    ['no gzip', Buffer.from([0x1f, 0x8b, 1, 2, 3]), /cannot be unpacked/],
    ['a first header that is none, before the rest is unpacked', strange.subarray(0, -9), /no archive that pairflight/],
    ['as much as a bundle may have, packed', Buffer.alloc(MOST.packedBytes), /cannot be unpacked/],
    ['more than any bundle packed', Buffer.alloc(MOST.packedBytes + 1), /is larger than/],
    [
      'too many files',
      pack(
        Array.from({ length: MOST.members + 1 }, (_, at) => ({ name: `f${at}`, bytes: Buffer.alloc(0) })),
        SECONDS,
      ),
      /more than 32 files/,
    ],
  ])('with %s is refused', (_, packed, message) => {
    expect(() => unpack(packed, 'a.tar.gz')).toThrow(message);
    expect(() => unpack(packed, 'a.tar.gz')).toThrow(/^a\.tar\.gz: /);
  });

  it('that unpacks to more than any bundle is refused before it fills the memory', () => {
    const bomb = gzipSync(Buffer.alloc(MOST.unpackedBytes + 1), { level: 1 });
    expect(bomb.length).toBeLessThan(MOST.packedBytes);
    expect(() => unpack(bomb, 'a')).toThrow(/unpacks to more than/);
  });

  it('of any bytes is refused as a mistake of its user, or read', () => {
    const tar = gunzipSync(pack(members, SECONDS));
    const flips = fc.array(fc.tuple(fc.nat(tar.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(flips, (some) => {
        const copy = Buffer.from(tar);
        for (const [at, byte] of some) copy[at] = byte;
        try {
          unpack(gzipSync(copy), 'a');
        } catch (error) {
          expect((error as Error).name).toBe('UsageError');
        }
      }),
    );
  });
});
