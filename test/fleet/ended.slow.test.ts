/** Runs of a fleet that are ended: by Ctrl-C, and by what no program can answer. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program } from '../cli/run.js';
import { type PlayedFleet, playFleet, reportAt } from './played.js';
import { timeless } from './timeless.js';

let fleet: PlayedFleet;
let whole: string;

beforeAll(async () => {
  fleet = await playFleet({ count: 10 });
  expect((await fleet.run('--out', 'whole', '--report', 'json=whole.json')).stderr).toBe('');
  whole = timeless(readFileSync(join(fleet.folder, 'whole.json'), 'utf8'));
}, 240_000);
afterAll(() => fleet?.close());

/** How many pairs a folder says are done. */
function doneIn(folder: string): number {
  const file = join(fleet.folder, folder, 'fleet.ndjson');
  return existsSync(file) ? readFileSync(file, 'utf8').split('"event":"pair"').length - 1 : 0;
}

/** Runs the program two pairs at a time, and ends it once three are done. */
async function endedBy(signal: NodeJS.Signals, out: string) {
  const words = ['fleet', 'preflight', ...fleet.words, '--out', out, '--parallel', '2', '--report', `json=${out}.json`];
  const child = spawn(process.execPath, [program, ...words], {
    cwd: fleet.folder,
    stdio: 'ignore',
    env: { PATH: process.env.PATH ?? '', HOME: fleet.folder },
  });
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  while (doneIn(out) < 3 && child.exitCode === null) await sleep(20);
  child.kill(signal);
  const [code, by] = await closed;
  return { code, by, done: doneIn(out) };
}

describe('a run that is killed in the middle', () => {
  it('leaves a folder that the next goes on with, to the same report', async () => {
    const { by, done } = await endedBy('SIGKILL', 'killed');
    expect(by).toBe('SIGKILL');
    expect(done).toBeGreaterThanOrEqual(3);
    expect(done).toBeLessThan(10);
    expect(existsSync(join(fleet.folder, 'killed', 'fleet.lock'))).toBe(true);
    const { code, stderr } = await fleet.run('--out', 'killed', '--resume', '--report', 'json=resumed.json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(doneIn('killed')).toBe(10);
    expect(timeless(readFileSync(join(fleet.folder, 'resumed.json'), 'utf8'))).toBe(whole);
  }, 120_000);
});

describe('Ctrl-C', () => {
  it('ends with what is done, names what is not, and --resume goes on with it', async () => {
    const { code, done } = await endedBy('SIGINT', 'stopped');
    expect(code).toBe(130);
    expect(done).toBeLessThan(10);
    const report = reportAt(join(fleet.folder, 'stopped.json'));
    expect(report.run.interrupted).toBe(true);
    expect(report.summary.missing).toBe(10 - done);
    expect(existsSync(join(fleet.folder, 'stopped', 'fleet.lock'))).toBe(false);
    expect((await fleet.run('--out', 'stopped', '--resume', '--report', 'json=went-on.json')).code).toBe(1);
    expect(doneIn('stopped')).toBe(10);
    expect(timeless(readFileSync(join(fleet.folder, 'went-on.json'), 'utf8'))).toBe(whole);
  }, 120_000);
});
