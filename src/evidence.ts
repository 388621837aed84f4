/** Evidence: made from a run, saved, read again. Verdicts rest on it alone. */
import { readFileSync } from 'node:fs';
import type { Collected } from './collect.js';
import { UsageError } from './errors.js';
import type { Evidence } from './model.js';
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
  return value as Evidence;
}
