/** The options that the commands on a fleet share. */

import { list } from '../../core/format.js';
import { fleetReporters } from '../../fleet/reporters/index.js';
import {
  failOn,
  flag,
  formatOptions,
  groups,
  hostOptions,
  number,
  type ReachOptions,
  type ReportOptions,
  reachOptions,
  type TargetOptions,
  targetOptions,
  text,
  texts,
} from '../options.js';

/** Options that say which pairs of a fleet are meant. */
export type FleetTargetOptions = Omit<TargetOptions, 'inventory' | 'host' | 'roles' | 'baseline'> & {
  fleet: string;
  where?: string[];
};

/** Options of a run of a fleet. */
export type FleetOptions = FleetTargetOptions &
  ReachOptions &
  Pick<ReportOptions, 'report' | 'reportMode' | 'failOn' | 'color'> & {
    out: string;
    parallel?: number;
    shard?: string;
    runId?: string;
    resume: boolean;
    maxAge?: string;
  };

/** Options of the plans of a fleet. */
export type FleetPlanOptions = FleetTargetOptions & {
  phase?: string;
  json: boolean;
  timeout?: number;
  sshConfig?: string;
  out?: string;
};

/** Options of reaching a fleet. */
export type FleetReachOptions = FleetTargetOptions &
  ReachOptions & { phase?: string; json: boolean; try: boolean; parallel?: number; out?: string };

/** Options of putting shards together. */
export type FleetMergeOptions = Pick<ReportOptions, 'report' | 'reportMode' | 'color'> & {
  folders: string[];
  maxAge?: string;
  pack?: string;
};

/** How old a result may be, unless somebody says otherwise. */
export const MAX_AGE = '24h';

/** The fleet, as the first word of a command. */
export const fleet = {
  fleet: {
    type: 'string',
    demandOption: true,
    describe: 'a file of pairs, or a folder of inventories; - is stdin',
  },
} as const;

const pairs = 'Pairs:';

const { host: _host, ...ofAllPairs } = hostOptions;
const { host: _, ...rules } = targetOptions;

/** Which pairs, and which rules. */
export const fleetTargetOptions = {
  where: texts('LABEL=VALUE: only pairs with this label; repeatable', pairs),
  ...ofAllPairs,
  ...rules,
};

/** How many pairs at once. */
export const parallel = {
  parallel: number('how many pairs are asked at once (default: four for each processor)', pairs),
};

/** The formats of a fleet's report. */
export const fleetFormats = {
  ...formatOptions,
  report: texts(`FORMAT[=PATH]: ${list(Object.keys(fleetReporters), 'or')}; repeatable; default: table`, groups.output),
} as const;

/** How old a result may be. */
export const maxAge = { 'max-age': text('how old a result may be: 2h, 1d (default: 24h)', groups.output) };

/** All that a run of one phase takes. */
export const fleetOptions = {
  out: { ...text('the folder of the results; made where it is missing', groups.output), demandOption: true },
  ...parallel,
  shard: text('2/8, or auto/8: which part of the pairs this job asks', pairs),
  'run-id': text("what the shards of one run have in common (default: the engine's own id)", pairs),
  resume: flag('go on with what an earlier run in the folder has left', pairs),
  ...fleetTargetOptions,
  ...reachOptions,
  ...fleetFormats,
  ...maxAge,
  ...failOn,
};

/** The word on exit codes below the options of a run. */
export const fleetExitCodes =
  'Exit code: 1 a pair failed, else 3 one is incomplete, in error or missing, else 0. 2: nothing was asked, or a file cannot be written.';
