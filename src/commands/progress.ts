/** Progress on stderr, when it is a terminal: how many questions each host has answered. */

/** Shows and ends the progress of one run; does nothing when stderr is not a terminal. */
export interface Progress {
  update(host: string, done: number, total: number): void;
  end(): void;
}

/** Starts progress. The spinner is loaded only where it is seen. */
export async function startProgress(): Promise<Progress> {
  if (!process.stderr.isTTY) return { update: () => {}, end: () => {} };
  const { default: ora } = await import('ora');
  const counts = new Map<string, string>();
  const spinner = ora({ text: 'connecting', stream: process.stderr, discardStdin: false }).start();
  return {
    update(host, done, total) {
      counts.set(host, `${host} ${done}/${total}`);
      spinner.text = [...counts.values()].join('   ');
    },
    end: () => void spinner.stop(),
  };
}
