/** The report of a fleet: every pair and what it came to, every rule and how many pairs it fails on. */
import type { Finding, Severity, Verdict } from '../core/model.js';
import type { FleetRun, Outcome } from './events.js';
import type { Instance } from './instances.js';
import type { PackNamed } from './prepare.js';
import type { Shard } from './shard.js';

/** What does not pass on a pair; its title is what is wrong, or what is not known. */
export interface OpenFinding extends Pick<Finding, 'key' | 'rule' | 'title' | 'severity' | 'verdict' | 'message'> {
  /** It is grave enough for the gate, and nobody accepted it. */
  gating: boolean;
  /** Who accepted it, and until when. */
  waived?: string;
}

/** One pair of a fleet. `missing`: nobody brought its result. */
export interface PairRow {
  pair: string;
  labels: Record<string, string>;
  outcome: Outcome | 'missing';
  /** Why there is no verdict. */
  why?: string;
  product?: { pack: string; title: string; release: string | null; build: string | null };
  startedAt?: string;
  finishedAt?: string;
  durationMs?: number;
  summary?: Record<Verdict | 'waived', number> & { accepted?: number };
  /** What would stop the gate, had nobody accepted it: `1 accepted blocker (ops, until 2026-12-31)`. */
  accepted?: string;
  hosts?: FleetHost[];
  /** The gravest first; of very many the first, and how many more there are. */
  findings: OpenFinding[];
  cut?: number;
}

/** A host of a pair, by what tells machines apart. */
export interface FleetHost {
  name: string;
  role: string;
  address: string;
  bootId?: string;
  /** A SHA-256 of it. */
  machineId?: string;
  instance?: Instance;
}

/** A rule over all pairs: how many it has each verdict on, the worst of each pair's findings. */
export interface RuleRow extends Record<Verdict | 'waived', number> {
  rule: string;
  title: string;
  severity: Severity;
  /** How many pairs it is judged on. */
  pairs: number;
  failing: string[];
  /** Where nobody could look, or the rule made no sense. */
  unknownOn: string[];
}

/** What is wrong with the fleet itself: two names of one machine, or two machines with one id. */
export interface FleetGuard {
  guard: 'boot-id' | 'machine-id';
  verdict: 'fail' | 'warn';
  message: string;
  pairs: string[];
}

/** What is wrong with the parts that a report was put together from. */
export interface Problem {
  problem:
    | 'missing'
    | 'twice'
    | 'altered'
    | 'stale'
    | 'other-list'
    | 'other-pack'
    | 'other-version'
    | 'other-run'
    | 'unreadable';
  message: string;
  /** As `2/8`, with the folder it was found in. */
  shards: string[];
  pairs: string[];
}

/** The report that every format renders; its JSON form is a contract. */
export interface FleetReport {
  schema: 'pairflight/fleet-report/1';
  tool: { name: string; version: string };
  run: FleetRun & {
    id: string;
    shard?: Shard;
    startedAt: string;
    finishedAt: string;
    durationMs: number;
    gate: 'passed' | 'failed' | 'incomplete';
    exitCode: number;
    interrupted?: true;
  };
  packs: PackNamed[];
  summary: Record<Outcome | 'missing', number> & { pairs: number };
  problems: Problem[];
  guards: FleetGuard[];
  rules: RuleRow[];
  /** By name. */
  pairs: PairRow[];
}

/** The gate of a fleet: failed by one pair or guard, incomplete by whatever is missing or wrong. */
export function fleetGate({
  summary,
  guards,
  problems,
}: Pick<FleetReport, 'summary' | 'guards' | 'problems'>): FleetReport['run']['gate'] {
  if (summary.failed > 0 || guards.some(({ verdict }) => verdict === 'fail')) return 'failed';
  const open = summary.incomplete + summary.error + summary.missing + problems.length;
  return open > 0 ? 'incomplete' : 'passed';
}
