/**
 * How fast a run is, measured in one run on one machine: `pairflight preflight`, of the same facts and as a whole, against the script
 * of docs/bench.md on the same lab, with and without a delay on the way, and beside what people have. The script itself is checked
 * first: where it is no fair measure, nothing that was compared with it means anything. Counts above their limits fail at once; a
 * ratio fails far above its limit, and only after it was measured again.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Lab, startLab } from '../lab/lab.js';
import { whyNoLab } from '../lab/requirements.js';
import { countsBeyond, faultsOfScript, isBeyond, type Limits } from './judge.js';
import { type Other, others } from './others.js';
import { Times } from './times.js';
import { compareWays } from './two-ways.js';
import { type Preflight, preflights, Way } from './way.js';

const NEAR = 0;
const FAR = 50;

/** Ratios to the script. */
const RATIOS: Record<Preflight, number> = { 'the same facts': 1.3, 'the whole preflight': 2 };

/** Counts. The bytes are without those of /proc/partitions, which lists all devices of the machine that plays the hosts. */
const COUNTS: Record<Preflight, Limits> = {
  'the same facts': { logins: 1, programs: 90, waits: 16, bytes: 64 * 1024, memoryMiB: 130 },
  'the whole preflight': { logins: 1, programs: 150, waits: 20, bytes: 96 * 1024, memoryMiB: 130 },
};

const NAMES = Object.keys(preflights) as Preflight[];
const NAMES_OF_OTHERS = others.map(({ name }) => name);
/** The one that the script is judged by. */
const JUDGE = 'testinfra';

/** Measures all, prints it, and gives the exit code. */
export async function bench(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string' } } });
  const rounds = (usual: number) => Number(values.rounds ?? usual);
  const reason = await whyNoLab();
  if (reason !== undefined) {
    console.log(`bench: not measured: ${reason}`);
    return process.env.PAIRFLIGHT_LAB_REQUIRED === '1' ? 1 : 0;
  }
  const held = [others.filter(({ installed }) => !installed).every(tellMissing)];
  const lab = await startLab();
  try {
    const [near, far] = [new Way(lab, NEAR), new Way(lab, FAR)];
    for (const way of [near, far]) held.push(await countsHold(lab, way));
    held.push(await ratiosHold(near, rounds(5)));
    held.push(await ratiosHold(far, rounds(3)));
    const by = (transport: string) => near.preflight('the whole preflight', ['--transport', transport]);
    held.push(await compareWays(rounds(9), by));
  } finally {
    await lab.close();
  }
  return held.every(Boolean) ? 0 : 1;
}

/** Whether it may be missing: where everything can be had, a comparison is not left out. */
function tellMissing({ name, debian }: Other): boolean {
  console.log(`not compared with ${name}, which is not installed here (package ${debian})`);
  return process.env.PAIRFLIGHT_REQUIRE_ALL !== '1';
}

/** What does not depend on the machine's speed. */
async function countsHold(lab: Lab, way: Way): Promise<boolean> {
  console.log(`\ncounts, ${way.delay} ms each way (of the two hosts, and the limit of each)`);
  const byHand = await way.counts(() => way.script());
  const both = (counts: readonly number[] = []) => counts.join(' and ');
  console.log(
    `  the script by hand: logins ${both(byHand.logins)}; programs ${both(byHand.programs)}${waitsOf(byHand)}`,
  );
  let holds = true;
  for (const name of NAMES) {
    const limits = COUNTS[name];
    const counted = await way.counts(() => way.preflight(name, [], { sample: true }));
    // Each of the two contexts of a host reads it once.
    const partitions = readFileSync('/proc/partitions').length * lab.hosts.length * 2;
    const bytes = Math.max(0, way.bytesRead - partitions);
    const beyond = countsBeyond({ ...counted, bytes }, limits);
    console.log(
      `  ${name}: logins ${both(counted.logins)} (${limits.logins}); programs ${both(counted.programs)} (${limits.programs})` +
        `${waitsOf(counted, limits.waits)}; ${bytes} bytes read (${limits.bytes}); peak memory ${counted.memoryMiB.toFixed(0)} MiB ` +
        `(${limits.memoryMiB}); ${counted.processorMs.toFixed(0)} ms of processor${beyond.length > 0 ? `; ABOVE THE LIMIT: ${beyond.join(', ')}` : ''}`,
    );
    holds &&= beyond.length === 0;
  }
  return holds;
}

function waitsOf({ waits }: { waits?: readonly number[] | undefined }, limit?: number): string {
  if (waits === undefined) return '';
  return `; waits for the wire in a row ${waits.join(' and ')}${limit === undefined ? '' : ` (${limit})`}`;
}

/** One more try where a busy machine may have spoiled the figures. */
async function ratiosHold(way: Way, rounds: number): Promise<boolean> {
  const times = new Times();
  if (await ratios(way, rounds, times)) return true;
  console.log('  measured once more');
  return ratios(way, rounds, times.of(NAMES_OF_OTHERS));
}

/** How often another program is measured: they take long, and once is enough but for the one that the script is judged by. */
const runsOf = (name: string, { delay }: Way) => (delay === NEAR && name === JUDGE ? 3 : 1);

/** Measures in turn, so that whatever else the machine does meets all; false where the script is no measure, or a ratio is far above its limit. */
async function ratios(way: Way, rounds: number, times: Times): Promise<boolean> {
  for (let round = 0; round < rounds; round++) {
    await times.take('script', () => way.script());
    if (way.delay === NEAR) {
      await times.take('login', () => way.login());
      await times.take('on hosts', () => way.onHosts());
    }
    for (const name of NAMES) await times.take(name, () => way.preflight(name));
    for (const other of others)
      if (other.installed && times.count(other.name) < runsOf(other.name, way))
        await times.take(other.name, () => way.other(other));
  }
  const script = times.median('script');
  console.log(`\n${way.delay} ms each way: the script by hand ${times.show('script')}`);
  const valid = way.delay !== NEAR || isValid(times);
  const held = NAMES.map((name) => {
    const [ratio, limit] = [times.median(name) / script, RATIOS[name]];
    const far = isBeyond(ratio, limit) ? ', FAR ABOVE IT' : '';
    console.log(
      `  ${name}: ${times.show(name)}, ratio ${ratio.toFixed(2)}, limit ${limit}${missed(ratio, limit)}${far}`,
    );
    return far === '';
  });
  if (way.delay === NEAR) {
    const sum = 1 + way.longestCommand / script;
    const whole = times.median('the whole preflight') / script;
    console.log(
      `  the script and the longest command of the whole together: ratio ${sum.toFixed(2)}${missed(whole, sum)}`,
    );
  }
  for (const name of NAMES_OF_OTHERS.filter((other) => times.count(other) > 0))
    console.log(`  ${name}: ${times.show(name)}, ratio ${(times.median(name) / script).toFixed(2)}`);
  return valid && held.every(Boolean);
}

/** The script costs what it must, and is as quick as somebody would make it who wants speed. */
function isValid(times: Times): boolean {
  console.log(`  of it: ssh HOST true ${times.show('login')}; its commands on the hosts ${times.show('on hosts')}`);
  const [script, login, onHosts] = ['script', 'login', 'on hosts'].map((name) => times.median(name)) as [
    number,
    number,
    number,
  ];
  const testinfra = times.count(JUDGE) > 0 ? times.median(JUDGE) : undefined;
  const faults = faultsOfScript({ script, login, onHosts, testinfra });
  for (const fault of faults) console.log(`  INVALID: ${fault}`);
  return faults.length === 0;
}

function missed(ratio: number, limit: number): string {
  return ratio > limit ? ' (missed)' : '';
}
