/** Things that are wrong with a pair that was set up. Each knows how it is undone, as those of a single host do. */
import { setConf, setFile } from '../faults.js';
import type { LabHost } from '../host.js';
import { authorizedKeys, replicationLogin } from '../key-exchange.js';
import type { Lab } from '../lab.js';
import { checkedPorts } from '../product.js';
import { type Site, serve, siteOf } from './website.js';

const cluster = (word: string) => `alation.cluster.${word}`;

/** Lets a host answer otherwise on its web ports; without a site they are closed. Undone, it answers as before. */
export async function answerWith(host: LabHost, site: Site | undefined): Promise<void> {
  const before = siteOf(host);
  await serve(host, site);
  host.undo.push(() => serve(host, before));
}

/** The Primary's list of the pair is empty. */
export function emptyHosts({ primary }: Lab): void {
  setConf(primary, cluster('hosts'), '[]');
}

/** The Secondary's configuration says that it is a master too. */
export function secondMaster({ secondary }: Lab): void {
  setConf(secondary, cluster('replication_mode'), 'master');
}

/** replication_port_check of a host tries one more port, on which nothing listens; nothing else is touched. */
export function failPortCheck(host: LabHost): void {
  setFile(host, checkedPorts(host), '22 5432 6543\n');
}

/** The Primary greets the login that copies. */
export function greetCopying({ primary }: Lab): void {
  setFile(primary, `${replicationLogin.home}/.bashrc`, 'echo "Welcome to the Primary"\n');
}

/** A host lets its peer's key in no more. */
export function refuseKey(host: LabHost): void {
  setFile(host, authorizedKeys, '');
}
