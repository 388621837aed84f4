/** Reports of a fleet on their way out. */
import { dirname, relative, resolve } from 'node:path';
import { suggestion } from '../../core/did-you-mean.js';
import { UsageError } from '../../core/errors.js';
import type { FleetReport } from '../../fleet/report.js';
import { type FleetFormat, fleetReporters } from '../../fleet/reporters/index.js';
import { claim, write, writePrivate } from '../deliver.js';
import { screenOf } from '../screen.js';

/** One report to make: its format, and the file it goes to (stdout without one). */
export interface FleetTarget {
  format: FleetFormat;
  path?: string;
}

/** Reads `FORMAT[=PATH]` options, and sees at once that every file can be written. @throws UsageError */
export function fleetTargets(specs: readonly string[] = ['table']): FleetTarget[] {
  const known = Object.keys(fleetReporters);
  const targets = specs.map((spec): FleetTarget => {
    const [, format = '', path] = /^([^=]*)(?:=(.*))?$/s.exec(spec) ?? [];
    if (!known.includes(format))
      throw new UsageError(`--report ${spec}: unknown format "${format}"${suggestion(format, known)}`);
    if (path === '') throw new UsageError(`--report ${spec}: the path is missing; right is ${format}=FILE`);
    return { format: format as FleetFormat, ...(path !== undefined && { path }) };
  });
  if (targets.filter(({ path }) => path === undefined).length > 1)
    throw new UsageError(
      '--report: only one format can go to stdout; give the others a file, for example junit=fleet.xml',
    );
  const paths = targets.flatMap(({ path }) => (path === undefined ? [] : [resolve(path)]));
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) throw new UsageError(`--report: two reports go to ${twice}`);
  for (const path of paths) claim(path);
  return targets;
}

/** Renders and delivers every report; `pageOf` finds the page of a pair. */
export async function deliverFleet(
  report: FleetReport,
  targets: readonly FleetTarget[],
  wantColor: boolean | undefined,
  pageOf: (pair: string) => string | undefined,
): Promise<void> {
  for (const { format, path } of targets) {
    const from = path === undefined ? '.' : dirname(path);
    const page = (pair: string) => {
      const file = pageOf(pair);
      return file === undefined ? undefined : relative(from, file).split('\\').join('/');
    };
    const text = await fleetReporters[format](report, { ...screenOf({ path, wantColor }), pageOf: page });
    if (path === undefined) await write(text);
    else writePrivate(path, text);
  }
}
