/** The cluster itself: what its parts answer to curl, from where pairflight would ask, healthy and with each change. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { clientWords } from './certificates.js';
import * as configuration from './changes/configuration.js';
import * as consul from './changes/consul.js';
import * as leadership from './changes/leadership.js';
import * as surroundings from './changes/surroundings.js';
import { type Cluster, startCluster } from './cluster.js';
import { runtime, user } from './configuration.js';
import { ask, inNetwork, type Reply } from './curl.js';
import { leaderKey } from './instance.js';
import { places } from './machines.js';
import { describeCluster } from './requirements.js';

interface Check {
  Status: string;
  ServiceID: string;
}

describeCluster('the cluster', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterEach(() => cluster.reset());
  afterAll(() => cluster?.close());

  const on = (index: 0 | 1, url: string, words: readonly string[] = []): Promise<Reply> =>
    ask(inNetwork(cluster.hosts[index].holder), url, { words });
  const agent = (index: 0 | 1, path: string) => on(index, `http://127.0.0.1:8500${path}`);
  const json = async (index: 0 | 1, path: string) => JSON.parse((await agent(index, path)).body);
  const lock = async (index: 0 | 1 = 0) => (await json(index, `/v1/kv/${leaderKey}`))[0];
  const decoded = (value: string) => Buffer.from(value, 'base64').toString();
  const product = (index: 0 | 1, path: string) => on(index, `http://localhost:8088${path}`);
  const health = async () =>
    Promise.all(([0, 1] as const).map(async (index) => (await product(index, '/rest/admin/health')).status));
  const served = async () =>
    Promise.all(([0, 1] as const).map(async (index) => (await product(index, '/rest/latest/auth/status')).status));
  const front = () => on(1, `http://${cluster.address(places.proxy)}/rest/latest/auth/status`);
  const nameOf = async (session: string, index: 0 | 1 = 0) =>
    (await json(index, `/v1/session/info/${session}`))[0]?.Name;
  const statuses = async (): Promise<Record<string, string>> => {
    const checks = (await json(0, '/v1/health/checks/a4c')) as Check[];
    return Object.fromEntries(checks.map((check) => [check.ServiceID, check.Status]));
  };
  const shared = (index: 0 | 1, ...words: string[]) => cluster.hosts[index].exec(words);
  const asUser = ['setpriv', `--reuid=${user.uid}`, `--regid=${user.uid}`, '--clear-groups'];

  it('is healthy: instance-a leads, instance-b stands by', async () => {
    const [a, b] = cluster.hosts;
    const held = await lock();
    expect(decoded(held.Value)).toBe(`${a.address}:8088`);
    expect(held.LockIndex).toBe(1);
    expect(await nameOf(held.Session)).toBe(`a4c_${a.address}_session`);
    expect(await lock(1)).toEqual(held);
    expect(await statuses()).toEqual({
      [`a4cHealthCheck:${a.address}`]: 'passing',
      [`a4cHealthCheck:${b.address}`]: 'passing',
    });
    expect(await json(0, '/v1/session/list')).toHaveLength(2);
    expect(await json(1, '/v1/status/leader')).toBe(`${cluster.address(51)}:8300`);
    expect(await json(1, '/v1/status/peers')).toHaveLength(3);
    expect(await health()).toEqual([200, 200]);
    expect((await product(1, '/rest/admin/health')).body).toBe('{"status":"UP"}');
    expect(await served()).toEqual([200, 404]);
    expect(await front()).toMatchObject({ status: 200, headers: { server: expect.stringMatching(/^nginx/) } });
  });

  it('has agents on the loopback only, and servers that the runner reaches', async () => {
    const [a] = cluster.hosts;
    expect((await on(1, `http://${a.address}:8500/v1/status/leader`)).error).toContain('Failed to connect');
    expect((await ask([], `http://${cluster.address(52)}:8500/v1/status/leader`)).status).toBe(200);
  });

  it('tells a healthy Elasticsearch, on each node and from here', async () => {
    for (const [index, node] of cluster.searchNodes.entries()) {
      const url = `http://${node}:9200/_cluster/health`;
      const { status, body } = index === 0 ? await on(0, url) : await ask([], url);
      expect([status, JSON.parse(body)]).toMatchObject([
        200,
        {
          cluster_name: 'escluster',
          status: 'green',
          timed_out: false,
          number_of_data_nodes: 2,
          unassigned_shards: 0,
          active_shards_percent_as_number: 100,
        },
      ]);
    }
    const settings = JSON.parse((await ask([], `http://${cluster.searchNodes[0]}:9200/_settings`)).body);
    expect(settings.deployment.settings.index.number_of_replicas).toBe('1');
    cluster.search.version = '1.7.0';
    const old = JSON.parse((await ask([], `http://${cluster.searchNodes[0]}:9200/_cluster/health`)).body);
    expect(old).not.toHaveProperty('active_shards_percent_as_number');
    cluster.search.version = '6.8.22';
  });

  it('shares a file system over the network', async () => {
    await shared(0, ...asUser, 'touch', `${runtime}/seen`);
    expect((await shared(1, 'ls', runtime)).stdout).toContain('seen');
    expect((await shared(1, 'findmnt', '-no', 'FSTYPE,SOURCE', runtime)).stdout).toMatch(
      /^fuse\.sshfs +a4c@\S+:\/srv\/a4c\n$/,
    );
    await shared(1, 'rm', `${runtime}/seen`);
  });

  it('elects instance-b when instance-a stops, and leaves a critical entry behind', async () => {
    const [a, b] = cluster.instances;
    await a.stop();
    await cluster.pass(5);
    await cluster.proxy.follow();
    expect(decoded((await lock()).Value)).toBe(b.value);
    expect((await lock()).LockIndex).toBe(2);
    expect(await statuses()).toEqual({ [a.serviceId]: 'critical', [b.serviceId]: 'passing' });
    expect((await front()).status).toBe(200);
  });

  it('elects instance-b when instance-a is unwell', async () => {
    await leadership.leaderUnwell(cluster);
    expect(await health()).toEqual([503, 200]);
    expect(await served()).toEqual([404, 200]);
    expect(decoded((await lock()).Value)).toBe(cluster.instances[1].value);
    expect((await front()).status).toBe(200);
  });

  it('ha_enabled false on one: both serve, one is registered', async () => {
    await configuration.haDisabledOnOne(cluster);
    expect(await served()).toEqual([200, 200]);
    expect(Object.keys(await statuses())).toEqual([cluster.instances[0].serviceId]);
  });

  it('equal instanceIp: two checks and two sessions of one name', async () => {
    await configuration.equalInstanceIp(cluster);
    const checks = (await json(0, '/v1/health/checks/a4c')) as Check[];
    expect(new Set(checks.map((check) => check.ServiceID)).size).toBe(1);
    expect(checks).toHaveLength(2);
    const names = (await json(0, '/v1/session/list')).map((session: { Name: string }) => session.Name);
    expect(new Set(names).size).toBe(1);
    expect(names).toHaveLength(2);
  });

  it('loopback instanceIp: the key leads the proxy to itself', async () => {
    await configuration.loopbackInstanceIp(cluster);
    expect(decoded((await lock()).Value)).toBe('127.0.0.1:8088');
    expect(await served()).toEqual([200, 404]);
    expect((await front()).status).toBe(502);
  });

  it('two servers: a leader, two peers', async () => {
    await consul.serversFromTheStart(cluster, 2);
    expect(await json(0, '/v1/status/peers')).toHaveLength(2);
    expect(await json(0, '/v1/status/leader')).not.toBe('');
    await consul.killServers(cluster, 1);
    expect(await json(0, '/v1/status/leader')).toBe('');
  });

  it('no Raft leader: an empty text, and 500 for what must be consistent', async () => {
    await consul.killServers(cluster, 1, 2);
    expect(await agent(0, '/v1/status/leader')).toMatchObject({ status: 200, body: '""' });
    expect(await json(0, '/v1/status/peers')).toHaveLength(3);
    expect(await agent(0, `/v1/kv/${leaderKey}`)).toMatchObject({
      status: 500,
      body: 'rpc error making call: No cluster leader',
    });
    expect((await ask([], `http://${cluster.address(52)}:8500/v1/status/leader`)).error).toContain('Failed to connect');
  });

  it('lock without session: the old value, nobody serves', async () => {
    await leadership.lockWithoutSession(cluster);
    const held = await lock();
    expect(held).not.toHaveProperty('Session');
    expect(decoded(held.Value)).toBe(cluster.instances[0].value);
    expect(await served()).toEqual([404, 404]);
  });

  it('session of the other instance', async () => {
    await leadership.sessionOfTheOther(cluster);
    const held = await lock();
    expect(decoded(held.Value)).toBe(cluster.instances[0].value);
    expect(await nameOf(held.Session)).toBe(`a4c_${cluster.instances[1].instanceIp}_session`);
  });

  it('failing check of the lock holder', async () => {
    await leadership.leaderCheckFails(cluster);
    const [a, b] = cluster.instances;
    expect(await statuses()).toEqual({ [a.serviceId]: 'critical', [b.serviceId]: 'passing' });
    expect(await nameOf((await lock()).Session)).toBe(`a4c_${a.instanceIp}_session`);
  });

  it('stale critical entry', async () => {
    await consul.staleEntry(cluster);
    expect(Object.values(await statuses()).sort()).toEqual(['critical', 'passing', 'passing']);
  });

  it.each([
    ['yellow', [200, 200]],
    ['red', [503, 503]],
  ] as const)('Elasticsearch %s', async (status, expected) => {
    await surroundings.search(cluster, { status });
    const health200 = JSON.parse((await on(0, `http://${cluster.searchNodes[0]}:9200/_cluster/health`)).body);
    expect(health200.status).toBe(status);
    expect(health200.unassigned_shards).toBeGreaterThan(0);
    expect(await health()).toEqual(expected);
    expect('Session' in (await lock())).toBe(status === 'yellow');
  });

  it('TLS: https with a certificate of the client, and not without', async () => {
    await configuration.tls(cluster);
    const url = `https://localhost:8501/v1/kv/${leaderKey}`;
    const trusting = clientWords(cluster.machines.certificates, { withCertificate: false });
    expect(
      (await on(0, 'https://127.0.0.1:8501/v1/status/leader', clientWords(cluster.machines.certificates))).status,
    ).toBe(200);
    expect((await on(0, 'https://127.0.0.1:8501/v1/status/leader', trusting)).error).toMatch(/certificate/i);
    expect((await on(0, url)).error).toMatch(/certificate/i);
    expect(await served()).toEqual([200, 404]);
  });

  it('TLS with the stale key: nobody is registered', async () => {
    await configuration.staleTlsKey(cluster);
    expect(await json(0, '/v1/health/checks/a4c')).toEqual([]);
    expect(await agent(0, `/v1/kv/${leaderKey}`)).toMatchObject({ status: 404, body: '' });
    expect(await health()).toEqual([200, 200]);
  });

  it('read-only share: instance-a is DOWN, instance-b leads', async () => {
    await surroundings.readOnlyShare(cluster);
    expect((await shared(0, ...asUser, 'test', '-w', runtime)).code).toBe(1);
    expect(await health()).toEqual([503, 200]);
    expect(await served()).toEqual([404, 200]);
  });

  it('full disk: both are DOWN, nobody leads', async () => {
    await surroundings.fullDisk(cluster);
    expect(await health()).toEqual([503, 503]);
    expect(await lock()).not.toHaveProperty('Session');
  });

  it('other share, no share', async () => {
    const source = (index: 0 | 1) =>
      shared(index, 'findmnt', '-no', 'SOURCE', runtime).then((ran) => ran.stdout.trim());
    await surroundings.otherShare(cluster);
    expect(await source(0)).toMatch(/:\/srv\/a4c\/other$/);
    expect(await source(1)).toMatch(/:\/srv\/a4c$/);
    await cluster.reset();
    await surroundings.noShare(cluster);
    expect(await source(0)).toBe('');
    expect(await health()).toEqual([200, 200]);
  });

  it('flapping: the lock index grows', async () => {
    leadership.flapping(cluster);
    const before = (await lock()).LockIndex;
    await expect.poll(async () => (await lock()).LockIndex, { timeout: 10_000 }).toBeGreaterThan(before + 2);
  });

  it('access denied: 403 for the key, empty lists', async () => {
    consul.deny(cluster, [], { reader: ['key:read', 'session:read', 'node:read', 'service:read'] });
    expect(await agent(0, `/v1/kv/${leaderKey}`)).toMatchObject({
      status: 403,
      body: 'rpc error making call: Permission denied',
    });
    expect(await agent(0, '/v1/session/list')).toMatchObject({ status: 200, body: '[]' });
    expect(await json(0, '/v1/status/peers')).toHaveLength(3);
  });

  it('split brain: each agent has its own holder, both serve', async () => {
    await consul.splitBrain(cluster);
    expect(decoded((await lock(0)).Value)).toBe(cluster.instances[0].value);
    expect(decoded((await lock(1)).Value)).toBe(cluster.instances[1].value);
    expect(await json(0, '/v1/status/leader')).not.toBe(await json(1, '/v1/status/leader'));
    expect(await served()).toEqual([200, 200]);
  });

  it('proxy behind, proxy down', async () => {
    await surroundings.proxyBehind(cluster);
    expect((await front()).status).toBe(404);
    await surroundings.proxyDown(cluster);
    expect((await front()).error).toContain('Failed to connect');
  });

  it('agent down, backup down', async () => {
    await consul.agentDown(cluster);
    expect((await agent(1, '/v1/status/leader')).error).toContain('Failed to connect');
    await cluster.reset();
    await leadership.backupDown(cluster);
    expect((await product(1, '/rest/admin/health')).error).toContain('Failed to connect');
    expect(Object.values(await statuses()).sort()).toEqual(['critical', 'passing']);
  });

  it('is as it was after a change, file by file', async () => {
    await surroundings.fullDisk(cluster);
    await configuration.otherRelease(cluster, '3.6.0');
    expect(cluster.changedFiles()).not.toEqual([]);
    await cluster.reset();
    expect(cluster.changedFiles()).toEqual([]);
  });
});
