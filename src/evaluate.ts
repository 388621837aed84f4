/** Evaluation: one finding for each rule, subject and row of the scope, from facts alone. No network, no clock. */
import { comparesHosts } from './expectation.js';
import type { FactSource } from './facts.js';
import { type Gates, makeGates } from './gates.js';
import { type Circumstance, judge, type Outcome } from './judge.js';
import type { Expectation, Finding, PortRow, Rule, Severity, Subject, Verdict } from './model.js';
import { expectationsOf } from './plan.js';
import { directionsOf, hostsOf, isGiven, isNeeded, portRows, type Scope, settingOn } from './scope.js';
import { fitsSetting } from './settings.js';
import { atMost, badness } from './verdict.js';
import { applyWaivers } from './waivers.js';

/** Where a build comes from, besides facts: the releases that gate rules. */
export interface ReleaseSource {
  buildOf(host: string): { text: string; release: import('./releases.js').Release } | undefined;
}

type ScopeHost = Scope['hosts'][number];

interface Place {
  key: string;
  subject: Subject;
  hosts: ScopeHost[];
  row?: PortRow;
  direction?: { from: ScopeHost; to: ScopeHost };
}

/** All findings of a scope, in the order of the rules. `takenAt` (ISO 8601) is when waivers are judged. */
export function evaluate(scope: Scope, facts: FactSource & ReleaseSource, takenAt: string): Finding[] {
  const gates = makeGates(scope, facts);
  const findings = scope.rules.flatMap((rule) =>
    placesOf(scope, rule).map((place) => judgeRule(scope, rule, place, facts, gates)),
  );
  return applyWaivers(blockByGuards(scope, findings), scope.inventory.waivers, takenAt);
}

/** The subjects (and rows) of a rule: known before anything was asked. */
function placesOf(scope: Scope, rule: Rule): Place[] {
  const roles = rule.hosts ?? scope.pack.pair;
  const hosts = hostsOf(scope, roles);
  // A rule that has nobody to judge still has its one finding, which says so.
  const nobody: Place[] = [{ key: rule.id, subject: { kind: 'set', hosts: [] }, hosts: [] }];
  if (roles.some((role) => hostsOf(scope, [role]).length === 0)) return nobody;
  if (rule.each === 'ports') {
    const rows = directionsOf(hosts).flatMap(({ from, to }) =>
      portRows(scope, from, to).map((row) => ({
        ...directed(rule, from, to, `${row.port} ${from.name}->${to.name}`),
        row,
      })),
    );
    return rows.length > 0 ? rows : nobody;
  }
  if (rule.per === 'direction')
    return directionsOf(hosts).map(({ from, to }) => directed(rule, from, to, `${from.name}->${to.name}`));
  if (rule.per === 'host') {
    return hosts.map((host) => ({
      key: `${rule.id} [${host.name}]`,
      subject: { kind: 'host', host: host.name },
      hosts: [host],
    }));
  }
  const [only] = hosts;
  const subject: Subject =
    only && hosts.length === 1
      ? { kind: 'host', host: only.name }
      : { kind: 'set', hosts: hosts.map((host) => host.name) };
  return [{ key: rule.id, subject, hosts }];
}

function directed(rule: Rule, from: ScopeHost, to: ScopeHost, label: string): Place {
  return {
    key: `${rule.id} [${label}]`,
    subject: { kind: 'pair', from: from.name, to: to.name },
    hosts: [from, to],
    direction: { from, to },
  };
}

type Judged = Outcome & { severity: Severity };

function judgeRule(scope: Scope, rule: Rule, place: Place, facts: FactSource & ReleaseSource, gates: Gates): Finding {
  const { key, subject, row, hosts } = place;
  const finding = (judged: Pick<Judged, 'verdict' | 'message' | 'severity'> & Partial<Judged>): Finding => ({
    key,
    rule: rule.id,
    title: rule.title,
    group: rule.group,
    severity: atMost(judged.severity, row?.severity),
    basis: row && row.basis !== 'documented' ? row.basis : rule.basis,
    verdict: judged.verdict,
    subject,
    ...(row && { row }),
    message: judged.message,
    ...(judged.actual === undefined ? {} : { actual: judged.actual }),
    ...(judged.expected === undefined ? {} : { expected: judged.expected }),
    requires: rule.requires,
    source: sourceOf(scope, rule),
    remedy: rule.remedy,
    because: judged.steps ?? [],
    ...(judged.unread && causeOf(judged.unread)),
  });
  const severity = severityOf(rule, place);
  const missing = (rule.hosts ?? scope.pack.pair).filter((role) => hostsOf(scope, [role]).length === 0);
  if (missing.length > 0)
    return finding({
      verdict: 'skip',
      severity,
      message: `the inventory has no host of the role ${missing.join(', ')}`,
    });
  if (hosts.length === 0) return finding({ verdict: 'skip', severity, message: 'no port is named for any direction' });
  const names = hosts.map((host) => host.name);
  for (const bound of [rule.releases, ...(row?.releases === undefined ? [] : [row.releases])]) {
    const { decision, why } = gates.decide(bound, names);
    if (decision === 'no') return finding({ verdict: 'skip', severity, message: why });
    if (decision === 'undecided')
      return finding({ verdict: 'unknown', severity, message: why, unread: gates.causes(names) });
  }
  const outcomes = expectationsOf(rule, scope.phases)
    .filter((one) => appliesTo(one, place))
    .map((one) => judgeExpectation(scope, rule, one, place, facts, gates));
  if (outcomes.length === 0)
    return finding({ verdict: 'skip', severity, message: 'nothing is expected of this host in this phase' });
  const decided = decisive(outcomes, severity);
  // The first expectation of a direction names what was observed there; the others look at it from other sides.
  return finding(
    place.direction ? { ...decided, actual: outcomes.find((one) => one.actual !== undefined)?.actual } : decided,
  );
}

function appliesTo(expectation: Expectation, { hosts, direction }: Place): boolean {
  if (!expectation.hosts) return true;
  const meant = direction ? [direction.from] : hosts;
  return meant.some((host) => expectation.hosts?.includes(host.role));
}

function judgeExpectation(
  scope: Scope,
  rule: Rule,
  expectation: Expectation,
  place: Place,
  facts: FactSource,
  gates: Gates,
): Judged {
  const severity = expectation.severity ?? severityOf(rule, place);
  const base = { severity, steps: [], unread: [] };
  const names = place.hosts.map((host) => host.name);
  if (expectation.releases !== undefined) {
    const { decision, why } = gates.decide(expectation.releases, names);
    if (decision === 'no') return { ...base, verdict: 'skip', message: why };
    if (decision === 'undecided') return { ...base, verdict: 'unknown', message: why, unread: gates.causes(names) };
  }
  const here = circumstance(scope, rule, expectation, place, facts);
  for (const [kind, condition] of [['when', expectation.when] as const, ['given', expectation.given] as const]) {
    if (!condition) continue;
    const outcome = judge(condition, here);
    if (outcome.verdict === 'pass') continue;
    if (outcome.verdict === 'fail' && kind === 'when') {
      return { ...base, verdict: 'skip', message: `does not apply: ${outcome.message}`, steps: outcome.steps };
    }
    const hint = outcome.verdict === 'fail' ? settingHint(scope, condition, outcome) : undefined;
    const verdict: Verdict = outcome.verdict === 'error' ? 'error' : 'unknown';
    return { ...base, ...outcome, verdict, message: hint ?? outcome.message, severity };
  }
  const outcome = judge(expectation, here);
  if (expectation.says === undefined) return { ...base, ...outcome };
  const told = outcome.message.replaceAll(`expected ${outcome.expected}`, `expected ${expectation.says}`);
  const message =
    outcome.verdict !== 'fail' || told !== outcome.message ? told : `${told}, expected ${expectation.says}`;
  return { ...base, ...outcome, message, expected: expectation.says };
}

/** `set settings.dataDisk to /mnt/data`: what to do where a fact differs from the setting that other questions were made with. */
function settingHint(scope: Scope, { matcher }: Expectation, outcome: Outcome): string | undefined {
  const name = /^\$\{(\w+)\}$/.exec(String(matcher?.arg))?.[1];
  if (name === undefined || outcome.actual === null || typeof outcome.actual !== 'object') return undefined;
  // Nobody is advised to set what the product's own file has wrong, nor to take back what he set himself.
  const found = Object.entries(outcome.actual).filter(([, value]) => fitsSetting(scope.pack.settings, name, value));
  if (found.length === 0 || found.some(([host]) => isGiven(scope, host, name))) return undefined;
  const values = new Set(found.map(([, value]) => value));
  const [value] = values;
  const advice =
    values.size === 1
      ? `set settings.${name} to ${value}`
      : `set settings.${name} for each host: ${found.map(([host, one]) => `hosts.${host}.settings.${name} to ${one}`).join(', ')}`;
  return `${outcome.message}; ${advice}`;
}

function circumstance(
  scope: Scope,
  rule: Rule,
  expectation: Expectation,
  place: Place,
  source: FactSource,
): Circumstance {
  const { direction, row } = place;
  const hosts =
    expectation.hosts && !direction
      ? place.hosts.filter((host) => expectation.hosts?.includes(host.role))
      : place.hosts;
  const [phase = ''] = scope.phases;
  const alone = hosts.length === 1 ? hosts[0] : undefined;
  const self = direction?.from ?? alone;
  const pairPeer = alone && scope.hosts.find((host) => host !== alone && scope.pack.pair.includes(host.role));
  const peer = direction?.to ?? pairPeer;
  const variant = scope.variants[0] ?? { gates: [], values: {} };
  return {
    rule,
    source,
    hosts,
    ...(self && { self }),
    ...(peer && { peer }),
    ...(direction && { direction }),
    ...(row && direction && { row: { ...row, needed_here: isNeeded(row, phase, direction.from, direction.to) } }),
    hostsOf: (role) => hostsOf(scope, [role]),
    setting: (name, host) =>
      settingOn(
        scope,
        scope.hosts.find((one) => one.name === host?.name),
        variant,
        name,
      ),
  };
}

/** A rule may weigh less on the hosts of one role. */
function severityOf(rule: Rule, { subject, hosts: [host] }: Place): Severity {
  return (subject.kind === 'host' && host && rule.severityOn?.[host.role]) || rule.severity;
}

/** The worst outcome decides; what else did not pass is said beside it. */
function decisive(outcomes: Judged[], severity: Severity): Judged {
  const sorted = outcomes.toSorted((a, b) => badness(b.verdict, b.severity) - badness(a.verdict, a.severity));
  // Of what passed, the value that tells most is shown: a path rather than that it exists.
  const [worst] = sorted;
  const first =
    worst?.verdict === 'pass'
      ? (outcomes.find((one) => one.verdict === 'pass' && !isFlag(one.actual)) ?? worst)
      : worst;
  if (!first) throw new Error('a rule without outcomes has no worst one');
  const telling =
    first.verdict === 'pass' || first.verdict === 'skip'
      ? [first]
      : sorted.filter((one) => !['pass', 'skip'].includes(one.verdict));
  return {
    ...first,
    severity: first.verdict === 'pass' || first.verdict === 'skip' ? severity : first.severity,
    message: [...new Set(rootCausesOnce(telling).map((one) => one.message))].join('; '),
    steps: [...new Set(outcomes.flatMap((one) => one.steps))],
    unread: telling.flatMap((one) => one.unread),
  };
}

function isFlag(actual: unknown): boolean {
  return (
    actual !== null && typeof actual === 'object' && Object.values(actual).every((value) => typeof value === 'boolean')
  );
}

/** What a host's own trouble made unreadable is told once: the first cause explains the rest. */
function rootCausesOnce(outcomes: Judged[]): Judged[] {
  const told = new Set<string>();
  return outcomes.filter(({ unread, verdict }) => {
    const host =
      verdict === 'unknown' ? unread.find((cause) => cause.at === 'host' || cause.at === 'context')?.host : undefined;
    if (host === undefined) return true;
    const first = !told.has(host);
    told.add(host);
    return first;
  });
}

/** The host whose access explains what could not be read. Kept in `blockedBy` until the guards' findings are known. */
function causeOf(unread: Outcome['unread']): { blockedBy?: string } {
  const root = unread.find((cause) => cause.host !== undefined && (cause.at === 'host' || cause.at === 'context'));
  return root?.host === undefined ? {} : { blockedBy: root.host };
}

/** Turns causes into the keys of guards, and makes comparisons unknown while it is not proven that there are two machines. */
function blockByGuards(scope: Scope, findings: Finding[]): Finding[] {
  const rules = new Map(scope.rules.map((rule) => [rule.id, rule]));
  const guards = findings.filter((finding) => rules.get(finding.rule)?.guard);
  const accessOf = (host: string) =>
    guards.find(
      (one) =>
        rules.get(one.rule)?.guard === 'access' &&
        one.subject.kind === 'host' &&
        one.subject.host === host &&
        one.verdict !== 'pass',
    )?.key;
  const blocked = findings.map(({ blockedBy: cause, ...finding }): Finding => {
    const key = cause === undefined || finding.verdict !== 'unknown' ? undefined : accessOf(cause);
    return key === undefined || key === finding.key ? finding : { ...finding, blockedBy: key };
  });
  const identity = blocked.find((finding) => rules.get(finding.rule)?.guard === 'identity');
  if (!identity || identity.verdict === 'pass') return blocked;
  return blocked.map((finding) => {
    const rule = rules.get(finding.rule);
    if (!rule || rule.guard || finding.verdict === 'skip' || !expectationsOf(rule, scope.phases).some(comparesHosts))
      return finding;
    // What a host's own trouble explains needs no second reason.
    if (finding.blockedBy !== undefined && finding.verdict === 'unknown') return finding;
    const key = identity.blockedBy ?? identity.key;
    return {
      ...finding,
      verdict: 'unknown',
      message: `${finding.message}; not judged: ${identity.message}`,
      blockedBy: key,
    };
  });
}

function sourceOf(scope: Scope, rule: Rule): Finding['source'] {
  const document = scope.pack.documents[rule.source.doc];
  return {
    doc: document?.title ?? rule.source.doc,
    section: rule.source.section,
    ...(document?.url && { url: document.url }),
  };
}
