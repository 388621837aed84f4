/** A finding that needs few words: it passes, does not apply, or is hidden by another's fault. */
import type { Finding } from '../../core/model.js';
import { basisInWords, headingOf, placeInWords, standingOf } from '../words/finding.js';
import type { Page } from './anchors.js';
import { AnswerNumbers } from './commands-run.js';
import { Code, Link, shown, Value, valuesOf } from './text.js';
import { Mark } from './verdict-signs.js';

/** The finding in a few lines: for what passes, does not apply, or is hidden by another's fault. */
export function Entry({ finding, page }: { finding: Finding; page: Page }) {
  const { basis, key, message, samples, source, told = [], verdict } = finding;
  const standing = standingOf(finding);
  const values = valuesOf(finding, page, 'found');
  // How a trend passes (small, or falling until when) no single value tells.
  const says = verdict !== 'pass' || samples !== undefined;
  return (
    <li class={`entry is-${standing}`} id={page.idOf(finding)}>
      <Mark standing={standing} />
      <div>
        <p class="title">{shown(headingOf(finding))}</p>
        {says && <p>{shown(message)}</p>}
        {values.length > 0 && (
          <p class="values">
            {values.map(([host, value]) => (
              <span>
                {shown(host)} <Value value={value} finding={finding} />
              </span>
            ))}
          </p>
        )}
        {told.map((sentence) => (
          <p>{shown(sentence)}</p>
        ))}
        {basis !== 'documented' && <p class="dim">{basisInWords[basis]}</p>}
        <p class="dim">
          <Code text={key} /> {shown(finding.severity)}; <Link text={placeInWords(source)} url={source.url} />
          <AnswerNumbers answers={page.answersOf(finding)} />
        </p>
      </div>
    </li>
  );
}
