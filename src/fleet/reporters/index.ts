/** The formats of a fleet's report, each loaded only when it is asked for. */
import { json } from '../../reporters/json.js';
import type { FleetReporter } from './reporter.js';

const byName = {
  json: async (report) => json(report),
  table: async (report, options) => (await import('./table.js')).table(report, options),
} satisfies Record<string, FleetReporter>;

/** A format by its name on the command line. */
export type FleetFormat = keyof typeof byName;

/** Every format, sorted by name. */
export const fleetReporters: Record<FleetFormat, FleetReporter> = byName;
