/** Keys of findings, and sets of them that rows have in common. */
import type { ClusterInventory } from '../inventory.js';
import type { Row } from '../playing.js';
import { operatorTls } from '../product.js';

type Verdicts = Row['changes'];

export const id = (rule: string) => `alien4cloud/${rule}`;

/** The same verdict for a rule on several hosts. */
export const on = (rule: string, hosts: string[], verdict: Verdicts[string]): Verdicts =>
  Object.fromEntries(hosts.map((host) => [`${id(rule)} [${host}]`, verdict]));

export const a = ['instance-a'];
export const b = ['instance-b'];
export const both = [...a, ...b];
export const searchNodes = ['search-1', 'search-2'];
export const servers = ['consul-1', 'consul-2', 'consul-3'];

/** What an inventory says of agents that speak TLS and want a certificate of their callers; the files lie on the instances. */
export function overTls({ settings, hosts }: ClusterInventory): void {
  const { ca, cert, key } = operatorTls;
  const files = { consulCaFile: ca, consulCertFile: cert, consulKeyFile: key };
  Object.assign(settings, { consulScheme: 'https', consulAgentPort: 8501, consulServerPort: 8501, ...files });
  for (const name of servers) if (hosts[name]) hosts[name].via = 'instance-a';
}

/** Everything that rests on the lock, its session and the checks, where agents answer with errors. */
export const nothingOfTheLock = (hosts: string[]): Verdicts => ({
  [id('exactly-one-leader')]: 'unknown',
  ...on('leader-stable', hosts, 'unknown'),
  ...on('checks-passing', hosts, 'unknown'),
  ...on('backups-are-passive', hosts, 'unknown'),
  [id('proxy-follows-leader')]: 'unknown',
});

export const noRaftLeader: Verdicts = { [id('consul-quorum')]: 'fail', ...on('consul-members-agree', servers, 'fail') };
export const twoServers: Verdicts = {
  [id('consul-quorum')]: 'fail',
  ...on('consul-members-agree', ['consul-3'], 'absent'),
};
