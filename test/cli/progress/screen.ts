/** A terminal as far as progress needs one: what stands on it, however it was resized in between. */

interface Place {
  line: number;
  offset: number;
}

/** Lines of any length, wrapped as the terminal is wide just now; `reflows`: a narrower terminal breaks lines instead of cutting them. */
export class Screen {
  rows = 24;
  /** Everything that was written to it. */
  written = '';
  #lines: string[] = [''];
  #at: Place = { line: 0, offset: 0 };
  #wraps = true;

  constructor(
    public columns: number,
    readonly reflows: boolean,
  ) {}

  /** What stands there, without what is blank at the ends. */
  get text(): string {
    return this.#lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd();
  }

  resize(columns: number): void {
    if (!this.reflows) {
      const rows = this.#rows().map(({ line, offset }) =>
        (this.#lines[line] ?? '').slice(offset, offset + this.columns),
      );
      const row = this.#row();
      this.#at = { line: row, offset: Math.min(this.#at.offset % this.columns, columns - 1) };
      this.#lines = rows.map((text) => text.slice(0, columns));
    }
    this.columns = columns;
  }

  write(text: string): void {
    this.written += text;
    for (const [part] of text.matchAll(/\x1b\[\??\d*[A-Za-z]|[\s\S]/g)) this.#take(part);
  }

  #take(part: string): void {
    const [, count = '', letter] = /^\x1b\[(\??\d*)([A-Za-z])$/.exec(part) ?? [];
    const { line, offset } = this.#at;
    const text = this.#lines[line] ?? '';
    if (letter === 'A') this.#go(this.#row() - Number(count), offset % this.columns);
    else if (letter === 'K') {
      // What is erased up to the edge goes on in the next row no more.
      const end = Math.floor(offset / this.columns) * this.columns + this.columns;
      const below = text.length > end ? [text.slice(end)] : [];
      this.#lines.splice(line, 1, text.slice(0, offset), ...below);
    } else if (letter === 'J') {
      this.#lines[line] = text.slice(0, offset);
      this.#lines.length = line + 1;
    } else if (count === '?7') this.#wraps = letter === 'h';
    else if (letter !== undefined) throw new Error(`this terminal does not know ${JSON.stringify(part)}`);
    else if (part === '\r') this.#at.offset = Math.floor(offset / this.columns) * this.columns;
    else if (part === '\n') this.#go(this.#row() + 1, offset % this.columns);
    else this.#print(part);
  }

  #print(character: string): void {
    const { line, offset } = this.#at;
    const text = (this.#lines[line] ?? '').padEnd(offset);
    this.#lines[line] = text.slice(0, offset) + character + text.slice(offset + 1);
    const full = (offset + 1) % this.columns === 0;
    if (!full || this.#wraps) this.#at.offset += 1;
  }

  #rows(): Place[] {
    return this.#lines.flatMap((text, line) =>
      Array.from({ length: Math.max(1, Math.ceil(text.length / this.columns)) }, (_, at) => ({
        line,
        offset: at * this.columns,
      })),
    );
  }

  #row(): number {
    const { line, offset } = this.#at;
    return this.#rows().findLastIndex((row) => row.line === line && row.offset <= offset);
  }

  #go(row: number, column: number): void {
    if (row < 0) throw new Error('the cursor left the screen');
    const there = this.#rows()[row];
    if (there) this.#at = { line: there.line, offset: there.offset + column };
    else this.#at = { line: this.#lines.push('') - 1, offset: column };
  }
}
