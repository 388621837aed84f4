/**
 * A stand-in for one instance of the product: its web server, and what its high-availability plugin asks of Consul.
 *
 * It does what the plugin's HAManager does, in the same order and with the same names: registers, makes a session after two periods
 * of its check, takes the lock or stays a backup, renews. The web server tells health by what it finds on its host.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse } from 'yaml';
import type { LabHost } from '../lab/host.js';
import { type Configuration, configFile, user } from './configuration.js';
import type { Clock } from './consul-store.js';
import { ask, inNetwork, type Reply } from './curl.js';
import { type Ear, listen, sendJson } from './ear.js';
import { requestFrom } from './namespace-worker.js';
import { roomFor } from './share.js';

export const leaderKey = 'service/a4c/leader';

/** What the plugin takes where a key is absent; the shipped file has other values. */
const codeDefaults = {
  consulSessionTTLInSecond: 1800,
  consulLockDelayInSecond: 15,
  health_disk_space_threshold: 10_485_760,
};

/** Spring Boot's own type for what its actuator tells. */
const actuator = 'application/vnd.spring-boot.actuator.v1+json;charset=UTF-8';

/** A running instance on a host. */
export class Instance {
  leader = false;
  /** Makes the health what it would not be by itself. */
  forcedHealth: 'UP' | 'DOWN' | undefined;
  session = '';
  #configuration: Configuration | undefined;
  #sessionFrom = 0;
  #renewAt = 0;
  #ear: Ear | undefined;

  constructor(
    readonly host: LabHost,
    readonly clock: Clock,
    /** Words for curl when it asks the agent, such as those that give a CA. */
    public tlsWords: readonly string[] = [],
  ) {}

  get configuration(): Configuration {
    if (!this.#configuration) throw new Error(`cluster: the product does not run on ${this.host.name}`);
    return this.#configuration;
  }

  get instanceIp(): string {
    return this.configuration.ha.instanceIp;
  }

  /** `<instanceIp>:<port>`, as the plugin writes it into the key. */
  get value(): string {
    return `${this.instanceIp}:${this.configuration.server.port}`;
  }

  get serviceId(): string {
    return `a4cHealthCheck:${this.instanceIp}`;
  }

  /** Reads its configuration from its host and starts; without HA it is a leader at once. */
  async start(): Promise<void> {
    this.#configuration = parse(this.host.read(configFile)) as Configuration;
    const { ha, server } = this.configuration;
    Object.assign(this, { leader: !ha.ha_enabled, session: '' });
    const at = { holder: this.host.holder, address: '0.0.0.0', port: server.port };
    this.#ear = await listen(at, (request, response) => this.#answer(request, response));
    if (ha.ha_enabled && this.#connects()) await this.#register();
  }

  /** Without its passwords the plugin cannot open its stores: it says so in its log and comes no further. */
  #connects(): boolean {
    const { ha } = this.configuration;
    return !ha.consul_tls_enabled || (ha.keyStorePwd !== undefined && ha.trustStorePwd !== undefined);
  }

  /** As a crash: nothing is said to Consul. */
  async kill(): Promise<void> {
    await this.#ear?.close();
    this.#ear = undefined;
    this.leader = false;
  }

  /** As a shutdown: the session is destroyed; the check is deregistered by the service's id, which is no check's. */
  async stop(): Promise<void> {
    if (this.session !== '') await this.consul('PUT', `/v1/session/destroy/${this.session}`);
    if (this.configuration.ha.ha_enabled) await this.consul('PUT', `/v1/agent/check/deregister/${this.serviceId}`);
    await this.kill();
  }

  /** Asks its agent, from its own host. */
  consul(method: string, path: string, body?: string): Promise<Reply> {
    const { consulAgentIp, consulAgentPort, consul_tls_enabled } = this.configuration.ha;
    const url = `${consul_tls_enabled ? 'https' : 'http'}://${consulAgentIp}:${consulAgentPort}${path}`;
    const request = { method, ...(body === undefined ? {} : { body }) };
    if (!consul_tls_enabled) return requestFrom(this.host.holder, url, request);
    return ask(inNetwork(this.host.holder), url, { ...request, words: this.tlsWords });
  }

  async #register(): Promise<void> {
    const { ha, server } = this.configuration;
    const url = `${ha.serverProtocol}://${ha.instanceCheckIp ?? '127.0.0.1'}:${server.port}/rest/admin/health`;
    const check = { HTTP: url, Interval: `${ha.healthCheckPeriodInSecond}s` };
    const service = { ID: this.serviceId, Name: 'a4c', Address: this.instanceIp, Port: server.port, Check: check };
    await this.consul('PUT', '/v1/agent/service/register', JSON.stringify(service));
    this.#sessionFrom = this.clock.ms + 2 * ha.healthCheckPeriodInSecond * 1000;
  }

  /** What its schedulers do by now: session, lock, or falling back. */
  async act(): Promise<void> {
    if (!this.#ear || !this.configuration.ha.ha_enabled || !this.#connects() || this.clock.ms < this.#sessionFrom)
      return;
    if (this.session === '' || this.clock.ms >= this.#renewAt) await this.#holdSession();
    if (this.session === '') {
      this.leader = false;
      return;
    }
    const { status, body } = await this.consul('GET', `/v1/kv/${leaderKey}`);
    const holder = status === 200 ? (JSON.parse(body)[0].Session ?? '') : '';
    if (holder === '') await this.#acquire();
    else this.leader = holder === this.session;
  }

  async #acquire(): Promise<void> {
    const { body } = await this.consul('PUT', `/v1/kv/${leaderKey}?acquire=${this.session}`, this.value);
    this.leader = body === 'true';
  }

  async #holdSession(): Promise<void> {
    const { ha } = this.configuration;
    const ttl = ha.consulSessionTTLInSecond ?? codeDefaults.consulSessionTTLInSecond;
    const known = this.session !== '' && (await this.consul('PUT', `/v1/session/renew/${this.session}`)).status === 200;
    if (!known) {
      const delay = ha.consulLockDelayInSecond ?? codeDefaults.consulLockDelayInSecond;
      const names = { Name: `a4c_${this.instanceIp}_session`, Checks: [`service:${this.serviceId}`] };
      const wanted = { ...names, TTL: `${ttl}s`, LockDelay: `${delay}s` };
      const { status, body } = await this.consul('PUT', '/v1/session/create', JSON.stringify(wanted));
      this.session = status === 200 ? JSON.parse(body).ID : '';
    }
    // At 80 % of the TTL, or soon where there is none.
    this.#renewAt = this.clock.ms + (this.session === '' ? 2 * ha.healthCheckPeriodInSecond : ttl * 0.8) * 1000;
  }

  async #answer({ url = '/' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(url, 'http://instance').pathname;
    if (path === '/rest/admin/health') {
      const up = this.forcedHealth ?? (await this.#health());
      sendJson(response, up === 'UP' ? 200 : 503, { status: up }, actuator);
    } else if (!this.leader) {
      // A backup has no handler for anything else.
      const error = {
        timestamp: 1_709_528_767_000,
        status: 404,
        error: 'Not Found',
        message: 'No message available',
        path,
      };
      sendJson(response, 404, error, 'application/json;charset=UTF-8');
    } else if (path === '/rest/latest/auth/status') {
      sendJson(
        response,
        200,
        { data: { isLogged: false, authSystem: 'alien' }, error: null },
        'application/json;charset=UTF-8',
      );
    } else {
      response.writeHead(200, { 'Content-Type': 'text/html;charset=UTF-8' });
      response.end('<!doctype html><html><head><title>ALIEN 4 Cloud</title></head><body></body></html>\n');
    }
  }

  /** The shared directory can be written and has room, and Elasticsearch is not red. */
  async #health(): Promise<'UP' | 'DOWN'> {
    const { directories, elasticSearch, ha } = this.configuration;
    const threshold = ha.health_disk_space_threshold ?? codeDefaults.health_disk_space_threshold;
    if (roomFor(this.host, user.uid, directories.alien) < threshold) return 'DOWN';
    for (const node of elasticSearch.hosts.split(',')) {
      const url = `http://${node.replace(/:9300$/, ':9200')}/_cluster/health`;
      const { status, body } = await requestFrom(this.host.holder, url);
      if (status === 200) return JSON.parse(body).status === 'red' ? 'DOWN' : 'UP';
    }
    return 'DOWN';
  }
}
