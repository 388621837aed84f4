/**
 * What the servers of one Consul cluster hold: nodes, services, checks, sessions and keys, and how each changes the others.
 *
 * Sources: the pages "Sessions" (docs/dynamic-app-config/sessions, earlier docs/internals/sessions) and "KV Store" and "Session
 * HTTP Endpoint" (api-docs/kv, api-docs/session), and where they are silent Consul's own agent/consul/state/{kvs,session}.go.
 */
import { randomUUID } from 'node:crypto';

/** Tells the time in milliseconds; tests move it. */
export class Clock {
  ms = Date.parse('2024-03-04T05:06:07Z');
}

export type Status = 'passing' | 'warning' | 'critical';

export interface NodeEntry {
  id: string;
  name: string;
  address: string;
}

export interface Service {
  node: string;
  id: string;
  name: string;
  address: string;
  port: number;
  createIndex: number;
}

export interface Check {
  node: string;
  id: string;
  name: string;
  status: Status;
  output: string;
  /** The service that it belongs to; '' for a check of the node. */
  serviceId: string;
  serviceName: string;
  /** What the node's agent asks, and how often, in seconds. */
  http?: { url: string; every: number; due: number };
}

export interface Session {
  id: string;
  name: string;
  node: string;
  /** As the request's `Checks` gave them. */
  checks: string[];
  nodeChecks: string[];
  serviceChecks: { ID: string; Namespace: string }[];
  lockDelayNs: number;
  behavior: 'release' | 'delete';
  ttl: string;
  /** When the servers end it, unless it is renewed. */
  endsAt: number;
  createIndex: number;
}

export interface Key {
  key: string;
  value: string;
  flags: number;
  lockIndex: number;
  /** Empty when nobody holds the lock. */
  session: string;
  createIndex: number;
  modifyIndex: number;
}

/** A request that the servers refuse, in their words. */
export class Refused extends Error {}

/** The servers promise only that a session does not end before its TTL; they wait twice as long. */
const TTL_MULTIPLIER = 2;
const MAX_LOCK_DELAY_NS = 60e9;

/** The replicated state. Every change takes the next index, as Raft's log does. */
export class ConsulStore {
  index = 10;
  readonly nodes = new Map<string, NodeEntry>();
  readonly services: Service[] = [];
  checks: Check[] = [];
  readonly sessions = new Map<string, Session>();
  readonly keys = new Map<string, Key>();
  /** Key to the time from which it may be locked again. */
  readonly lockDelays = new Map<string, number>();

  constructor(readonly clock: Clock) {}

  addNode(name: string, address: string): void {
    this.nodes.set(name, { id: randomUUID(), name, address });
    const check: Check = {
      node: name,
      id: 'serfHealth',
      name: 'Serf Health Status',
      status: 'passing',
      output: 'Agent alive and reachable',
      serviceId: '',
      serviceName: '',
    };
    this.checks.push(check);
    this.index++;
  }

  /** Registering an id again replaces the entry. */
  register(service: Omit<Service, 'createIndex'>, check?: Check): void {
    this.deregister(service.node, service.id);
    this.services.push({ ...service, createIndex: ++this.index });
    if (check) this.checks.push(check);
  }

  deregister(node: string, id: string): void {
    for (const check of this.checks.filter((one) => one.node === node && one.serviceId === id))
      this.removeCheck(node, check.id);
    const at = this.services.findIndex((one) => one.node === node && one.id === id);
    if (at >= 0) this.services.splice(at, 1);
    this.index++;
  }

  /** A session does not outlive one of its checks. False where the node has no such check. */
  removeCheck(node: string, id: string): boolean {
    const before = this.checks.length;
    this.checks = this.checks.filter((check) => check.node !== node || check.id !== id);
    if (this.checks.length === before) return false;
    for (const session of this.#sessionsOn(node, id)) this.destroy(session.id);
    return true;
  }

  /** A critical check ends the sessions that name it; a warning does not. */
  setCheck(node: string, id: string, status: Status, output: string): void {
    const check = this.checks.find((one) => one.node === node && one.id === id);
    if (!check) throw new Refused(`Unknown check "${id}"`);
    Object.assign(check, { status, output });
    this.index++;
    if (status === 'critical') for (const session of this.#sessionsOn(node, id)) this.destroy(session.id);
  }

  #sessionsOn(node: string, check: string): Session[] {
    return [...this.sessions.values()].filter((session) => session.node === node && checksOf(session).includes(check));
  }

  createSession(wanted: Omit<Session, 'id' | 'createIndex' | 'endsAt'>): Session {
    const seconds = secondsOf(wanted.ttl);
    if (wanted.ttl !== '' && (seconds < 10 || seconds > 86400))
      throw new Refused(`Invalid Session TTL '${wanted.ttl}', must be between [10s=24h0m0s]`);
    if (!this.nodes.has(wanted.node)) throw new Refused('Missing node registration');
    for (const id of checksOf(wanted)) {
      const check = this.checks.find((one) => one.node === wanted.node && one.id === id);
      if (!check) throw new Refused(`Missing check '${id}' registration`);
      if (check.status === 'critical') throw new Refused(`Check '${id}' is in critical state`);
    }
    const session = { ...wanted, id: randomUUID(), createIndex: ++this.index, endsAt: this.#endOf(seconds) };
    this.sessions.set(session.id, session);
    return session;
  }

  #endOf(seconds: number): number {
    return seconds === 0 ? Number.POSITIVE_INFINITY : this.clock.ms + seconds * 1000 * TTL_MULTIPLIER;
  }

  renew(id: string): Session | undefined {
    const session = this.sessions.get(id);
    if (session) session.endsAt = this.#endOf(secondsOf(session.ttl));
    return session;
  }

  /** Ends a session: its locks are released, or their keys deleted, and may not be taken before the lock delay is over. */
  destroy(id: string): void {
    const session = this.sessions.get(id);
    if (!session) return;
    this.sessions.delete(id);
    this.index++;
    for (const key of [...this.keys.values()].filter((one) => one.session === id)) {
      if (session.behavior === 'delete') this.keys.delete(key.key);
      else Object.assign(key, { session: '', modifyIndex: this.index });
      const delayNs = Math.min(session.lockDelayNs, MAX_LOCK_DELAY_NS);
      if (delayNs > 0) this.lockDelays.set(key.key, this.clock.ms + delayNs / 1e6);
    }
  }

  /** Ends the sessions whose time is over. */
  expire(): void {
    for (const session of [...this.sessions.values()]) if (session.endsAt <= this.clock.ms) this.destroy(session.id);
  }

  set(key: string, value: string, flags = 0): void {
    const before = this.keys.get(key);
    const index = ++this.index;
    const held = { session: before?.session ?? '', lockIndex: before?.lockIndex ?? 0 };
    this.keys.set(key, { key, value, flags, ...held, createIndex: before?.createIndex ?? index, modifyIndex: index });
  }

  /** Takes a key's lock for a session; false where another has it, or the lock delay runs. The holder may write again. */
  acquire(key: string, value: string, session: string): boolean {
    if (!this.sessions.has(session)) throw new Refused(`invalid session "${session}"`);
    const before = this.keys.get(key);
    if ((this.lockDelays.get(key) ?? 0) > this.clock.ms) return false;
    if (before && before.session !== '' && before.session !== session) return false;
    const again = before?.session === session;
    this.set(key, value, before?.flags);
    const now = this.keys.get(key) as Key;
    Object.assign(now, { session, lockIndex: now.lockIndex + (again ? 0 : 1) });
    return true;
  }

  /** Gives a lock back: the value is overwritten, the lock index stays, no delay applies. */
  release(key: string, value: string, session: string): boolean {
    const before = this.keys.get(key);
    if (!before || before.session !== session) return false;
    this.set(key, value, before.flags);
    Object.assign(this.keys.get(key) as Key, { session: '' });
    return true;
  }
}

/** Every check that a session rests on, whichever list names it. */
function checksOf(session: Pick<Session, 'checks' | 'nodeChecks' | 'serviceChecks'>): string[] {
  return [...session.checks, ...session.nodeChecks, ...session.serviceChecks.map((check) => check.ID)];
}

/** Go's durations, as far as sessions and checks use them: `60s`, `10m`, `1h`; '' is none. */
export function secondsOf(duration: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ns|ms|s|m|h)$/.exec(duration) ?? [];
  if (number === undefined) {
    if (duration === '') return 0;
    throw new Refused(`time: invalid duration "${duration}"`);
  }
  return Number(number) * ({ ns: 1e-9, ms: 1e-3, s: 1, m: 60, h: 3600 }[unit] ?? 1);
}
