/** What stands below the findings: what nobody can verify, what changed, what became of waivers, and the documents. */

import { oneLine, plural, shorten } from '../../core/format.js';
import type { Report } from '../../core/model.js';
import { changesInWords } from '../words/changes.js';
import { sourcesInWords, valuesInWords } from '../words/declared.js';
import { attestedInWords, placeInWords, timeInWords, waiverInWords, waivesLess } from '../words/finding.js';
import { Link, mostCharacters, shown } from './text.js';

/** What a document asks for and nobody can verify from here, with the word of those who attest it. */
export function NotVerified({ report: { notVerified } }: { report: Report }) {
  if (notVerified.length === 0) return null;
  return (
    <section aria-labelledby="not-verified-title">
      <h2 id="not-verified-title">Not verified</h2>
      <ul class="notes">
        {notVerified.map(({ what, why, source, attested }) => (
          <li>
            <b>{shown(what)}</b>: {shown(why)}
            {attested && <p class={attested.expired ? 'expired' : 'attested'}>{shown(attestedInWords(attested))}</p>}
            <p class="dim">
              <Link text={placeInWords(source)} url={source.url} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What was declared by which file, every value that was taken, and the rules that nothing of it could answer. */
export function Declared({ report: { declared } }: { report: Report }) {
  if (!declared) return null;
  const list = (lines: readonly string[]) => (
    <ul class="notes">
      {lines.map((line) => (
        <li>{shown(line)}</li>
      ))}
    </ul>
  );
  return (
    <section aria-labelledby="declared-title">
      <h2 id="declared-title">Declared</h2>
      {list([...sourcesInWords(declared), ...valuesInWords(declared)])}
      {declared.notInPlan.length > 0 && (
        <>
          <h3>Not in a plan</h3>
          {list(declared.notInPlan)}
        </>
      )}
    </section>
  );
}

/** What is another than in the run that was given as baseline; that nothing is, is said too. */
export function Changed({ report: { changes } }: { report: Report }) {
  if (!changes) return null;
  const lines = changesInWords(changes.list);
  const nothing =
    changes.compared === 0
      ? 'The two runs have no question in common; nothing was compared.'
      : `Nothing, among ${plural(changes.compared, 'answer')} that both runs have.`;
  return (
    <section aria-labelledby="changed-title">
      <h2 id="changed-title">Changed since {timeInWords(changes.since)}</h2>
      {lines.length === 0 ? (
        <p>{nothing}</p>
      ) : (
        <ul class="notes">
          {lines.map((line) => (
            <li>{shorten(line, mostCharacters)}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** What became of the waivers, those that accept less than they are meant to as well as the others. */
export function Waivers({ report: { waivers = [] } }: { report: Report }) {
  if (waivers.length === 0) return null;
  return (
    <section aria-labelledby="waivers-title">
      <h2 id="waivers-title">Waivers</h2>
      <ul class="notes">
        {waivers.map((use) => (
          <li class={waivesLess(use) ? 'expired' : undefined}>{shown(waiverInWords(use))}</li>
        ))}
      </ul>
    </section>
  );
}

/** The documents that are named above, with their addresses in full: paper has no links. */
export function Documents({ report: { findings, notVerified } }: { report: Report }) {
  const addresses = new Map(
    [...findings, ...notVerified].flatMap(({ source }) =>
      source.url ? [[oneLine(source.doc), source.url] as const] : [],
    ),
  );
  if (addresses.size === 0) return null;
  return (
    <section aria-labelledby="documents-title">
      <h2 id="documents-title">Documents</h2>
      <ul class="notes">
        {[...addresses].map(([doc, url]) => (
          <li>
            {shown(doc)}: <Link text={url} url={url} />
          </li>
        ))}
      </ul>
    </section>
  );
}
