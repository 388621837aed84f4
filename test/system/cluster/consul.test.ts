import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConsulAgent, ConsulCluster } from './consul.js';
import { makeDueChecks } from './consul-register.js';
import { Clock } from './consul-store.js';
import { ask, type Reply } from './curl.js';
import { type Ear, listen, sendJson } from './ear.js';

const key = 'service/a4c/leader';

describe('the stand-in for Consul', () => {
  let clock: Clock;
  let cluster: ConsulCluster;
  let one: ConsulAgent;
  let other: ConsulAgent;
  let base: string;
  let health = 200;
  let product: Ear;

  const get = (path: string, token?: string): Promise<Reply> =>
    ask([], `${base}${path}`, token === undefined ? {} : { headers: { 'X-Consul-Token': token } });
  const json = async (path: string, token?: string) => JSON.parse((await get(path, token)).body);
  const put = async (path: string, body: unknown = '', at = base) =>
    ask([], `${at}${path}`, { method: 'PUT', body: typeof body === 'string' ? body : JSON.stringify(body) });

  async function start(version = '1.2.3'): Promise<void> {
    cluster = new ConsulCluster(clock, { version, servers: ['10.1.10.1', '10.1.10.2', '10.1.10.3'] });
    one = new ConsulAgent(cluster, 'node-1', '10.0.0.1');
    other = new ConsulAgent(cluster, 'node-2', '10.0.0.2');
    base = `http://127.0.0.1:${await one.listen({ address: '127.0.0.1', port: 0 })}`;
  }

  async function registered(ip = '10.0.0.1'): Promise<string> {
    const id = `a4cHealthCheck:${ip}`;
    const check = { HTTP: `http://127.0.0.1:${product.port}/rest/admin/health`, Interval: '5s' };
    await put('/v1/agent/service/register', { ID: id, Name: 'a4c', Address: ip, Port: 8088, Check: check });
    return `service:${id}`;
  }

  async function pass(seconds: number): Promise<void> {
    clock.ms += seconds * 1000;
    cluster.expire();
    for (const agent of [one, other]) await makeDueChecks(agent, undefined);
  }

  async function session(wanted: object = {}): Promise<string> {
    const { body, status } = await put('/v1/session/create', wanted);
    expect(status, body).toBe(200);
    return JSON.parse(body).ID;
  }

  const locked = async (id: string, value = '10.0.0.1:8088') => (await put(`/v1/kv/${key}?acquire=${id}`, value)).body;

  beforeEach(async () => {
    clock = new Clock();
    health = 200;
    product = await listen({ address: '127.0.0.1', port: 0 }, (_, response) =>
      sendJson(response, health, { status: 'UP' }),
    );
    await start();
  });
  afterEach(() => Promise.all([one.close(), other.close(), product.close()]));

  describe('keys', () => {
    it('answers 404 without a body for a key that nobody ever took', async () => {
      expect(await get(`/v1/kv/${key}`)).toMatchObject({ status: 404, body: '' });
    });

    it('names the session of the holder, counts acquisitions, keeps the value when the lock is given back', async () => {
      const id = await session();
      expect(await locked(id)).toBe('true');
      const [held] = await json(`/v1/kv/${key}`);
      expect(held).toEqual({
        LockIndex: 1,
        Key: key,
        Flags: 0,
        Value: 'MTAuMC4wLjE6ODA4OA==',
        Session: id,
        CreateIndex: held.CreateIndex,
        ModifyIndex: held.ModifyIndex,
      });
      // The holder may write again: no new acquisition.
      expect(await locked(id)).toBe('true');
      expect(await json(`/v1/kv/${key}`)).toMatchObject([{ LockIndex: 1 }]);
      expect((await put(`/v1/kv/${key}?release=${id}`, '10.0.0.1:8088')).body).toBe('true');
      const [free] = await json(`/v1/kv/${key}`);
      expect(free).toMatchObject({ LockIndex: 1, Value: 'MTAuMC4wLjE6ODA4OA==' });
      expect(free).not.toHaveProperty('Session');
      expect(free.ModifyIndex).toBeGreaterThan(held.ModifyIndex);
      expect(await locked(id)).toBe('true');
      expect(await json(`/v1/kv/${key}`)).toMatchObject([{ LockIndex: 2 }]);
      expect(await get(`/v1/kv/${key}?raw`)).toMatchObject({
        body: '10.0.0.1:8088',
        headers: { 'content-type': 'text/plain' },
      });
    });

    it('does not let another session take a lock, nor give it back', async () => {
      const [id, thief] = [await session(), await session()];
      await locked(id);
      expect(await locked(thief, '10.0.0.2:8088')).toBe('false');
      expect((await put(`/v1/kv/${key}?release=${thief}`, '')).body).toBe('false');
      expect(await json(`/v1/kv/${key}`)).toMatchObject([{ Session: id, Value: 'MTAuMC4wLjE6ODA4OA==', LockIndex: 1 }]);
      expect(await put(`/v1/kv/${key}?acquire=00000000-0000-0000-0000-000000000000`)).toMatchObject({ status: 500 });
    });
  });

  describe('sessions', () => {
    it('tells the lock delay in nanoseconds, and the checks in the words of its version', async () => {
      const check = await registered();
      await pass(5);
      const wanted = { Name: 'a4c_10.0.0.1_session', Checks: [check], TTL: '60s', LockDelay: '15s' };
      const shape = {
        Name: 'a4c_10.0.0.1_session',
        Node: 'node-1',
        LockDelay: 15_000_000_000,
        Behavior: 'release',
        TTL: '60s',
      };
      const old = await session(wanted);
      const [before] = await json(`/v1/session/info/${old}`);
      expect(before).toEqual({
        ID: old,
        ...shape,
        Checks: [check],
        CreateIndex: before.CreateIndex,
        ModifyIndex: before.ModifyIndex,
      });
      cluster.version = '1.18.1';
      const modern = await session({ Name: 'm', NodeChecks: ['serfHealth'], ServiceChecks: [{ ID: check }] });
      expect(await json(`/v1/session/info/${modern}`)).toMatchObject([
        { NodeChecks: ['serfHealth'], ServiceChecks: [{ ID: check, Namespace: '' }] },
      ]);
      expect((await json(`/v1/session/info/${modern}`))[0]).not.toHaveProperty('Checks');
      // A client of before 1.7 says `Checks`: they come back so, beside the new lists, which are empty.
      const legacy = await session(wanted);
      expect(await json(`/v1/session/info/${legacy}`)).toMatchObject([
        { ...shape, Checks: [check], NodeChecks: null, ServiceChecks: null },
      ]);
      expect(await json('/v1/session/list')).toHaveLength(3);
      expect(await json('/v1/session/node/node-2')).toEqual([]);
    });

    it('holds a lock back for the lock delay after its session ended', async () => {
      const [id, next] = [await session({ LockDelay: '15s' }), await session()];
      await locked(id);
      expect((await put(`/v1/session/destroy/${id}`)).body).toBe('true');
      expect(await json(`/v1/session/info/${id}`)).toEqual([]);
      expect((await json(`/v1/kv/${key}`))[0]).not.toHaveProperty('Session');
      await pass(14);
      expect(await locked(next, '10.0.0.2:8088')).toBe('false');
      await pass(1);
      expect(await locked(next, '10.0.0.2:8088')).toBe('true');
    });

    it('has no lock delay of zero seconds, and takes small numbers for seconds', async () => {
      const [none, five] = [await session({ LockDelay: '0s' }), await session({ LockDelay: 5 })];
      expect(await json(`/v1/session/info/${five}`)).toMatchObject([{ LockDelay: 5_000_000_000 }]);
      await locked(none);
      await put(`/v1/session/destroy/${none}`);
      expect(await locked(five)).toBe('true');
    });

    it('ends one that is not renewed after twice its TTL, and not before', async () => {
      const id = await session({ TTL: '10s', LockDelay: '0s' });
      await locked(id);
      await pass(19);
      expect(await put(`/v1/session/renew/${id}`)).toMatchObject({ status: 200 });
      await pass(19);
      expect(await json(`/v1/session/info/${id}`)).toHaveLength(1);
      await pass(1);
      expect(await json(`/v1/session/info/${id}`)).toEqual([]);
      expect((await json(`/v1/kv/${key}`))[0]).not.toHaveProperty('Session');
      expect(await put(`/v1/session/renew/${id}`)).toMatchObject({ status: 404, body: `Session id '${id}' not found` });
    });

    it('deletes the keys of one that asks for it', async () => {
      const id = await session({ Behavior: 'delete' });
      await locked(id);
      await put(`/v1/session/destroy/${id}`);
      expect(await get(`/v1/kv/${key}`)).toMatchObject({ status: 404, body: '' });
    });

    it.each(['9s', '86401s'])('refuses a TTL of %s', async (TTL) => {
      const { status, body } = await put('/v1/session/create', { TTL });
      expect([status, body]).toEqual([
        500,
        `rpc error making call: Invalid Session TTL '${TTL}', must be between [10s=24h0m0s]`,
      ]);
    });

    it('refuses a check that is not there, and one that fails', async () => {
      const check = await registered();
      expect((await put('/v1/session/create', { Checks: ['service:x'] })).body).toContain(
        "Missing check 'service:x' registration",
      );
      expect((await put('/v1/session/create', { Checks: [check] })).body).toContain(
        `Check '${check}' is in critical state`,
      );
    });
  });

  describe('checks', () => {
    it('is critical until it was made, then as the product answers', async () => {
      const check = await registered();
      const own = {
        Node: 'node-1',
        CheckID: check,
        Name: "Service 'a4c' check",
        ServiceID: 'a4cHealthCheck:10.0.0.1',
        ServiceName: 'a4c',
      };
      expect(await json('/v1/health/checks/a4c')).toMatchObject([
        { ...own, Status: 'critical', Output: '', Notes: '', ServiceTags: [] },
      ]);
      await pass(5);
      const url = `http://127.0.0.1:${product.port}/rest/admin/health`;
      expect(await json('/v1/health/checks/a4c')).toMatchObject([
        { Status: 'passing', Output: `HTTP GET ${url}: 200 Output: {"status":"UP"}` },
      ]);
      health = 429;
      await pass(5);
      expect(await json('/v1/health/checks/a4c')).toMatchObject([{ Status: 'warning' }]);
      health = 503;
      await pass(5);
      expect(await json('/v1/health/checks/a4c')).toMatchObject([{ Status: 'critical' }]);
      expect(await json('/v1/health/checks/nothing')).toEqual([]);
    });

    it('ends the session of the lock when it fails, or goes', async () => {
      const check = await registered();
      await pass(5);
      const failing = await session({ Checks: [check], LockDelay: '0s' });
      await locked(failing);
      health = 429;
      await pass(5);
      expect(await json(`/v1/kv/${key}`)).toMatchObject([{ Session: failing }]);
      health = 503;
      await pass(5);
      expect(await json(`/v1/session/info/${failing}`)).toEqual([]);
      expect((await json(`/v1/kv/${key}`))[0]).not.toHaveProperty('Session');
      health = 200;
      await pass(5);
      const going = await session({ Checks: [check] });
      await put(`/v1/agent/check/deregister/${check}`);
      expect(await json(`/v1/session/info/${going}`)).toEqual([]);
    });

    it('leaves the entry of an instance that deregisters the id of its service as if it were a check', async () => {
      await registered();
      await pass(5);
      await put('/v1/agent/check/deregister/a4cHealthCheck:10.0.0.1');
      health = 503;
      await pass(5);
      expect(await json('/v1/health/checks/a4c')).toMatchObject([{ Status: 'critical' }]);
      await put('/v1/agent/service/deregister/a4cHealthCheck:10.0.0.1');
      expect(await json('/v1/health/checks/a4c')).toEqual([]);
    });

    it('gives an instance with its node and all checks, and only whole ones where passing ones are asked for', async () => {
      await registered();
      expect(await json('/v1/health/service/a4c?passing')).toEqual([]);
      await pass(5);
      const [instance] = await json('/v1/health/service/a4c?passing');
      expect(instance).toMatchObject({
        Node: { Node: 'node-1', Address: '10.0.0.1', Datacenter: 'a4c' },
        Service: {
          ID: 'a4cHealthCheck:10.0.0.1',
          Service: 'a4c',
          Address: '10.0.0.1',
          Port: 8088,
          Weights: { Passing: 1, Warning: 1 },
        },
      });
      expect(instance.Checks.map((check: { CheckID: string }) => check.CheckID).sort()).toEqual([
        'serfHealth',
        'service:a4cHealthCheck:10.0.0.1',
      ]);
    });
  });

  describe('servers', () => {
    it('names leader and peers', async () => {
      expect(await json('/v1/status/leader')).toBe('10.1.10.1:8300');
      expect(await json('/v1/status/peers')).toEqual(['10.1.10.1:8300', '10.1.10.2:8300', '10.1.10.3:8300']);
      expect(await get('/v1/session/list')).toMatchObject({
        headers: { 'x-consul-knownleader': 'true', 'x-consul-index': expect.stringMatching(/^\d+$/) },
      });
    });

    it('elects another while a majority lives', async () => {
      for (const server of cluster.servers.slice(0, 1)) server.alive = false;
      expect(await json('/v1/status/leader')).toBe('10.1.10.2:8300');
    });

    it('answers nothing consistent without a leader, and still tells its peers', async () => {
      const id = await session();
      await locked(id);
      for (const server of cluster.servers.slice(1)) server.alive = false;
      expect(await json('/v1/status/leader')).toBe('');
      expect(await json('/v1/status/peers')).toHaveLength(3);
      for (const path of [`/v1/kv/${key}`, '/v1/session/list', '/v1/health/checks/a4c'])
        expect(await get(path)).toMatchObject({ status: 500, body: 'rpc error making call: No cluster leader' });
      expect(await get(`/v1/kv/${key}?stale`)).toMatchObject({
        status: 200,
        headers: { 'x-consul-knownleader': 'false' },
      });
      for (const server of cluster.servers) server.alive = false;
      expect(await get(`/v1/kv/${key}`)).toMatchObject({ status: 500, body: 'No known Consul servers' });
    });

    it('tells about itself and its members', async () => {
      expect(await json('/v1/agent/self')).toMatchObject({
        Config: { NodeName: 'node-1', Server: false, Version: '1.2.3', Datacenter: 'a4c' },
      });
      expect((await json('/v1/agent/members')).map((one: { Name: string; Status: number }) => one.Name)).toContain(
        'node-2',
      );
    });
  });

  describe('access', () => {
    beforeEach(async () => {
      await registered();
      await pass(5);
      await locked(await session());
      cluster.access = {
        defaultPolicy: 'deny',
        tokens: { reader: ['key:read', 'session:read', 'node:read', 'service:read'], keys: ['key:read'] },
      };
    });

    it('refuses a key with 403, and empties lists in silence', async () => {
      expect(await get(`/v1/kv/${key}`)).toMatchObject({
        status: 403,
        body: 'rpc error making call: Permission denied',
      });
      for (const path of ['/v1/session/list', '/v1/health/checks/a4c', '/v1/health/service/a4c'])
        expect(await get(path)).toMatchObject({ status: 200, body: '[]' });
      expect(await json('/v1/status/leader')).toBe('10.1.10.1:8300');
      expect(await get('/v1/agent/self')).toMatchObject({ status: 403 });
    });

    it('lets a token in, and knows no other', async () => {
      expect(await json(`/v1/kv/${key}`, 'reader')).toHaveLength(1);
      expect(await json('/v1/session/list', 'reader')).toHaveLength(1);
      expect(await json('/v1/session/list', 'keys')).toEqual([]);
      expect(await get(`/v1/kv/${key}`, 'stolen')).toMatchObject({
        status: 403,
        body: 'rpc error making call: ACL not found',
      });
      expect(await json('/v1/status/peers', 'stolen')).toHaveLength(3);
      one.token = 'reader';
      expect(await json(`/v1/kv/${key}`)).toHaveLength(1);
    });

    it('says from 1.11 that a list was shortened, to who sent a token; from 1.12 what is lacking', async () => {
      cluster.version = '1.18.1';
      const filtered = 'x-consul-results-filtered-by-acls';
      expect((await get('/v1/session/list', 'keys')).headers[filtered]).toBe('true');
      expect((await get('/v1/session/list')).headers[filtered]).toBeUndefined();
      expect((await get('/v1/session/list', 'reader')).headers[filtered]).toBeUndefined();
      expect((await get(`/v1/kv/${key}`)).body).toContain(`anonymous token lacks permission 'key:read' on "${key}"`);
      cluster.version = '1.2.3';
      expect((await get('/v1/session/list', 'keys')).headers[filtered]).toBeUndefined();
    });
  });
});
