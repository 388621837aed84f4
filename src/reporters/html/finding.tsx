/** One finding that does not pass: what was observed and expected side by side, what to do, and what all that rests on. */
import type { ComponentChildren } from 'preact';
import { plural, subjectInWords } from '../../core/format.js';
import type { Finding } from '../../core/model.js';
import { subjectOf } from '../words/cards.js';
import { basisInWords, headingOf, placeInWords, seriesInWords, standingOf, timeInWords } from '../words/finding.js';
import { ownNext } from '../words/reaching.js';
import type { Page } from './anchors.js';
import { answerLines } from './commands-run.js';
import { Entry } from './finding-row.js';
import { Code, Link, shown, Value, valuesOf } from './text.js';
import { plotId } from './trend-plots.js';
import { Mark } from './verdict-signs.js';

interface CardProps {
  finding: Finding;
  page: Page;
  /** What its fault keeps from being judged. */
  blocked?: Finding[];
  /** A finding of the same rule that stands above it: what that says already is left out. */
  beside?: Finding | undefined;
}

/** The finding in full. */
export function Card({ finding, page, blocked = [], beside }: CardProps) {
  const { known, severity } = finding;
  const standing = standingOf(finding);
  const id = page.idOf(finding);
  return (
    <article class={`finding is-${standing}`} id={id} aria-labelledby={`${id}-title`}>
      <p class="standing">
        <Mark standing={standing} /> <span class="severity">{severity}</span>
        {known && <span class="tag">known</span>}
        {finding.basis !== 'documented' && <span class="tag">{finding.basis}</span>}
      </p>
      <h3 id={`${id}-title`}>
        {shown(headingOf(finding) === (beside && headingOf(beside)) ? subjectOf(finding) : headingOf(finding))}
      </h3>
      <p class="key">
        <Code text={finding.key} />
        {finding.key === finding.rule &&
          finding.actual === undefined &&
          ` on ${shown(subjectInWords(finding.subject))}`}
      </p>
      <p class="message">{shown(finding.message)}</p>
      <Compared finding={finding} page={page} />
      <Lines lines={consequences(finding, page, beside)} />
      <details class="more">
        <summary>Requirement and answers</summary>
        <Lines lines={grounds(finding, page, beside)} />
      </details>
      {blocked.length > 0 && (
        <details class="blocked">
          <summary>{plural(blocked.length, 'finding')} blocked by this</summary>
          <ul class="entries">
            {blocked.map((one) => (
              <Entry finding={one} page={page} />
            ))}
          </ul>
        </details>
      )}
    </article>
  );
}

/** What each host has, and what was wanted. */
function Compared({ finding, page }: { finding: Finding; page: Page }) {
  const { expected } = finding;
  const subject = finding.subject.kind === 'pair' ? subjectInWords(finding.subject) : 'observed';
  const values = valuesOf(finding, page, subject);
  if (values.length === 0 && expected === undefined) return null;
  return (
    <dl class="compared">
      {values.map(([host, value]) => (
        <div class="cell">
          <dt>{shown(host)}</dt>
          <dd>
            <Value value={value} finding={finding} />
          </dd>
        </div>
      ))}
      {expected !== undefined && (
        <div class="cell wanted">
          <dt>expected</dt>
          <dd>
            <Value value={expected} finding={finding} />
          </dd>
        </div>
      )}
    </dl>
  );
}

type Line = [string, ComponentChildren[]];

/** What follows from it, and where it is documented. */
function consequences(finding: Finding, page: Page, beside?: Finding): Line[] {
  const { basis, blockedBy, known, samples = [], source, told = [], verdict, waivedBy } = finding;
  const { failOnNew } = page.report.run;
  const next = ownNext(finding);
  return [
    [
      'Remedy',
      verdict === 'fail' && finding.remedy !== beside?.remedy ? [<strong>{shown(finding.remedy)}</strong>] : [],
    ],
    ['Next', next === undefined || next === beside?.next ? [] : [<strong>{shown(next)}</strong>]],
    ['Told', told.map((sentence) => shown(sentence))],
    ['Samples', samples.map((series) => <a href={`#${plotId(finding, page)}`}>{shown(seriesInWords(series))}</a>)],
    ['Waived', waivedBy ? [shown(`by ${waivedBy.owner} until ${waivedBy.until}: ${waivedBy.reason}`)] : []],
    ['Known', known && failOnNew ? [`failed in the run of ${shown(timeInWords(failOnNew.since))} already`] : []],
    ['Source', beside ? [] : [<Link text={placeInWords(source)} url={source.url} />]],
    ['Basis', basis === 'documented' || basis === beside?.basis ? [] : [basisInWords[basis]]],
    ['Blocked', blockedBy === undefined ? [] : [<Code text={blockedBy} />]],
  ];
}

/** What it rests on. */
function grounds(finding: Finding, page: Page, beside?: Finding): Line[] {
  const { because, requires, row } = finding;
  const answers = answerLines(page.answersOf(finding));
  const none = because.length > 0 ? ['No command: the connection or the machine of the run told it.'] : [];
  return [
    ['Requires', beside ? [] : [shown(requires)]],
    ['Port', row && row.basis !== 'documented' ? [shown(`${row.port}: ${row.confidence}`)] : []],
    ['Answers', answers.length > 0 ? answers : none],
  ];
}

function Lines({ lines }: { lines: Line[] }) {
  return (
    <dl class="reasons">
      {lines
        .filter(([, texts]) => texts.length > 0)
        .map(([word, texts]) => (
          <>
            <dt>{word}</dt>
            {texts.map((text) => (
              <dd>{text}</dd>
            ))}
          </>
        ))}
    </dl>
  );
}
