/** The HTML report: one file that loads nothing and runs nothing, the verdict first, what does not pass next, the rest folded. */
import { renderToString } from 'preact-render-to-string';
import type { Report } from '../../core/model.js';
import { Document } from './document.js';

/** The report as a page for a browser: a phone at night, a ticket, or paper. */
export function html(report: Report): string {
  return `<!doctype html>\n${renderToString(<Document report={report} />)}\n`;
}
