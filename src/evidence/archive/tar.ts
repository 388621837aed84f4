/** The archive of a bundle: a gzipped ustar of a few regular files, made the same from the same files, and read as hostile input. */
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { UsageError } from '../../core/errors.js';

/** One file of an archive. */
export interface Member {
  name: string;
  bytes: Buffer;
}

/** What an archive may come to, compressed, unpacked, and in files, before it is refused. */
export const MOST = { packedBytes: 64 * 1024 * 1024, unpackedBytes: 256 * 1024 * 1024, members: 32 } as const;

const BLOCK = 512;
/** What a block of the packed bytes may come to. */
const FIRST_BYTES = 2048 * BLOCK;
const END = Buffer.alloc(2 * BLOCK);

/** Packs files that their owner alone may read, all of one moment (seconds since 1970): no name, clock or user of this machine gets in. */
export function pack(members: readonly Member[], seconds: number): Buffer {
  const blocks = members.flatMap(({ name, bytes }) => [
    headerOf(name, bytes.length, seconds),
    bytes,
    Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK),
  ]);
  const packed = gzipSync(Buffer.concat([...blocks, END]), { level: 9 });
  // The ninth byte names the operating system of whoever packed: unknown.
  packed[9] = 0xff;
  return packed;
}

function headerOf(name: string, size: number, seconds: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
  const fields: [number, string][] = [
    [0, name],
    [100, `${octal(0o600, 7)}\0`],
    [108, `${octal(0, 7)}\0`],
    [116, `${octal(0, 7)}\0`],
    [124, `${octal(size, 11)}\0`],
    [136, `${octal(seconds, 11)}\0`],
    [148, ' '.repeat(8)],
    [156, '0'],
    [257, 'ustar\x0000'],
  ];
  if (Buffer.byteLength(name) > 99) throw new Error(`${name} is too long a name for an archive`);
  for (const [at, text] of fields) header.write(text, at, 'latin1');
  header.write(`${octal(sumOf(header), 6)}\0 `, 148, 'latin1');
  return header;
}

/** The sum of a header's bytes, its own field counted as blanks. */
function sumOf(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}

/** Whether a file begins as a gzip does. */
export function isPacked(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The files of an archive in the form that `pack` gives it: nothing is written anywhere, and what is no regular file in the
 * archive's own folder (a link, a directory, an extended header) is refused. @throws UsageError
 */
export function unpack(packed: Buffer, file: string): Member[] {
  const bytes = unzip(packed, file);
  const members: Member[] = [];
  for (let at = 0; ; ) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.length < BLOCK) throw new UsageError(`${file}: the archive ends in the middle`);
    if (header.every((byte) => byte === 0)) return endingAt(bytes, at, members, file);
    const { name, size } = readHeader(header, file);
    if (members.some((member) => member.name === name)) throw new UsageError(`${file}: ${name} is there twice`);
    if (members.length === MOST.members) throw new UsageError(`${file}: holds more than ${MOST.members} files`);
    const begin = at + BLOCK;
    if (begin + size > bytes.length) throw new UsageError(`${file}: ${name} ends in the middle`);
    members.push({ name, bytes: bytes.subarray(begin, begin + size) });
    at = begin + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function endingAt(bytes: Buffer, at: number, members: Member[], file: string): Member[] {
  if (bytes.subarray(at).some((byte) => byte !== 0)) throw new UsageError(`${file}: something stands behind its end`);
  return members;
}

function unzip(packed: Buffer, file: string): Buffer {
  if (packed.length > MOST.packedBytes)
    throw new UsageError(`${file}: is larger than ${MOST.packedBytes} bytes; no bundle is`);
  // The first header is looked at before all that may be behind it.
  const first = beginningOf(packed);
  const isEmpty = first.every((byte) => byte === 0);
  if (first.length === BLOCK && !isEmpty) readHeader(first, file);
  const most = isEmpty && first.length === BLOCK ? FIRST_BYTES : MOST.unpackedBytes;
  try {
    // With `info` Node also gives the decompressor, which its types do not know.
    const { buffer, engine } = gunzipSync(packed, { maxOutputLength: most, info: true }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    if (engine.bytesWritten === packed.length) return buffer;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new UsageError(`${file}: unpacks to more than ${most} bytes; no bundle does`);
  }
  throw new UsageError(`${file}: is damaged: it cannot be unpacked as gzip`);
}

/** The first block of what is packed; of fewer bytes where there are none, or they are damaged. */
function beginningOf(packed: Buffer): Buffer {
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: FIRST_BYTES };
    return gunzipSync(packed.subarray(0, BLOCK), options).subarray(0, BLOCK);
  } catch {
    return Buffer.alloc(0);
  }
}

function readHeader(header: Buffer, file: string): { name: string; size: number } {
  const text = (at: number, length: number) =>
    header
      .subarray(at, at + length)
      .toString('latin1')
      .replace(/\0.*/s, '');
  const number = (at: number, length: number) => {
    const digits = text(at, length);
    return /^[0-7]{1,11}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
  };
  const [name, kind, size] = [text(0, 100), text(156, 1), number(124, 12)];
  if (number(148, 8) !== sumOf(header) || text(257, 5) !== 'ustar')
    throw new UsageError(`${file}: is no archive that pairflight bundle made`);
  if (!/^[A-Za-z][A-Za-z0-9.-]{0,98}$/.test(name) || text(345, 155) !== '')
    throw new UsageError(`${file}: holds a file whose name no bundle has: ${JSON.stringify(name)}`);
  if (kind !== '0' || size === undefined)
    throw new UsageError(`${file}: ${name} is no regular file (a link, a folder, or worse)`);
  return { name, size };
}
