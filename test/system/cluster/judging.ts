/** Rows of a table of scenarios, played on one cluster and held against what they expect. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Verdict } from '../../../src/core/model.js';
import { type Cluster, startCluster } from './cluster.js';
import { type Played, play, type Row } from './playing.js';
import { describeCluster } from './requirements.js';

/** Findings of `now` that are judged otherwise than in `healthy`; one that came or went shows as `absent`. */
function changed(healthy: Played, now: Played): Record<string, Verdict | 'absent'> {
  const keys = [...new Set([...Object.keys(healthy.verdicts), ...Object.keys(now.verdicts)])].sort();
  const others = keys.filter((key) => healthy.verdicts[key] !== now.verdicts[key]);
  return Object.fromEntries(others.map((key) => [key, now.verdicts[key] ?? 'absent']));
}

/** Tests of a phase: a healthy cluster passes but for `others`, and each row changes what it says. */
export function judgePhase(
  phase: Row['phase'],
  others: Record<string, Verdict>,
  rows: readonly Omit<Row, 'phase'>[],
): void {
  describeCluster(`${phase} on a cluster with one thing changed`, () => {
    let cluster: Cluster;
    let healthy: Played;

    beforeAll(async () => {
      cluster = await startCluster();
      healthy = await play(cluster, { phase });
    });
    afterEach(() => cluster.reset());
    afterAll(() => cluster?.close());

    it('a healthy cluster passes', () => {
      const { ran, verdicts, logins, harm } = healthy;
      expect(Object.fromEntries(Object.entries(verdicts).filter(([, verdict]) => verdict !== 'pass'))).toEqual(others);
      expect([ran.code, ran.stderr, logins, harm]).toEqual([0, '', [1, 1], []]);
    });

    it.each(rows)('$name', async (row) => {
      const played = await play(cluster, { ...row, phase });
      const all = Object.entries(changed(healthy, played));
      const relevant = all.filter(([key]) => row.only === undefined || key.startsWith(`${row.only} `));
      expect(Object.fromEntries(relevant), played.ran.stderr).toEqual(row.changes);
      expect([played.ran.code, played.harm, played.logins]).toEqual([row.exit, [], row.logins ?? [1, 1]]);
      const finding = (key: string) => played.report?.findings.find((one) => one.key === key);
      for (const [key, words] of Object.entries(row.says ?? {})) expect(finding(key)?.message).toMatch(words);
    });
  });
}
