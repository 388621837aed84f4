/** Evidence: made from a run, saved, read again. Verdicts rest on it alone. */
import { readCapped } from '../core/capped-file.js';
import { check } from '../core/check-schema.js';
import { UsageError } from '../core/errors.js';
import { escapeInJson } from '../core/escape.js';
import type { Evidence } from '../core/model.js';
import { tool } from '../core/version.js';
import type { Pack } from '../pack/pack.js';
import { checkInventory } from '../plan/inventory-check.js';
import type { Scope } from '../plan/scope.js';
import { type Baseline, checkBaseline } from './baseline.js';
import { evidenceSchema } from './schema.js';
import { savedIn } from './upgrade.js';

/** Puts together what a run brought back, and the earlier evidence that it is judged with. */
export function makeEvidence(
  scope: Scope,
  collected: Collected,
  takenAt: Date,
  finishedAt: Date,
  interrupted: boolean,
  baseline?: Baseline,
): Evidence {
  const { pack } = scope;
  return {
    schema: 'pairflight/evidence/2',
    tool: tool(),
    takenAt: takenAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    run: {
      phases: scope.phases,
      selection: scope.selection,
      ...(scope.releaseName === undefined ? {} : { release: scope.releaseName }),
      ...(scope.provePorts && { provePorts: true }),
      ...(pack.allowed && { allowCommands: [...pack.allowed] }),
      ...(interrupted && { interrupted }),
    },
    inventory: scope.inventory,
    packs: [{ name: pack.name, version: pack.version, sha256: pack.sha256 }],
    connections: collected.connections,
    steps: collected.steps,
    redaction: { tokenKeyId: collected.tokenKeyId, what: redacted },
    ...(baseline && { baseline }),
  };
}

/** Bytes of a file of evidence, or of a bundle. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Evidence as it is saved: on one line, and whatever hosts said in it moves, hides or reverses nothing for who looks into it. */
export function evidenceText(evidence: Evidence): string {
  return `${escapeInJson(JSON.stringify(evidence))}\n`;
}

/** Reads an evidence file, or the evidence in a bundle. @throws UsageError when it is none. */
export function readEvidence(file: string): Evidence {
  return evidenceIn(() => readCapped(file, MOST_BYTES), file);
}

/** The evidence in the bytes of a file or of a bundle. @throws UsageError when it is none. */
export function evidenceIn(bytes: () => Buffer, file: string): Evidence {
  const value = savedIn(bytes, 'evidence', file, COLLECTING);
  refuseTooMany(value, file);
  const [mistake] = check(evidenceSchema, value);
  if (mistake) throw noEvidence(value, file, mistake.message);
  const evidence = value as Evidence;
  refuseTwins(evidence, file);
  if (evidence.baseline) refuseTwins(evidence.baseline, `${file}: baseline`);
  return evidence;
}

/** What is looked at before anything walks through it: whoever makes more of these has no pair. */
const most = { steps: 10_000, hosts: 1000 } as const;

function refuseTooMany(value: unknown, file: string): void {
  const { steps, inventory } = Object(value) as { steps?: unknown; inventory?: unknown };
  const { hosts } = Object(inventory) as { hosts?: unknown };
  for (const [what, list] of [['steps', steps] as const, ['hosts', hosts] as const]) {
    if (Array.isArray(list) && list.length > most[what])
      throw new UsageError(
        `${file}: has ${list.length} ${what}; no pair's evidence has more than ${most[what]}`,
        COLLECTING,
      );
  }
}

/** The command that evidence comes from. */
const COLLECTING = 'pairflight collect -o evidence.json';

function noEvidence(value: unknown, file: string, why: string): UsageError {
  const { schema } = Object(value) as { schema?: unknown };
  if (typeof schema === 'string' && schema.startsWith('pairflight/report/'))
    return new UsageError(`${file}: is a report, not evidence`, `pairflight report ${file}`);
  return new UsageError(`${file}: is not pairflight evidence: ${why}`, COLLECTING);
}

function refuseTwins({ steps }: Baseline, file: string): void {
  const seen = new Set<string>();
  for (const { id } of steps) {
    if (seen.has(id)) throw new UsageError(`${file}: the step ${id} is there twice; one of them must be wrong`);
    seen.add(id);
  }
}

/**
 * Judges the inventory that evidence holds as if it were written by hand: it may have been. What it is compared with must
 * be of the same pair. @throws UsageError
 */
export function checkEvidence({ inventory, takenAt, baseline }: Evidence, pack: Pack, file: string): void {
  checkHosts(inventory, pack, file, new Date(takenAt));
  if (!baseline) return;
  checkBaseline(baseline, { inventory, takenAt }, pack, `${file}: baseline`);
  checkHosts(withoutWords(baseline), pack, `${file}: baseline`);
}

/** Reads the earlier evidence that a run is compared with; its own baseline is left behind. @throws UsageError */
export function readBaseline(file: string, run: Pick<Evidence, 'takenAt' | 'inventory'>, pack: Pack): Baseline {
  const { baseline: _, ...evidence } = readEvidence(file);
  checkBaseline(evidence, run, pack, file);
  checkHosts(withoutWords(evidence), pack, file);
  return evidence;
}

/** Whom an earlier run waived or believed is of no account any more, and may be about rules that have gone. */
function withoutWords({ inventory }: Baseline): Evidence['inventory'] {
  return { ...inventory, waivers: [], attest: [] };
}

function checkHosts(inventory: Evidence['inventory'], pack: Pack, file: string, asOf?: Date): void {
  const names = inventory.hosts.map((host) => host.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`${file}: two hosts have the name ${twice}`);
  const hosts = inventory.hosts.map((host) => ({ ...host, ssh: {} }));
  checkInventory({ ...inventory, hosts, at: () => file }, pack, asOf);
}

/** What came back: outputs by step, in the plan's order, and what was learned of the connections. */
export type Collected = Pick<Evidence, 'steps' | 'connections'> & { tokenKeyId: string };

/** What redaction removes, in words, for the evidence's own record. */
const redacted = [
  'machine ids (SHA-256 instead)',
  'arguments of processes (only searched names are kept)',
  'lines of configuration whose key is not exactly the requested one',
  'keys of configuration files that no rule asks for (secrets among the asked ones as tokens)',
  'values that a pack calls secret (keyed tokens instead)',
  'passwords and other secrets that were given to this run, also where they come back encoded',
];
