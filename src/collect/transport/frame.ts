/** The bytes of one answer, cut out of a lane's two streams at the sentinels. */

/** No status of a command has more digits; what goes on after the sentinel is no status. */
const STATUS_BYTES = 4;

/** Collects one command's answer until both sentinels have been seen or the cap is passed. Each byte is looked at once. */
export class Frame {
  readonly #out: Stream;
  readonly #err: Stream;
  readonly #maxBytes: number;

  constructor(nonce: string, n: number, maxBytes: number) {
    this.#out = new Stream(Buffer.from(`\n${nonce} ${n} `));
    this.#err = new Stream(Buffer.from(`\n${nonce} ${n}\n`));
    this.#maxBytes = maxBytes;
  }

  /** Takes bytes of standard output; what follows the sentinel and the status belongs to nobody and is dropped. */
  stdout(chunk: Buffer): void {
    this.#out.push(chunk);
  }

  /** Takes bytes of standard error. */
  stderr(chunk: Buffer): void {
    this.#err.push(chunk);
  }

  /** The exit status once the answer is whole. */
  get exit(): number | undefined {
    return this.#err.end < 0 ? undefined : this.#status;
  }

  /** True when what follows the sentinel can no longer become a status. */
  get broken(): boolean {
    return this.#status === undefined && this.#out.after.length >= STATUS_BYTES;
  }

  /** True when the answer is larger than was asked for; a sentinel that is still arriving does not count. */
  get overflows(): boolean {
    return this.#out.answered + this.#err.answered > this.#maxBytes;
  }

  /** The answer so far, at most `maxBytes` of it, decoded as a whole: a character may arrive in two pieces. */
  text(): { stdout: string; stderr: string } {
    const out = this.#out.answer().subarray(0, this.#maxBytes);
    const err = this.#err.answer();
    return { stdout: out.toString('utf8'), stderr: err.subarray(0, this.#maxBytes - out.length).toString('utf8') };
  }

  get #status(): number | undefined {
    const [, digits] = /^(\d{1,3})\n/.exec(this.#out.after.toString('latin1')) ?? [];
    return digits === undefined ? undefined : Number(digits);
  }
}

/** One stream up to its sentinel, and the few bytes after it. */
class Stream {
  readonly #mark: Buffer;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  /** The last bytes, in which a sentinel may have begun. */
  #tail: Buffer = Buffer.alloc(0);
  /** Where the answer ends; negative while the sentinel has not been seen. */
  end = -1;
  after: Buffer = Buffer.alloc(0);

  constructor(mark: Buffer) {
    this.#mark = mark;
  }

  push(chunk: Buffer): void {
    if (this.end >= 0) {
      this.#follow(chunk);
      return;
    }
    const joined = Buffer.concat([this.#tail, chunk]);
    const at = joined.indexOf(this.#mark);
    const before = this.#length - this.#tail.length;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (at >= 0) {
      this.end = before + at;
      this.#follow(joined.subarray(at + this.#mark.length));
    } else {
      this.#tail = Buffer.from(joined.subarray(Math.max(0, joined.length - this.#mark.length + 1)));
    }
  }

  /** How many bytes are surely the answer's. */
  get answered(): number {
    return Math.max(0, this.end < 0 ? this.#length - this.#mark.length : this.end);
  }

  answer(): Buffer {
    return Buffer.concat(this.#chunks).subarray(0, this.end < 0 ? undefined : this.end);
  }

  #follow(chunk: Buffer): void {
    const missing = STATUS_BYTES - this.after.length;
    if (missing > 0) this.after = Buffer.concat([this.after, chunk.subarray(0, missing)]);
  }
}
