/** The counts of all verdicts, which are the filter as well: radio buttons that the stylesheet looks at, so no script is needed. */
import type { Report } from '../../core/model.js';
import { isOpen } from '../../judge/verdict.js';
import { standingOf } from '../words/finding.js';
import { Icon, marks, standings } from './verdict-signs.js';

/** One choice for each verdict that occurs. What is hidden by it is said; paper always has everything. */
export function Filter({ report: { findings } }: { report: Report }) {
  const counted = standings
    .map((standing) => ({ standing, count: findings.filter((one) => standingOf(one) === standing).length }))
    .filter(({ count }) => count > 0);
  const blockers = findings.filter((one) => isOpen(one) && !one.waivedBy && one.severity === 'blocker').length;
  return (
    <fieldset class="filter">
      <legend>Show</legend>
      <label class="choice">
        <input type="radio" name="show" id="show-all" checked />
        <span>
          <b>{findings.length}</b> all
        </span>
      </label>
      {counted.map(({ standing, count }) => (
        <label class={`choice is-${standing}`}>
          <input type="radio" name="show" id={`show-${standing}`} />
          <span>
            <Icon standing={standing} /> <b>{count}</b> {marks[standing].word}
          </span>
        </label>
      ))}
      {blockers > 0 && (
        <label class="choice is-fail">
          <input type="radio" name="show" id="show-blockers" />
          <span>
            <b>{blockers}</b> {blockers === 1 ? 'blocker' : 'blockers'} not passing
          </span>
        </label>
      )}
      <p class="filtered">Filtered: only some findings are shown. The verdict above is about all of them.</p>
    </fieldset>
  );
}
