/** Dials a host before anything is loaded that could speak with it: it takes about as long to answer. */
import { connect, type Socket } from 'node:net';
import type { Target } from './ssh-target.js';

/** Of a name with several addresses Node gives up on each after 250 ms, which is too soon for a far network. */
const PATIENT = { autoSelectFamilyAttemptTimeout: 2_000 };

/** Begins to connect; what fails before anybody listens is kept as the socket's own error. */
export function dial({ hostname, port }: Target): Socket {
  return connect({ host: hostname, port, ...PATIENT }).on('error', () => {});
}
