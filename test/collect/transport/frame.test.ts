/** The cutting of answers: whole whatever pieces they come in, bounded after the sentinel, each byte looked at once. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Frame } from '../../../src/collect/transport/frame.js';

const NONCE = '0123456789abcdef';

/** Hands over a text in pieces of a size; gives what the frame gave back. */
function feed(frame: Frame, stdout: string, stderr: string, size: number): { stdout: string; stderr: string } {
  const pass = (text: string, take: (chunk: Buffer) => Buffer) => {
    const bytes = Buffer.from(text);
    let rest = '';
    for (let at = 0; at < bytes.length; at += size) rest += take(bytes.subarray(at, at + size)).toString();
    return rest;
  };
  return { stdout: pass(stdout, (chunk) => frame.stdout(chunk)), stderr: pass(stderr, (chunk) => frame.stderr(chunk)) };
}

describe('a frame', () => {
  it('gives both streams and the status, whatever pieces they come in', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', ' ', NONCE, `\n${NONCE}6 `, 'é'), maxLength: 12 });
    fc.assert(
      fc.property(
        text,
        text,
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 1, max: 40 }),
        (out, err, exit, size) => {
          const frame = new Frame(NONCE, 10_000);
          const rest = feed(
            frame,
            `stray\n${NONCE}\n${out}\n${NONCE} ${exit}\nrest`,
            `stray\n${NONCE}\n${err}\n${NONCE} .\nrest`,
            size,
          );
          expect(rest).toEqual({ stdout: 'rest', stderr: 'rest' });
          expect({ exit: frame.exit, ...frame.text() }).toEqual({ exit, stdout: out, stderr: err });
          expect([frame.overflows, frame.broken]).toEqual([false, false]);
        },
      ),
    );
  });

  it.each(['1234', '12345678', 'x', '-1\n', '1 \n', '0000\n'])(
    'is broken where the sentinel is followed by %j',
    (after) => {
      const frame = new Frame(NONCE, 1000, true);
      feed(frame, `\n${NONCE} ${after}....`, `\n${NONCE} .\n`, 1000);
      expect([frame.broken, frame.exit]).toEqual([true, undefined]);
    },
  );

  it('is not broken while a status is still arriving', () => {
    const frame = new Frame(NONCE, 1000, true);
    feed(frame, `\n${NONCE} 12`, `\n${NONCE} .\n`, 1000);
    expect([frame.broken, frame.exit]).toEqual([false, undefined]);
    frame.stdout(Buffer.from('7\n'));
    expect(frame.exit).toBe(127);
  });

  it('tells an answer that is too large, on either stream', () => {
    for (const [out, err] of [
      ['x'.repeat(2000), ''],
      ['', 'x'.repeat(2000)],
    ] as const) {
      const frame = new Frame(NONCE, 1000, true);
      feed(frame, out, err, 10);
      expect(frame.overflows).toBe(true);
      expect(frame.text().stdout.length + frame.text().stderr.length).toBeLessThanOrEqual(1000);
    }
  });

  it('has begun with the first sentinel on either stream, and counts what came before', () => {
    const frame = () => new Frame(NONCE, 1000);
    expect(new Frame(NONCE, 1000, true).begun).toBe(true);
    const [none, out, err] = [frame(), frame(), frame()];
    feed(none, 'motd', 'warning', 100);
    feed(out, `\n${NONCE}\n`, '', 100);
    feed(err, '', `\n${NONCE}\n`, 100);
    expect([none.begun, out.begun, err.begun]).toEqual([false, true, true]);
    expect([none.unasked, out.unasked, err.unasked]).toEqual([11, 0, 0]);
  });

  it('tells the answer so far, all of it', () => {
    const frame = new Frame(NONCE, 1000, true);
    feed(frame, 'half', 'ha', 100);
    expect(frame.text()).toEqual({ stdout: 'half', stderr: 'ha' });
  });

  it('gives standard error what standard output left of the size', () => {
    const frame = new Frame(NONCE, 10, true);
    feed(frame, 'abcdef', 'ABCDEF', 100);
    expect(frame.text()).toEqual({ stdout: 'abcdef', stderr: 'ABCD' });
  });

  it('is too large with one byte more than was asked for, and not by what follows it', () => {
    const end = `\n${NONCE} 0\n`;
    const of = (stdout: string, max: number) => {
      const frame = new Frame(NONCE, max, true);
      feed(frame, stdout, '', 1000);
      return frame.overflows;
    };
    expect([of(`12345${end}`, 5), of(`123456${end}`, 5)]).toEqual([false, true]);
    expect([of(`${end}${'rest'.repeat(9)}`, 5), of(`12345${end}${'rest'.repeat(9)}`, 5)]).toEqual([false, false]);
    // A sentinel may still be arriving: so many bytes are not known to be the answer's.
    const sentinel = `\n${NONCE} `.length;
    expect([of('x'.repeat(5 + sentinel), 5), of('x'.repeat(6 + sentinel), 5)]).toEqual([false, true]);
  });

  it('takes no more than a status, however it arrives, and hands back the rest', () => {
    const frame = new Frame(NONCE, 1000, true);
    feed(frame, `\n${NONCE} 12`, `\n${NONCE} .\n`, 1000);
    expect(frame.stdout(Buffer.from('345678')).toString()).toBe('5678');
    expect([frame.broken, frame.exit]).toEqual([true, undefined]);
    expect(frame.stdout(Buffer.from('more')).toString()).toBe('more');
  });

  it('takes twice as long for twice as much, and not four times', () => {
    const spent = (pieces: number) => {
      const frame = new Frame(NONCE, Number.MAX_SAFE_INTEGER, true);
      const piece = Buffer.alloc(512, 0x31);
      const start = performance.now();
      for (let n = 0; n < pieces; n++) frame.stdout(piece);
      return performance.now() - start;
    };
    spent(2000);
    const [some, more] = [spent(4000), spent(32_000)];
    // Eight times as much: quadratic work would be 64 times as long.
    expect(more).toBeLessThan(some * 30 + 50);
  });
});
