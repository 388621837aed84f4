/** Evidence of one pair that was taken in several places, made one: for hosts that nobody reaches over SSH from one place. */
import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../core/errors.js';
import type { Evidence, Output } from '../core/model.js';

/** An evidence file that was read. */
interface NamedEvidence {
  file: string;
  evidence: Evidence;
}

/**
 * Merges evidence: each step's outputs come from the latest file in which the host was asked. Clock offsets are measured
 * against the clock of the machine that collected, so those of different files are not comparable and count as not asked; so
 * does an endpoint that was asked from two places, which may have met two.
 * @throws UsageError when the files are not about one pair, one phase and one pack.
 */
export function mergeEvidence(all: NamedEvidence[]): Evidence {
  const [first, ...others] = all;
  if (!first) throw new UsageError('there is no evidence to merge');
  if (others.length === 0) return first.evidence;
  for (const other of others) refuseStrangers(first, other);
  refuseApart(all);
  const evidence = all.map((one) => one.evidence).toSorted((a, b) => Date.parse(b.takenAt) - Date.parse(a.takenAt));
  const steps = new Map<string, Evidence['steps'][number]>();
  const met = new Set<string>();
  for (const step of evidence.flatMap((one) => one.steps)) {
    const known = steps.get(step.id);
    const [before, now] = [known !== undefined && wasAsked(known.outputs), wasAsked(step.outputs)];
    if (!known || (!before && now)) steps.set(step.id, step);
    else if (before && now && !isDeepStrictEqual(askedBy(known), askedBy(step))) met.add(step.id);
  }
  const baseline = baselineOf(all);
  const clocks = new Set(
    evidence.filter((one) => one.steps.some((step) => step.probe === 'clock' && wasAsked(step.outputs))),
  );
  return {
    ...first.evidence,
    takenAt: evidence.map((one) => one.takenAt).toSorted()[0] ?? first.evidence.takenAt,
    finishedAt:
      evidence
        .map((one) => one.finishedAt)
        .toSorted()
        .at(-1) ?? first.evidence.finishedAt,
    run: { ...first.evidence.run, ...(evidence.some((one) => one.run.interrupted) && { interrupted: true }) },
    connections: connectionsOf(evidence),
    steps: [...steps.values()].map((step) =>
      step.probe === 'clock' && clocks.size > 1
        ? unasked(step, 'measured against different clocks')
        : met.has(step.id)
          ? unasked(step, 'asked from two places, which may have met two endpoints')
          : step,
    ),
    ...(baseline && { baseline }),
  };
}

/** Who put the questions of a step. */
function askedBy({ asks }: Evidence['steps'][number]): string[] {
  return asks.map(({ host }) => host);
}

/** Minutes that may lie between files of one pair: what a host said last week proves nothing of what it does now. */
const MINUTES_APART = 15;

function refuseApart(all: NamedEvidence[]): void {
  const [first, ...rest] = all.toSorted((a, b) => Date.parse(a.evidence.takenAt) - Date.parse(b.evidence.takenAt));
  const last = rest.at(-1);
  if (!first || !last) return;
  if (Date.parse(last.evidence.takenAt) - Date.parse(first.evidence.finishedAt) <= MINUTES_APART * 60_000) return;
  throw new UsageError(
    `${first.file} was taken at ${first.evidence.takenAt} and ${last.file} at ${last.evidence.takenAt}; ` +
      `collect both within ${MINUTES_APART} minutes, or they do not tell of one pair at one time`,
  );
}

/** What the files are compared with: one earlier run, in as many of them as name it. */
function baselineOf(all: NamedEvidence[]): Evidence['baseline'] {
  const [first, ...others] = all.filter(({ evidence }) => evidence.baseline);
  const stranger = others.find(({ evidence }) => !isDeepStrictEqual(evidence.baseline, first?.evidence.baseline));
  if (first && stranger) {
    throw new UsageError(
      `${stranger.file}: has another baseline than ${first.file}; give the one that is meant with --baseline`,
    );
  }
  return first?.evidence.baseline;
}

function refuseStrangers(first: NamedEvidence, other: NamedEvidence): void {
  const declared = [first, other].find(({ evidence }) => evidence.run.declared);
  if (declared)
    throw new UsageError(`${declared.file}: is declared, and stands alone; what hosts said answers nothing beside it`);
  const [a, b] = [first.evidence, other.evidence];
  const hosts = ({ inventory }: Evidence) =>
    inventory.hosts.map(({ name, role, address, settings }) => ({ name, role, address, settings }));
  const differences: [string, unknown, unknown][] = [
    ['name', a.inventory.name, b.inventory.name],
    ['pack', a.packs, b.packs],
    ['phase', a.run.phases, b.run.phases],
    ['selection', a.run.selection, b.run.selection],
    ['release', a.run.release, b.run.release],
    ['hosts', hosts(a), hosts(b)],
    ['settings', a.inventory.settings, b.inventory.settings],
    ['ports', a.inventory.ports, b.inventory.ports],
    ['waivers', a.inventory.waivers, b.inventory.waivers],
  ];
  const [what] = differences.find(([, one, two]) => !isDeepStrictEqual(one, two)) ?? [];
  if (what !== undefined) {
    throw new UsageError(
      `${other.file}: has another ${what} than ${first.file}; collect both with one inventory, one pack and one phase`,
    );
  }
}

/** An output that says more than that nobody reached the host from there. */
function wasAsked(outputs: Output[][]): boolean {
  return outputs.some((sample) =>
    sample.some(
      (output) => output.problem !== 'not-run' && !(output.problem !== undefined && output.problemAt === 'host'),
    ),
  );
}

function connectionsOf(evidence: Evidence[]): Evidence['connections'] {
  const hosts = new Set(evidence.flatMap((one) => one.connections.map((connection) => connection.host)));
  return [...hosts].flatMap((host) => {
    const found = evidence.flatMap((one) => one.connections.filter((connection) => connection.host === host));
    return found.find((connection) => !connection.problem && connection.shells > 0) ?? found[0] ?? [];
  });
}

/** The step as if nobody had been asked, and why. */
function unasked(step: Evidence['steps'][number], why: string): Evidence['steps'][number] {
  const never = (output: Output): Output => ({
    ...output,
    exit: null,
    stdout: '',
    stderr: why,
    problem: 'not-run',
    problemAt: 'command',
  });
  return { ...step, outputs: step.outputs.map((sample) => sample.map(never)) };
}
