/** Things that happen between the hosts of a pair. Each knows how it is undone; what heals while a run goes on is here too. */
import { must } from '../command.js';
import type { LabHost } from '../host.js';
import type { Lab } from '../lab.js';
import { answer, database, startServer, stopServer, touchedByStarts } from './server.js';
import { caughtUp, detached, until } from './streaming.js';

const table = 'pflab_replication';

/** A firewall between the hosts swallows what belongs to the replication, and both servers have noticed. */
export async function cutReplication(lab: Lab): Promise<void> {
  const { primary, secondary } = lab;
  const rules = [
    `add table ip ${table}`,
    `add chain ip ${table} input { type filter hook input priority 0; }`,
    `add chain ip ${table} output { type filter hook output priority 0; }`,
    `add rule ip ${table} input ip saddr ${secondary.address} tcp dport ${database.port} drop`,
    `add rule ip ${table} output ip daddr ${secondary.address} tcp sport ${database.port} drop`,
  ];
  await must(primary.inside(['nft', '-f', '-']), { input: `${rules.join('\n')}\n` });
  primary.undo.push(() => removeTable(primary));
  await detached(lab);
  await receiverGone(lab);
}

/** The firewall's rule is gone, and the standby has caught up. */
export async function healReplication(lab: Lab): Promise<void> {
  await removeTable(lab.primary);
  await caughtUp(lab);
}

async function removeTable(host: LabHost): Promise<void> {
  await host.exec(['nft', 'delete', 'table', 'ip', table]);
}

/** The standby knows that its Primary is gone; one that does not run has nothing to know. */
function receiverGone(lab: Lab): Promise<void> {
  const rows = () => answer(lab.secondary, `SELECT status FROM pg_stat_wal_receiver WHERE status = 'streaming'`);
  return until(lab, 'the standby has lost its Primary', async () => (await rows()) === '');
}

/** The Primary is dead to everybody: its cable is pulled. `silent` instead swallows every packet, as a far firewall does. */
export async function powerOff(lab: Lab, { silent = false } = {}): Promise<void> {
  if (silent) await swallowEverything(lab.primary);
  else await lab.network.setLink(lab.primary.name, 'down');
  lab.primary.undo.push(async () => {
    if (silent) await removeTable(lab.primary);
    else await lab.network.setLink(lab.primary.name, 'up');
  });
  await receiverGone(lab);
  await detached(lab);
}

async function swallowEverything(host: LabHost): Promise<void> {
  const chains = ['input', 'output'].flatMap((hook) => [
    `add chain ip ${table} ${hook} { type filter hook ${hook} priority 0; }`,
    `add rule ip ${table} ${hook} ${hook === 'input' ? 'iif' : 'oif'}name eth0 drop`,
  ]);
  await must(host.inside(['nft', '-f', '-']), { input: `add table ip ${table}\n${chains.join('\n')}\n` });
}

/** A host has one more address, which is its own; nobody else has a way to it. */
export async function addAddress(host: LabHost, address: string): Promise<void> {
  const change = (verb: 'add' | 'del') => host.inside(['ip', 'address', verb, `${address}/32`, 'dev', 'lo']);
  await must(change('add'));
  host.undo.push(async () => void (await must(change('del'))));
}

/** The Primary's server is stopped, and its host lives; the standby has all that was written. */
export async function stopPrimary(lab: Lab): Promise<void> {
  const { primary } = lab;
  primary.undo.push(async () => {
    await startServer(primary);
    lab.accept(primary, touchedByStarts(primary));
  });
  await stopServer(primary);
  await receiverGone(lab);
}
