/** The JSON report: the report itself, as reports/report.schema.json describes it. */

import { escapeInJson } from '../core/escape.js';

/** A report, or the comparison of two runs, as JSON: two spaces of indentation, a newline at the end, no lone surrogate, nothing that a terminal obeys. */
export function json(report: object): string {
  return `${escapeInJson(wellFormed(JSON.stringify(report, null, 2)))}\n`;
}

/** JSON.stringify writes a lone surrogate as an escape, which strict parsers refuse; keys are mended as well as values. */
function wellFormed(text: string): string {
  return text.replace(/\\(?:u[0-9a-f]{4}|.)/g, (escaped) => (/^\\ud[89a-f]/.test(escaped) ? '\ufffd' : escaped));
}
