/**
 * How fast a run is, as ratios measured in one run on one machine: `pairflight preflight`, of the same facts and as a whole, against
 * the script of docs/bench.md on the same lab, with and without a delay on the way. Prints the figures beside what is aimed at. Ends
 * with 1 where a host was logged in to more than once, where too many programs were started or too much memory was taken, and where
 * a ratio is, twice, above one and a half times what it is today.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { measure, median } from './bench/measure.js';
import { compareWays } from './bench/two-ways.js';

const ROUNDS = 5;
const DELAYS = [0, 50];
/** Per run: the ratio that is aimed at, the one of today, and how many processes it may start on a host. */
const LIMITS = {
  'the same facts': { aim: 1.3, today: 1.9, programs: 130 },
  'the whole preflight': { aim: 2, today: 2.3, programs: 205 },
};
const MACHINES_DIFFER_BY = 1.5;
const MEMORY_MIB = 130;

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const bin = here('../../../bin/pairflight.js');
const load = async (file) => (await runnerImport(here(file))).module;

/** The rules that judge what the script asks. */
const SAME_FACTS =
  `data-partition-same-size install-space-same-size backup-partition-same-size same-cpu-count same-memory same-kernel
  same-operating-system same-version data-disk-cache backup-disk-cache standalone-mode ha-ports-reachable screen-available`.split(
    /\s+/,
  );

const script = /```sh\n([\s\S]*?)```/.exec(readFileSync(here('../../../docs/bench.md'), 'utf8'))?.[1] ?? '';

/** What runs against a lab over a way with a delay. */
function runs(lab, delay) {
  const out = `${lab.folder}/bench-${delay}`;
  mkdirSync(out);
  const config = `${out}/ssh_config`;
  const proxy =
    delay === 0 ? '' : `ProxyCommand ${process.execPath} ${here('bench/delaying-proxy.js')} ${delay} %h %p\n`;
  const trusted = `BatchMode yes\nStrictHostKeyChecking yes\nUserKnownHostsFile ${lab.knownHosts}\nLogLevel ERROR\n`;
  writeFileSync(
    config,
    `Host *\nUser ec2-user\nIdentityFile ${lab.identityFile}\nIdentitiesOnly yes\n${trusted}${proxy}`,
  );
  const ssh = `ssh -F ${config}`;
  const [PRIMARY, SECONDARY] = lab.hosts.map(({ address }) => address);
  const way = delay === 0 ? 'none' : config;
  const preflight = async (more = [], options = {}) => {
    const words = ['preflight', lab.inventory(), '--known-hosts', lab.knownHosts, '--ssh-config', way];
    const report = `${out}/report.json`;
    const run = await measure([process.execPath, bin, ...words, '--report', `json=${report}`, ...more], options);
    if (run.code !== 0 && run.code !== 1) throw new Error(`preflight ended with ${run.code}:\n${run.stdout}`);
    return { ...run, steps: JSON.parse(readFileSync(report, 'utf8')).steps };
  };
  return {
    out,
    byHand: () => measure(['/bin/sh', '-c', script], { env: { PRIMARY, SECONDARY, OUT: out, SSH: ssh } }),
    login: () => measure([...ssh.split(' '), PRIMARY, 'true']),
    'the same facts': (options) =>
      preflight(
        SAME_FACTS.flatMap((id) => ['--only', `alation/${id}`]),
        options,
      ),
    'the whole preflight': (options) => preflight([], options),
    by: (transport) => preflight(['--transport', transport]),
  };
}

/** The script was told what it asks: fifteen facts of each host. */
function demandFacts(out) {
  for (const name of ['primary', 'secondary']) {
    const said = readFileSync(`${out}/${name}`, 'utf8');
    const wanted = ['MemTotal', 'NAME=', 'ALATION_BUILD_VERSION', 'standalone', 'port 22 0', 'port 5432', '/rsync'];
    for (const one of wanted)
      if (!said.includes(one)) throw new Error(`the script was not told "${one}" by ${name}:\n${said}`);
  }
}

/** Measures in turn, so that whatever else the machine does meets all; gives the ratios to the script. */
async function ratios(delay, all) {
  const names = ['byHand', 'login', ...Object.keys(LIMITS)];
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of names) {
      const { ms } = await all[name]();
      if (round > 0) times[name].push(ms);
    }
  }
  demandFacts(all.out);
  const show = (name) => `${median(times[name]).toFixed(0)} ms (${times[name].map((ms) => ms.toFixed(0)).join(' ')})`;
  console.log(`\n${delay} ms each way: the script by hand ${show('byHand')}; ssh HOST true ${show('login')}`);
  return Object.entries(LIMITS).map(([name, { aim, today }]) => {
    const ratio = median(times[name]) / median(times.byHand);
    const missed = ratio > aim ? ' (missed)' : '';
    console.log(`  ${name}: ${show(name)}, ratio ${ratio.toFixed(2)}; aim ${aim}${missed}, today ${today}`);
    return { today, ratio };
  });
}

/** One more try for a ratio that a busy machine spoiled. */
async function within(delay, all) {
  const first = await ratios(delay, all);
  if (first.every(({ today, ratio }) => ratio <= today)) return true;
  console.log('  above what it is today; measured once more');
  return (await ratios(delay, all)).every(({ today, ratio }) => ratio <= today * MACHINES_DIFFER_BY);
}

/** What does not depend on the machine's speed. */
async function counts(lab, all) {
  const logins = () => lab.hosts.map((host) => lab.acceptedLogins(host));
  const programs = () =>
    Promise.all(
      lab.hosts.map(async (host) => Number((await host.exec(['cat', '/proc/sys/kernel/ns_last_pid'])).stdout)),
    );
  let holds = true;
  const first = await programs();
  await all.byHand();
  const then = await programs();
  console.log(`the script by hand: processes on the hosts ${then.map((count, at) => count - first[at]).join(' and ')}`);
  for (const [name, limit] of Object.entries(LIMITS)) {
    const before = { logins: logins(), programs: await programs() };
    const { processorMs, peakMiB, steps } = await all[name]({ sample: true });
    const after = { logins: logins(), programs: await programs() };
    const more = (what) => after[what].map((count, index) => count - before[what][index]);
    console.log(
      `${name}: logins ${more('logins').join(' and ')}, limit 1 for each host; processes on the hosts ${more('programs').join(' and ')}, limit ${limit.programs}; ${steps.bytes} bytes read; ${processorMs.toFixed(0)} ms of processor; peak memory ${peakMiB.toFixed(0)} MiB, limit ${MEMORY_MIB}`,
    );
    holds &&= more('logins').every((each) => each === 1) && peakMiB <= MEMORY_MIB;
    holds &&= more('programs').every((each) => each <= limit.programs);
  }
  return holds;
}

const { whyNoLab } = await load('./requirements.ts');
const reason = await whyNoLab();
if (reason !== undefined) {
  console.log(`bench: not measured: ${reason}`);
  process.exit(process.env.PAIRFLIGHT_LAB_REQUIRED === '1' ? 1 : 0);
}
const { startLab } = await load('./lab.ts');
const lab = await startLab();
try {
  const ways = DELAYS.map((delay) => [delay, runs(lab, delay)]);
  const held = [];
  for (const [, all] of ways) held.push(await counts(lab, all));
  for (const [delay, all] of ways) held.push(await within(delay, all));
  const [, direct] = ways[0];
  held.push(await compareWays(direct.by));
  process.exitCode = held.every(Boolean) ? 0 : 1;
} finally {
  await lab.close();
}
