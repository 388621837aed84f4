/** The folder of a run, where something of another kind lies in the place of its files: told by its path, never a bug of ours. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { FleetFolder } from '../../src/fleet/folder.js';

const root = mkdtempSync(join(tmpdir(), 'pairflight-fleet-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function opened(name: string, folders: string[], files: string[] = ['fleet.ndjson']): FleetFolder {
  for (const folder of folders) mkdirSync(join(root, name, folder), { recursive: true });
  for (const file of files) writeFileSync(join(root, name, file), '');
  return FleetFolder.open(join(root, name), () => {});
}

const refusal = (message: RegExp) => expect.objectContaining({ message: expect.stringMatching(message) as string });

it('is refused where its events are a folder', () => {
  const opening = () => opened('events', ['fleet.ndjson'], []);
  expect(opening).toThrow(UsageError);
  expect(opening).toThrow(refusal(/events\/fleet\.ndjson: is a folder, not a file$/));
});

it('is not taken for a new run where what the last one left cannot be removed', () => {
  const folder = opened('shard', ['shard.json']);
  for (const work of [() => folder.clear(), () => folder.reopen()])
    expect(work).toThrow(refusal(/shard\/shard\.json: is of an earlier run, and cannot be removed: /));
  folder.close();
});

it('has nothing to remove where nothing is', () => {
  const folder = opened('new', ['.'], []);
  folder.clear();
  folder.reopen();
  folder.close();
});

it('does not hold a pair whose report is a folder, or whose folder is a file', () => {
  const folder = opened('pairs', ['a/report.json'], ['fleet.ndjson', 'a/evidence.json', 'b']);
  const files = { 'evidence.json': 'x', 'report.json': 'x' };
  const held = (pair: string) => folder.holds({ pair, files } as unknown as Parameters<FleetFolder['holds']>[0]);
  expect([held('a'), held('b')]).toEqual([false, false]);
  expect(() => folder.writePair('b', files)).toThrow(
    refusal(/b\/evidence\.json: cannot be written: .*b is not a folder$/),
  );
  folder.close();
});
