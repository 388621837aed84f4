/** What a format of a fleet's report is. */
import type { ReporterOptions } from '../../reporters/reporter.js';
import type { FleetReport } from '../report.js';

/** Beside the screen: where a page leads to for a pair; undefined where nothing is kept of it. */
export interface FleetReporterOptions extends ReporterOptions {
  pageOf(pair: string): string | undefined;
}

/** Turns the report of a fleet into the text of one format; neither prints, nor writes, nor changes its input, nor sets an exit code. */
export type FleetReporter = (report: FleetReport, options: FleetReporterOptions) => string | Promise<string>;
