/** Anomalies in runs of the phases after the setup, of a protected and of an all-failing pair. */
import { describe } from 'vitest';
import { type SpoiledPair, spoilEverything } from './loop.js';

const pairs: SpoiledPair[] = [
  { scenario: 'protected', phase: 'verify', fails: 0, passes: 45 },
  { scenario: 'unprotected', phase: 'verify', fails: 25, passes: 0 },
  { scenario: 'failover-ready', phase: 'failover', fails: 0, passes: 15 },
];

describe.each(pairs)('the pair $scenario in $phase', spoilEverything);
