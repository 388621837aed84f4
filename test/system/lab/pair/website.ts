/** What a host answers on its web ports. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { must } from '../command.js';
import { Daemon } from '../daemon.js';
import type { LabHost } from '../host.js';
import { listens } from '../system.js';
import { psqlWords } from './server.js';

const script = readFileSync(fileURLToPath(new URL('../twins/website.js', import.meta.url)), 'utf8');

/** What there is to see, and how it differs from what is documented. */
export interface Site {
  /** `monitor`: the product of a Primary. `standby`: one page for every path. `login`: the product's pages, all of them. */
  page: 'monitor' | 'standby' | 'login';
  /** http leads to https on the same host, with a certificate that nobody signed. */
  secure?: boolean;
  /** http leads to this address instead; with `secure`, to its https. */
  away?: string;
  /** The monitor's word for every lag, in place of the measured one. */
  lag?: string;
  /** The monitor's word for the mode, in place of the configured one. */
  mode?: string;
  /** All that the monitor says, in place of what is documented. */
  whole?: string;
}

const sites = new WeakMap<LabHost, Site>();

/** What a host answers now; undefined while its web ports are closed. */
export function siteOf(host: LabHost): Site | undefined {
  return sites.get(host);
}

/** Lets a host answer so from now on; without a site its web ports are closed. */
export async function serve(host: LabHost, site: Site | undefined): Promise<void> {
  await host.processes.get('website')?.stop({ forked: true });
  host.processes.delete('website');
  sites.delete(host);
  if (site === undefined) return;
  await start(host, site);
  sites.set(host, site);
}

async function start(host: LabHost, site: Site): Promise<void> {
  const lagQuery = `SELECT host(client_addr), pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)
    FROM pg_stat_replication WHERE state = 'streaming'`;
  const conf = `${host.layout.chroot}/opt/alation/env/var/conf`;
  const certificate = site.secure ? await selfSigned(host) : undefined;
  const words = JSON.stringify({ ...site, certificate, conf, psql: psqlWords(host, lagQuery) });
  const env = ['env', '-i', 'PATH=/usr/bin:/bin', 'LC_ALL=C', `SITE=${words}`];
  const server = new Daemon(host.inside([...env, process.execPath, '--input-type=module', '-']));
  host.processes.set('website', server);
  server.stdin.end(script);
  await server.prints('ready');
  for (const port of site.secure ? [80, 443] : [80]) await listens(host, port);
}

async function selfSigned(host: LabHost): Promise<{ key: string; cert: string }> {
  const files = { key: `${host.folder}/${host.name}.key`, cert: `${host.folder}/${host.name}.crt` };
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const where = ['-subj', `/CN=${host.name}.pflab`, '-keyout', files.key, '-out', files.cert];
  await must(['openssl', 'req', ...kind, ...where]);
  return { key: readFileSync(files.key, 'utf8'), cert: readFileSync(files.cert, 'utf8') };
}
