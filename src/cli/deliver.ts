/** Finished reports on their way out: to their files, or to stdout. */
import { UsageError } from '../core/errors.js';
import type { Report } from '../core/model.js';
import { forLog } from '../reporters/github/command.js';
import { reporters } from '../reporters/index.js';
import { openOutput } from './output-file.js';
import type { ReportTarget } from './run-files.js';
import { screenOf } from './screen.js';

/** Writes a file that only its owner may read. @throws UsageError */
export async function writePrivate(path: string, content: string | Uint8Array): Promise<void> {
  await (await openOutput(path)).write(content);
}

/** Renders and delivers every report. */
export async function deliver(
  report: Report,
  targets: readonly ReportTarget[],
  { color, all = false }: { color?: boolean | undefined; all?: boolean | undefined },
): Promise<void> {
  for (const { format, file } of targets) {
    const text = forLog(
      format,
      await reporters[format](report, {
        ...screenOf({ path: file?.path, wantColor: color }),
        all,
      }),
    );
    await (file ? file.write(text) : write(text));
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
