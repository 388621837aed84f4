import { judgePhase } from './judging.js';
import { preflightRows } from './rows/preflight.js';

// The stores are asked for where TLS is on.
const others = {
  'alien4cloud/tls-stores [instance-a]': 'skip',
  'alien4cloud/tls-stores [instance-b]': 'skip',
} as const;

judgePhase('preflight', others, preflightRows);
