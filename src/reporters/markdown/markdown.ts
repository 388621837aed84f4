/** Markdown for a ticket and for GitHub's step summary: the verdict and what does not pass first, the rest folded. */

import { plural, shorten } from '../../core/format.js';
import type { Report } from '../../core/model.js';
import { changesInWords } from '../words/changes.js';
import { countsOf } from '../words/finding.js';
import { headline } from '../words/headline.js';
import { nextCommands, nextShows, wayInWords } from '../words/reaching.js';
import type { Detail } from './detail.js';
import { sections, unknowns } from './findings.js';
import { answers, changed, declared, notVerified, waivers } from './notes.js';
import { table } from './open.js';
import { code, prose } from './text.js';

/** A comment on GitHub takes 65536 characters (a step summary a megabyte); a ticket wants a word of its own around it. */
const mostCharacters = 60_000;
/** From everything to the least; the first that fits is taken. */
const details: Detail[] = [
  { answers: 'all', passing: true, failing: 'full', text: 1000, changes: 100 },
  { answers: 'failing', passing: true, failing: 'full', text: 1000, changes: 100 },
  { answers: 'none', passing: true, failing: 'full', text: 1000, changes: 100 },
  { answers: 'none', passing: false, failing: 'full', text: 1000, changes: 50 },
  { answers: 'none', passing: false, failing: 'full', text: 160, changes: 20 },
  { answers: 'none', passing: false, failing: 'rows', text: 160, changes: 10 },
  { answers: 'none', passing: false, failing: 'rules', text: 80, changes: 0 },
];

/** The report as GitHub-flavoured Markdown, at most 60 000 characters; what finds no room is named as left out. */
export function markdown(report: Report): string {
  const changes = changesInWords(report.changes?.list ?? []);
  let text = '';
  for (const detail of details) {
    text = page(report, changes, detail);
    if (text.length <= mostCharacters) break;
  }
  return text;
}

function page(report: Report, changes: readonly string[], detail: Detail): string {
  const parts = [
    opening(report),
    ...table(report, detail),
    ...unknowns(report, detail),
    ...sections(report, detail),
    ...declared(report, detail),
    ...waivers(report, detail),
    ...changed(report, changes, detail),
    ...notVerified(report, detail),
    ...answers(report, detail),
    ...leftOut(report, detail),
    closing(report),
  ];
  return `${parts.join('\n\n')}\n`;
}

function opening(report: Report): string {
  const { product, run, selection } = report;
  const release = product.release === null ? 'release not known' : `release ${product.release}`;
  const build = product.build === null ? '' : `, build ${shorten(product.build)}`;
  const chosen = [...selection.only.map((glob) => `only ${glob}`), ...selection.skip.map((glob) => `without ${glob}`)];
  const hosts = report.hosts.map((host) => {
    const { name, role, address, connection } = host;
    const problem = connection?.problem ? `: ${prose(shorten(connection.problem.message))}` : '';
    return `- ${code(name)}${role === name ? '' : ` (${prose(role)})`} ${code(address)}${prose(shorten(wayInWords(host)))}${problem}`;
  });
  return [
    `## ${prose(headline(report))}`,
    ...(run.next === undefined ? [] : ['', `> **CAUTION:** ${prose(run.next)}`]),
    '',
    `**Product:** ${prose(`${product.title}, ${release}${build}, phase ${run.phase}`)}`,
    ...(hosts.length > 0 ? ['', ...hosts] : []),
    ...nextCommands(report).flatMap((command) => ['', `**Next:** ${code(command)}: ${prose(nextShows)}.`]),
    ...(chosen.length > 0 ? ['', `**A selection of the rules:** ${prose(chosen.join(', '))}`] : []),
    ...(run.interrupted ? ['', '**Interrupted:** this report is partial.'] : []),
  ].join('\n');
}

/** Nothing is left out in silence. */
function leftOut({ findings }: Report, detail: Detail): string[] {
  const passing = findings.filter(({ verdict }) => verdict === 'pass' || verdict === 'skip').length;
  const parts = [
    { all: '', failing: 'the answers that only passing findings rest on', none: 'the answers of the hosts' }[
      detail.answers
    ],
    detail.passing || passing === 0 ? '' : `${plural(passing, 'finding')} that pass or do not apply`,
    detail.text < 1000 ? `what is longer than ${detail.text} characters of a message or value` : '',
    { full: '', rows: 'requirements and sources', rules: 'messages, values and remedies' }[detail.failing],
  ].filter(Boolean);
  if (parts.length === 0) return [];
  return [`**Left out**, because a comment has no room for it: ${parts.join('; ')}. The JSON report has everything.`];
}

function closing({ findings, summary, steps, run }: Report): string {
  const counts = countsOf(summary).map(([word, count]) => `${count} ${word}`);
  const cost = `${plural(steps.count, 'step')}, ${plural(steps.logins, 'login')}, ${plural(steps.shells, 'shell')}`;
  return `${plural(findings.length, 'finding')}: ${counts.join(', ')}; exit code ${run.exitCode} (${cost})`;
}
