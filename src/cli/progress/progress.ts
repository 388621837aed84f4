/** What shows the progress of a run. */
import type { Observer } from '../../collect/observer.js';

/** Shows and ends the progress of one run; where nobody looks there are only the lines that are said. */
export interface Progress {
  /** Who is told what is asked and answered; absent where nothing of it is shown. */
  observer?: Observer;
  /** Counts down until the next round; ends with it, or with the run. */
  countDown(ms: number): void;
  /** Writes a line that stays. */
  say(line: string): void;
  /** Leaves the terminal to somebody else until `resume`. */
  pause(): void;
  resume(): void;
  /** Leaves nothing of the progress on the terminal, and says no more of it. */
  end(): void;
}
