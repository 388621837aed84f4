/** Anomalies in runs of the phases before the setup, of a healthy and of an all-failing pair. */
import { describe } from 'vitest';
import { type SpoiledPair, spoilEverything } from './loop.js';

const pairs: SpoiledPair[] = [
  { scenario: 'healthy', phase: 'preflight', fails: 0, passes: 45 },
  { scenario: 'everything-wrong', phase: 'preflight', fails: 15, passes: 0 },
  { scenario: 'old-3.12', phase: 'preflight', fails: 0, passes: 45 },
  { scenario: 'before-adding', phase: 'pre-replication', fails: 0, passes: 20 },
  { scenario: 'before-adding-wrong', phase: 'pre-replication', fails: 8, passes: 0 },
];

describe.each(pairs)('the pair $scenario in $phase', spoilEverything);
