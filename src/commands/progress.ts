/** Progress on stderr, when it is a terminal: how many questions each host has answered, or when they are asked again. */
import type { Ora } from 'ora';
import { showDuration } from './duration.js';

/** Shows and ends the progress of one run; without a terminal that has a width there are only the lines that are said. */
export interface Progress {
  update(host: string, done: number, total: number): void;
  /** Counts down until the next round; ends with the next `update` or `say`. */
  countDown(ms: number): void;
  /** Writes a line that stays. */
  say(line: string): void;
  end(): void;
}

/** What is shown just now: there is one terminal, and at most one line of progress on it. */
let shown: Ora | undefined;

/** Starts progress. The spinner is loaded only where it is seen. */
export async function startProgress(): Promise<Progress> {
  const write = (line: string) => void process.stderr.write(`pairflight: ${line}\n`);
  // A terminal that does not know its width (a serial console, a new pseudo-terminal) has no room for the spinner's sums.
  if (!process.stderr.isTTY || !process.stderr.columns)
    return { update: () => {}, countDown: () => {}, say: write, end: () => {} };
  const { default: ora } = await import('ora');
  const counts = new Map<string, string>();
  const spinner = ora({ text: 'connecting', stream: process.stderr, discardStdin: false }).start();
  shown = spinner;
  let counting: NodeJS.Timeout | undefined;
  const show = (text: string) => {
    spinner.text = text;
  };
  return {
    update(host, done, total) {
      clearInterval(counting);
      counts.set(host, `${host} ${done}/${total}`);
      show([...counts.values()].join('   '));
    },
    countDown(ms) {
      counts.clear();
      const until = performance.now() + ms;
      const tick = () => show(`next round in ${showDuration(until - performance.now())}`);
      tick();
      counting = setInterval(tick, 1000).unref();
    },
    say(line) {
      clearInterval(counting);
      spinner.stop();
      write(line);
      spinner.start();
    },
    end: () => {
      clearInterval(counting);
      shown = undefined;
      spinner.stop();
    },
  };
}

/** Keeps the line of progress away while somebody is asked something at the terminal. */
export async function withoutProgress<T>(ask: () => Promise<T>): Promise<T> {
  shown?.stop();
  try {
    return await ask();
  } finally {
    shown?.start();
  }
}
