/** Two runs on one pair, compared finding by finding and fact by fact; both are judged under the later one's terms. Pure. */

import type { Change, Evidence, Finding, Severity, Verdict } from '../core/model.js';
import { changesSince } from '../evidence/changes.js';
import { EvidenceFacts } from '../evidence/facts-in-evidence.js';
import type { Scope } from '../plan/scope.js';
import { evaluate } from './evaluate.js';
import { isOpen, weighsEnough } from './verdict.js';

/**
 * What became of a finding. `new`: it fails and did not. `worse`: less is known of it, it weighs more, or nobody accepts it any
 * more. `fixed`: it passes and did not. `changed`: otherwise another, as one that applies no more. `unchanged`: verdict and weight
 * are the same; its values need not be.
 */
export type Development = 'new' | 'worse' | 'fixed' | 'changed' | 'unchanged';

/** A finding as one of the runs had it. */
export interface Standing {
  verdict: Verdict;
  severity: Severity;
  message: string;
  /** Of what fails: what is wrong, in a sentence. */
  fault?: string;
  waived?: true;
}

/** One finding in both runs. */
export interface Difference {
  key: string;
  rule: string;
  title: string;
  development: Development;
  before: Standing;
  after: Standing;
}

/** What two runs tell apart; its JSON form is a contract (`pairflight schema diff`). */
export interface Comparison {
  schema: 'pairflight/diff/1';
  tool: { name: string; version: string };
  product: { pack: string; title: string };
  phase: string;
  before: { takenAt: string };
  after: { takenAt: string };
  /** 1 when something is new or worse, else 0. */
  exitCode: 0 | 1;
  summary: Record<Development, number>;
  findings: Difference[];
  /** `compared`: how many questions both runs asked. */
  changes: { compared: number; list: Change[] };
}

/** Compares two runs in the scope of the later one: its phase, selection and settings, and the rules of today's pack. */
export function compareRuns(scope: Scope, before: Evidence, after: Evidence, tool: Comparison['tool']): Comparison {
  const then = new Map(judged(scope, before).map((finding) => [finding.key, finding]));
  const findings = judged(scope, after).map((now) => {
    const was = then.get(now.key);
    if (!was) throw new Error(`${now.key} has no counterpart in the earlier run`);
    return difference(was, now);
  });
  const count = (development: Development) => findings.filter((one) => one.development === development).length;
  const summary = {
    new: count('new'),
    worse: count('worse'),
    fixed: count('fixed'),
    changed: count('changed'),
    unchanged: count('unchanged'),
  };
  return {
    schema: 'pairflight/diff/1',
    tool,
    product: { pack: scope.pack.name, title: scope.pack.title },
    phase: scope.phases.join(','),
    before: { takenAt: before.takenAt },
    after: { takenAt: after.takenAt },
    exitCode: summary.new + summary.worse > 0 ? 1 : 0,
    summary,
    findings,
    changes: changesSince(scope, before, after),
  };
}

/** A scope has the same findings whatever was answered, so each of one run has its counterpart in the other. */
function judged(scope: Scope, evidence: Evidence): Finding[] {
  return evaluate(scope, new EvidenceFacts(scope, evidence), evidence.takenAt);
}

function difference(before: Finding, after: Finding): Difference {
  const { key, rule, title } = after;
  const [was, is] = [standing(before), standing(after)];
  return { key, rule, title, development: developmentOf(was, is), before: was, after: is };
}

function standing({ verdict, severity, message, fault, waivedBy }: Finding): Standing {
  return { verdict, severity, message, ...(fault !== undefined && { fault }), ...(waivedBy && { waived: true }) };
}

/** What the way from one standing to another comes to. */
export function developmentOf(before: Standing, after: Standing): Development {
  const [was, is] = [burden(before), burden(after)];
  const heavier = is > 0 && !weighsEnough(before.severity, after.severity);
  const lighter = is > 0 && was > 0 && !weighsEnough(after.severity, before.severity);
  if (after.verdict === 'fail' && !after.waived && before.verdict !== 'fail') return 'new';
  if (is > was || (was > 0 && heavier)) return 'worse';
  if (after.verdict === 'pass' && isOpen(before)) return 'fixed';
  const same = before.verdict === after.verdict && before.waived === after.waived;
  return same && !lighter ? 'unchanged' : 'changed';
}

/** What a standing weighs by its verdict: what somebody accepted, and what does not apply, as little as a pass. */
function burden({ verdict, waived }: Standing): number {
  return waived ? 0 : ({ pass: 0, skip: 0, unknown: 1, error: 2, fail: 3 } satisfies Record<Verdict, number>)[verdict];
}
