/** Reports on their way out: formats and paths from `--report`, files that only their owner may read, and stdout. */
import { closeSync, existsSync, fchmodSync, fstatSync, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import type { Report } from '../core/model.js';
import { shownLine } from '../core/shell/words.js';
import { forLog } from '../reporters/github/command.js';
import { type Format, reporters } from '../reporters/index.js';
import { screenOf } from './screen.js';

/** One report to make: its format, and the file it goes to (stdout without one). */
export interface ReportTarget {
  format: Format;
  path?: string;
}

/** Reads `FORMAT[=PATH]` options, and sees at once that every file can be written. @throws UsageError */
export function reportTargets(specs: readonly string[] | undefined): ReportTarget[] {
  const targets = (specs ?? ['table']).map((spec): ReportTarget => {
    const [, format = '', path] = /^([^=]*)(?:=(.*))?$/s.exec(spec) ?? [];
    if (!isFormat(format))
      throw new UsageError(`--report ${spec}: unknown format "${format}"${suggestion(format, Object.keys(reporters))}`);
    if (path === '') throw new UsageError(`--report ${spec}: the path is missing; right is ${format}=FILE`);
    return path === undefined ? { format } : { format, path };
  });
  const onStdout = targets.filter((target) => target.path === undefined);
  if (onStdout.length > 1) {
    throw new UsageError(
      `--report: only one format can go to stdout (${onStdout.map((one) => one.format).join(', ')}); give the others a file, for example junit=report.xml`,
    );
  }
  const paths = targets.flatMap((target) => target.path ?? []);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) throw new UsageError(`--report: two reports go to ${twice}`);
  for (const path of paths) claim(path);
  return targets;
}

function isFormat(word: string): word is Format {
  return Object.hasOwn(reporters, word);
}

/** Opens a file for writing, so that one that cannot be written is told before hosts are asked. @throws UsageError */
export function claim(path: string): void {
  withFile(path, 'a', () => {});
}

/** Writes a file that only its owner may read. @throws UsageError */
export function writePrivate(path: string, content: string | Uint8Array): void {
  withFile(path, 'w', (file) => writeFileSync(file, content));
}

function withFile(path: string, flags: 'a' | 'w', use: (file: number) => void): void {
  try {
    const file = openSync(path, flags, 0o600);
    try {
      // An existing file keeps its mode when it is opened, and somebody else's cannot be changed; /dev/null is not ours to close.
      try {
        if (fstatSync(file).isFile()) fchmodSync(file, 0o600);
      } catch {}
      use(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const folder = dirname(path);
    throw new UsageError(
      `${path}: cannot be written: ${(error as Error).message.replace(/^\w+: /, '').replace(/, open .*$/, '')}`,
      existsSync(folder) ? undefined : `mkdir -p ${shownLine([folder])}`,
    );
  }
}

/** Renders and delivers every report. */
export async function deliver(
  report: Report,
  targets: readonly ReportTarget[],
  wantColor: boolean | undefined,
): Promise<void> {
  for (const { format, path } of targets) {
    const text = forLog(format, await reporters[format](report, screenOf({ path, wantColor })));
    if (path === undefined) await write(text);
    else writePrivate(path, text);
  }
}

/** Writes to stdout and waits until it is taken; a reader that went away is no error of ours. */
export function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      // A reader such as head(1) that has seen enough is no error.
      if (!error || (error as NodeJS.ErrnoException).code === 'EPIPE') resolve();
      else reject(new UsageError(`stdout cannot be written: ${error.message.replace(/, write$/, '')}`));
    });
  });
}
