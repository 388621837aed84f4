/** Putting shards together: green only where nothing is missing, there twice, altered, too old or somebody else's. */
import { cpSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../src/core/check-schema.js';
import { sha256 } from '../../src/core/sha256.js';
import { contradictionIn, type SavedPair } from '../../src/fleet/contradiction.js';
import type { FleetReport } from '../../src/fleet/report.js';
import { fleetSchemas } from '../../src/fleet/schemas.js';
import type { ShardFile } from '../../src/fleet/shard-file.js';
import { loadPack, packDir } from '../../src/pack/load.js';
import { pairflightIn, tidy } from '../cli/run.js';
import { type PlayedFleet, playFleet, reportAt } from './played.js';
import { timeless } from './timeless.js';

let fleet: PlayedFleet;

beforeAll(async () => {
  fleet = await playFleet();
  const { code } = await fleet.run('--out', 'whole', '--report', 'json=whole.json');
  expect(code).toBe(1);
  for (const index of [1, 2, 3, 4]) {
    const shard = ['--shard', `${index}/4`, '--run-id', 'night-7'];
    await fleet.run('--out', `shards/${index}`, ...shard, '--report', 'table=/dev/null');
  }
}, 240_000);
afterAll(async () => {
  await fleet?.close();
  tidy();
});

let copies = 0;

/** A copy of the shards to be spoiled, and their merge. */
async function merged(
  spoil: (folder: string) => void = () => {},
  ...more: string[]
): Promise<{ code: number | null; report: FleetReport; stdout: string }> {
  const name = `copy-${copies++}`;
  const folder = join(fleet.folder, name);
  cpSync(join(fleet.folder, 'shards'), folder, { recursive: true });
  spoil(folder);
  const words = ['fleet', 'merge', name, ...more, '--report', `json=${name}.json`, '--report', 'table'];
  const { code, stdout, stderr } = await pairflightIn(fleet.folder, words);
  expect(stderr).toBe('');
  const report = reportAt(join(fleet.folder, `${name}.json`));
  expect(check(fleetSchemas['fleet-report'](), report)).toEqual([]);
  expect(report.run.exitCode).toBe(code);
  return { code, report, stdout };
}

/** Rewrites a shard's own file. */
function rewrite(folder: string, shard: number, change: (file: ShardFile) => void): void {
  const path = join(folder, String(shard), 'shard.json');
  const file = JSON.parse(readFileSync(path, 'utf8')) as ShardFile;
  change(file);
  writeFileSync(path, JSON.stringify(file));
}

/** Lets every pair pass: what is wrong with the parts alone decides. */
function healed(folder: string): void {
  const healthy = Object.keys(fleet.scenes).find((pair) => fleet.scenes[pair] === 'healthy') ?? '';
  const from = join(folder, String(((Number(healthy.slice(-1)) - 1) % 4) + 1), healthy);
  for (const shard of [1, 2, 3, 4])
    rewrite(folder, shard, (file) => {
      for (const pair of file.pairs) {
        const own = join(folder, String(shard), pair.pair);
        if (fleet.scenes[pair.pair] === 'healthy') continue;
        const [report, evidence] = ['report.json', 'evidence.json'].map((name) => {
          // Boot ids of its own: two pairs of one machine would fail the fleet.
          const text = readFileSync(join(from, name), 'utf8')
            .replaceAll(healthy, pair.pair)
            .replaceAll(/[0-9a-f]{4}(?=[0-9a-f]{4}(-[0-9a-f]{4}){3}-[0-9a-f]{12})/g, `000${pair.pair.slice(-1)}`);
          writeFileSync(join(own, name), text);
          return text;
        }) as [string, string];
        const { startedAt, finishedAt, durationMs } = JSON.parse(report).run;
        Object.assign(pair, { outcome: 'passed', startedAt, finishedAt, durationMs });
        pair.files = { 'evidence.json': sha256(evidence), 'report.json': sha256(report) };
      }
    });
}

/** The pairs of a shard. */
const ofShard = (index: number) => Object.keys(fleet.scenes).filter((_, at) => at % 4 === index - 1);

describe('the shards of a run, put together', () => {
  it('are the run that was not sharded, byte for byte but for times and the run', async () => {
    const { code, report } = await merged();
    expect(code).toBe(1);
    expect(report.run.id).toBe('night-7');
    const whole = readFileSync(join(fleet.folder, 'whole.json'), 'utf8');
    expect(timeless(readFileSync(join(fleet.folder, `copy-${copies - 1}.json`), 'utf8'))).toBe(timeless(whole));
  });

  it('may be named one by one, and one run that was not sharded is a whole', async () => {
    const one = await pairflightIn(fleet.folder, ['fleet', 'merge', 'whole', '--report', 'json=again.json']);
    expect(one.code).toBe(1);
    expect(timeless(readFileSync(join(fleet.folder, 'again.json'), 'utf8'))).toBe(
      timeless(readFileSync(join(fleet.folder, 'whole.json'), 'utf8')),
    );
    const each = [1, 2, 3, 4].map((shard) => `shards/${shard}`);
    expect((await pairflightIn(fleet.folder, ['fleet', 'merge', ...each])).code).toBe(1);
  });
});

/** What may be wrong with the parts: how it comes about, what it is called, and the pairs that are named. */
const faults: [
  string,
  (folder: string) => void,
  FleetReport['problems'][number]['problem'],
  (() => string[]) | undefined,
][] = [
  ['a shard is deleted', (folder) => rmSync(join(folder, '2'), { recursive: true }), 'missing', () => ofShard(2)],
  [
    'a pair is deleted',
    (folder) => rmSync(join(folder, '1', 'pair-5'), { recursive: true }),
    'missing',
    () => ['pair-5'],
  ],
  ['a file is deleted', (folder) => rmSync(join(folder, '3', 'pair-3', 'evidence.json')), 'missing', () => ['pair-3']],
  [
    "a pair's folder lies in another shard",
    (folder) => renameSync(join(folder, '2', 'pair-6'), join(folder, '3', 'pair-6')),
    'altered',
    () => ['pair-6'],
  ],
  [
    "one pair's report lies in another's folder",
    (folder) => cpSync(join(folder, '2', 'pair-6', 'report.json'), join(folder, '2', 'pair-2', 'report.json')),
    'altered',
    () => ['pair-2'],
  ],
  [
    "one pair's files are listed as another's",
    (folder) => {
      cpSync(join(folder, '2', 'pair-6'), join(folder, '2', 'pair-2'), { recursive: true });
      rewrite(folder, 2, ({ pairs: [one, two] }) => {
        if (one && two) one.files = { ...two.files };
      });
    },
    'altered',
    () => ['pair-2'],
  ],
  [
    'a report says another gate than its findings, and its hash was made anew',
    (folder) => {
      const path = join(folder, '3', 'pair-3', 'report.json');
      const report = JSON.parse(readFileSync(path, 'utf8'));
      for (const finding of report.findings) if (finding.verdict === 'pass') finding.verdict = 'skip';
      const text = JSON.stringify(report);
      writeFileSync(path, text);
      rewrite(folder, 3, ({ pairs: [pair] }) => {
        if (pair?.files) pair.files['report.json'] = sha256(text);
      });
    },
    'altered',
    () => ['pair-3'],
  ],
  [
    "yesterday's shard is handed in",
    (folder) => rewrite(folder, 2, (file) => Object.assign(file, { runId: 'night-6' })),
    'other-run',
    () => ofShard(2),
  ],
  [
    'a shard is too old',
    (folder) =>
      rewrite(folder, 4, ({ pairs }) => {
        for (const pair of pairs) pair.finishedAt = '2020-01-01T00:00:00.000Z';
      }),
    'stale',
    () => ofShard(4),
  ],
  [
    'a result is of the future',
    (folder) =>
      rewrite(folder, 4, ({ pairs }) => {
        for (const pair of pairs) pair.finishedAt = '2099-01-01T00:00:00.000Z';
      }),
    'stale',
    () => ofShard(4),
  ],
  [
    'the pack changed between the shards',
    (folder) =>
      rewrite(folder, 3, ({ packs: [pack] }) => {
        if (pack) pack.sha256 = '0'.repeat(64);
      }),
    'other-pack',
    () => ofShard(3),
  ],
  [
    'a shard is of another version',
    (folder) => rewrite(folder, 3, (file) => Object.assign(file.tool, { version: '9.9.9' })),
    'other-version',
    () => ofShard(3),
  ],
  [
    'a shard knows another list',
    (folder) =>
      rewrite(folder, 1, ({ list }) => {
        list.pop();
      }),
    'other-list',
    () => ofShard(1),
  ],
  [
    'a shard was asked something else',
    (folder) => rewrite(folder, 1, ({ run }) => Object.assign(run, { failOn: 'advice' })),
    'other-run',
    () => ofShard(1),
  ],
  [
    'a shard is there twice',
    (folder) => cpSync(join(folder, '2'), join(folder, '2-again'), { recursive: true }),
    'twice',
    () => ofShard(2),
  ],
  [
    'a pair is listed twice',
    (folder) => rewrite(folder, 2, ({ pairs }) => void pairs.push(...pairs.slice(0, 1))),
    'twice',
    () => ['pair-2'],
  ],
  [
    'a pair is of another shard',
    (folder) =>
      rewrite(folder, 2, ({ pairs }) => void pairs.push({ ...(pairs[0] as ShardFile['pairs'][0]), pair: 'pair-1' })),
    'other-list',
    () => ['pair-1'],
  ],
  [
    'a shard was ended early',
    (folder) =>
      rewrite(folder, 1, ({ pairs }) => {
        pairs.pop();
      }),
    'missing',
    () => ['pair-5'],
  ],
  ['a shard has not come to its end', (folder) => rmSync(join(folder, '2', 'shard.json')), 'unreadable', undefined],
  [
    "a shard's own file is torn",
    (folder) => writeFileSync(join(folder, '2', 'shard.json'), '{"schema":'),
    'unreadable',
    undefined,
  ],
  [
    'a shard knows no pair at all',
    (folder) => {
      rmSync(join(folder, '2'), { recursive: true });
      cpSync(join(folder, '1'), join(folder, '2'), { recursive: true });
      rewrite(folder, 2, (file) => Object.assign(file, { list: [], pairs: [] }));
    },
    'unreadable',
    undefined,
  ],
  [
    'a key stands twice in a shard',
    (folder) => {
      const path = join(folder, '2', 'shard.json');
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, text.replace('"outcome":"passed"', '"outcome":"failed","outcome":"passed"'));
    },
    'unreadable',
    undefined,
  ],
  [
    "a stranger's folder is linked into a shard",
    (folder) => symlinkSync(join(folder, '2', 'pair-2'), join(folder, '1', 'pair-7')),
    'altered',
    () => ['pair-7'],
  ],
  [
    'a shard ends in the future',
    (folder) => rewrite(folder, 4, (file) => Object.assign(file, { finishedAt: '2099-01-01T00:00:00.000Z' })),
    'stale',
    () => ofShard(4),
  ],
  [
    'the pack of the run is not here',
    (folder) => {
      for (const shard of [1, 2, 3, 4])
        rewrite(folder, shard, ({ packs, pairs }) => {
          for (const pack of [...packs, ...pairs.flatMap((pair) => pair.pack ?? [])]) pack.sha256 = '0'.repeat(64);
        });
    },
    'other-pack',
    () => ofShard(1),
  ],
  [
    'a pair has another definition than the list',
    (folder) =>
      rewrite(folder, 4, ({ pairs: [pair] }) => {
        if (pair) pair.definition = 'f'.repeat(64);
      }),
    'other-list',
    () => ['pair-4'],
  ],
];

describe('exit code 3, an error row that names shards and pairs, and never a pass', () => {
  it('is not what a fleet comes to on which every pair passes', async () => {
    const { code, report } = await merged(healed);
    expect({ code, summary: report.summary, problems: report.problems }).toMatchObject({
      code: 0,
      summary: { pairs: 6, passed: 6 },
      problems: [],
    });
  });

  it.each(faults)('where %s', async (_, spoil, problem, pairs) => {
    const { code, report, stdout } = await merged((folder) => {
      healed(folder);
      spoil(folder);
    });
    expect(code).toBe(3);
    const row = report.problems.find(
      (one) => one.problem === problem && (!pairs || one.pairs.join() === pairs().join()),
    );
    expect(row, JSON.stringify(report.problems)).toBeDefined();
    expect(row?.shards.length).toBeGreaterThan(0);
    for (const pair of pairs?.() ?? []) expect(stdout).toContain(pair);
    expect(stdout).toContain('INCOMPLETE');
    expect(report.pairs.map(({ pair }) => pair)).toEqual(Object.keys(fleet.scenes));
  });

  it('gives way to 1 where two pairs are one machine', async () => {
    const { code, report } = await merged((folder) => {
      healed(folder);
      const [one, two] = ['pair-2', 'pair-6'].map((pair) => join(folder, '2', pair, 'evidence.json')) as [
        string,
        string,
      ];
      const bootIn = (file: string) =>
        /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(readFileSync(file, 'utf8'))?.[0] ?? '';
      const text = readFileSync(two, 'utf8').replaceAll(bootIn(two), bootIn(one));
      writeFileSync(two, text);
      rewrite(folder, 2, ({ pairs: [, pair] }) => {
        if (pair?.files) pair.files['evidence.json'] = sha256(text);
      });
    });
    expect(code).toBe(1);
    expect(report.summary.passed).toBe(6);
    expect(report.guards).toEqual([
      {
        guard: 'boot-id',
        verdict: 'fail',
        message: expect.stringContaining('are one machine'),
        pairs: ['pair-2', 'pair-6'],
      },
      // The copies have kept their machine ids, which by itself is no fault of theirs.
      expect.objectContaining({ guard: 'machine-id', verdict: 'warn' }),
      expect.objectContaining({ guard: 'machine-id', verdict: 'warn' }),
    ]);
  });

  it('gives way to 1 where a pair that is there fails', async () => {
    const failed = Object.keys(fleet.scenes).find((pair) => fleet.scenes[pair] === 'default') ?? '';
    const other = ofShard(1).includes(failed) ? '2' : '1';
    const { code, report } = await merged((folder) => rmSync(join(folder, other), { recursive: true }));
    expect(code).toBe(1);
    expect(report.problems.map(({ problem }) => problem)).toEqual(['missing']);
  });

  it('is 2 where nobody knows what the whole is', async () => {
    const { code, stderr } = await pairflightIn(fleet.folder, ['fleet', 'merge', 'none', 'played']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/none: there is no such folder; played: holds no shard\.json/),
    });
  });
});

describe('what is saved of a pair', () => {
  const pack = loadPack(packDir('alation'));
  let saved: string;

  /** A failing pair, of which every word may be edited. */
  const edited = (edit: (pair: SavedPair) => void): string | undefined => {
    const pair = JSON.parse(saved) as SavedPair;
    edit(pair);
    return contradictionIn(pair, pack);
  };
  /** Edits that let a report pass: the run's word follows. */
  const passing = ({ event, report }: SavedPair) => {
    Object.assign(event, { outcome: 'passed' });
    Object.assign(report.run, { gate: 'passed', exitCode: 0 });
  };

  beforeAll(() => {
    const name = Object.keys(fleet.scenes).find((pair) => fleet.scenes[pair] === 'default') ?? '';
    const file = JSON.parse(readFileSync(join(fleet.folder, 'whole', 'shard.json'), 'utf8')) as ShardFile;
    const [report, evidence] = ['report.json', 'evidence.json'].map((of) =>
      JSON.parse(readFileSync(join(fleet.folder, 'whole', name, of), 'utf8')),
    );
    saved = JSON.stringify({ run: file.run, event: file.pairs.find(({ pair }) => pair === name), report, evidence });
  });

  it('is true as it was written', () => {
    expect(edited(() => {})).toBeUndefined();
  });

  it.each<[string, (pair: SavedPair) => void]>([
    [
      'failing findings are gone',
      (pair) => {
        passing(pair);
        pair.report.findings = pair.report.findings.filter(({ verdict }) => verdict !== 'fail');
      },
    ],
    [
      'failures weigh less',
      (pair) => {
        passing(pair);
        for (const finding of pair.report.findings) finding.severity = 'advice';
      },
    ],
    [
      'failures are waived that nobody waived',
      (pair) => {
        passing(pair);
        for (const finding of pair.report.findings)
          finding.waivedBy = { rule: finding.rule, reason: 'x', owner: 'x', until: '2099-01-01' };
      },
    ],
    [
      'failures are said to be known',
      (pair) => {
        passing(pair);
        for (const finding of pair.report.findings) finding.known = true;
      },
    ],
    [
      'failures are turned into passes',
      (pair) => {
        passing(pair);
        for (const finding of pair.report.findings) finding.verdict = 'pass';
      },
    ],
    ['one that passes is gone', ({ report }) => void report.findings.shift()],
    ['the counts are others', ({ report }) => Object.assign(report.summary, { fail: 0 })],
    ['a host has another address', ({ report }) => Object.assign(report.hosts[0] ?? {}, { address: '10.9.9.9' })],
    ['the settings shown are others', ({ report }) => Object.assign(report.settings, { sizeTolerancePercent: 99 })],
    ['what cannot be verified is gone', ({ report }) => Object.assign(report, { notVerified: [] })],
    [
      'a program is said to have been allowed',
      ({ report }) => Object.assign(report.run, { allowCommands: ['/bin/x'] }),
    ],
    ['the evidence lacks its questions', ({ evidence }) => Object.assign(evidence, { steps: [] })],
    [
      'the evidence has no answers',
      ({ evidence }) => {
        for (const output of evidence.steps.flatMap(({ outputs }) => outputs.flat()))
          Object.assign(output, { problem: 'timeout', exit: null, stdout: '' });
      },
    ],
    ['the evidence was cut short', ({ evidence }) => Object.assign(evidence.run, { interrupted: true })],
    [
      'the evidence was taken with other settings',
      ({ run }) => Object.assign(run, { settings: { sizeTolerancePercent: 99 } }),
    ],
    ['the evidence was taken for another release', ({ run }) => Object.assign(run, { release: '2021.4' })],
    ['ports were not proven that should have been', ({ run }) => Object.assign(run, { provePorts: true })],
    ['another instance was asked', ({ event }) => Object.assign(event, { instances: {} })],
    [
      'an old result is said to be of today',
      ({ event }) => Object.assign(event, { finishedAt: new Date().toISOString() }),
    ],
    [
      'it ended before it began',
      ({ event, report, evidence }) => {
        const takenAt = new Date(Date.parse(evidence.finishedAt) + 3_600_000).toISOString();
        evidence.takenAt = takenAt;
        report.run.startedAt = takenAt;
        event.startedAt = takenAt;
      },
    ],
    ['it is of another pair', ({ evidence }) => Object.assign(evidence.inventory, { name: 'pair-9' })],
  ])('contradicts itself where %s', (_, edit) => {
    expect(edited(edit)).toEqual(expect.any(String));
  });
});
