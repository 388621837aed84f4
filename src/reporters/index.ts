/** The report formats: each one turns a report into text and is loaded only when it is asked for. */
import type { Reporter } from './reporter.js';

const byName = {
  github: async (report) => (await import('./github/github.js')).github(report),
  html: async (report) => (await import('./html/html.js')).html(report),
  json: async (report) => (await import('./json.js')).json(report),
  junit: async (report) => (await import('./junit/junit.js')).junit(report),
  markdown: async (report) => (await import('./markdown/markdown.js')).markdown(report),
  prometheus: async (report) => (await import('./prometheus.js')).prometheus(report),
  table: async (report, options) => (await import('./terminal/table.js')).table(report, options),
} satisfies Record<string, Reporter>;

/** A report format by its name on the command line. */
export type Format = keyof typeof byName;

/** Every format, sorted by name. */
export const reporters: Record<Format, Reporter> = byName;
