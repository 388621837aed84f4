/** Progress on stderr, when it is a terminal: how many questions each host has answered. */
import type { Ora } from 'ora';

/** Shows and ends the progress of one run; does nothing when stderr is not a terminal with a width. */
export interface Progress {
  update(host: string, done: number, total: number): void;
  end(): void;
}

/** What is shown just now: there is one terminal, and at most one line of progress on it. */
let shown: Ora | undefined;

/** Starts progress. The spinner is loaded only where it is seen. */
export async function startProgress(): Promise<Progress> {
  // A terminal that does not know its width (a serial console, a new pseudo-terminal) has no room for the spinner's sums.
  if (!process.stderr.isTTY || !process.stderr.columns) return { update: () => {}, end: () => {} };
  const { default: ora } = await import('ora');
  const counts = new Map<string, string>();
  const spinner = ora({ text: 'connecting', stream: process.stderr, discardStdin: false }).start();
  shown = spinner;
  return {
    update(host, done, total) {
      counts.set(host, `${host} ${done}/${total}`);
      spinner.text = [...counts.values()].join('   ');
    },
    end: () => {
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
