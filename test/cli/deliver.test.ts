/** Files that reports and evidence are written to. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { claim, writePrivate } from '../../src/cli/deliver.js';

const folder = mkdtempSync(join(tmpdir(), 'pairflight-outputs-'));
afterEach(() => rmSync(join(folder, 'file'), { force: true }));
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const file = join(folder, 'file');

describe('an output', () => {
  it('is for its owner alone, also where the file was open to all', () => {
    writeFileSync(file, 'old');
    chmodSync(file, 0o666);
    writePrivate(file, 'new');
    expect([modeOf(file), readFileSync(file, 'utf8')]).toEqual(['600', 'new']);
  });

  it('is claimed without losing what stands there', () => {
    writeFileSync(file, 'old');
    claim(file);
    expect([modeOf(file), readFileSync(file, 'utf8')]).toEqual(['600', 'old']);
  });

  it.runIf(process.getuid?.() === 0)('that is a device keeps its mode: /dev/null is for everybody', () => {
    execFileSync('mknod', ['-m', '666', file, 'c', '1', '3']);
    claim(file);
    writePrivate(file, 'nothing');
    expect(modeOf(file)).toBe('666');
  });
});
