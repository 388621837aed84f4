/**
 * Runs the built command line within the test's own process: its entry is called with a folder, an environment and a
 * standard input as a program would be given them, and all of it is put back. A start of Node costs more than most
 * commands do. What only a process has (signals, terminals, pipes that close) is tested with one: `spawned` in run.ts.
 */
import { Console } from 'node:console';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import type { Ran } from './run.js';

// Not written as an import: the types are those of src/, and the built program need not be there when they are checked.
const entry = new URL('../../dist/cli/main.js', import.meta.url).href;

/** One at a time: folder, environment and streams are the process's. */
let last: Promise<unknown> = Promise.resolve();

/** Calls the command line in a folder that is also its home. */
export function called(words: string[], cwd: string, stdin: string, env: Record<string, string>): Promise<Ran> {
  const ran = last.then(() => call(words, cwd, stdin, env));
  last = ran.catch(() => {});
  return ran;
}

async function call(words: string[], cwd: string, stdin: string, env: Record<string, string>): Promise<Ran> {
  const { main } = (await import(entry)) as { main(args: string[]): Promise<void> };
  const [stdout, stderr] = [new Kept(), new Kept()];
  const before = {
    cwd: process.cwd(),
    env: { ...process.env },
    exitCode: process.exitCode,
    console: globalThis.console,
  };
  const warned = ({ name, message }: Error) => void stderr.write(`(node:${process.pid}) ${name}: ${message}\n`);
  const streams = replaced({ stdin: new PassThrough().end(), stdout, stderr });
  process.on('warning', warned);
  process.chdir(cwd);
  setEnv({ PATH: before.env.PATH ?? '', HOME: cwd, ...env });
  setStdin(stdin);
  globalThis.console = new Console(stdout, stderr);
  process.exitCode = undefined;
  try {
    await main(words);
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.exitCode = before.exitCode;
    globalThis.console = before.console;
    setStdin('');
    setEnv(before.env);
    process.chdir(before.cwd);
    process.off('warning', warned);
    Object.defineProperties(process, streams);
  }
}

/** Everything that was written, as a pipe takes it. */
class Kept extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

/** Puts streams in the place of the process's own, and gives what to define again afterwards. */
function replaced(streams: Record<string, unknown>): PropertyDescriptorMap {
  const own = Object.getOwnPropertyDescriptors(process) as PropertyDescriptorMap;
  const names = Object.keys(streams);
  for (const name of names)
    Object.defineProperty(process, name, { value: streams[name], configurable: true, writable: true });
  return Object.fromEntries(names.map((name) => [name, own[name] as PropertyDescriptor]));
}

function setEnv(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
}

/** The program reads descriptor 0 itself: what is opened takes the lowest number that is free. */
function setStdin(text: string): void {
  const folder = text === '' ? undefined : fs.mkdtempSync(join(tmpdir(), 'pairflight-stdin-'));
  const file = folder === undefined ? '/dev/null' : join(folder, 'stdin');
  if (folder !== undefined) fs.writeFileSync(file, text);
  fs.closeSync(0);
  const descriptor = fs.openSync(file, 'r');
  if (folder !== undefined) fs.rmSync(folder, { recursive: true });
  if (descriptor !== 0) throw new Error(`standard input was opened as ${descriptor}`);
}

// A person may sit at the terminal of the test run; a program without one asks nobody.
const { openSync } = fs;
fs.openSync = (path, ...rest) => {
  if (path === '/dev/tty') throw Object.assign(new Error('ENXIO: no such device or address'), { code: 'ENXIO' });
  return openSync(path, ...rest);
};
syncBuiltinESMExports();
