/** What is said of a fleet, in the words that all formats share. Pure. */
import { list, oneLine, plural } from '../../core/format.js';
import { badness } from '../../judge/verdict.js';
import { byName } from '../fleet.js';
import type { FleetReport, OpenFinding, PairRow, RuleRow } from '../report.js';

const gates = { passed: 'PASSED', failed: 'FAILED', incomplete: 'INCOMPLETE' };

/** The first line: which fleet, which part of it, and what it came to. */
export function fleetHeadline(report: FleetReport): string {
  const { run, summary } = report;
  const part = run.shard ? `, shard ${run.shard.index}/${run.shard.total}` : '';
  const ended = run.interrupted ? ', ended early' : '';
  const empty = summary.pairs === 0 ? ': this shard has no pairs' : `: ${countsInWords(summary)}`;
  const gate = `${gates[run.gate]}${acceptedWords(report)}${ended}`;
  const allowed = (run.allowCommand ?? []).map((path) => ` --allow-command ${oneLine(path)}`).join('');
  const ranWith = allowed === '' ? '' : `; run with${allowed}`;
  return `Fleet ${run.fleet}${part}, ${run.phases.join(', ')}: ${gate}${empty}${ranWith}`;
}

/** The pairs on which somebody accepted what would stop the gate. */
export function acceptedPairs({ pairs }: FleetReport): (PairRow & { accepted: string })[] {
  return pairs.flatMap((row) => (row.accepted === undefined ? [] : [{ ...row, accepted: row.accepted }]));
}

/** `, with 3 accepted blockers on 2 pairs`; empty where nobody accepted any. */
function acceptedWords(report: FleetReport): string {
  const rows = acceptedPairs(report);
  const count = rows.reduce((sum, { summary }) => sum + (summary?.accepted ?? 0), 0);
  const what = report.run.failOn === 'blocker' ? 'accepted blocker' : 'accepted failure';
  return count === 0 ? '' : `, with ${plural(count, what)} on ${plural(rows.length, 'pair')}`;
}

/** `500 pairs: 460 passed, 37 failed, 3 incomplete`. */
export function countsInWords({ pairs, ...counts }: FleetReport['summary']): string {
  const words = { passed: 'passed', failed: 'failed', incomplete: 'incomplete', error: 'in error', missing: 'missing' };
  const told = (Object.keys(words) as (keyof typeof words)[])
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => `${counts[outcome]} ${words[outcome]}`);
  return `${plural(pairs, 'pair')}: ${told.join(', ')}`;
}

const outcomes: PairRow['outcome'][] = ['failed', 'error', 'missing', 'incomplete', 'passed'];

/** The pairs that do not pass, the worst first. */
export function openPairs({ pairs }: FleetReport): PairRow[] {
  const weight = ({ findings }: PairRow) =>
    findings.reduce((sum, { gating, verdict, severity }) => sum + (gating ? badness(verdict, severity) : 0), 0);
  return pairs
    .filter(({ outcome }) => outcome !== 'passed')
    .sort(
      (a, b) =>
        outcomes.indexOf(a.outcome) - outcomes.indexOf(b.outcome) || weight(b) - weight(a) || byName(a.pair, b.pair),
    );
}

/** The findings of a pair for which it does not pass; all that is open where none of them gates. */
function reasonsOf({ findings }: PairRow): OpenFinding[] {
  const gating = findings.filter((finding) => finding.gating);
  return gating.length > 0 ? gating : [...findings];
}

/** Why a pair does not pass, in one line: the gravest reason, and how many more there are. */
export function reasonInWords(row: PairRow): string {
  if (row.why !== undefined) return row.why;
  const [first, ...rest] = reasonsOf(row);
  if (!first) return row.outcome === 'incomplete' ? 'nothing that gates could be judged' : '';
  const more = rest.length + (row.cut ?? 0);
  return `${first.title} (${first.key}): ${first.message}${more > 0 ? `; and ${more} more` : ''}`;
}

/** The rules that fail somewhere, those of the most pairs first. */
export function failingRules({ rules }: FleetReport): RuleRow[] {
  return rules.filter(({ fail }) => fail > 0).sort((a, b) => b.fail - a.fail || byName(a.rule, b.rule));
}

/** The rules that nobody could judge on some pairs, and on others could. */
export function partlyUnknown({ rules }: FleetReport): RuleRow[] {
  return rules
    .filter((row) => row.unknownOn.length > 0 && !isUnanswered(row))
    .sort((a, b) => b.unknownOn.length - a.unknownOn.length || byName(a.rule, b.rule));
}

/** What no pair could answer. */
export function unanswered({ rules }: FleetReport): RuleRow[] {
  return rules.filter(isUnanswered);
}

const isUnanswered = ({ pass, fail, waived, unknownOn }: RuleRow) => pass + fail + waived === 0 && unknownOn.length > 0;

/** The pairs that took the longest. */
export function slowest({ pairs }: FleetReport, most = 5): (PairRow & { durationMs: number })[] {
  const timed = pairs.flatMap((row) => (row.durationMs === undefined ? [] : [{ ...row, durationMs: row.durationMs }]));
  return timed.sort((a, b) => b.durationMs - a.durationMs || byName(a.pair, b.pair)).slice(0, most);
}

/** Some names, and how many more there are. */
export function someOf(names: readonly string[], most: number): string {
  const shown = names.slice(0, most);
  return names.length > most ? `${shown.join(', ')} and ${names.length - most} more` : list(shown);
}
