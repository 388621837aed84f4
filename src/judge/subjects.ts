/** Places: the subjects (and rows) of a rule, known before anything is asked. One finding comes of each. */
import type { PortRow, Rule, Subject } from '../core/model.js';
import type { JudgedRow } from '../pack/row-properties.js';
import { directionsOf, hostsOf, isNeeded, portRows, type Scope } from '../plan/scope.js';

type ScopeHost = Scope['hosts'][number];

/** One subject of a rule, and the row it is judged on. */
export interface JudgedSubject {
  key: string;
  subject: Subject;
  hosts: ScopeHost[];
  row?: PortRow;
  direction?: { from: ScopeHost; to: ScopeHost };
}

/** The subjects (and rows) of a rule: known before anything was asked. */
export function subjectsOf(scope: Scope, rule: Rule): JudgedSubject[] {
  const roles = rule.hosts ?? scope.pack.pair;
  const hosts = hostsOf(scope, roles);
  // A rule that has nobody to judge still has its one finding, which says so.
  const nobody: JudgedSubject[] = [{ key: rule.id, subject: { kind: 'set', hosts: [] }, hosts: [] }];
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

/** The row of a subject as rules and their sentences see it: with the ends of its direction, and whether the phase needs it. */
export function judgedRow({ phases }: Scope, { row, direction }: JudgedSubject): JudgedRow | undefined {
  if (!row || !direction) return undefined;
  const { from, to } = direction;
  return { ...row, from: from.role, to: to.role, neededInPhase: isNeeded(row, phases[0] ?? '', from, to) };
}

function directed(rule: Rule, from: ScopeHost, to: ScopeHost, label: string): JudgedSubject {
  return {
    key: `${rule.id} [${label}]`,
    subject: { kind: 'pair', from: from.name, to: to.name },
    hosts: [from, to],
    direction: { from, to },
  };
}
