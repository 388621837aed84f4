/** `fleet`: many pairs at once. */
import type { Group } from '../command.js';

/** `pairflight fleet`. */
export const fleet: Group = {
  name: 'fleet',
  does: 'many pairs at once',
  needs: 'one of its commands',
  note: 'A fleet is a file of pairs, or a folder of inventories; docs/fleets.md has all of it.',
  examples: [{ does: 'judge all pairs of a file', run: 'pairflight fleet verify fleet.yaml --out results' }],
};
