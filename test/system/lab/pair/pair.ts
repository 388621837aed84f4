/** A pair after the documented set-up: replicating, monitored, its files in sync. */
import type { LabHost } from '../host.js';
import { type Lab, type LabOptions, startLab } from '../lab.js';
import { stopProduct } from '../processes.js';
import { defaultConf, writeConf } from '../product.js';
import { answer, cloneServer, database, makeServer } from './server.js';
import { firstCopy, syncPath, writeSite } from './site-data.js';
import { caughtUp, until } from './streaming.js';
import { serve } from './website.js';

/** What an inventory says of a pair that no host tells. */
export const pairSettings = {
  postgresSocket: database.socket,
  postgresPort: database.port,
  postgresUser: database.user,
  postgresDatabase: database.name,
  monitorUrl: 'http://localhost/monitor/replication',
  syncPaths: [syncPath],
};

/** Builds a lab and sets its pair up as the document says; the baseline is taken when all of it runs and is idle. */
export async function startPair(options: LabOptions = {}): Promise<Lab> {
  const lab = await startLab(options);
  try {
    await setUp(lab, options);
  } catch (error) {
    await lab.close();
    throw error;
  }
  return lab;
}

async function setUp(lab: Lab, options: LabOptions): Promise<void> {
  const { primary, secondary } = lab;
  configure(primary, secondary, 'master', { ...options.conf, ...options.primary?.conf });
  configure(secondary, primary, 'slave', { ...options.conf, ...options.secondary?.conf });
  const minimal = ['ServerServer', 'TaskServer', 'AuthServer', 'postgres'];
  await Promise.all([stopProduct(primary, ['postgres']), stopProduct(secondary, minimal)]);
  await Promise.all([
    makeServer(primary, secondary).then(() => cloneServer(secondary, primary)),
    writeSite(primary).then(() => firstCopy(lab)),
    serve(primary, { page: 'monitor' }),
  ]);
  lab.settled = async () => {
    await caughtUp(lab);
    const paused = () => answer(secondary, 'SELECT pg_is_wal_replay_paused()');
    await until(lab, 'replay goes on', async () => (await paused()) === 'f');
  };
  await lab.reset();
}

/** What the set-up leaves in the product's configuration. */
function configure(host: LabHost, peer: LabHost, mode: string, own: Record<string, string>): void {
  const cluster = {
    replication_mode: mode,
    hosts: `['${peer.address}/24']`,
    // The Primary could not have wiped a protected Secondary.
    protected_instance: mode === 'master' ? 'True' : 'False',
    override_ip: host.address,
    enable_override_ip: 'True',
  };
  const left = Object.entries(cluster).map(([word, value]) => [`alation.cluster.${word}`, value]);
  writeConf(host, { ...defaultConf(host.address), ...Object.fromEntries(left), ...own });
}
