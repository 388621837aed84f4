/** Hidden answers from the terminal itself, which is there even when stdin is the inventory and the outputs are pipes. */
import { openSync } from 'node:fs';
import type { ReadStream, WriteStream } from 'node:tty';

/** Thrown when the run was interrupted while the person was asked. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

interface Terminal {
  input: ReadStream;
  output: WriteStream;
}

/**
 * Asks for a line without showing it; undefined where there is no terminal. Ctrl-C counts for the whole run, as it does
 * when nobody is asked. @throws Interrupted
 */
export async function askHidden(prompt: string): Promise<string | undefined> {
  const terminal = await openTerminal();
  if (terminal === undefined) return undefined;
  const { input, output } = terminal;
  const { read } = await import('read');
  const signal = nextSignal();
  const restore = () => {
    input.setRawMode(false);
    output.write('\n');
  };
  try {
    const typed = read({ prompt, silent: true, input, output }).catch(() => {
      // The terminal is raw while it is read: Ctrl-C is a letter then, and becomes the signal that it stands for.
      input.setRawMode(false);
      process.kill(process.pid, 'SIGINT');
      return signal.came;
    });
    const answer = await Promise.race([typed, signal.came]);
    if (answer === undefined) throw new Interrupted('interrupted');
    return String(answer);
  } finally {
    signal.forget();
    restore();
    input.destroy();
    output.destroy();
  }
}

async function openTerminal(): Promise<Terminal | undefined> {
  const { ReadStream, WriteStream } = await import('node:tty');
  try {
    return { input: new ReadStream(openSync('/dev/tty', 'r')), output: new WriteStream(openSync('/dev/tty', 'w')) };
  } catch {
    return undefined;
  }
}

/** Resolves at the next signal that ends a run; what the run itself does then has been done. */
function nextSignal(): { came: Promise<undefined>; forget: () => void } {
  const names = ['SIGINT', 'SIGTERM'] as const;
  let come: () => void = () => {};
  const came = new Promise<undefined>((resolve) => {
    come = () => resolve(undefined);
  });
  for (const name of names) process.on(name, come);
  return {
    came,
    forget: () => {
      for (const name of names) process.off(name, come);
    },
  };
}
