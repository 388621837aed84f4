/** The bytes of one answer, cut out of a lane's two streams at the sentinels. */

/** Collects one command's answer until both sentinels have been seen or the cap is passed. */
export class Frame {
  readonly #outMark: Buffer;
  readonly #errMark: Buffer;
  readonly #maxBytes: number;
  #out = Buffer.alloc(0);
  #err = Buffer.alloc(0);
  #outEnd = -1;
  #errEnd = -1;
  #exit: number | undefined;

  constructor(nonce: string, n: number, maxBytes: number) {
    this.#outMark = Buffer.from(`\n${nonce} ${n} `);
    this.#errMark = Buffer.from(`\n${nonce} ${n}\n`);
    this.#maxBytes = maxBytes;
  }

  /** Takes bytes of standard output; what follows the sentinel belongs to nobody and is dropped. */
  stdout(chunk: Buffer): void {
    if (this.#exit !== undefined) return;
    const from = Math.max(0, this.#out.length - this.#outMark.length);
    this.#out = Buffer.concat([this.#out, chunk]);
    if (this.#outEnd < 0) this.#outEnd = this.#out.indexOf(this.#outMark, from);
    if (this.#outEnd < 0) return;
    const status = /^(\d+)\n/.exec(this.#out.toString('latin1', this.#outEnd + this.#outMark.length));
    if (status) this.#exit = Number(status[1]);
  }

  /** Takes bytes of standard error. */
  stderr(chunk: Buffer): void {
    if (this.#errEnd >= 0) return;
    const from = Math.max(0, this.#err.length - this.#errMark.length);
    this.#err = Buffer.concat([this.#err, chunk]);
    this.#errEnd = this.#err.indexOf(this.#errMark, from);
  }

  /** The exit status once the answer is whole. */
  get exit(): number | undefined {
    return this.#errEnd < 0 ? undefined : this.#exit;
  }

  /** True when the answer is larger than was asked for; a sentinel that is still arriving does not count. */
  get overflows(): boolean {
    const out = this.#outEnd < 0 ? this.#out.length - this.#outMark.length : this.#outEnd;
    const err = this.#errEnd < 0 ? this.#err.length - this.#errMark.length : this.#errEnd;
    return Math.max(0, out) + Math.max(0, err) > this.#maxBytes;
  }

  /** The answer so far, at most `maxBytes` of it, decoded as a whole: a character may arrive in two pieces. */
  text(): { stdout: string; stderr: string } {
    const out = this.#out.subarray(0, this.#outEnd < 0 ? undefined : this.#outEnd).subarray(0, this.#maxBytes);
    const err = this.#err.subarray(0, this.#errEnd < 0 ? undefined : this.#errEnd);
    return { stdout: out.toString('utf8'), stderr: err.subarray(0, this.#maxBytes - out.length).toString('utf8') };
  }
}
