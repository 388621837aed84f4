/** What the inventory itself says: nothing is asked of a host. */
import { closed, defineProbe } from './define.js';

/**
 * The parameter is the answer: `@self.address`, or `@given.NAME` for whether a setting was given by hand. `said` is false where the
 * inventory has no such host or value.
 */
export const inventory = defineProbe<{ value?: unknown }, unknown>({
  id: 'inventory',
  title: 'A value of the inventory',
  on: 'host',
  endpoints: true,
  params: closed({ value: {} }, ['value']),
  value: closed({ said: { type: 'boolean' }, value: {} }, ['value']),
  ask: () => [],
  read: (_, { value }) => (value === undefined ? { said: false } : { said: true, value }),
});
