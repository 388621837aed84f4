/** Runs a program to its end, and says what it cost: time, processor time of it and its children, and their memory together. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts processor time in hundredths of a second. */
const TICKS = 100;
const SAMPLE_MS = 25;
// The shell has waited for what it ran, and its own line in /proc has what that cost.
const WRAPPED = '"$@"; status=$?; read -r line </proc/$$/stat; echo "$line" >&3; exit $status';

/** What a run cost, and what it said. */
export interface Measured {
  ms: number;
  code: number | null;
  stdout: string;
  stderr: string;
  processorMs: number;
  peakMiB: number;
}

/** How a run is measured; `sample` watches the memory, which costs time of its own. */
export interface Measuring {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  sample?: boolean;
}

/** Runs words. @throws where they end with a code that is not among `good` */
export async function measure(
  words: readonly string[],
  { env = {}, cwd, sample = false }: Measuring = {},
  good: readonly (number | null)[] = [0],
): Promise<Measured> {
  const started = performance.now();
  const child = spawn('/bin/sh', ['-c', WRAPPED, 'sh', ...words], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
    cwd,
  });
  const [stdout, stderr, stat]: Buffer[][] = [[], [], []];
  child.stdio.slice(1).forEach((pipe, at) => {
    pipe?.on('data', (chunk: Buffer) => [stdout, stderr, stat][at]?.push(chunk));
  });
  let peakMiB = 0;
  const timer = sample
    ? setInterval(() => {
        peakMiB = Math.max(peakMiB, memoryOf(child.pid ?? 0) / 1024);
      }, SAMPLE_MS)
    : undefined;
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  const ms = performance.now() - started;
  const text = (chunks: Buffer[] = []) => Buffer.concat(chunks).toString();
  const ticks = text(stat)
    .replace(/^.*\) /s, '')
    .split(' ')
    .slice(13, 15)
    .map(Number);
  const processorMs = (ticks.reduce((sum, each) => sum + each, 0) * 1000) / TICKS;
  const measured = { ms, code, stdout: text(stdout), stderr: text(stderr), processorMs, peakMiB };
  if (!good.includes(code))
    throw new Error(`${words.join(' ')} ended with ${code}:\n${measured.stdout}\n${measured.stderr}`);
  return measured;
}

/** Kilobytes of a program's descendants, each with its share of what several hold together. */
function memoryOf(root: number): number {
  const parents = new Map<number, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const stat = read(`/proc/${pid}/stat`);
    if (stat) parents.set(Number(pid), Number(stat.replace(/^.*\) /s, '').split(' ')[1]));
  }
  const belongs = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === root || belongs(parent));
  };
  return [...parents.keys()]
    .filter(belongs)
    .map((pid) => Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0))
    .reduce((sum, kib) => sum + kib, 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
