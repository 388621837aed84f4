/** The HTML report: one file that loads nothing and runs nothing, the verdict first, what does not pass next, the rest folded. */

import { renderToString } from 'preact-render-to-string';
import { plural } from '../../core/format.js';
import type { Report } from '../../core/model.js';
import { headline } from '../words/headline.js';
import { pageOf } from './anchors.js';
import { RawAnswers } from './commands-run.js';
import { Contents } from './contents.js';
import { Filter } from './filter.js';
import { Open, Passing } from './findings.js';
import { Head } from './head.js';
import { SideBySide } from './hosts.js';
import { Changed, Declared, Documents, NotVerified, Waivers } from './notes.js';
import { Ports } from './ports.js';
import { style } from './style.js';
import { shown } from './text.js';
import { Lag } from './trend-plots.js';
import { Verdict } from './verdict.js';
import { gateShown, iconAddress } from './verdict-signs.js';

/** The report as a page for a browser: a phone at night, a ticket, or paper. */
export function html(report: Report): string {
  return `<!doctype html>\n${renderToString(<Document report={report} />)}\n`;
}

/** The whole page. */
function Document({ report }: { report: Report }) {
  const page = pageOf(report);
  return (
    <html lang="en">
      <Head
        title={`${headline(report)} - ${report.product.title}, ${report.run.phase}`}
        style={style}
        icon={iconAddress(gateShown(report))}
      />
      <body>
        <a class="skip" href="#findings">
          Skip to the findings
        </a>
        <Verdict report={report} />
        <main>
          <Filter report={report} />
          <Contents report={report} />
          <Open page={page} />
          <SideBySide page={page} />
          <Ports page={page} />
          <Lag page={page} />
          <Passing page={page} />
          <NotVerified report={report} />
          <Declared report={report} />
          <Changed report={report} />
          <Waivers report={report} />
          <Documents report={report} />
          <RawAnswers page={page} />
        </main>
        <Closing report={report} />
      </body>
    </html>
  );
}

function Closing({ report: { findings, run, selection, steps, tool } }: { report: Report }) {
  const { count, logins, shells, bytes } = steps;
  const chosen = [...selection.only, ...selection.skip].length > 0 ? ' of a selection of the rules' : '';
  return (
    <footer>
      <p>
        {shown(`${tool.name} ${tool.version}`)}: {plural(findings.length, 'finding')}
        {chosen}; {plural(count, 'step')}, {plural(logins, 'login')}, {plural(shells, 'shell')}, {plural(bytes, 'byte')}{' '}
        in {run.durationMs} ms; exit code {run.exitCode}. Long answers are cut here; the evidence has them in full.
      </p>
    </footer>
  );
}
