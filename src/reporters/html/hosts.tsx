/** The hosts side by side: what each is, how it was reached, and the facts on which findings tell a value for each host. */
import type { ComponentChildren } from 'preact';
import { plural } from '../../core/format.js';
import type { Finding, Report } from '../../core/model.js';
import { isOpen } from '../../judge/verdict.js';
import { type Standing, standingOf, valuesByHost } from '../words/finding.js';
import type { Page } from './anchors.js';
import { Code, shown, Value } from './text.js';
import { Icon, Mark, standings } from './verdict-signs.js';

/** One rule's values by host; a rule that judges each host has several findings. */
interface Row {
  title: string;
  cells: Map<string, { value: unknown; finding: Finding }>;
  standings: Standing[];
  isOpen: boolean;
}

/** A table with a column for each host. Rows of which all pass, or that a guard's fault hides, are folded. */
export function SideBySide({ page }: { page: Page }) {
  const { hosts } = page.report;
  if (hosts.length === 0) return null;
  const rows = rowsOf(page);
  const open = rows.filter(({ isOpen }) => isOpen);
  const rest = rows.filter(({ isOpen }) => !isOpen);
  return (
    <section aria-labelledby="hosts-title">
      <h2 id="hosts-title">The hosts side by side</h2>
      <Table page={page} caption="How each host was reached, and the values that do not pass">
        <tbody>
          <Plain page={page} title="Address" of={({ address }) => <Code text={address} />} />
          <Plain page={page} title="Reached" of={reached} />
        </tbody>
        <Rows rows={open} page={page} />
      </Table>
      {rest.length > 0 && (
        <details class={`others ${[...new Set(rest.flatMap((row) => row.standings))].map((s) => `is-${s}`).join(' ')}`}>
          <summary>{plural(rest.length, 'other fact')}</summary>
          <Table page={page} caption="The values that pass, or that could not be read for a reason given above">
            <Rows rows={rest} page={page} />
          </Table>
        </details>
      )}
    </section>
  );
}

function rowsOf({ report }: Page): Row[] {
  const rows = new Map<string, Row>();
  for (const finding of report.findings) {
    const values = finding.row ? undefined : valuesByHost(finding, report.hosts);
    if (!values) continue;
    const row = rows.get(finding.rule) ?? emptyRow(finding.title);
    for (const [host, value] of Object.entries(values)) row.cells.set(host, { value, finding });
    row.standings.push(standingOf(finding));
    row.isOpen ||= isOpen(finding) && finding.blockedBy === undefined;
    rows.set(finding.rule, row);
  }
  return [...rows.values()];
}

function emptyRow(title: string): Row {
  return { title, cells: new Map(), standings: [], isOpen: false };
}

type Children = { children: ComponentChildren };

/** On a phone a row is drawn as its title with the hosts' values below it. */
function Table({ page, caption, children }: { page: Page; caption: string } & Children) {
  return (
    <table class="sides">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">fact</th>
          {page.report.hosts.map(({ name, role }) => (
            <th scope="col">
              {shown(name)}
              {role !== name && <span class="dim"> ({shown(role)})</span>}
            </th>
          ))}
        </tr>
      </thead>
      {children}
    </table>
  );
}

type Host = Report['hosts'][number];

function Plain({ page, title, of }: { page: Page; title: string; of: (host: Host) => ComponentChildren }) {
  return (
    <tr class="plain">
      <th scope="row">{title}</th>
      {page.report.hosts.map((host) => (
        <td data-host={shown(host.name)}>{of(host)}</td>
      ))}
    </tr>
  );
}

function reached({ connection }: Host) {
  if (!connection) return 'not asked from here';
  if (connection.problem) return `${connection.problem.problem}: ${shown(connection.problem.message, 300)}`;
  const words = connection.kind === 'local' ? 'this machine' : `by ${shown(connection.kind)}`;
  return `${words}, ${plural(connection.logins, 'login')}`;
}

function Rows({ rows, page }: { rows: Row[]; page: Page }) {
  return (
    <tbody>
      {rows.map((row) => {
        const worst = standings.find((standing) => row.standings.includes(standing)) ?? 'skip';
        return (
          <tr class={`fact ${[...new Set(row.standings)].map((standing) => `is-${standing}`).join(' ')}`}>
            <th scope="row">
              <Mark standing={worst} /> <span>{shown(row.title)}</span>
            </th>
            {page.hosts.map((host) => {
              const cell = row.cells.get(host);
              const standing = cell && standingOf(cell.finding);
              return (
                <td data-host={shown(host)}>
                  {cell ? <Value value={cell.value} finding={cell.finding} /> : <span class="dim">-</span>}{' '}
                  {standing && row.standings.length > 1 && standing !== 'pass' && (
                    <a class={`mark is-${standing}`} href={`#${page.idOf(cell.finding)}`}>
                      <Icon standing={standing} /> {standing}
                    </a>
                  )}
                </td>
              );
            })}
          </tr>
        );
      })}
    </tbody>
  );
}
