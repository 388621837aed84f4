/**
 * Lines of a terminal that are drawn over and over. The cursor waits at the beginning of the first, visible: whatever a resize
 * makes of the lines is behind it and is erased with them, and there is nothing to restore however the run ends.
 */

/** What is needed of a terminal. */
export interface Screen {
  write(text: string): unknown;
  columns: number;
  rows: number;
}

const ERASE_LINE = '\x1b[K';
const ERASE_BELOW = '\x1b[J';
/** A terminal that has just become narrower cuts the lines off, and the count of the rows stays right. */
const CUT = '\x1b[?7l';
const WRAP = '\x1b[?7h';

/** The area in which one run shows its progress. */
export class Area {
  readonly #screen: Screen;
  #drawn = '';

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Shows these lines, in place of those that are there; as many as the terminal has rows for. */
  draw(lines: readonly string[]): void {
    const shown = lines.slice(0, Math.max(1, this.#screen.rows - 1));
    const text = shown.map((line) => line + ERASE_LINE).join('\r\n');
    if (text === this.#drawn) return;
    this.#drawn = text;
    const up = shown.length > 1 ? `\x1b[${shown.length - 1}A` : '';
    this.#screen.write(`${CUT}\r${text}${ERASE_BELOW}\r${up}${WRAP}`);
  }

  /** Erases what is shown, and all that was typed over it. */
  clear(): void {
    if (this.#drawn === '') return;
    this.#drawn = '';
    this.#screen.write(`\r${ERASE_BELOW}`);
  }
}
