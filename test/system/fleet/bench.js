/**
 * What a fleet costs, measured in one run on one machine against played pairs: the peak memory of 200 pairs (or of as many as
 * --pairs says) against that of 50, and the time of a pair with 16 at once against one at a time. Prints the figures. Ends with 1
 * where the memory grows by more than its limit, or pairs at once are no faster, and again, by more than machines differ.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const limits = { memory: 1.3, speed: 1 };
/** How far a second measurement may be off for the machine's sake. */
const MACHINES_DIFFER_BY = 1.15;
const bin = fileURLToPath(new URL('../../../bin/pairflight.js', import.meta.url));
const { values } = parseArgs({
  options: { pairs: { type: 'string', default: '200' }, alone: { type: 'string', default: '12' } },
});
const [most, alone] = [Number(values.pairs), Number(values.alone)];
const folder = mkdtempSync(join(tmpdir(), 'pairflight-bench-'));

/** Plays so many pairs in a process of its own until it is ended; gives the words of a run on them. */
async function played(count) {
  const dir = join(folder, `played-${count}`);
  const child = spawn(process.execPath, [bin, 'demo', 'fleet', String(count), '--serve', dir, '--faults', '5'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  return {
    words: [
      join(dir, 'fleet.json'),
      '--known-hosts',
      join(dir, 'known_hosts'),
      '--ssh-config',
      'none',
      '--skip',
      '*/runner-reaches-hosts',
    ],
    end: async () => {
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      await closed;
    },
  };
}

let runs = 0;

/** Runs a fleet; gives its seconds, its processor seconds and its peak memory in MiB. */
async function run(words, parallel) {
  const out = join(folder, `out-${runs++}`);
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [bin, 'fleet', 'preflight', ...words, '--out', out, '--parallel', String(parallel), '--report', `json=${out}.json`],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const closed = once(child, 'close');
  let peak = 0;
  let ended = false;
  closed.then(() => {
    ended = true;
  });
  while (!ended) {
    const status = existsSync(`/proc/${child.pid}/status`) ? readFileSync(`/proc/${child.pid}/status`, 'utf8') : '';
    peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
    await Promise.race([sleep(100), closed]);
  }
  const [code] = await closed;
  // On a machine that is too busy some played hosts answer too late.
  if (![0, 1, 3].includes(code)) throw new Error(`a played fleet ended with ${code}`);
  const report = JSON.parse(readFileSync(`${out}.json`, 'utf8'));
  rmSync(out, { recursive: true });
  return { seconds: (performance.now() - started) / 1000, peak, summary: report.summary };
}

async function benchMemory(few, many, margin) {
  const small = await run(few.words, 16);
  const large = await run(many.words, 16);
  const ratio = large.peak / small.peak;
  const rate = (large.summary.pairs / large.seconds).toFixed(1);
  console.log(
    `fleet memory: ${large.summary.pairs} pairs against ${small.summary.pairs}: ratio ${ratio.toFixed(2)}, limit ${limits.memory}`,
  );
  console.log(
    `  ${large.summary.pairs} pairs: peak ${large.peak.toFixed(0)} MiB, ${large.seconds.toFixed(1)} s, ${rate} pairs a second`,
  );
  console.log(`  ${small.summary.pairs} pairs: peak ${small.peak.toFixed(0)} MiB, ${small.seconds.toFixed(1)} s`);
  return ratio <= limits.memory * margin;
}

async function benchSpeed(pairs, margin) {
  const one = await run(pairs.words, 1);
  const sixteen = await run(pairs.words, 16);
  const each = ({ seconds, summary }) => (seconds * 1000) / summary.pairs;
  const ratio = each(sixteen) / each(one);
  console.log(
    `fleet speed: a pair with 16 at once against one at a time: ratio ${ratio.toFixed(2)}, limit ${limits.speed}`,
  );
  console.log(`  16 at once: ${each(sixteen).toFixed(0)} ms a pair; one at a time: ${each(one).toFixed(0)} ms a pair`);
  return ratio <= limits.speed * margin;
}

/** One more try for a figure that a busy machine spoiled. */
async function twice(measure) {
  if (await measure(1)) return true;
  console.log('  above the limit; measured once more');
  return measure(MACHINES_DIFFER_BY);
}

const [few, many, some] = [await played(50), await played(most), await played(alone)];
try {
  const within = [
    await twice((margin) => benchMemory(few, many, margin)),
    await twice((margin) => benchSpeed(some, margin)),
  ];
  process.exitCode = within.every(Boolean) ? 0 : 1;
} finally {
  await Promise.all([few, many, some].map(({ end }) => end()));
  rmSync(folder, { recursive: true, force: true });
}
