/** Folders are made where they are missing, and where none can be made it is said at once. */
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeFolder } from '../../src/core/folder.js';

const folder = mkdtempSync(join(tmpdir(), 'pairflight-folder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const modeOf = (path: string) => statSync(join(folder, path)).mode & 0o777;

it('makes a folder and those above it, for their owner alone unless another mode is given', () => {
  makeFolder(join(folder, 'a/b'));
  makeFolder(join(folder, 'a/b/c'), 0o755);
  expect([modeOf('a'), modeOf('a/b'), modeOf('a/b/c')]).toEqual([0o700, 0o700, 0o755]);
});

it('leaves a folder that is there as it is', () => {
  makeFolder(join(folder, 'd'), 0o755);
  makeFolder(join(folder, 'd'));
  expect(modeOf('d')).toBe(0o755);
});

writeFileSync(join(folder, 'file'), '');
symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
it.each<[string, string, RegExp]>([
  ['a file', join(folder, 'file'), /file is not a folder$/],
  ['below a file', join(folder, 'file/x/y'), /file is not a folder$/],
  ['a link that leads nowhere', join(folder, 'link'), /EEXIST/],
  ...(existsSync('/proc/self')
    ? [['below /proc', '/proc/none/x', /ENOENT|EACCES|EPERM/] satisfies [string, string, RegExp]]
    : []),
])('refuses what can be none: %s', (_, path, says) => {
  expect(() => makeFolder(path)).toThrow(says);
});
