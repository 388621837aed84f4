/** The page of a fleet: what it came to, every pair with a link to its own page, and rules by pairs. Loads and runs nothing. */
import { renderToString } from 'preact-render-to-string';
import { secondsInWords } from '../../core/format.js';
import { Head } from '../../reporters/html/head.js';
import { shown } from '../../reporters/html/text.js';
import type { FleetReport, PairRow } from '../report.js';
import type { FleetReporterOptions } from './reporter.js';
import {
  failingRules,
  fleetHeadline,
  openPairs,
  partlyUnknown,
  reasonInWords,
  someOf,
  unanswered,
} from './sentences.js';

/** It stands in the page as plain text: no double quote, no ampersand and no angle bracket that opens. */
const style = `
:root { color-scheme: light dark; --ground: #fff; --ink: #1a1e23; --line: #d5dae0; --accent: #0b57c4; --fail: #b3211a; --unknown: #875000; --pass: #15693a; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ground: #181c20; --ink: #e7eaed; --line: #333b43; --accent: #8db8ff; --fail: #ff8b80; --unknown: #f1b94d; --pass: #6fd295; }
}
body { margin: 0 auto; padding: 16px; max-width: 76rem; background: var(--ground); color: var(--ink); overflow-wrap: anywhere; font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { margin-top: 32px; font-size: 1.2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 6px 10px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: normal; }
a { color: var(--accent); }
.failed, .error, .missing { color: var(--fail); font-weight: 650; } .incomplete { color: var(--unknown); font-weight: 650; } .passed { color: var(--pass); }
`;

/** The index page of a fleet. */
export function html(report: FleetReport, { pageOf }: Pick<FleetReporterOptions, 'pageOf'>): string {
  return `<!doctype html>\n${renderToString(<Document report={report} pageOf={pageOf} />)}\n`;
}

type Pages = FleetReporterOptions['pageOf'];

function Document({ report, pageOf }: { report: FleetReport; pageOf: Pages }) {
  const open = openPairs(report);
  const passed = report.pairs.filter(({ outcome }) => outcome === 'passed');
  const rules = [
    ...failingRules(report).map((row) => ({ ...row, what: `${row.fail} of ${row.pairs} fail`, on: row.failing })),
    ...partlyUnknown(report).map((row) => ({
      ...row,
      what: `${row.unknownOn.length} of ${row.pairs} not known`,
      on: row.unknownOn,
    })),
    ...unanswered(report).map((row) => ({ ...row, what: 'no pair could answer', on: [] as string[] })),
  ];
  return (
    <html lang="en">
      <Head title={fleetHeadline(report)} style={style} />
      <body>
        <h1 class={report.run.gate}>{shown(fleetHeadline(report))}</h1>
        <p>{`${report.run.startedAt} to ${report.run.finishedAt}`}</p>
        {report.problems.map(({ message }) => (
          <p class="error">{shown(`ERROR: ${message}`)}</p>
        ))}
        {report.guards.map(({ verdict, message }) => (
          <p class={verdict === 'fail' ? 'failed' : 'incomplete'}>{shown(`${verdict}: ${message}`)}</p>
        ))}
        {open.length > 0 && <Pairs head="Pairs that do not pass" rows={open} pageOf={pageOf} />}
        {rules.length > 0 && (
          <section>
            <h2>Rules by pairs</h2>
            <table>
              <tbody>
                {rules.map(({ rule, title, what, on }) => (
                  <tr>
                    <td>{what}</td>
                    <th scope="row">
                      <code>{shown(rule)}</code> {shown(title)}
                    </th>
                    <td>{shown(someOf(on, 20))}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
        {passed.length > 0 && <Pairs head="Pairs that pass" rows={passed} pageOf={pageOf} />}
      </body>
    </html>
  );
}

function Pairs({ head, rows, pageOf }: { head: string; rows: readonly PairRow[]; pageOf: Pages }) {
  return (
    <section>
      <h2>{head}</h2>
      <table>
        <tbody>
          {rows.map((row) => {
            const page = pageOf(row.pair);
            return (
              <tr>
                <td class={row.outcome}>{row.outcome}</td>
                <th scope="row">{page === undefined ? row.pair : <a href={addressOf(page)}>{row.pair}</a>}</th>
                <td>{shown([reasonInWords(row), row.accepted ?? ''].filter(Boolean).join('; '))}</td>
                <td>{row.durationMs === undefined ? '' : secondsInWords(row.durationMs / 1000)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** A path as an address that no browser takes for another scheme or host. */
function addressOf(path: string): string {
  const escaped = path.split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') || path.startsWith('..') ? escaped : `./${escaped}`;
}
