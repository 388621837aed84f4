/** The report: evidence and findings, put into the one form that every format renders. Pure. */
import { inputInWords, list, pairName } from '../core/format.js';
import type { Evidence, Finding, NotVerified, Report, ReportStep, Severity } from '../core/model.js';
import { changesSince } from '../evidence/changes.js';
import type { ReleaseSource } from '../evidence/facts.js';
import { EvidenceFacts } from '../evidence/facts-in-evidence.js';
import { phaseSentences, rolesInSentence } from '../pack/sentences.js';
import { anyVariant, hostsOf, type Scope, settingOn } from '../plan/scope.js';
import { attestedAt } from './attestations.js';
import { declaredReport } from './declared-report.js';
import { evaluate, sourceOf } from './evaluate.js';
import { measuresOf } from './measures.js';
import { withPromises } from './promised.js';
import { releaseBounds } from './release-bounds.js';
import { exitCode, gateOf, isLetPass, isOpen, summarize, summarizeDeclared, weighsEnough } from './verdict.js';
import { waiverUses } from './waivers.js';

/** Characters of an answer that a report shows; the whole of it stands in the evidence. What does not pass is shown with more. */
const EXCERPT = 240;
const TELLING_EXCERPT = 8000;

/** Makes the report of evidence and its findings; `failOnNew` where those that are known are marked. */
export function makeReport(
  scope: Scope,
  evidence: Evidence,
  findings: Finding[],
  releases: ReleaseSource,
  failOn: Severity,
  failOnNew = false,
): Report {
  const waivers = waiverUses(findings, scope, evidence.takenAt);
  const accepted = findings.filter(({ waivedBy, severity }) => waivedBy && weighsEnough(severity, failOn)).length;
  const known = findings.filter((finding) => isLetPass(finding, failOn)).length;
  const judged = gateOf(findings, scope.rules, failOn, scope.declared && scope.phases);
  // Who ended a run early does not know what else it would have said.
  const gate = evidence.run.interrupted && judged !== 'failed' ? 'incomplete' : judged;
  const open = findings.filter(isOpen);
  const telling = new Set(open.flatMap(({ because }) => because));
  const measures = measuresOf(scope, evidence, findings);
  const { baseline, connections, run } = evidence;
  const connected = new Map(connections.map((one) => [one.host, one]));
  const sum = (property: 'logins' | 'shells' | 'bytes') => connections.reduce((total, one) => total + one[property], 0);
  return {
    schema: 'pairflight/report/2',
    tool: evidence.tool,
    run: {
      pair: pairName(scope.inventory),
      phase: run.phases.join(','),
      startedAt: evidence.takenAt,
      finishedAt: evidence.finishedAt,
      durationMs: Date.parse(evidence.finishedAt) - Date.parse(evidence.takenAt),
      exitCode: exitCode(gate),
      gate,
      failOn,
      ...(failOnNew && baseline && { failOnNew: { since: baseline.takenAt, known } }),
      ...(run.interrupted && { interrupted: true }),
      ...(run.allowCommands && { allowCommands: run.allowCommands }),
      ...sentencesOf(scope),
    },
    selection: scope.selection,
    settings: settingsShown(scope),
    product: product(scope, releases),
    hosts: scope.hosts.map(({ name, role, address }) => {
      const connection = connected.get(name);
      return { name, role, address, ...(connection && { connection }) };
    }),
    summary: {
      ...summarize(findings),
      ...(accepted > 0 && { accepted }),
      ...(run.declared && summarizeDeclared(findings)),
    },
    ...(run.declared && { declared: declaredReport(scope, evidence, run.declared, findings) }),
    findings,
    ...(waivers.length > 0 && { waivers }),
    ...(measures.length > 0 && { measures }),
    notVerified: notVerified(scope, releases, evidence.takenAt),
    ...(baseline && { changes: { since: baseline.takenAt, ...changesSince(scope, baseline, evidence) } }),
    steps: {
      count: run.declared ? 0 : evidence.steps.filter((step) => step.asks.length > 0).length,
      logins: sum('logins'),
      shells: sum('shells'),
      bytes: sum('bytes'),
      list: evidence.steps.flatMap((step) => stepsShown(step, telling.has(step.id) ? TELLING_EXCERPT : EXCERPT)),
    },
  };
}

/** The sentences of a run's phase, with the hosts' names in the places of their roles. */
function sentencesOf({ pack, phases, hosts }: Scope): Pick<Report['run'], (typeof phaseSentences)[number]> {
  const named = (sentence: string) =>
    sentence.trim().replace(rolesInSentence, (whole, role: string) => {
      const host = hosts.find((one) => one.role === role);
      return host ? `${host.name} (${host.address})` : whole;
    });
  const found = phaseSentences.map((kind) => [kind, phases.flatMap((phase) => pack.phases[phase]?.[kind] ?? [])[0]]);
  return Object.fromEntries(found.flatMap(([kind, said]) => (said === undefined ? [] : [[kind, named(said)]])));
}

function stepsShown(step: Evidence['steps'][number], most: number): ReportStep[] {
  return step.asks.flatMap(({ host, ask }, index) => {
    const output = step.outputs.at(-1)?.[index];
    if (ask.kind !== 'exec' || !output) return [];
    const said = output.stdout.trim() === '' ? output.stderr : output.stdout;
    return [
      {
        id: step.id,
        host,
        as: ask.as,
        argv: ask.argv,
        ...(ask.stdin && { stdin: inputInWords(ask.stdin) }),
        exit: output.exit,
        problem: output.problem ?? null,
        excerpt: said.slice(0, most),
        ...(said.length > most && { cut: said.length - most }),
      },
    ];
  });
}

/** The settings that hold on all hosts; a release-dependent one is shown once the release is known. */
function settingsShown(scope: Scope): Record<string, unknown> {
  const variant = anyVariant(scope);
  const isOpen = scope.variants.length > 1;
  const names = Object.keys(scope.pack.settings).filter((name) => !isOpen || !(name in variant.values));
  return Object.fromEntries(names.map((name) => [name, settingOn(scope, undefined, variant, name) ?? null]));
}

function product({ pack, hosts, releaseName, release: named }: Scope, source: ReleaseSource): Report['product'] {
  const builds = hosts
    .filter((host) => pack.pair.includes(host.role))
    .flatMap((host) => source.buildOf(host.name) ?? []);
  const texts = [...new Set(builds.map((build) => build.text))];
  const release = builds[0] ?? (named && { release: named });
  const name = release && pack.releases.nameOf(release.release);
  return {
    pack: pack.name,
    title: pack.title,
    release: releaseName ?? name ?? null,
    build: texts.length === 0 ? null : list(texts),
  };
}

/** What nobody can verify from here; a word on it changes nothing but that it is told. */
function notVerified(scope: Scope, source: ReleaseSource, takenAt: string): NotVerified[] {
  const gates = releaseBounds(scope, source);
  return scope.pack.notVerified
    .filter((one) => one.phases.some((phase) => scope.phases.includes(phase)))
    .filter(({ releases = '*' }) => gates.decide(releases, []).decision !== 'no')
    .filter(({ unless_set: setting = '' }) => !hasValue(scope, setting))
    .map(({ id, what, why, source }) => {
      const attested = attestedAt(id, scope.inventory.attest, takenAt);
      return { id, what, why, source: sourceOf(scope, { source }), ...(attested && { attested }) };
    });
}

/** Whether a setting has a value on a host of the pair. */
function hasValue(scope: Scope, setting: string): boolean {
  return hostsOf(scope, scope.pack.pair).some(
    (host) => settingOn(scope, host, anyVariant(scope), setting) !== undefined,
  );
}

/**
 * Findings and report of evidence: the same for a live run and for a replay. With `failOnNew` the gate looks at what did not fail
 * in the evidence's baseline.
 */
export function judgeEvidence(scope: Scope, evidence: Evidence, failOn: Severity, failOnNew = false): Report {
  const facts = new EvidenceFacts(scope, evidence);
  const { baseline, takenAt } = evidence;
  // Today's rules, phase, selection and settings on the answers of then; what was not asked then is unknown.
  const earlier =
    failOnNew && baseline && !baseline.run.declared
      ? { facts: new EvidenceFacts(scope, baseline), takenAt: baseline.takenAt }
      : undefined;
  const findings = withPromises(scope, evidence, evaluate(scope, facts, takenAt, earlier));
  return makeReport(scope, evidence, findings, facts, failOn, failOnNew);
}
