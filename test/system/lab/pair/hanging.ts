/** Processes of a host's server that stop for a while, as on a disk that does not answer. */
import { must } from '../command.js';
import type { LabHost } from '../host.js';
import type { Lab } from '../lab.js';
import { query } from './server.js';

/** Lets a process of the server hang until the fault is undone; the name is that of pg_stat_activity. */
export async function hangProcess(host: LabHost, name: 'startup' | 'walreceiver' | 'background writer'): Promise<void> {
  const pid = await query(host, `SELECT pid FROM pg_stat_activity WHERE backend_type = '${name}'`);
  host.undo.push(async () => void (await host.exec(['kill', '-CONT', pid])));
  await must(host.inside(['kill', '-STOP', pid]));
}

/** From now on the Primary writes only what it is asked to: its background writer adds a few bytes some seconds after others have written. */
export function beQuiet({ primary }: Lab): Promise<void> {
  return hangProcess(primary, 'background writer');
}
