/**
 * How fast a run is, as ratios measured in one run on one machine: `pairflight preflight` against a script by hand that asks
 * the same of the same lab, and `pairflight --version` against a bare Node. Prints the figures. Ends with 1 where a host was
 * logged in to more than once, and where a ratio is, twice, above one and a half times its limit: machines differ by that much.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const ROUNDS = 9;
const limits = { preflight: 1.3, version: 2 };
const MACHINES_DIFFER_BY = 1.5;

const bin = fileURLToPath(new URL('../../../bin/pairflight.js', import.meta.url));
const load = async (file) => (await runnerImport(fileURLToPath(new URL(file, import.meta.url)))).module;

/** Runs a program to its end; gives its milliseconds and what it printed. */
async function time(program, args, input = '') {
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NO_COLOR: '1' } });
  const out = [];
  child.stdout.on('data', (chunk) => out.push(chunk));
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { ms: performance.now() - started, code, stdout: Buffer.concat(out).toString() };
}

const pairflight = (...args) => time(process.execPath, [bin, ...args]);

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Measures two things in turn, so that whatever else the machine does meets both. */
async function compare(name, limit, [nameA, a], [nameB, b]) {
  for (const warm of [a, b]) await warm();
  const times = { a: [], b: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.a.push((await a()).ms);
    times.b.push((await b()).ms);
  }
  const ratio = median(times.a) / median(times.b);
  const show = (values) => `median ${median(values).toFixed(0)} ms (${values.map((ms) => ms.toFixed(0)).join(' ')})`;
  console.log(`${name}: ratio ${ratio.toFixed(2)}, limit ${limit}`);
  console.log(`  ${nameA}: ${show(times.a)}`);
  console.log(`  ${nameB}: ${show(times.b)}`);
  return { holds: ratio <= limit, fails: ratio > limit * MACHINES_DIFFER_BY };
}

/** One more try for a ratio that a busy machine spoiled. */
async function compareTwice(...measure) {
  if ((await compare(...measure)).holds) return true;
  console.log('  above the limit; measured once more');
  return !(await compare(...measure)).fails;
}

const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** What somebody would write by hand for one host: a shell, root's shell in it, the product's shell, and every question in turn. */
function scriptFor(host, plan) {
  const asks = plan.steps.flatMap((step) => step.asks.filter((one) => one.host === host && one.ask.kind === 'exec'));
  const blocks = new Map();
  for (const { ask } of asks) {
    const entry = ask.enter
      ? `sudo -n ${ask.enter.map((word) => (word === '{shell}' ? '@' : quote(word))).join(' ')}`
      : ask.as;
    const lines = blocks.get(entry) ?? new Set();
    blocks.set(entry, lines.add(`timeout ${ask.timeoutMs / 1000} ${ask.argv.map(quote).join(' ')} </dev/null`));
  }
  const parts = [...blocks].map(([entry, lines]) => {
    const text = [...lines].join('\n');
    if (entry === 'login') return text;
    return entry === 'root' ? `sudo -n /bin/sh -c ${quote(text)}` : entry.replace('@', () => quote(text));
  });
  return `export LC_ALL=C\n${parts.join('\n')}\n`;
}

async function benchPreflight(lab) {
  const inventory = lab.inventory();
  const known = ['--known-hosts', lab.knownHosts];
  const plan = JSON.parse((await pairflight('plan', '--json', inventory)).stdout);
  const strict = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${lab.knownHosts}`,
    'LogLevel=ERROR',
  ];
  const options = ['-F', '/dev/null', '-i', lab.identityFile, ...strict.flatMap((option) => ['-o', option])];
  const lines = lab.hosts.map((host) => {
    const target = [...options, `ec2-user@${host.address}`, '/bin/sh -s'];
    return `ssh ${target.map(quote).join(' ')} 2>&1 <<'PAIR' >${quote(`${lab.folder}/${host.name}.by-hand`)} &\n${scriptFor(host.name, plan)}PAIR`;
  });
  const script = `${lines.join('\n')}\nwait\n`;
  const byHand = () => time('/bin/sh', ['-c', script]);
  const ours = async () => {
    const run = await pairflight('preflight', inventory, ...known);
    if (run.code !== 0) throw new Error(`preflight ended with ${run.code} on a healthy lab:\n${run.stdout}`);
    return run;
  };
  await byHand();
  const { readFileSync } = await import('node:fs');
  for (const host of lab.hosts) {
    const answers = readFileSync(`${lab.folder}/${host.name}.by-hand`, 'utf8');
    for (const answer of ['replication_mode = standalone', host.bootId, '5432 0', 'ALATION_BUILD_VERSION']) {
      if (!answers.includes(answer))
        throw new Error(`the script by hand was not told "${answer}" by ${host.name}:\n${answers}`);
    }
  }
  return compareTwice(
    'pairflight preflight',
    limits.preflight,
    ['pairflight', ours],
    ['one ssh per host, by hand', byHand],
  );
}

async function benchLogins(lab) {
  const count = () => lab.hosts.map((host) => lab.acceptedLogins(host));
  const before = count();
  await pairflight('preflight', lab.inventory(), '--known-hosts', lab.knownHosts);
  const logins = count().map((after, index) => after - before[index]);
  console.log(`accepted logins of one run: primary ${logins[0]}, secondary ${logins[1]}; each must be 1`);
  return logins.every((each) => each === 1);
}

function benchVersion() {
  const version = () => pairflight('--version');
  const bare = () => time(process.execPath, ['-e', '0']);
  return compareTwice('pairflight --version', limits.version, ['pairflight --version', version], ['node -e 0', bare]);
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
  const within = [await benchVersion(), await benchLogins(lab), await benchPreflight(lab)];
  process.exitCode = within.every(Boolean) ? 0 : 1;
} finally {
  await lab.close();
}
