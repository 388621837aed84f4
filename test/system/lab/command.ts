/** Running programs for the lab's own set-up. */
import { type SpawnOptions, spawn } from 'node:child_process';

/** What a program said, and how long it took. */
export interface Ran {
  /** Null when it was ended by a signal. */
  code: number | null;
  stdout: string;
  stderr: string;
  ms: number;
}

/** What may be set for a run: text for its standard input, its environment, a limit in milliseconds. */
export interface RunOptions extends Pick<SpawnOptions, 'cwd' | 'env'> {
  input?: string;
  timeoutMs?: number;
}

/** Runs a program to its end; rejects only when it cannot be started. */
export function run(argv: readonly string[], { input, timeoutMs = 60_000, cwd, env }: RunOptions = {}): Promise<Ran> {
  const [program = '', ...words] = argv;
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      const ms = Math.round(performance.now() - started);
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(), ms });
    });
    // A program that ends without reading its input closes the pipe on us: no fault of the lab's.
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
}

/** Runs a program that has to succeed and gives what it printed. */
export async function must(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const ran = await run(argv, options);
  if (ran.code !== 0) {
    throw new Error(`lab: \`${argv.join(' ')}\` ended with ${ran.code ?? 'a signal'}: ${ran.stderr.trim()}`);
  }
  return ran.stdout;
}
