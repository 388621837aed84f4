/** The bytes of one answer, cut out of a lane's two streams between the sentinels of its question. */

/** No status of a command has more digits; what goes on after the sentinel is no status. */
const STATUS_BYTES = 4;
const NOTHING = Buffer.alloc(0);

/**
 * Collects one command's answer: what stands between the sentinels that were made for this question alone. Each byte is looked
 * at once; what follows the last sentinel is handed back, because it is the next question's.
 */
export class Frame {
  readonly #out: Stream;
  readonly #err: Stream;
  readonly #maxBytes: number;

  /** `begun`: there is no sentinel at the beginning, and all that comes is kept. */
  constructor(nonce: string, maxBytes: number, begun = false) {
    const begin = begun ? '' : `\n${nonce}\n`;
    this.#out = new Stream(begin, `\n${nonce} `, STATUS_BYTES);
    this.#err = new Stream(begin, `\n${nonce} .\n`, 0);
    this.#maxBytes = maxBytes;
  }

  /** Takes bytes of standard output; gives back those that stand behind the answer. */
  stdout(chunk: Buffer): Buffer {
    return this.#out.push(chunk);
  }

  /** Takes bytes of standard error; gives back those that stand behind the answer. */
  stderr(chunk: Buffer): Buffer {
    return this.#err.push(chunk);
  }

  /** True once the host has begun with the question. */
  get begun(): boolean {
    return this.#out.begun || this.#err.begun;
  }

  /** The exit status once the answer is whole. */
  get exit(): number | undefined {
    return this.#err.done ? this.#status : undefined;
  }

  /** True when what follows the sentinel can no longer become a status. */
  get broken(): boolean {
    return this.#out.after.length > 0 && this.#status === undefined && this.#out.done;
  }

  /** True when the answer is larger than was asked for; a sentinel that is still arriving does not count. */
  get overflows(): boolean {
    return this.#out.answered + this.#err.answered > this.#maxBytes;
  }

  /** How many bytes came before the question was begun, and belong to nobody. */
  get unasked(): number {
    return this.#out.before + this.#err.before;
  }

  /** The answer so far, at most `maxBytes` of it, decoded as a whole: a character may arrive in two pieces. */
  text(): { stdout: string; stderr: string } {
    const out = this.#out.answer().subarray(0, this.#maxBytes);
    const err = this.#err.answer();
    return { stdout: out.toString('utf8'), stderr: err.subarray(0, this.#maxBytes - out.length).toString('utf8') };
  }

  get #status(): number | undefined {
    const [, digits] = /^(\d{1,3})\n$/.exec(this.#out.after.toString('latin1')) ?? [];
    return digits === undefined ? undefined : Number(digits);
  }
}

/** One stream between its sentinels, and the few bytes after the last. */
class Stream {
  readonly #begin: Buffer;
  readonly #end: Buffer;
  /** At most so many bytes follow the last sentinel, up to the end of their line. */
  readonly #following: number;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  /** The last bytes, in which a sentinel may have begun. */
  #tail: Buffer = NOTHING;
  begun: boolean;
  /** Where the answer ends; negative while the sentinel has not been seen. */
  #at = -1;
  before = 0;
  after: Buffer = NOTHING;
  done = false;

  constructor(begin: string, end: string, following: number) {
    this.#begin = Buffer.from(begin);
    this.#end = Buffer.from(end);
    this.#following = following;
    this.begun = begin === '';
  }

  push(chunk: Buffer): Buffer {
    if (this.done) return chunk;
    if (this.#at >= 0) return this.#follow(chunk);
    return this.begun ? this.#inside(chunk) : this.#outside(chunk);
  }

  /** How many bytes are surely the answer's. */
  get answered(): number {
    return Math.max(0, this.#at < 0 ? this.#length - this.#end.length : this.#at);
  }

  answer(): Buffer {
    return Buffer.concat(this.#chunks).subarray(0, this.#at < 0 ? undefined : this.#at);
  }

  #outside(chunk: Buffer): Buffer {
    const joined = Buffer.concat([this.#tail, chunk]);
    const at = joined.indexOf(this.#begin);
    if (at < 0) {
      this.#tail = lastOf(joined, this.#begin.length - 1);
      this.before += chunk.length;
      return NOTHING;
    }
    this.begun = true;
    this.#tail = NOTHING;
    return this.#inside(joined.subarray(at + this.#begin.length));
  }

  #inside(chunk: Buffer): Buffer {
    const joined = Buffer.concat([this.#tail, chunk]);
    const at = joined.indexOf(this.#end);
    const before = this.#length - this.#tail.length;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (at < 0) {
      this.#tail = lastOf(joined, this.#end.length - 1);
      return NOTHING;
    }
    this.#at = before + at;
    return this.#follow(joined.subarray(at + this.#end.length));
  }

  #follow(chunk: Buffer): Buffer {
    const wanted = chunk.subarray(0, this.#following - this.after.length);
    const line = wanted.indexOf('\n');
    const taken = line < 0 ? wanted : wanted.subarray(0, line + 1);
    this.after = Buffer.concat([this.after, taken]);
    this.done = line >= 0 || this.after.length >= this.#following;
    return chunk.subarray(taken.length);
  }
}

/** A copy: a part would keep the whole in memory. */
const lastOf = (bytes: Buffer, length: number) => Buffer.from(bytes.subarray(Math.max(0, bytes.length - length)));
