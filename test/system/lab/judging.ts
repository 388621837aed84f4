/** One row of a table of scenarios, played and held against what it expects. */
import { expect } from 'vitest';
import { type Lab, startLab } from './lab.js';
import { changes, type Played, play, type Scenario } from './scenario.js';

/** Plays the row on the lab, or on one of its own, and undoes its fault; `healthy` is what its changes are counted from. */
export async function playOn(lab: Lab, healthy: Played, row: Scenario): Promise<void> {
  const own = row.lab ? await startLab(row.lab) : lab;
  try {
    await judge(own, healthy, row);
  } finally {
    await (own === lab ? lab.reset() : own.close());
  }
}

async function judge(own: Lab, healthy: Played, row: Scenario): Promise<void> {
  const played = await play(own, row);
  expect(changes(healthy, played), played.ran.stderr).toEqual(row.changes);
  expect(played.ran.code).toBe(row.exit);
  expect(played.report?.run.exitCode).toBe(row.exit);
  expect(played.harm).toEqual([]);
  expect(played.logins).toEqual(row.logins ?? [1, 1]);
  expect(played.ran.stderr).toMatch(row.stderr ?? /^$/);
  const finding = (key: string) => played.report?.findings.find((one) => one.key === key);
  for (const [key, words] of Object.entries(row.says ?? {})) expect(finding(key)?.message).toMatch(words);
  for (const [key, words] of Object.entries(row.tells ?? {})) expect(finding(key)?.told?.join('\n')).toMatch(words);
  row.after?.(own);
}
