/** The JSON report: the report itself, as reports/report.schema.json describes it. */

import { unicodeEscape } from '../core/format.js';
import type { Report } from '../core/model.js';
import type { Comparison } from '../judge/diff.js';

/**
 * Characters that JSON allows and a terminal obeys. Outside of strings JSON has none of them, so each may be replaced where it
 * stands, and a parser reads the same text.
 */
const obeyed = /[\x7f-\x9f\p{Cf}\u2028\u2029]/gu;

/** The report, or the comparison of two runs, as JSON: two spaces of indentation, a newline at the end, no lone surrogate, nothing that a terminal obeys. */
export function json(report: Report | Comparison): string {
  return `${wellFormed(JSON.stringify(report, null, 2)).replace(obeyed, unicodeEscape)}\n`;
}

/** JSON.stringify writes a lone surrogate as an escape, which strict parsers refuse; keys are mended as well as values. */
function wellFormed(text: string): string {
  return text.replace(/\\(?:u[0-9a-f]{4}|.)/g, (escaped) => (/^\\ud[89a-f]/.test(escaped) ? '\ufffd' : escaped));
}
