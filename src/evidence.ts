/** Evidence: made from a run, saved, read again. Verdicts rest on it alone. */
import { readFileSync } from 'node:fs';
import type { Collected } from './collect.js';
import { UsageError } from './errors.js';
import { checkInventory } from './inventory.js';
import type { Evidence } from './model.js';
import type { Pack } from './packs.js';
import { redacted } from './redact.js';
import { evidenceSchema } from './schemas/evidence.js';
import type { Scope } from './scope.js';
import { check } from './validation.js';
import { tool } from './version.js';

/** Puts together what a run brought back. */
export function makeEvidence(
  scope: Scope,
  collected: Collected,
  takenAt: Date,
  finishedAt: Date,
  interrupted: boolean,
): Evidence {
  const { pack } = scope;
  return {
    schema: 'pairflight/evidence/1',
    tool: tool(),
    takenAt: takenAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    run: {
      phases: scope.phases,
      selection: scope.selection,
      ...(scope.releaseName === undefined ? {} : { release: scope.releaseName }),
      ...(scope.provePorts && { provePorts: true }),
      ...(interrupted && { interrupted }),
    },
    inventory: scope.inventory,
    packs: [{ name: pack.name, version: pack.version, sha256: pack.sha256 }],
    connections: collected.connections,
    steps: collected.steps,
    redaction: { tokenKeyId: collected.tokenKeyId, what: redacted },
  };
}

/** Reads an evidence file. @throws UsageError when it is none. */
export function readEvidence(file: string): Evidence {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(
      `${file}: ${missing ? 'there is no such file' : 'is not JSON'}; evidence comes from pairflight collect -o FILE`,
    );
  }
  const [mistake] = check(evidenceSchema, value);
  if (mistake) throw new UsageError(`${file}: is not pairflight evidence: ${mistake.message}`);
  const evidence = value as Evidence;
  const ids = evidence.steps.map((step) => step.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new UsageError(`${file}: the step ${twice} is there twice; one of them must be wrong`);
  return evidence;
}

/** Judges the inventory that evidence holds as if it were written by hand: it may have been. @throws UsageError */
export function checkEvidence({ inventory }: Evidence, pack: Pack, file: string): void {
  const names = inventory.hosts.map((host) => host.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`${file}: two hosts have the name ${twice}`);
  const hosts = inventory.hosts.map((host) => ({ ...host, ssh: {} }));
  checkInventory({ ...inventory, hosts, at: () => file }, pack);
}
