/** A rule's case: facts that are stated, and the verdict that they must get. */
import type { PortRow, Severity, Verdict } from '../core/model.js';
import type { Pack } from '../pack/pack.js';
import { isMany } from '../pack/roles.js';

/** One case, and the verdict expected, of the rule or of each subject. Facts stand by host: `role`, `role-2` where there are several, `a->b` for a direction. */
export interface Case {
  name: string;
  phase?: string;
  release?: string;
  settings?: Record<string, unknown>;
  addresses?: Record<string, string>;
  ports?: PortRow[];
  facts: Stated;
  /** Facts that were sampled: their values in order, five seconds apart; null where one could not be read. */
  series?: Record<string, Record<string, (Record<string, unknown> | null)[]>>;
  /** The facts of an earlier run; absent: there is none. */
  before?: Stated;
  expect: Verdict | Record<string, Verdict>;
  /** What a finding weighs that does not pass; absent: it is not looked at. */
  severity?: Severity;
  /** All that a finding says; absent: it is not looked at. */
  message?: string;
}

/** A change of the rule that no case has to notice, with the reason. */
export interface MeantGap {
  /** The change in words, as `rules test` tells it; without the expectation before it, the change of each of them. */
  gap: string;
  reason: string;
}

/** Facts by host, or by direction (`a->b`), and name. */
type Stated = Record<string, Record<string, unknown> | null>;

/** The role of a host as a case names it: the role itself, or, of several hosts, `role-1`. */
export function roleOf({ roles }: Pick<Pack, 'roles'>, name: string): string | undefined {
  const role = /^(.+)-[1-9]\d?$/.exec(name)?.[1] ?? name;
  const found = Object.hasOwn(roles, role) ? roles[role] : undefined;
  return found && isMany(found) === (role !== name) ? role : undefined;
}
