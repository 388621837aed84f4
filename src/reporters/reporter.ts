/** What a report format is. */
import type { Report } from '../core/model.js';

/** What a reader's terminal can show: colours, and characters per line. */
export interface ReporterOptions {
  color: boolean;
  columns: number;
  /** The whole of a report, where a format has a short form. */
  all?: boolean;
}

/** Turns a report into the text of one format; neither prints, nor writes, nor changes its input, nor sets an exit code. */
export type Reporter = (report: Report, options: ReporterOptions) => string | Promise<string>;
