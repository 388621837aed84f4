/** Whether a host has the locales that the primary's databases were made with. */
import { Unreadable } from '../../core/errors.js';
import type { JsonSchema } from '../../core/model.js';
import type { Joint } from '../joint.js';

const list: JsonSchema = { type: 'array', items: { type: 'string' } };

/** `missing` are the locales that `locale -a` does not list, in whichever way it writes them. */
export const postgresLocales: Joint = {
  title: "whether a host has the locales of the primary's databases",
  sources: ['wanted', 'listed'],
  value: { missing: list },
  make({ wanted, listed }) {
    if (!Array.isArray(wanted)) throw new Unreadable('the locales of the databases are not known');
    if (typeof listed !== 'string' || listed.trim() === '')
      throw new Unreadable('the locales of the host are not known');
    const there = new Set(listed.split('\n').map((name) => plainly(name.trim())));
    // The server has these itself.
    const own = ['C', 'POSIX'];
    return { missing: wanted.map(String).filter((name) => !own.includes(name) && !there.has(plainly(name))) };
  },
};

/** One way to write a locale: of `en_US.UTF-8` and `en_US.utf8` the same. */
function plainly(name: string): string {
  return name.replace(/\.[^@]*/, (code) => code.toLowerCase().replaceAll('-', ''));
}
