/** The findings: what does not pass in full and worst first, what passes folded by section. */
import { plural } from '../../core/format.js';
import { grouped } from '../../core/grouped.js';
import type { Finding } from '../../core/model.js';
import { type Card as CardOf, cardsOf, faultsOf, subjectOf } from '../words/cards.js';
import { standingOf } from '../words/finding.js';
import { worstFirst } from '../words/order.js';
import type { Page } from './anchors.js';
import { Card } from './finding.js';
import { Entry } from './finding-row.js';
import { RuleIndex } from './rule-index.js';
import { Code, shown } from './text.js';
import { Ticket } from './ticket.js';
import { Mark, marks, standings } from './verdict-signs.js';

/** What does not pass; what a guard's fault hides is folded below the guard. */
export function Open({ page }: { page: Page }) {
  const open = worstFirst(page.report.findings);
  const hidden = hiddenBelow(open);
  const below = grouped(
    open.filter((finding) => hidden.has(finding)),
    (finding) => hidden.get(finding),
  );
  return (
    <section id="findings" aria-labelledby="findings-title">
      <h2 id="findings-title">What does not pass</h2>
      {open.length === 0 && <p>Nothing: every finding passes or does not apply.</p>}
      {cardsOf(open.filter((finding) => !hidden.has(finding))).map((card) => (
        <Rule card={card} page={page} blockedBy={(guard) => below.get(guard) ?? []} />
      ))}
      <RuleIndex page={page} />
    </section>
  );
}

/** A rule that does not pass: one line that opens, with its hosts inside. */
function Rule({ card, page, blockedBy }: { card: CardOf; page: Page; blockedBy: (guard: Finding) => Finding[] }) {
  const { findings, rule, standing } = card;
  const [first] = findings;
  const faults = faultsOf(card);
  const blocked = findings.reduce((sum, finding) => sum + blockedBy(finding).length, 0);
  return (
    <details class={`rule is-${standing} weighs-${first.severity}`}>
      <summary>
        <span class="standing">
          <Mark standing={standing} /> <span class="severity">{first.severity}</span>
        </span>
        <span class="what">
          <b>{shown(faults.map(({ heading }) => heading).join('; '), 300)}</b>
          <span class="dim">
            <Code text={rule} /> {shown(findings.map(subjectOf).join(', '), 200)}
            {blocked > 0 && `; blocks ${plural(blocked, 'finding')}`}
          </span>
        </span>
      </summary>
      {findings.map((finding) => (
        <Card
          finding={finding}
          page={page}
          blocked={blockedBy(finding)}
          beside={finding === first ? undefined : first}
        />
      ))}
      <Ticket card={card} report={page.report} />
    </details>
  );
}

/** The findings that stand below a guard's, which itself stands on the page: nothing may vanish. */
function hiddenBelow(open: readonly Finding[]): Map<Finding, Finding> {
  const byKey = new Map(open.map((finding) => [finding.key, finding]));
  const hidden = new Map<Finding, Finding>();
  for (const finding of open) {
    const guard = finding.verdict === 'unknown' ? byKey.get(finding.blockedBy ?? '') : undefined;
    if (guard && guard !== finding && guard.blockedBy === undefined) hidden.set(finding, guard);
  }
  return hidden;
}

/** What passes or does not apply, by the sections of the documents. */
export function Passing({ page }: { page: Page }) {
  const rest = page.report.findings.filter(({ verdict }) => verdict === 'pass' || verdict === 'skip');
  if (rest.length === 0) return null;
  const groups = [...new Set(rest.map(({ group }) => group))];
  return (
    <section class="passing" aria-labelledby="passing-title">
      <h2 id="passing-title">What passes, and what does not apply</h2>
      {groups.map((group) => {
        const members = rest.filter((one) => one.group === group);
        return (
          <details class={`group ${[...new Set(members.map((one) => `is-${standingOf(one)}`))].join(' ')}`}>
            <summary>
              {shown(group)} <span class="dim">{countsInWords(members)}</span>
            </summary>
            <ul class="entries">
              {members.map((finding) => (
                <Entry finding={finding} page={page} />
              ))}
            </ul>
          </details>
        );
      })}
    </section>
  );
}

/** `3 pass, 1 skip`. */
function countsInWords(findings: readonly Finding[]): string {
  return standings
    .map((standing) => [marks[standing].word, findings.filter((one) => standingOf(one) === standing).length] as const)
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');
}
