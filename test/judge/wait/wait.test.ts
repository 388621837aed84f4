/** Waiting: rounds over a played pair, in a time that nobody waits for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paceOf } from '../../../src/cli/pace.js';
import { Collector } from '../../../src/collect/collector.js';
import type { Evidence, Severity, Step } from '../../../src/core/model.js';
import { makeEvidence } from '../../../src/evidence/evidence.js';
import { judgeEvidence } from '../../../src/judge/report.js';
import type { Pace } from '../../../src/judge/wait/schedule.js';
import { waitForPass } from '../../../src/judge/wait/wait.js';
import { planSteps } from '../../../src/plan/steps.js';
import { hostOf, type RunOver, scopeOf, TableTransport } from '../../support.js';
import { VirtualClock } from './virtual-clock.js';
import { answerOf, type Said, waitingPack } from './waiting-pack.js';

const MINUTE = 60_000;
const pace: Pace = { everyMs: MINUTE, longestMs: 10 * MINUTE, deadlineMs: 60 * MINUTE };
const skip = ['twin/written'];
/** What the clock shows when the run begins. */
const START = 1_000_000;

interface Played {
  evidence: Evidence;
  exitCode: number;
  /** The round in which something was asked, by when it began (in seconds), and what. */
  rounds: { at: number; full: boolean; steps: Step[] }[];
  lines: string[];
  logins: number;
  /** Which round's evidence came back. */
  decides: number;
}

/** Waits on a pair that says in each round what `script` says; the last goes on for ever. */
async function played(
  script: Said[],
  over: {
    pace?: Partial<Pace>;
    run?: RunOver;
    failOn?: Severity;
    stopIn?: number;
    stopAfter?: number;
    tookMs?: number;
    oversleepMs?: number;
    /** The gate looks at what did not fail in this earlier run. */
    failOnNew?: Evidence;
  } = {},
): Promise<Played> {
  const scope = scopeOf(waitingPack, { skip, ...over.run });
  const steps = planSteps(scope);
  const clock = new VirtualClock();
  clock.time = START;
  const ending = new AbortController();
  const failOn = over.failOn ?? 'blocker';
  const judge = (one: Evidence) => judgeEvidence(scope, one, failOn, over.failOnNew !== undefined);
  const rounds: Played['rounds'] = [];
  const taken: Evidence[] = [];
  const lines: string[] = [];
  let now: Said = {};
  const hosts = ['left', 'right'].map((name, index) => hostOf(name, `10.0.0.${index + 1}`));
  const collector = new Collector(scope.pack, hosts, {
    open: async (host) => {
      const transport: TableTransport = new TableTransport(
        host.name,
        (name, ask) => {
          const { problem, problemAt, stderr: message, ...output } = answerOf(now, name, ask);
          if (problem && problemAt === 'host') transport.connection.problem = { problem, problemAt, message };
          return { ...output, stderr: message, ...(problem && { problem }), ...(problemAt && { problemAt }) };
        },
        { logins: now.gone === host.name ? 0 : 1 },
      );
      return transport;
    },
    secrets: () => [],
    signal: ending.signal,
  });
  const evidence = await waitForPass({
    scope,
    steps,
    pace: { ...pace, ...over.pace },
    failOn,
    clock,
    signal: ending.signal,
    say: (line) => void lines.push(line),
    countDown: (ms) => {
      // Nobody counts down to what is due.
      expect(ms).toBeGreaterThan(0);
      clock.time += over.oversleepMs ?? 0;
      if (rounds.length === over.stopAfter) setImmediate(() => ending.abort());
    },
    judge,
    round: async (some) => {
      rounds.push({ at: (clock.now() - START) / 1000, full: some.length === steps.length, steps: some });
      now = script[Math.min(rounds.length, script.length) - 1] ?? {};
      if (rounds.length === over.stopIn) ending.abort();
      clock.time += over.tookMs ?? 1000;
      const collected = await collector.round(some);
      const at = new Date(Date.UTC(2026, 0, 31) + clock.now());
      const one = makeEvidence(scope, collected, at, at, ending.signal.aborted, over.failOnNew);
      taken.push(one);
      return one;
    },
  });
  await collector.close();
  return {
    evidence,
    exitCode: judge(evidence).run.exitCode,
    rounds,
    lines,
    logins: evidence.connections.reduce((sum, one) => sum + one.logins, 0),
    decides: taken.findIndex((one) => one.takenAt === evidence.takenAt),
  };
}

const shapeOf = ({ rounds }: Played) => rounds.map(({ full, at }) => `${full ? 'full' : 'small'} ${at}`);

describe('waiting', () => {
  it('is over at once where the first full round passes', async () => {
    const run = await played([{}]);
    expect({ shape: shapeOf(run), code: run.exitCode }).toEqual({ shape: ['full 0'], code: 0 });
    expect(run.lines).toEqual(['after 1s: the gate passed in a full round']);
  });

  it('is over at once where only known failures are left and the gate looks at new ones', async () => {
    const { evidence } = await played([{ moving: false, heavy: false }], { pace: { deadlineMs: 1000 } });
    const run = await played([{ moving: false, heavy: false }, {}], { failOnNew: evidence });
    expect({ shape: shapeOf(run), code: run.exitCode }).toEqual({ shape: ['full 0'], code: 0 });
    expect(run.lines).toEqual(['after 1s: the gate passed in a full round']);
    expect((await played([{ moving: false, heavy: false }, {}])).rounds.length).toBeGreaterThan(1);
  });

  it('is not hurried by a known failure that comes and goes', async () => {
    const { evidence } = await played([{ moving: false, behind: 'left' }], { pace: { deadlineMs: 1000 } });
    const [both, one] = [{ moving: false }, { moving: false, behind: 'right' }];
    const until = { failOnNew: evidence, pace: { deadlineMs: 20 * MINUTE } };
    expect(shapeOf(await played([both, one, both, one, both], until))).toEqual(shapeOf(await played([both], until)));
  });

  it('asks what moves, a minute apart and then more seldom, and lets one full round decide', async () => {
    const run = await played([{ moving: false }, { moving: false }, { moving: false }, {}, {}]);
    expect(shapeOf(run)).toEqual(['full 0', 'small 60', 'small 150', 'small 285', 'full 286']);
    expect(run).toMatchObject({ exitCode: 0, decides: 4, logins: 2 });
    const asked = new Set(run.rounds[1]?.steps.map((step) => step.probe));
    expect([...asked].sort()).toEqual(['access', 'boot-id', 'kernel']);
    expect(run.lines).toEqual([
      'after 1s; waiting for twin/moving; the next round in 59s',
      'after 1m1s; waiting for twin/moving; the next round in 1m29s',
      'after 2m31s; waiting for twin/moving; the next round in 2m14s',
      'after 4m46s; nothing that was asked again fails; a full round now',
      'after 4m47s: the gate passed in a full round',
    ]);
  });

  it('is quick again when something else fails than before, however many do', async () => {
    const [left, right] = ['left', 'right'].map((behind) => ({ moving: false, behind }));
    const script = [left, right, left, right].flatMap((one) => one ?? []);
    const run = await played(script, { pace: { deadlineMs: 5 * MINUTE } });
    expect(shapeOf(run).slice(0, 4)).toEqual(['full 0', 'small 60', 'small 120', 'small 180']);
  });

  it('goes on when the full round fails after all', async () => {
    const run = await played([{ moving: false }, {}, { moving: false, heavy: false }, {}, {}]);
    expect(shapeOf(run)).toEqual(['full 0', 'small 60', 'full 61', 'small 121', 'full 122']);
    expect(run.exitCode).toBe(0);
  });

  it('goes on more slowly when the full round fails as the one before', async () => {
    const run = await played([{ moving: false }, {}, { moving: false }, {}, {}]);
    expect(shapeOf(run)).toEqual(['full 0', 'small 60', 'full 61', 'small 151', 'full 152']);
  });

  it('begins nothing after the deadline, however long it slept', async () => {
    const run = await played([{ moving: false }, {}], { oversleepMs: 61 * MINUTE });
    expect(shapeOf(run)).toEqual(['full 0']);
    expect(run.lines.at(-1)).toMatch(/^after 1h2m: the time is over, still waiting for twin\/moving; /);
  });

  it('begins nothing at the deadline either', async () => {
    const run = await played([{ moving: false }, {}], { pace: { deadlineMs: 2 * MINUTE }, oversleepMs: MINUTE });
    expect(shapeOf(run)).toEqual(['full 0']);
  });

  it('asks what is costly in full rounds alone, ten minutes apart', async () => {
    const run = await played([
      { moving: false, heavy: false },
      { heavy: false },
      { heavy: false },
      { heavy: false },
      {},
    ]);
    expect(shapeOf(run)).toEqual(['full 0', 'small 60', 'full 61', 'full 661', 'full 1261']);
    expect(run.exitCode).toBe(0);
  });

  it('does not take an old answer for a new one: what a smaller round mends must stand in the full one', async () => {
    // The host that the full round finds is another than the one that the smaller rounds found.
    const run = await played([{ moving: false }, {}, { oneMachine: true }], { pace: { deadlineMs: 3 * MINUTE } });
    expect(run.exitCode).toBe(1);
    expect(run.decides).toBe(2);
  });

  it('ends at the deadline with the last full round, and looks once more in time for another', async () => {
    const run = await played([{ moving: false }, { moving: false }, {}], {
      pace: { deadlineMs: 3 * MINUTE },
      tookMs: 30_000,
    });
    expect({ shape: shapeOf(run), code: run.exitCode }).toEqual({
      shape: ['full 0', 'small 60', 'small 120', 'full 150'],
      code: 0,
    });
    const late = await played([{ moving: false }, { moving: false }], { pace: { deadlineMs: 5 * MINUTE } });
    expect(late).toMatchObject({ exitCode: 1, decides: 0 });
    expect(late.lines.at(-1)).toBe(
      'after 4m1s: the time is over, still waiting for twin/moving; the full round that began after 0s decides',
    );
    // All that was written is of one round.
    expect(late.evidence.steps.every((step) => step.outputs[0]?.length === step.asks.length)).toBe(true);
  });

  it('does not begin a full round at the deadline', async () => {
    const run = await played([{ moving: false }, {}], { pace: { deadlineMs: 2 * MINUTE }, tookMs: 60_000 });
    expect(shapeOf(run)).toEqual(['full 0', 'small 60']);
    expect(run).toMatchObject({ exitCode: 1, decides: 0 });
    expect(run.lines.at(-1)).toBe(
      'after 2m: the time is over before another full round; the full round that began after 0s decides',
    );
  });

  it('ends where it cannot help, and says why', async () => {
    const refused = await played([{ problem: 'denied' }]);
    expect({ shape: shapeOf(refused), code: refused.exitCode }).toEqual({ shape: ['full 0'], code: 3 });
    expect(refused.lines).toEqual([
      expect.stringMatching(
        /^after 1s: waiting ends, because it does not help twin\/moving \[left\] \(unknown: .*denied.*\), twin\/moving \[right\] /,
      ),
    ]);
    const written = await played([{}], { run: { skip: [] } });
    expect({ shape: shapeOf(written), code: written.exitCode }).toEqual({ shape: ['full 0'], code: 1 });
    expect(written.lines[0]).toContain('does not help twin/written (fail: ');
  });

  it('ends with the full round that follows when only the hopeless is left', async () => {
    const run = await played([{ moving: false }, {}], { run: { skip: [] } });
    expect(shapeOf(run)).toEqual(['full 0', 'small 60', 'full 61']);
    expect(run).toMatchObject({ exitCode: 1, decides: 2 });
  });

  it('survives a host that goes away, and connects again', async () => {
    const gone = { gone: 'right', moving: false };
    const run = await played([{ moving: false }, gone, gone, { moving: false }, {}, {}]);
    expect(run.exitCode).toBe(0);
    // The second connection to the host that was gone failed, the third came about.
    expect(run.logins).toBe(3);
    expect(run.lines[1]).toContain('; a host cannot be reached; ');
    expect(run.lines[3]).not.toContain('cannot be reached');
  });

  it('waits for what gates under --fail-on alone', async () => {
    const blocker = await played([{}]);
    expect(blocker.exitCode).toBe(0);
    const advice = await played([{}], { failOn: 'advice', pace: { deadlineMs: 3 * MINUTE } });
    expect(advice.exitCode).toBe(1);
    expect(advice.rounds[1]?.steps.map((step) => step.probe)).toContain('cpu');
  });
});

describe('an interrupted wait', () => {
  it('in its first round gives what that round brought', async () => {
    const run = await played([{}], { stopIn: 1 });
    expect(run.evidence.run.interrupted).toBe(true);
    expect(run.exitCode).toBe(3);
    expect(run.rounds).toHaveLength(1);
  });

  it.each([
    ['in a smaller round', { stopIn: 2 }, 2],
    ['in a full round that would have passed', { stopIn: 3 }, 3],
    ['between two rounds', { stopAfter: 2 }, 2],
  ])('%s gives the last full round, marked as interrupted', async (_, stop, count) => {
    const script = 'stopAfter' in stop ? [{ moving: false }] : [{ moving: false }, {}, {}];
    const run = await played(script, stop);
    expect(run.rounds).toHaveLength(count);
    expect(run.decides).toBe(0);
    expect(run.evidence.run.interrupted).toBe(true);
    expect(run.exitCode).toBe(1);
    expect(run.evidence.steps.flatMap((step) => step.outputs.flat()).every((one) => one.problem !== 'not-run')).toBe(
      true,
    );
  });
});

it('never ends well unless its last full round passed, and never asks what is costly in between', async () => {
  const saying = fc.record(
    {
      moving: fc.boolean(),
      heavy: fc.boolean(),
      gone: fc.constantFrom('left', 'right'),
      problem: fc.constantFrom('timeout' as const, 'denied' as const),
      oneMachine: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const healthy = ({ moving, heavy, gone, problem, oneMachine }: Said) =>
    moving !== false && heavy !== false && !gone && !problem && !oneMachine;
  await fc.assert(
    fc.asyncProperty(fc.array(saying, { minLength: 1, maxLength: 8 }), async (script) => {
      const run = await played(script, { pace: { deadlineMs: 30 * MINUTE } });
      const last = run.rounds.findLastIndex(({ full }) => full);
      expect(run.decides).toBe(last);
      expect(run.exitCode === 0).toBe(healthy(script[Math.min(last, script.length - 1)] ?? {}));
      for (const { full, steps } of run.rounds) {
        const asked = new Set(steps.map((step) => step.probe));
        expect(asked.has('disk-usage')).toBe(full);
        expect([asked.has('access'), asked.has('boot-id')]).toEqual([true, true]);
      }
    }),
    { numRuns: 60 },
  );
});

describe('--wait and --every', () => {
  it.each([
    [{}, undefined],
    [{ wait: '6h' }, { everyMs: 60_000, longestMs: 600_000, deadlineMs: 21_600_000 }],
    [
      { wait: '5m', every: '2' },
      { everyMs: 2000, longestMs: 600_000, deadlineMs: 300_000 },
    ],
    [
      { wait: '2d', every: '1h' },
      { everyMs: 3_600_000, longestMs: 3_600_000, deadlineMs: 172_800_000 },
    ],
  ])('%j', (options, expected) => {
    expect(paceOf(options)).toEqual(expected);
  });

  it.each([
    [{ every: '60s' }, /^--every needs --wait/],
    [{ wait: '0' }, /^--wait 0: must be more than nothing/],
    [{ wait: '8d' }, /^--wait 8d: .*at most 7d/],
    [{ wait: '30s' }, /^--wait 30s: ends before the second round, which starts 60s after the first; .*--every 10s$/],
    [{ wait: '1h', every: '1h' }, /^--wait 1h: ends before/],
    [{ wait: 'soon' }, /^--wait soon: is not a duration; right is/],
  ])('%j is a mistake', (options, says) => {
    expect(() => paceOf(options)).toThrow(says);
  });
});
