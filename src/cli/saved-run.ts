/** A run that was saved, and the rules of today that it is judged by. */
import type { Evidence } from '../core/model.js';
import { checkEvidence, readBaseline, readEvidence } from '../evidence/evidence.js';
import { mergeEvidence } from '../evidence/merge.js';
import { loadPack, packDir } from '../pack/load.js';
import { type Scope, scopeOfEvidence } from '../plan/scope.js';

/** Which saved run is meant, and under whose rules it is judged. */
export interface SavedOptions {
  files: string[];
  pack?: string;
  baseline?: string;
}

/** A saved run, checked as strictly as a live one. @throws UsageError */
export function savedRun({ files, pack: dir, baseline }: SavedOptions): { scope: Scope; evidence: Evidence } {
  const merged = mergeEvidence(files.map((file) => ({ file, evidence: read(file, baseline) })));
  const pack = loadPack(dir ?? packDir(merged.inventory.product));
  const evidence = baseline === undefined ? merged : { ...merged, baseline: readBaseline(baseline, merged, pack) };
  checkEvidence(evidence, pack, files.join(', '));
  return { scope: scopeOfEvidence(pack, evidence), evidence };
}

/** Another baseline takes the place of the file's own. */
function read(file: string, other: string | undefined): Evidence {
  const { baseline, ...evidence } = readEvidence(file);
  return other === undefined && baseline ? { ...evidence, baseline } : evidence;
}
