/** Work for a Primary: WAL that says nothing and leaves the databases as they are. */
import { Daemon } from '../daemon.js';
import type { Lab } from '../lab.js';
import { answer, psqlWords, query } from './server.js';
import { until, walPosition } from './streaming.js';

const message = (bytes: number | string) => `pg_logical_emit_message(true, 'pflab', repeat('x', ${bytes}))`;

/** Writes so many MiB of WAL on the Primary at once, and nothing else: the databases stay as they are. */
export async function writeLoad({ primary }: Lab, mebibytes: number): Promise<void> {
  await query(primary, `SELECT count(${message(1024 * 1024)}) FROM generate_series(1, ${mebibytes})`);
}

const loadName = 'pflab-load';

/** Writes WAL on the Primary steadily, ten small transactions a second; ends by itself after that many seconds. */
export async function startLoad(lab: Lab, kibibytesPerSecond = 1024, seconds = 120): Promise<void> {
  const { primary } = lab;
  const each = Math.ceil((kibibytesPerSecond * 1024) / 10);
  const steps = `PERFORM ${message(each)}; COMMIT; PERFORM pg_sleep(0.1)`;
  const loop = `DO $$ BEGIN FOR step IN 1..${seconds * 10} LOOP ${steps}; END LOOP; END $$`;
  const before = await walPosition(lab);
  const env = ['env', `PGAPPNAME=${loadName}`];
  primary.processes.set(loadName, new Daemon(primary.inside([...env, ...psqlWords(primary, loop)])));
  primary.undo.push(() => stopLoad(lab));
  await until(lab, 'the load moves the WAL position', async () => (await walPosition(lab)) > before);
}

/** Ends the steady load, if there is one. */
export async function stopLoad({ primary }: Lab): Promise<void> {
  const load = primary.processes.get(loadName);
  primary.processes.delete(loadName);
  if (load === undefined) return;
  const own = `application_name = '${loadName}'`;
  await answer(primary, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${own}`);
  await load.exited;
}
