/** A run of a fleet: every pair as it would be by itself, written at once; and what goes on from it, or is refused. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../src/core/check-schema.js';
import { fleetSchemas } from '../../src/fleet/schemas.js';
import { pairflightIn, tidy } from '../cli/run.js';
import { type PlayedFleet, playFleet, reportAt } from './played.js';
import { timeless } from './timeless.js';

let fleet: PlayedFleet;
/** A folder with a whole run, and its report. */
let whole: string;
let wholeReport: string;

beforeAll(async () => {
  fleet = await playFleet();
  whole = join(fleet.folder, 'whole');
  const { code, stderr } = await fleet.run(
    '--out',
    'whole',
    '--report',
    'json=whole.json',
    '--report',
    'table=whole.txt',
  );
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  wholeReport = readFileSync(join(fleet.folder, 'whole.json'), 'utf8');
}, 120_000);
afterAll(async () => {
  await fleet?.close();
  tidy();
});

/** A copy of the whole run to be spoiled. */
function copy(name: string): string {
  const folder = join(fleet.folder, name);
  cpSync(whole, folder, { recursive: true });
  return folder;
}

const linesOf = (folder: string) => readFileSync(join(folder, 'fleet.ndjson'), 'utf8').trimEnd().split('\n');
const asked = (folder: string) =>
  linesOf(folder).flatMap((line) => (line.includes('"event":"pair"') ? [JSON.parse(line).pair as string] : []));

describe('a run of a fleet', () => {
  it('judges every pair as its scenario deserves', () => {
    const report = reportAt(join(fleet.folder, 'whole.json'));
    expect(check(fleetSchemas['fleet-report'](), report)).toEqual([]);
    expect(report.pairs.map(({ pair }) => pair)).toEqual(Object.keys(fleet.scenes));
    const deserved: Record<string, string> = { healthy: 'passed', default: 'failed', 'sudo-refused': 'incomplete' };
    for (const { pair, outcome } of report.pairs)
      expect([pair, outcome]).toEqual([pair, deserved[fleet.scenes[pair] ?? ''] ?? outcome]);
    expect(new Set(Object.values(fleet.scenes))).toEqual(
      new Set(['healthy', 'default', 'sudo-refused', 'small-test-instance']),
    );
    expect(report.summary.pairs).toBe(6);
    expect(report.problems).toEqual([]);
    expect(report.guards).toEqual([]);
  });

  it('keeps evidence and report of each pair, for nobody else to read, and says so line by line', () => {
    for (const pair of Object.keys(fleet.scenes)) {
      expect(readdirSync(join(whole, pair)).toSorted()).toEqual(['evidence.json', 'report.json']);
      expect(statSync(join(whole, pair, 'report.json')).mode & 0o777).toBe(0o600);
      expect(JSON.parse(readFileSync(join(whole, pair, 'report.json'), 'utf8')).run.pair).toBe(pair);
    }
    expect(readdirSync(whole).toSorted()).toEqual(
      [...Object.keys(fleet.scenes), 'fleet.ndjson', 'shard.json'].toSorted(),
    );
    const events = linesOf(whole).map((line) => JSON.parse(line));
    for (const event of events) expect(check(fleetSchemas['fleet-event'](), event)).toEqual([]);
    expect(events.map(({ event }) => event)).toEqual(['run', ...Array(6).fill('pair'), 'end']);
    expect(check(fleetSchemas.shard(), JSON.parse(readFileSync(join(whole, 'shard.json'), 'utf8')))).toEqual([]);
  });

  it('shows the pairs that do not pass, and the rules by how many they fail on', () => {
    const table = readFileSync(join(fleet.folder, 'whole.txt'), 'utf8');
    expect(table).toMatch(/^Fleet demo, preflight: FAILED: 6 pairs: \d passed, \d failed, 1 incomplete/);
    const open = Object.keys(fleet.scenes).filter((pair) => /^(default|sudo-refused)$/.test(fleet.scenes[pair] ?? ''));
    for (const pair of open) expect(table).toMatch(new RegExp(`^(x FAIL|\\? unknown) +${pair} `, 'm'));
    expect(table).toMatch(/^ {2}\d of 6 fail alation\//m);
    expect(table).toContain('\nSlowest: pair-');
  });
});

describe('--resume', () => {
  it('asks again what is torn, altered or gone, says so, and comes to the same report', async () => {
    const folder = copy('resumed');
    const lines = linesOf(folder);
    // The end is missing, the last pair's line is torn; of two others a file is altered or gone.
    const last = lines.at(-2) ?? '';
    writeFileSync(join(folder, 'fleet.ndjson'), `${lines.slice(0, -2).join('\n')}\n${last.slice(0, 90)}`);
    const torn = JSON.parse(last).pair as string;
    const [first = '', second = ''] = Object.keys(fleet.scenes).filter((pair) => pair !== torn);
    appendFileSync(join(folder, first, 'report.json'), ' ');
    rmSync(join(folder, second, 'evidence.json'));
    const { code, stderr } = await fleet.run('--out', 'resumed', '--resume', '--report', 'json=resumed.json');
    expect(code).toBe(1);
    expect(stderr).toContain('fleet.ndjson: the last line is torn, and left out');
    expect(stderr).toContain('asked again: 2 pairs with files altered or removed since');
    expect(asked(folder).slice(5).toSorted()).toEqual([first, second, torn].toSorted());
    expect(timeless(readFileSync(join(fleet.folder, 'resumed.json'), 'utf8'))).toBe(timeless(wholeReport));
  }, 60_000);

  it('asks nobody where all is done, unless it is too old', async () => {
    const folder = copy('done');
    const { code, stderr } = await fleet.run('--out', 'done', '--resume', '--report', 'json=done.json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(asked(folder)).toHaveLength(6);
    expect(timeless(readFileSync(join(fleet.folder, 'done.json'), 'utf8'))).toBe(timeless(wholeReport));
    const old = readFileSync(join(folder, 'fleet.ndjson'), 'utf8').replace(
      /"finishedAt":"20\d\d/,
      '"finishedAt":"2020',
    );
    writeFileSync(join(folder, 'fleet.ndjson'), old);
    const again = await fleet.run('--out', 'done', '--resume', '--report', 'json=done.json');
    expect(again.stderr).toContain('asked again: 1 pair older than 24 h');
    expect(asked(folder)).toHaveLength(7);
  }, 60_000);

  it('goes on with the same run only', async () => {
    copy('differs');
    const { code, stderr } = await fleet.run('--out', 'differs', '--resume', '--fail-on', 'warning');
    expect(code).toBe(2);
    expect(stderr).toContain('this one differs in its --fail-on');
  });
});

describe('a folder', () => {
  const untouched = async (name: string, ...more: string[]) => {
    const folder = join(fleet.folder, name);
    const before = readdirSync(folder).toSorted();
    const ran = await fleet.run('--out', name, ...more);
    expect(ran.code).toBe(2);
    expect(readdirSync(folder).toSorted()).toEqual(before);
    return ran.stderr;
  };

  it('of another fleet, of another shard or with other files is left alone', async () => {
    const folder = copy('other');
    const journal = readFileSync(join(folder, 'fleet.ndjson'), 'utf8');
    writeFileSync(join(folder, 'fleet.ndjson'), journal.replace('"fleet":"demo"', '"fleet":"eu-prod"'));
    expect(await untouched('other')).toContain('holds a run of the fleet eu-prod, not of demo');
    copy('part');
    expect(await untouched('part', '--shard', '1/2', '--run-id', 'a')).toContain(
      'holds the whole of it, not shard 1/2 of it; each has a folder of its own',
    );
    mkdirSync(join(fleet.folder, 'home'));
    writeFileSync(join(fleet.folder, 'home', 'letter.txt'), 'mine');
    expect(await untouched('home')).toContain('is not empty (letter.txt), and holds no run of a fleet');
  });

  it('has one run at a time: a living process keeps it, a dead one does not', async () => {
    const folder = copy('locked');
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    const living = {
      pid: process.ppid,
      machine: (await import('node:os')).hostname(),
      started: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19],
      boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    };
    const lock = (holder: object) => writeFileSync(join(folder, 'fleet.lock'), `${JSON.stringify(holder)}\n`);
    lock(living);
    expect(await untouched('locked', '--resume')).toContain(
      `a run is going on in this folder (process ${process.ppid})`,
    );
    lock({ ...living, machine: 'elsewhere' });
    expect(await untouched('locked', '--resume')).toContain('on elsewhere');
    // A later process of the same number, a number that nobody has, and a torn lock.
    for (const dead of [
      { ...living, started: '1' },
      { ...living, pid: 4_194_303 },
      { ...living, boot: 'before' },
      {},
    ]) {
      lock(dead);
      expect((await fleet.run('--out', 'locked', '--resume', '--report', 'table=/dev/null')).code).toBe(1);
      expect(existsSync(join(folder, 'fleet.lock'))).toBe(false);
    }
  }, 60_000);

  it('that takes no more ends the run: what is done stays, and is not done again', async () => {
    const folder = join(fleet.folder, 'full');
    mkdirSync(folder);
    // Where the last pair's folder should come there is a file.
    const last = Object.keys(fleet.scenes).at(-1) ?? '';
    writeFileSync(join(folder, 'fleet.ndjson'), '');
    writeFileSync(join(folder, last), '');
    const { code, stderr } = await fleet.run('--out', 'full', '--parallel', '1');
    expect(code).toBe(2);
    expect(stderr).toMatch(
      new RegExp(
        `full/${last}/evidence\\.json: cannot be written: .*; 5 of 6 pairs are done and kept, --resume goes on`,
      ),
    );
    expect(existsSync(join(folder, 'shard.json'))).toBe(false);
    rmSync(join(folder, last));
    expect((await fleet.run('--out', 'full', '--resume', '--report', 'json=full.json')).code).toBe(1);
    expect(asked(folder)).toHaveLength(6);
    expect(timeless(readFileSync(join(fleet.folder, 'full.json'), 'utf8'))).toBe(timeless(wholeReport));
  }, 60_000);

  it('that cannot be made is told', async () => {
    writeFileSync(join(fleet.folder, 'file'), '');
    const { code, stderr } = await fleet.run('--out', 'file');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/file: cannot be written: /) });
  });
});

describe('before anything is asked', () => {
  it('every pair that is wrong is told, and no folder is made', async () => {
    const text = JSON.parse(readFileSync(fleet.file, 'utf8'));
    text.pairs['pair-2'].hosts.primary.adress = '10.0.0.1';
    text.pairs['pair-4'].settings = { installDisk: 7 };
    const file = join(fleet.folder, 'wrong.json');
    writeFileSync(file, JSON.stringify(text));
    const { code, stderr } = await fleet.run('--out', 'none').then(async () => {
      rmSync(join(fleet.folder, 'none'), { recursive: true });
      return pairflightIn(fleet.folder, ['fleet', 'preflight', file, '--out', 'none']);
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^pairflight: pair-2: .*wrong\.json:1:\d+: .*unknown key "adress"/);
    expect(stderr).toContain('1 of 6 pairs cannot be asked as written; none was asked');
    expect(existsSync(join(fleet.folder, 'none'))).toBe(false);
  }, 60_000);

  it.each([
    [['--shard', '2/4'], /--shard needs --run-id ID/],
    [['--parallel', '0'], /--parallel: must be a whole number between 1 and 256/],
    [['--where', 'site=fro'], /no pair has site "fro"; did you mean "fra"\?/],
    [['--only', 'alation/none'], /pair-1 \(and 5 more\): --only alation\/none: no rule has such an id/],
    [['--report', 'jsom'], /unknown format "jsom"; did you mean "json"\?/],
  ])('%j is refused', async (more, message) => {
    const { code, stderr } = await fleet.run('--out', 'refused', ...more);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
  });
});

describe('a shard', () => {
  it('asks its own pairs and no others; one without pairs is a success that says so', async () => {
    const second = await fleet.run('--out', 'two', '--shard', '2/4', '--run-id', 'a', '--report', 'json=two.json');
    expect(second.stderr).toContain('shard 2/4: 2 pairs of 6');
    expect(reportAt(join(fleet.folder, 'two.json')).pairs.map(({ pair }) => pair)).toEqual(['pair-2', 'pair-6']);
    const env = { JOB_COMPLETION_INDEX: '7' };
    const empty = await fleet.runIn(env, '--out', 'eight', '--shard', 'auto/8', '--run-id', 'a');
    expect(empty.code).toBe(0);
    expect(empty.stderr).toContain('shard 8/8 (Kubernetes: JOB_COMPLETION_INDEX=7, counted from 0): no pair of 6');
    expect(empty.stdout).toContain('this shard has no pairs');
    expect(JSON.parse(readFileSync(join(fleet.folder, 'eight', 'shard.json'), 'utf8')).pairs).toEqual([]);
  }, 60_000);
});

describe('without judging', () => {
  const words = (more: string[]) => fleet.words.filter((_, at) => at < 1 || at > 2).concat(more);

  it('plan shows every command of every pair, each in a file of its own', async () => {
    const { code, stderr } = await pairflightIn(fleet.folder, ['fleet', 'plan', ...words(['--out', 'plans'])]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'pairflight: 6 plans in plans\n' });
    for (const pair of Object.keys(fleet.scenes))
      expect(readFileSync(join(fleet.folder, 'plans', pair, 'plan.txt'), 'utf8')).toContain('primary (primary, 10.');
  });

  it('reach --try names the pairs that cannot be entered, and how many can', async () => {
    const refused = Object.keys(fleet.scenes).find((pair) => fleet.scenes[pair] === 'sudo-refused') ?? '';
    const all = ['fleet', 'reach', ...fleet.words, '--try', '--out', 'ways'];
    const { code, stdout } = await pairflightIn(fleet.folder, all);
    expect(code).toBe(3);
    expect(stdout).toMatch(new RegExp(`^== ${refused}\\n[^]*denied as root[^]*\\n5 pairs of 6 can be entered\\n$`));
    const ways = JSON.parse(readFileSync(join(fleet.folder, 'ways', 'pair-1', 'reach.json'), 'utf8'));
    expect(ways.hosts.map(({ host, by }: { host: string; by: string }) => [host, by])).toContainEqual([
      'primary',
      'ssh2',
    ]);
  }, 60_000);
});
