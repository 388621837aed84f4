/** What the package offers to programs: the whole way from an inventory to a report, and its types. */

export { schemas } from './authoring/schemas.js';
export { collect } from './collect/collector.js';
export type { Collecting } from './collect/options.js';
export { reach } from './collect/reach.js';
export type { Transport, TransportOptions } from './collect/transport/transport.js';
export { UsageError } from './core/errors.js';
export type * from './core/model.js';
export { type Collected, makeEvidence, readEvidence } from './evidence/evidence.js';
export { judgeEvidence } from './judge/report.js';
export { loadPack, packDir, packIndex } from './pack/load.js';
export type { Pack } from './pack/pack.js';
export { type Inventory, parseInventory, readInventory } from './plan/inventory.js';
export { type Choices, type Scope, scopeOf, scopeOfEvidence, type Target } from './plan/scope.js';
export { planSteps } from './plan/steps.js';
export { type Format, reporters } from './reporters/index.js';
export type { Reporter, ReporterOptions } from './reporters/reporter.js';
