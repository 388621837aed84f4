/** What the inventory itself says: nothing is asked of a host. */
import { Unreadable } from '../errors.js';
import { closed, defineProbe } from './define.js';

/** The parameter is the answer: `@self.address`, or `@given.NAME` for whether a setting was given by hand. */
export const inventory = defineProbe<{ value?: unknown }, unknown>({
  id: 'inventory',
  title: 'A value of the inventory',
  on: 'host',
  params: closed({ value: {} }, ['value']),
  value: closed({ value: {} }),
  ask: () => [],
  read: (_, { value }) => {
    if (value === undefined) throw new Unreadable('the inventory does not say');
    return { value };
  },
});
