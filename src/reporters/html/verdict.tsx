/** The top of the page, for a reader with five seconds: may we go on, what comes next, and what was judged when. */

import { plural } from '../../core/format.js';
import type { Report } from '../../core/model.js';
import { timeInWords } from '../words/finding.js';
import { adviceOf, headline } from '../words/headline.js';
import { nextCommands, nextShows, wayInWords } from '../words/reaching.js';
import { Code, shown } from './text.js';
import { gateShown, Sign } from './verdict-signs.js';

/** The gate in a sign, a word and a colour, and what follows from it. */
export function Verdict({ report }: { report: Report }) {
  const { run } = report;
  const gate = gateShown(report);
  const advice = adviceOf(report);
  const [, word = '', colon = '', rest = '', aside = ''] =
    /^([A-Z]+)(:?)(.*?)( \(.*\))?$/s.exec(headline(report)) ?? [];
  return (
    <header class={`verdict gate-${gate}`}>
      <div class="inside">
        <Sign gate={gate} />
        <h1>
          <span class="word">
            {word}
            <span class="unseen">{colon}</span>
          </span>
          <span class="rest">
            {rest}
            <span class="aside">{aside}</span>
          </span>
        </h1>
        {advice !== undefined && <p class="advice">{advice}</p>}
        {run.next !== undefined && (
          <p class="next">
            <strong>CAUTION:</strong> {shown(run.next)}
          </p>
        )}
        <About report={report} />
      </div>
    </header>
  );
}

function About({ report }: { report: Report }) {
  const { product, run, selection, hosts } = report;
  const release = product.release === null ? 'release not known' : `release ${product.release}`;
  const build = product.build === null ? '' : `, build ${product.build}`;
  const chosen = [...selection.only.map((glob) => `only ${glob}`), ...selection.skip.map((glob) => `without ${glob}`)];
  return (
    <div class="about">
      <p>
        <strong>{shown(product.title)}</strong>, {shown(`${release}${build}`, 300)}, phase{' '}
        <strong>{shown(run.phase)}</strong>, <time>{shown(timeInWords(run.startedAt))}</time>
      </p>
      <ul class="named">
        {hosts.map((host) => (
          <li>
            <strong>{shown(host.name)}</strong>
            {host.role === host.name ? '' : ` (${shown(host.role)})`} <Code text={host.address} most={300} />
            {shown(wayInWords(host), 300)}
            {host.connection?.problem && `: ${shown(host.connection.problem.message, 300)}`}
          </li>
        ))}
      </ul>
      {nextCommands(report).map((command) => (
        <p>
          Next: <Code text={command} most={300} />, {nextShows}.
        </p>
      ))}
      {run.interrupted && <p>Interrupted: this report is partial.</p>}
      {chosen.length > 0 && <p>A selection of the rules: {shown(chosen.join(', '))}</p>}
      {run.failOn !== 'blocker' && <p>The gate looks at findings of severity {run.failOn} and above.</p>}
      {run.failOnNew && (
        <p>
          The gate looks at what is new since {timeInWords(run.failOnNew.since)};{' '}
          {plural(run.failOnNew.known, 'known failure')} let pass.
        </p>
      )}
    </div>
  );
}
