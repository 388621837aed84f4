/** Key stores and certificates: whether one is there, whether the service's user can read it, and until when it holds. */
import { Unreadable } from '../../core/errors.js';
import type { Output } from '../../core/model.js';
import { absolutePath, answer, closed, command, contextName, defineProbe, groupsOf, ran } from '../define.js';
import { sshUser } from '../ssh-batch.js';
import { mayRead, permissionsScript, readComponents, readReader } from './path-permissions.js';

interface Params {
  path: string;
  as?: string;
  user?: string;
  pem?: boolean;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY_MS = 86_400_000;

/**
 * `readable` is told of `user` where one is given: by modes, owners and groups, never by trying. `ends` is the end of the first
 * certificate in a PEM file, which in a chain is the host's own. A Java key store tells its certificates' ends only to who has its password, and
 * passwords stay on the host: it has none here.
 */
export const keyStore = defineProbe<Params, unknown>({
  id: 'key-store',
  title: 'Whether a key store or certificate is there, whether a user can read it, and when a PEM certificate ends',
  on: 'host',
  params: closed({ path: absolutePath, as: contextName, user: sshUser, pem: { type: 'boolean' } }, [
    'as',
    'user',
    'pem',
  ]),
  value: closed(
    {
      exists: { type: 'boolean' },
      kind: { enum: ['file', 'directory', 'other'] },
      bytes: { type: 'integer', minimum: 0 },
      mode: { type: 'string' },
      owner: { type: 'integer' },
      group: { type: 'integer' },
      readable: { enum: ['yes', 'no', 'undecided'] },
      why: { type: 'string' },
      ends: { type: 'string', format: 'date-time' },
      daysLeft: { type: 'integer' },
    },
    ['kind', 'bytes', 'mode', 'owner', 'group', 'readable', 'why', 'ends', 'daysLeft'],
  ),
  restless: ['daysLeft'],
  ask: ({ path, as, user, pem }) => [
    command(['/bin/sh', '-c', permissionsScript, 'path-permissions', path], as),
    ...(user === undefined ? [] : [command(['id', '-u', user], as), command(['id', '-G', user], as)]),
    ...(pem === true ? [command(['openssl', 'x509', '-noout', '-enddate', '-in', path], as)] : []),
  ],
  read(outputs, { user, pem }) {
    const components = readComponents(ran(outputs));
    const end = components?.at(-1);
    if (!components || !end) return { exists: false };
    const { kind, bytes, mode, owner, group } = end;
    return {
      exists: true,
      kind,
      ...(bytes !== undefined && { bytes }),
      ...{ mode, owner, group },
      ...(user !== undefined && mayRead(components, readReader(outputs, 1, user))),
      ...(pem === true && endOf(outputs, user === undefined ? 1 : 3)),
    };
  },
});

/** Whole days are rounded down, so that no certificate seems to hold longer than it does; one that is over has a number below zero. */
function endOf(outputs: Output[], index: number): { ends: string; daysLeft: number } {
  const why = 'openssl did not tell an end in its form';
  const [month = '', day = '', time, year] = groupsOf(
    /^notAfter=([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4}) GMT\n$/,
    answer(outputs, index),
    why,
  );
  const number = String(MONTHS.indexOf(month) + 1).padStart(2, '0');
  const ends = Date.parse(`${year}-${number}-${day.padStart(2, '0')}T${time}Z`);
  const asked = Date.parse(ran(outputs, index).startedAt);
  if (!Number.isFinite(ends)) throw new Unreadable(why);
  if (!Number.isFinite(asked)) throw new Unreadable('it is not known when the host was asked');
  return { ends: new Date(ends).toISOString(), daysLeft: Math.floor((ends - asked) / DAY_MS) };
}
