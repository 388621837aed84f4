/** The table of what may be wrong, or merely unusual, with a pair, and the tests that are made of it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Verdict } from '../../../src/core/model.js';
import { describer } from '../lab/describe-lab.js';
import type { Overrides } from '../lab/inventory.js';
import { rowsFor } from './choice.js';
import { type Major, whyNoServers } from './majors.js';
import { type Hosts, Pair, type Shape, startHosts } from './pair.js';
import { changes, notPassed, type Phase, type Played, play } from './play.js';

/** One pair that differs in one thing from the healthy one. */
export interface Row {
  name: string;
  /** The versions that it is tried on; all unless said. */
  on?: readonly Major[];
  phase?: Phase;
  shape?: Shape;
  fault?: (pair: Pair) => void | Promise<void>;
  inventory?: (pair: Pair) => Overrides;
  /** Findings that are judged otherwise than on the healthy pair of the same version. */
  changes: Record<string, Verdict | 'absent'> | ((major: Major) => Record<string, Verdict | 'absent'>);
  /** Findings that turn unknown need not be named: too little answers. */
  unknownToo?: true;
  /** What the messages of findings say, by key. */
  says?: Record<string, RegExp>;
  /** The run's exit code; unless said 1 where a finding of `changes` fails, else 3 where one is unknown. */
  exit?: number;
}

/** Nothing is written to a healthy pair, so that nobody can say for how long its primary keeps what is written. */
const quiet: Partial<Record<Phase, Record<string, Verdict>>> = { verify: { 'outage-budget': 'unknown' } };

const describeServers = describer(await whyNoServers());

/** Makes the tests of one major version: the healthy pair, and each row by itself. */
export function judgeRows(major: Major, rows: readonly Row[]): void {
  describeServers(`PostgreSQL ${major}`, () => {
    let hosts: Hosts;
    let pair: Pair;
    const healthy = new Map<Phase, Played>();
    beforeAll(async () => {
      hosts = await startHosts();
      pair = new Pair(hosts, { primary: major, standby: major });
      await pair.prepare();
    }, 180_000);
    afterAll(() => hosts?.close());

    const healthyRun = async (phase: Phase) => {
      const known = healthy.get(phase);
      if (known) return known;
      await pair.fresh();
      if (phase === 'preflight') await pair.beforeStandby();
      const played = await play(pair, phase);
      healthy.set(phase, played);
      return played;
    };

    it.each(['preflight', 'verify', 'failover'] as const)(
      'healthy: %s finds nothing, and the servers have nothing to complain of',
      async (phase) => {
        const played = await healthyRun(phase);
        expect(notPassed(played), JSON.stringify(played.messages, null, 2)).toEqual(quiet[phase] ?? {});
        expect(played.ran.code).toBe(0);
        expect(played.complaints).toEqual([]);
        expect(played.crowded).toEqual([]);
      },
    );

    for (const row of rowsFor(rows, major)) {
      it(row.name, async () => {
        const before = await healthyRun(row.phase ?? 'verify');
        await pair.fresh(row.shape);
        if (row.phase === 'preflight') await pair.beforeStandby();
        await row.fault?.(pair);
        const played = await play(pair, row.phase, row.inventory?.(pair));
        const expected = typeof row.changes === 'function' ? row.changes(major) : row.changes;
        const messages = Object.entries(played.messages).filter(
          ([key]) => !['pass', 'skip'].includes(played.verdicts[key] ?? ''),
        );
        const changed = Object.entries(changes(before, played)).filter(
          ([key, verdict]) =>
            expected[key] !== undefined ||
            !((row.unknownToo && verdict === 'unknown') || (key === 'outage-budget' && verdict === 'pass')),
        );
        expect(Object.fromEntries(changed), JSON.stringify(Object.fromEntries(messages), null, 2)).toEqual(expected);
        const said = Object.keys(row.says ?? {}).map((key) => [key, played.messages[key] ?? '']);
        expect(Object.fromEntries(said)).toEqual(
          Object.fromEntries(Object.entries(row.says ?? {}).map(([key, words]) => [key, expect.stringMatching(words)])),
        );
        const verdicts = Object.values(expected);
        const exit = verdicts.includes('fail') ? 1 : verdicts.includes('unknown') ? 3 : 0;
        expect(played.ran.code, JSON.stringify(Object.fromEntries(messages), null, 2)).toBe(row.exit ?? exit);
        expect(played.complaints).toEqual([]);
      });
    }
  });
}
