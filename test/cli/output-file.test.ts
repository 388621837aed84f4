/** Files that reports and evidence are written to, and what is no file. */
import { execFileSync, spawn } from 'node:child_process';
import fs, {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { identityOf, openOutput, removeFile } from '../../src/cli/output-file.js';

const folder = mkdtempSync(join(tmpdir(), 'pairflight-outputs-'));
afterEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
});
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const file = join(folder, 'file');
const write = async (path: string, text: string, mode?: number) => (await openOutput(path, mode)).write(text);

describe('an output', () => {
  it('is for its owner alone, also where the file was open to all', async () => {
    writeFileSync(file, 'old');
    chmodSync(file, 0o666);
    await write(file, 'new');
    expect([modeOf(file), readFileSync(file, 'utf8')]).toEqual(['600', 'new']);
  });

  it('has the mode that was asked for, whatever the umask', async () => {
    const before = process.umask(0o077);
    await write(file, 'new', 0o644).finally(() => process.umask(before));
    expect(modeOf(file)).toBe('644');
  });

  it('takes the place of an older one only when it is whole, and leaves nothing beside it', async () => {
    writeFileSync(file, 'old');
    const output = await openOutput(file);
    expect(readFileSync(file, 'utf8')).toBe('old');
    const older = statSync(file).ino;
    await output.write('new');
    expect(statSync(file).ino).not.toBe(older);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('that cannot take a place is refused, and leaves nothing beside it', async () => {
    const output = await openOutput(file);
    fs.mkdirSync(file);
    await expect(output.write('new')).rejects.toThrow(/file: cannot be written: /);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('behind links is the file that they lead to, there or not', async () => {
    fs.mkdirSync(join(folder, 'else'));
    symlinkSync('else/b', join(folder, 'a'));
    symlinkSync('a', file);
    await write(file, 'first');
    await write(file, 'second');
    expect(fs.lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'else/b'), 'utf8')).toBe('second');
    expect(removeFile(file)).toBeUndefined();
    expect([fs.existsSync(join(folder, 'else/b')), fs.lstatSync(file).isSymbolicLink()]).toEqual([false, true]);
  });

  it.each([
    ['a folder', () => fs.mkdirSync(file), /file: cannot be written: is a folder/],
    ['links in a circle', () => symlinkSync('file', file), /file: cannot be written: too many symbolic links/],
    ['a missing folder', () => symlinkSync('no/such', file), /file: cannot be written: no such file or directory/],
  ])('that is %s is refused', async (_, make, words) => {
    make();
    await expect(openOutput(file)).rejects.toThrow(words);
  });

  it('that is an open descriptor is written, and never removed', async () => {
    const descriptor = fs.openSync(file, 'w');
    await write(`/dev/fd/${descriptor}`, 'one ');
    await write(`/proc/self/fd/${descriptor}`, 'two');
    expect(removeFile(`/dev/fd/${descriptor}`)).toBeUndefined();
    fs.closeSync(descriptor);
    expect(readFileSync(file, 'utf8')).toBe('one two');
    await expect(openOutput('/dev/fd/9999')).rejects.toThrow(/\/dev\/fd\/9999: cannot be written: bad file descriptor/);
  });

  it.runIf(process.getuid?.() === 0)('that is a device keeps its mode: /dev/null is for everybody', async () => {
    execFileSync('mknod', ['-m', '666', file, 'c', '1', '3']);
    await write(file, 'nothing');
    expect(removeFile(file)).toBeUndefined();
    expect([modeOf(file), statSync(file).isCharacterDevice()]).toEqual(['666', true]);
  });

  it('that is a pipe is written to whoever reads it, once, and stays', async () => {
    execFileSync('mkfifo', [file]);
    const reader = spawn('cat', [file]);
    let read = '';
    reader.stdout.on('data', (chunk) => {
      read += chunk;
    });
    const output = await openOutput(file);
    // More than a pipe holds.
    await output.write('x'.repeat(200_000));
    await new Promise((resolve) => reader.on('close', resolve));
    expect(read.length).toBe(200_000);
    expect(removeFile(file)).toBeUndefined();
    expect(statSync(file).isFIFO()).toBe(true);
  });

  it('that is a pipe which nobody reads is refused after a while', async () => {
    execFileSync('mkfifo', [file]);
    await expect(openOutput(file)).rejects.toThrow(/file: cannot be written: nobody reads this pipe/);
  });
});

describe('one file', () => {
  it('has one identity under all its names, before it is there too', () => {
    fs.mkdirSync(join(folder, 'real'));
    symlinkSync('real', join(folder, 'link'));
    const names = ['real/x', 'link/x', 'real/../link/./x'].map((name) => join(folder, name));
    const before = names.map(identityOf);
    expect(new Set(before).size).toBe(1);
    expect(before[0]).toMatch(/^\d+:\d+\/x$/);
    writeFileSync(names[0] ?? '', '');
    fs.linkSync(names[0] ?? '', file);
    expect(new Set([...names, file].map(identityOf)).size).toBe(1);
  });

  it('may be a device: that several write to it harms nobody', () => {
    expect(identityOf('/dev/null')).toBeUndefined();
  });
});
