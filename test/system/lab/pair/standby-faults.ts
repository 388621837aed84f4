/** Things that happen to a standby. Each knows how it is undone; what heals while a run goes on is here too. */
import { setConf, setFile } from '../faults.js';
import type { LabHost } from '../host.js';
import type { Lab } from '../lab.js';
import { hangProcess } from './hanging.js';
import {
  answer,
  beginServer,
  query,
  reloadServer,
  serverFile,
  startServer,
  stopServer,
  touchedByStarts,
} from './server.js';
import { detached, until } from './streaming.js';

/** The standby receives what the Primary writes, and replays none of it. */
export async function pauseReplay(lab: Lab): Promise<void> {
  await query(lab.secondary, 'SELECT pg_wal_replay_pause()');
  lab.secondary.undo.push(() => resumeReplay(lab));
  const state = () => answer(lab.secondary, 'SELECT pg_get_wal_replay_pause_state()');
  await until(lab, 'replay is paused', async () => (await state()) === 'paused');
}

/** The standby replays again. */
export async function resumeReplay({ secondary }: Lab): Promise<void> {
  await query(secondary, 'SELECT pg_wal_replay_resume()');
}

/** The standby replays a transaction that many seconds after it was made: a lag falls as slowly as it grew. */
export async function delayReplay({ secondary }: Lab, seconds: number): Promise<void> {
  secondary.undo.push(() => reloadServer(secondary));
  configure(secondary, 'recovery_min_apply_delay', `${seconds}s`);
  await reloadServer(secondary);
}

/** The standby's receiver hangs: it stays attached, and what the Primary writes from now on is nowhere else. */
export async function hangReceiver({ primary, secondary }: Lab): Promise<void> {
  primary.undo.push(() => reloadServer(primary));
  configure(primary, 'wal_sender_timeout', 0);
  await reloadServer(primary);
  await hangProcess(secondary, 'walreceiver');
}

/** The standby replays nothing, though nobody has paused it. */
export async function hangReplay({ secondary }: Lab): Promise<void> {
  await hangProcess(secondary, 'startup');
}

/** The later of two lines counts. */
function configure(host: LabHost, name: string, value: string | number): void {
  const file = serverFile(host, 'postgresql.conf');
  setFile(host, file, `${host.read(file)}${name} = ${value}\n`);
}

/** The standby's server is stopped, and the Primary knows. */
export async function stopStandby(lab: Lab): Promise<void> {
  lab.secondary.undo.push(() => startStandby(lab));
  await stopServer(lab.secondary);
  lab.accept(lab.secondary, touchedByStarts(lab.secondary));
  await detached(lab);
}

/** The standby's server runs, if its configuration lets it. */
export async function startStandby(lab: Lab): Promise<void> {
  await startServer(lab.secondary);
  lab.accept(lab.secondary, touchedByStarts(lab.secondary));
}

const hold = '/opt/alation/env/var/hold';

/** The standby is started again and takes no connections yet: it waits for its archive, which does not answer. */
export async function holdStart(lab: Lab): Promise<void> {
  const { secondary } = lab;
  secondary.undo.push(() => reloadServer(secondary));
  configure(secondary, 'restore_command', `'while test -e ${hold}; do sleep 0.1; done; false'`);
  secondary.undo.push(() => letStart(lab));
  secondary.write(secondary.layout.chroot + hold, '');
  await stopServer(secondary);
  await beginServer(secondary);
  await detached(lab);
}

/** The archive has nothing: the standby that waited for it starts, and streams. */
export async function letStart(lab: Lab): Promise<void> {
  const { secondary } = lab;
  secondary.remove(secondary.layout.chroot + hold);
  await until(lab, 'the standby takes connections', async () => (await answer(secondary, 'SELECT 1')) === '1');
  lab.accept(secondary, touchedByStarts(secondary));
}

/** Takes the Secondary's max_wal_senders up or down, in the product's configuration and in the running server. */
export async function setMaxWalSenders(lab: Lab, value: number): Promise<void> {
  setConf(lab.secondary, 'pgsql.config.max_wal_senders', `${value}`);
  await setRunningWalSenders(lab, value);
}

/** The same in the running server alone, which somebody configured by hand. */
export async function setRunningWalSenders({ secondary }: Lab, value: number): Promise<void> {
  secondary.undo.push(() => restart(secondary));
  configure(secondary, 'max_wal_senders', value);
  await restart(secondary);
}

async function restart(host: LabHost): Promise<void> {
  await stopServer(host);
  await startServer(host);
}
