/** What the package offers to programs: the pure pipeline, its types, and the one part that does I/O. */

export { schemas } from './authoring/schemas.js';
export { collect } from './collect/collector.js';
export { openTransport } from './collect/transport/index.js';
export type { Transport, TransportOptions } from './collect/transport/transport.js';
export { UsageError } from './core/errors.js';
export type * from './core/model.js';
export { makeEvidence, readEvidence } from './evidence/evidence.js';
export { EvidenceFacts } from './evidence/facts-in-evidence.js';
export { evaluate } from './judge/evaluate.js';
export { makeReport } from './judge/report.js';
export { loadPack, packDir, packIndex } from './pack/load.js';
export { parseInventory, readInventory } from './plan/inventory.js';
export { makeScope, scopeOfEvidence } from './plan/scope.js';
export { planSteps } from './plan/steps.js';
export { reporters } from './reporters/index.js';
