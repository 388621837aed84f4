/** The formats of a fleet's report, each loaded only when it is asked for. */
import type { FleetReporter } from './reporter.js';

const byName = {
  html: async (report, options) => (await import('./html.js')).html(report, options),
  json: async (report) => (await import('../../reporters/json.js')).json(report),
  junit: async (report) => (await import('./junit.js')).junit(report),
  markdown: async (report) => (await import('./markdown.js')).markdown(report),
  nagios: async (report) => (await import('./nagios.js')).nagios(report),
  prometheus: async (report) => (await import('./prometheus.js')).prometheus(report),
  table: async (report, options) => (await import('./table.js')).table(report, options),
} satisfies Record<string, FleetReporter>;

/** A format by its name on the command line. */
export type FleetFormat = keyof typeof byName;

/** Every format, sorted by name. */
export const fleetReporters: Record<FleetFormat, FleetReporter> = byName;
