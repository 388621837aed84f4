/** A pair's row in the report of a fleet, out of its own report and evidence. Pure. */
import { Unreadable } from '../core/errors.js';
import { oneLine, shorten } from '../core/format.js';
import type { Evidence, Finding, Report, Verdict } from '../core/model.js';
import { badness, isGating, isOpen } from '../judge/verdict.js';
import { bootId, machineId } from '../probes/machine.js';
import { acceptedInWords } from '../reporters/words/accepted.js';
import { headingOf } from '../reporters/words/finding.js';
import type { PairEvent } from './events.js';
import type { FleetHost, OpenFinding, PairRow } from './report.js';

/** Findings that a row shows; the pair's own report has all of them. */
const MOST_FINDINGS = 30;
/** Characters of a message that a row shows. */
const MOST_CHARACTERS = 400;

/** The row of a pair that has a report. */
export function rowOf(event: PairEvent, labels: Record<string, string>, report: Report, evidence: Evidence): PairRow {
  const open = report.findings
    .filter(isOpen)
    .toSorted((a, b) => badness(b.verdict, b.severity) - badness(a.verdict, a.severity));
  const shown = open.slice(0, MOST_FINDINGS).map((finding) => shownOf(finding, report));
  const accepted = acceptedInWords(report);
  return {
    pair: event.pair,
    labels,
    outcome: event.outcome,
    product: report.product,
    startedAt: event.startedAt,
    finishedAt: event.finishedAt,
    durationMs: event.durationMs,
    summary: report.summary,
    ...(accepted !== '' && { accepted }),
    hosts: report.hosts.map((host) => hostOf(host, event, evidence)),
    findings: shown,
    ...(open.length > shown.length && { cut: open.length - shown.length }),
  };
}

function shownOf(finding: Finding, { run }: Report): OpenFinding {
  const { key, rule, severity, verdict, message, waivedBy } = finding;
  const gating = isGating(finding, run.failOn);
  return {
    key,
    rule,
    title: headingOf(finding),
    severity,
    verdict,
    message: shorten(oneLine(message), MOST_CHARACTERS),
    gating,
    ...(waivedBy && { waived: shorten(oneLine(`by ${waivedBy.owner} until ${waivedBy.until}`), MOST_CHARACTERS) }),
  };
}

function hostOf(
  { name, role, address }: Report['hosts'][number],
  { instances }: PairEvent,
  evidence: Evidence,
): FleetHost {
  const boot = idOf(evidence, name, bootId);
  const machine = idOf(evidence, name, machineId);
  const instance = instances?.[name];
  return {
    name,
    role,
    address,
    ...(boot !== undefined && { bootId: boot }),
    ...(machine !== undefined && { machineId: machine }),
    ...(instance && { instance }),
  };
}

/** What a host said to one of the two probes; undefined where it was not asked, or gave no id. */
function idOf(evidence: Evidence, host: string, probe: typeof bootId | typeof machineId): string | undefined {
  const step = evidence.steps.find(
    ({ probe: id, subject }) => id === probe.id && subject.kind === 'host' && subject.host === host,
  );
  try {
    return (probe.read(step?.outputs.at(-1) ?? [], {}) as { id: string }).id;
  } catch (error) {
    if (error instanceof Unreadable || step === undefined) return undefined;
    throw error;
  }
}

/** How bad a verdict is among those of one rule on one pair. */
const order: (Verdict | 'waived')[] = ['skip', 'pass', 'waived', 'unknown', 'error', 'fail'];

/** Each rule of a report with the worst of its findings. */
export function verdictsOf(report: Report): Map<string, { finding: Finding; verdict: Verdict | 'waived' }> {
  const worst = new Map<string, { finding: Finding; verdict: Verdict | 'waived' }>();
  for (const finding of report.findings) {
    const verdict = finding.waivedBy ? 'waived' : finding.verdict;
    const known = worst.get(finding.rule);
    if (!known || order.indexOf(verdict) > order.indexOf(known.verdict)) worst.set(finding.rule, { finding, verdict });
  }
  return worst;
}
