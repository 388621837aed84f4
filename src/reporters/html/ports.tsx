/** The ports as a picture of the pair: two hosts, and between them an arrow for each port and direction. */

import { shorten } from '../../core/format.js';
import type { Finding, PortRow } from '../../core/model.js';
import { type Standing, standingOf, valueInWords } from '../words/finding.js';
import type { Page } from './anchors.js';
import { Code, shown } from './text.js';
import { Icon, marks } from './verdict-signs.js';

/** Characters of an address; a longer one is none. */
const mostAddress = 110;
const mostState = 30;

/** A finding on one port in one direction. */
type PortFinding = Finding & { row: PortRow; subject: { kind: 'pair'; from: string; to: string } };

/** One rule's ports between two hosts. */
interface Picture {
  title: string;
  rule: string;
  left: string;
  right: string;
  findings: PortFinding[];
}

/** A picture for each rule that runs over the port table, and for each two hosts. */
export function Ports({ page }: { page: Page }) {
  const pictures = picturesOf(page);
  if (pictures.length === 0) return null;
  return (
    <section aria-labelledby="ports-title">
      <h2 id="ports-title">Ports</h2>
      <div class="pictures">
        {pictures.map((picture) => (
          <PairPicture picture={picture} page={page} />
        ))}
      </div>
    </section>
  );
}

function picturesOf({ report, hosts }: Page): Picture[] {
  const pictures = new Map<string, Picture>();
  for (const finding of report.findings) {
    if (!isPort(finding)) continue;
    const { from, to } = finding.subject;
    const [left = from, right = to] = hosts.indexOf(from) <= hosts.indexOf(to) ? [from, to] : [to, from];
    const key = JSON.stringify([finding.rule, left, right]);
    const picture = pictures.get(key) ?? { title: finding.title, rule: finding.rule, left, right, findings: [] };
    picture.findings.push(finding);
    pictures.set(key, picture);
  }
  return [...pictures.values()];
}

function isPort(finding: Finding): finding is PortFinding {
  return finding.row !== undefined && finding.subject.kind === 'pair';
}

function PairPicture({ picture: { title, rule, left, right, findings }, page }: { picture: Picture; page: Page }) {
  const rows = new Map<string, PortFinding[]>();
  for (const finding of findings) {
    const key = `${finding.row.port} ${finding.row.name}`;
    rows.set(key, [...(rows.get(key) ?? []), finding]);
  }
  return (
    <figure class="pair">
      <figcaption>
        <h3>{shown(title)}</h3>
        <Code text={rule} />
      </figcaption>
      <div class="ends" aria-hidden="true">
        {[left, right].map((name) => (
          <p>
            <b>{shown(name)}</b>
            <br />
            {shown(page.report.hosts.find((host) => host.name === name)?.address ?? '', mostAddress)}
          </p>
        ))}
      </div>
      <ul class="lanes">
        {[...rows.values()].map((both) => {
          const row = both[0]?.row;
          return (
            <li>
              {row && (
                <p class="port">
                  <b>{row.port}</b> {shown(row.name)}
                  {row.basis !== 'documented' && <span class="dim"> ({row.basis})</span>}
                </p>
              )}
              {both.map((finding) => (
                <Lane finding={finding} back={finding.subject.from !== left} page={page} />
              ))}
            </li>
          );
        })}
      </ul>
    </figure>
  );
}

function Lane({ finding, back, page }: { finding: PortFinding; back: boolean; page: Page }) {
  const { actual, blockedBy, subject } = finding;
  const message = shorten(finding.message);
  const standing = standingOf(finding);
  const state = actual === undefined ? undefined : valueInWords(actual, message);
  const word = blockedBy === undefined ? marks[standing].word : 'blocked';
  return (
    <p class={`lane is-${standing}${back ? ' back' : ''}`}>
      <Arrow standing={standing} state={state} />
      <a href={`#${page.idOf(finding)}`}>
        <span class="unseen">
          {shown(subject.from)} to {shown(subject.to)}:{' '}
        </span>
        <Icon standing={standing} /> {state === undefined || state === word ? '' : `${shown(cut(state))}, `}
        {word}
      </a>
    </p>
  );
}

/** A state is a word; a label has room for no more. */
function cut(state: string): string {
  return state.length > mostState ? `${state.slice(0, mostState)}...` : state;
}

/** Solid where it is open, dashed where it was answered by a refusal, broken off where it fails, dotted where nobody knows. */
function Arrow({ standing, state }: { standing: Standing; state: string | undefined }) {
  const broken = standing === 'fail' || standing === 'waived';
  const dashes = broken ? '7 4' : standing === 'pass' ? (state === 'open' ? undefined : '12 4') : '2 5';
  return (
    <svg width="100%" height="14" aria-hidden="true">
      <line x1="0" x2={broken ? '91%' : '100%'} y1="7" y2="7" stroke-dasharray={dashes} />
      {broken ? (
        <svg x="91%" overflow="visible" aria-hidden="true">
          <path d="M-1 2l10 10m0-10l-10 10" />
        </svg>
      ) : (
        <svg x="100%" overflow="visible" aria-hidden="true">
          <path class="head" d="M-10 1.5L-1 7l-9 5.5z" />
        </svg>
      )}
    </svg>
  );
}
