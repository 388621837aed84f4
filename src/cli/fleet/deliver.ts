/** Reports of a fleet on their way out. */
import { dirname, relative } from 'node:path';
import { suggestion } from '../../core/did-you-mean.js';
import { UsageError } from '../../core/errors.js';
import type { FleetReport } from '../../fleet/report.js';
import { type FleetFormat, fleetReporters } from '../../fleet/reporters/index.js';
import { write } from '../deliver.js';
import { type OutputFile, openOutput } from '../output-file.js';
import { type Input, modeOf, refuseOneFile, removeOld } from '../run-files.js';
import { screenOf } from '../screen.js';

/** One report to make: its format, and the file it goes to (stdout without one). */
export interface FleetTarget {
  format: FleetFormat;
  file?: OutputFile;
}

/**
 * Makes the files of `FORMAT[=PATH]` options ready: each can be written, none is another or one that is read, and those of an
 * earlier run are gone. @throws UsageError before anything is removed
 */
export async function openFleetTargets(
  { report = ['table'], reportMode }: { report?: readonly string[]; reportMode?: string },
  inputs: readonly Input[],
): Promise<FleetTarget[]> {
  const known = Object.keys(fleetReporters);
  const mode = modeOf(reportMode);
  const specs = report.map((spec) => {
    const [, format = '', path] = /^([^=]*)(?:=(.*))?$/s.exec(spec) ?? [];
    if (!known.includes(format))
      throw new UsageError(`--report ${spec}: unknown format "${format}"${suggestion(format, known)}`);
    if (path === '') throw new UsageError(`--report ${spec}: the path is missing; right is ${format}=FILE`);
    return { format: format as FleetFormat, path };
  });
  const files = specs.flatMap(({ format, path }) =>
    path === undefined ? [] : [{ what: `--report ${format}=${path}`, path }],
  );
  if (specs.length - files.length > 1)
    throw new UsageError(
      '--report: only one format can go to stdout; give the others a file, for example json=fleet.json',
    );
  refuseOneFile(files, inputs, specs.length > files.length);
  const targets: FleetTarget[] = [];
  for (const { format, path } of specs)
    targets.push(path === undefined ? { format } : { format, file: await openOutput(path, mode) });
  // Metrics stay until there are new ones: a file that is gone is no alert.
  for (const { format, path } of specs) if (path !== undefined && format !== 'prometheus') removeOld(path);
  return targets;
}

/** Renders and delivers every report; `pageOf` finds the page of a pair. */
export async function deliverFleet(
  report: FleetReport,
  targets: readonly FleetTarget[],
  wantColor: boolean | undefined,
  pageOf: (pair: string) => string | undefined,
): Promise<void> {
  for (const { format, file } of targets) {
    const from = file === undefined ? '.' : dirname(file.path);
    const page = (pair: string) => {
      const path = pageOf(pair);
      return path === undefined ? undefined : relative(from, path).split('\\').join('/');
    };
    const text = await fleetReporters[format](report, { ...screenOf({ path: file?.path, wantColor }), pageOf: page });
    await (file ? file.write(text) : write(text));
  }
}
