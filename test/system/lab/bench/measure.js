/** Runs a program to its end, and says what it cost: time, processor time of it and its children, and their memory together. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts processor time in hundredths of a second. */
const TICKS = 100;
const SAMPLE_MS = 25;
// The shell has waited for what it ran, and its own line in /proc has what that cost.
const WRAPPED = '"$@"; status=$?; read -r line </proc/$$/stat; echo "$line" >&3; exit $status';

/** Runs words; `sample` watches the memory, which costs time of its own. */
export async function measure(words, { env = {}, sample = false } = {}) {
  const started = performance.now();
  const child = spawn('/bin/sh', ['-c', WRAPPED, 'sh', ...words], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  const [out, stat] = [[], []];
  child.stdout.on('data', (chunk) => out.push(chunk));
  child.stdio[3].on('data', (chunk) => stat.push(chunk));
  let peakMiB = 0;
  const timer = sample && setInterval(() => (peakMiB = Math.max(peakMiB, memoryOf(child.pid) / 1024)), SAMPLE_MS);
  const [code] = await once(child, 'close');
  clearInterval(timer);
  const [cutime, cstime] = Buffer.concat(stat)
    .toString()
    .replace(/^.*\) /s, '')
    .split(' ')
    .slice(13, 15);
  return {
    ms: performance.now() - started,
    code,
    stdout: Buffer.concat(out).toString(),
    processorMs: ((Number(cutime) + Number(cstime)) * 1000) / TICKS,
    peakMiB,
  };
}

/** Kilobytes of a program's descendants, each with its share of what several hold together. */
function memoryOf(root) {
  const parents = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const stat = read(`/proc/${pid}/stat`);
    if (stat) parents.set(Number(pid), Number(stat.replace(/^.*\) /s, '').split(' ')[1]));
  }
  const belongs = (pid) => pid === root || (parents.has(pid) && belongs(parents.get(pid)));
  return [...parents.keys()]
    .filter((pid) => pid !== root && belongs(pid))
    .map((pid) => Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0))
    .reduce((sum, kib) => sum + kib, 0);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The one in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
