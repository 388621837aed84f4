/** What preflight says of a cluster with one change: each finding that is judged otherwise than on a healthy one. */
import * as configuration from '../changes/configuration.js';
import * as consul from '../changes/consul.js';
import * as surroundings from '../changes/surroundings.js';
import type { Row } from '../playing.js';
import { a, b, both, id, noRaftLeader, on, overTls, searchNodes, servers, twoServers } from './keys.js';

export const preflightRows: Omit<Row, 'phase'>[] = [
  {
    name: 'two values of ha_enabled',
    change: configuration.haDisabledOnOne,
    changes: { ...on('ha-enabled-everywhere', b, 'fail'), [id('config-agrees')]: 'fail' },
    exit: 1,
  },
  {
    name: 'equal instanceIp',
    change: configuration.equalInstanceIp,
    changes: { [id('instance-ip-unique-and-reachable')]: 'fail' },
    exit: 1,
  },
  {
    name: 'loopback instanceIp, and a proxy on another host',
    change: configuration.loopbackInstanceIp,
    changes: { [id('instance-ip-unique-and-reachable')]: 'fail' },
    exit: 1,
  },
  {
    name: 'loopback instanceIp, and no proxy: a warning',
    change: configuration.loopbackInstanceIp,
    inventory: ({ hosts }) => void delete hosts.front,
    changes: { [id('instance-ip-unique-and-reachable')]: 'fail' },
    exit: 0,
  },
  {
    name: 'two Consul servers: a warning',
    change: (cluster) => consul.serversFromTheStart(cluster, 2),
    changes: twoServers,
    exit: 0,
  },
  { name: 'no Raft leader', change: (cluster) => consul.killServers(cluster, 1, 2), changes: noRaftLeader, exit: 1 },
  {
    name: 'one Consul server of three is dead',
    change: (cluster) => consul.killServers(cluster, 2),
    changes: on('consul-members-agree', ['consul-3'], 'fail'),
    exit: 1,
  },
  {
    name: 'the agent of an instance does not run',
    change: consul.agentDown,
    changes: {
      ...on('consul-agent-reachable', b, 'fail'),
      [id('consul-quorum')]: 'unknown',
      ...on('consul-members-agree', servers, 'unknown'),
    },
    exit: 1,
  },
  {
    name: 'access to Consul denied: status needs none',
    change: (cluster) => consul.deny(cluster),
    changes: {},
    exit: 0,
  },
  {
    name: 'TLS to Consul',
    change: configuration.tls,
    inventory: overTls,
    changes: on('tls-stores', both, 'pass'),
    exit: 0,
  },
  {
    name: 'TLS with the stale password key',
    change: configuration.staleTlsKey,
    inventory: overTls,
    changes: on('tls-stores', both, 'fail'),
    exit: 1,
  },
  {
    name: 'TLS, and a key store that the product cannot read',
    change: async (cluster) => {
      await configuration.tls(cluster);
      await configuration.storeUnreadable(cluster);
    },
    inventory: overTls,
    changes: { ...on('tls-stores', a, 'fail'), ...on('tls-stores', b, 'pass') },
    exit: 1,
  },
  {
    name: 'TLS that the inventory does not know of',
    change: configuration.tls,
    changes: {
      ...on('tls-stores', both, 'pass'),
      ...on('consul-agent-reachable', both, 'unknown'),
      [id('consul-quorum')]: 'unknown',
    },
    exit: 3,
    says: { [`${id('consul-agent-reachable')} [instance-a]`]: /consulAgentPort/ },
  },
  {
    name: 'read-only shared directory',
    change: surroundings.readOnlyShare,
    changes: on('disk-space-threshold', a, 'fail'),
    exit: 1,
  },
  { name: 'full disk', change: surroundings.fullDisk, changes: on('disk-space-threshold', both, 'fail'), exit: 1 },
  {
    name: 'little room: a warning',
    change: (cluster) => surroundings.fullDisk(cluster, 50),
    changes: on('disk-space-threshold', both, 'fail'),
    exit: 0,
  },
  {
    name: 'nothing mounted on one instance',
    change: surroundings.noShare,
    changes: { [id('shared-file-system')]: 'fail' },
    exit: 1,
  },
  {
    name: 'another export mounted on one instance',
    change: surroundings.otherShare,
    changes: { [id('shared-file-system')]: 'fail' },
    exit: 1,
  },
  {
    name: 'red Elasticsearch',
    change: (cluster) => surroundings.search(cluster, { status: 'red' }),
    changes: on('elasticsearch-healthy', searchNodes, 'fail'),
    exit: 1,
  },
  {
    name: 'yellow Elasticsearch: a warning',
    change: (cluster) => surroundings.search(cluster, { status: 'yellow' }),
    changes: on('elasticsearch-healthy', searchNodes, 'fail'),
    exit: 0,
  },
  {
    name: 'one data node',
    change: (cluster) => surroundings.search(cluster, { dataNodes: 1, status: 'yellow' }),
    changes: on('elasticsearch-healthy', searchNodes, 'fail'),
    exit: 1,
  },
  {
    name: 'another Elasticsearch cluster',
    change: (cluster) => surroundings.search(cluster, { clusterName: 'other' }),
    changes: on('elasticsearch-healthy', searchNodes, 'fail'),
    exit: 1,
  },
  {
    name: 'an embedded Elasticsearch',
    change: (cluster) => configuration.configure(cluster, [0, 1], { 'elasticSearch.client': false }),
    changes: on('elasticsearch-remote', both, 'fail'),
    exit: 1,
  },
  {
    name: "the code's defaults: a warning",
    change: (cluster) =>
      configuration.configure(cluster, [0, 1], {
        'ha.consulSessionTTLInSecond': undefined,
        'ha.consulLockDelayInSecond': undefined,
      }),
    changes: on('config-values-sane', both, 'fail'),
    exit: 0,
  },
  {
    name: 'one session time and another',
    change: (cluster) => configuration.configure(cluster, [1], { 'ha.consulSessionTTLInSecond': 90 }),
    changes: { [id('config-agrees')]: 'fail' },
    exit: 1,
  },
  {
    name: 'the agent of another machine: advice',
    change: (cluster) => configuration.configure(cluster, [0, 1], { 'ha.consulAgentIp': cluster.address(51) }),
    inventory: ({ settings }, cluster) => void Object.assign(settings, { consulAgentIp: cluster.address(51) }),
    changes: on('local-consul-agent', both, 'fail'),
    exit: 0,
  },
  {
    name: 'two releases',
    change: (cluster) => configuration.otherRelease(cluster, '3.6.0'),
    changes: { [id('same-version')]: 'fail' },
    exit: 1,
  },
  {
    name: 'no curl on an instance',
    change: surroundings.withoutCurl,
    changes: {
      ...on('consul-agent-reachable', b, 'unknown'),
      [id('consul-quorum')]: 'unknown',
      ...on('consul-members-agree', servers, 'unknown'),
    },
    exit: 3,
  },
];
