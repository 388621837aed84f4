/** What verify says of a cluster with one change: each finding that is judged otherwise than on a healthy one. */
import * as configuration from '../changes/configuration.js';
import * as consul from '../changes/consul.js';
import * as leadership from '../changes/leadership.js';
import * as surroundings from '../changes/surroundings.js';
import { type Row, token } from '../playing.js';
import {
  a,
  b,
  both,
  id,
  noRaftLeader,
  nothingOfTheLock,
  on,
  overTls,
  searchNodes,
  servers,
  twoServers,
} from './keys.js';

export const verifyRows: Omit<Row, 'phase'>[] = [
  {
    name: 'ha_enabled false on one: a leader de facto',
    change: configuration.haDisabledOnOne,
    changes: {
      ...on('ha-enabled-everywhere', b, 'fail'),
      ...on('checks-passing', b, 'fail'),
      ...on('backups-are-passive', b, 'fail'),
      [id('proxy-follows-leader')]: 'fail',
    },
    exit: 1,
  },
  {
    name: 'loopback instanceIp',
    change: configuration.loopbackInstanceIp,
    changes: {
      [id('instance-ip-unique-and-reachable')]: 'fail',
      [id('proxy-follows-leader')]: 'fail',
      [id('exactly-one-leader')]: 'unknown',
      ...on('checks-passing', a, 'unknown'),
      ...on('backups-are-passive', a, 'unknown'),
    },
    exit: 1,
  },
  {
    name: 'two Consul servers: a warning',
    change: (cluster) => consul.serversFromTheStart(cluster, 2),
    changes: twoServers,
    exit: 0,
  },
  {
    name: 'no Raft leader',
    change: (cluster) => consul.killServers(cluster, 1, 2),
    changes: { ...noRaftLeader, ...nothingOfTheLock(both) },
    exit: 1,
  },
  {
    name: 'lock without session',
    change: leadership.lockWithoutSession,
    changes: {
      [id('exactly-one-leader')]: 'fail',
      [id('proxy-follows-leader')]: 'fail',
      ...on('backups-are-passive', both, 'unknown'),
    },
    exit: 1,
  },
  {
    name: 'session of the other instance',
    change: leadership.sessionOfTheOther,
    changes: { [id('exactly-one-leader')]: 'fail' },
    exit: 1,
  },
  {
    name: 'failing check of the lock holder',
    change: leadership.leaderCheckFails,
    changes: {
      [id('exactly-one-leader')]: 'fail',
      ...on('checks-passing', both, 'fail'),
      ...on('health-endpoint', a, 'fail'),
    },
    exit: 1,
  },
  {
    name: 'stale critical entry: a warning',
    change: consul.staleEntry,
    changes: on('checks-passing', both, 'fail'),
    exit: 0,
  },
  {
    name: 'an instance that is unwell, and the other leads',
    change: leadership.leaderUnwell,
    changes: { ...on('checks-passing', both, 'fail'), ...on('health-endpoint', a, 'fail') },
    exit: 1,
  },
  {
    name: 'yellow Elasticsearch: a warning',
    change: (cluster) => surroundings.search(cluster, { status: 'yellow' }),
    changes: on('elasticsearch-healthy', searchNodes, 'fail'),
    exit: 0,
  },
  {
    name: 'red Elasticsearch: nobody leads',
    change: (cluster) => surroundings.search(cluster, { status: 'red' }),
    changes: {
      ...on('elasticsearch-healthy', searchNodes, 'fail'),
      ...on('health-endpoint', both, 'fail'),
      ...on('checks-passing', both, 'fail'),
      [id('exactly-one-leader')]: 'fail',
      [id('proxy-follows-leader')]: 'fail',
      ...on('backups-are-passive', both, 'unknown'),
    },
    exit: 1,
  },
  {
    name: 'one data node',
    change: (cluster) => surroundings.search(cluster, { dataNodes: 1, status: 'yellow' }),
    changes: on('elasticsearch-healthy', searchNodes, 'fail'),
    exit: 1,
  },
  {
    name: 'read-only shared directory, and the other leads',
    change: surroundings.readOnlyShare,
    changes: {
      ...on('disk-space-threshold', a, 'fail'),
      ...on('health-endpoint', a, 'fail'),
      ...on('checks-passing', both, 'fail'),
    },
    exit: 1,
  },
  {
    name: 'full disk: nobody leads',
    change: surroundings.fullDisk,
    changes: {
      ...on('disk-space-threshold', both, 'fail'),
      ...on('health-endpoint', both, 'fail'),
      ...on('checks-passing', both, 'fail'),
      [id('exactly-one-leader')]: 'fail',
      [id('proxy-follows-leader')]: 'fail',
      ...on('backups-are-passive', both, 'unknown'),
    },
    exit: 1,
  },
  {
    name: 'a lead that changes hands: a warning',
    change: leadership.flapping,
    only: id('leader-stable'),
    changes: on('leader-stable', both, 'fail'),
    exit: 0,
  },
  {
    name: 'access to Consul denied',
    change: (cluster) => consul.deny(cluster),
    changes: nothingOfTheLock(both),
    exit: 3,
  },
  {
    name: 'access to Consul with a token',
    change: (cluster) =>
      consul.deny(cluster, [], { [token]: ['key:read', 'session:read', 'node:read', 'service:read'] }),
    env: { CONSUL_HTTP_TOKEN: token },
    changes: {},
    exit: 0,
  },
  {
    name: 'a token that may not see sessions',
    change: (cluster) => consul.deny(cluster, [], { [token]: ['key:read', 'node:read', 'service:read'] }),
    env: { CONSUL_HTTP_TOKEN: token },
    changes: { [id('exactly-one-leader')]: 'unknown' },
    exit: 3,
  },
  {
    name: 'a token that may not see services',
    change: (cluster) => consul.deny(cluster, [], { [token]: ['key:read', 'session:read'] }),
    env: { CONSUL_HTTP_TOKEN: token },
    changes: { [id('exactly-one-leader')]: 'unknown', ...on('checks-passing', both, 'unknown') },
    exit: 3,
  },
  {
    name: 'a token that Consul does not know',
    change: (cluster) => consul.deny(cluster),
    env: { CONSUL_HTTP_TOKEN: token },
    changes: nothingOfTheLock(both),
    exit: 3,
  },
  {
    name: 'two Consul clusters, two leaders',
    change: consul.splitBrain,
    changes: {
      [id('consul-quorum')]: 'fail',
      ...on('consul-members-agree', servers, 'unknown'),
      [id('exactly-one-leader')]: 'fail',
      [id('proxy-follows-leader')]: 'fail',
    },
    exit: 1,
  },
  {
    name: 'the proxy leads to the backup',
    change: surroundings.proxyBehind,
    changes: { [id('proxy-follows-leader')]: 'fail' },
    exit: 1,
  },
  {
    name: 'nothing answers at the proxy',
    change: surroundings.proxyDown,
    changes: { [id('proxy-follows-leader')]: 'fail' },
    exit: 1,
  },
  {
    name: 'the agent of an instance does not run',
    change: consul.agentDown,
    changes: {
      ...on('consul-agent-reachable', b, 'fail'),
      [id('consul-quorum')]: 'unknown',
      ...on('consul-members-agree', servers, 'unknown'),
      ...nothingOfTheLock(b),
    },
    exit: 1,
  },
  {
    name: 'the backup does not run',
    change: leadership.backupDown,
    changes: {
      ...on('health-endpoint', b, 'fail'),
      ...on('checks-passing', both, 'fail'),
      ...on('backups-are-passive', b, 'unknown'),
    },
    exit: 1,
  },
  { name: 'over TLS', change: configuration.tls, inventory: overTls, changes: {}, exit: 0 },
  {
    name: "a Consul of today, which tells a session's checks in other words",
    change: (cluster) => {
      cluster.consul.version = '1.18.1';
    },
    changes: {},
    exit: 0,
  },
  {
    name: 'access denied by a Consul of today',
    change: (cluster) => {
      cluster.consul.version = '1.18.1';
      consul.deny(cluster);
    },
    changes: nothingOfTheLock(both),
    exit: 3,
  },
];
