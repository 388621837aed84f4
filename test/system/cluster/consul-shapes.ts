/**
 * The JSON of Consul's answers, in the words of its API pages: "KV Store Endpoints", "Session HTTP Endpoint", "Health HTTP
 * Endpoint", "Agent HTTP API", "Status HTTP Endpoint" (api-docs/..., and website/source/api at 1.2.3 for what was otherwise then).
 */
import type { Check, ConsulStore, Key, Service, Session } from './consul-store.js';

/** Whether a version is at least another; both are `MAJOR.MINOR.PATCH`. */
export function atLeast(version: string, bound: string): boolean {
  const [one, other] = [version, bound].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const at = one.findIndex((part, index) => part !== other[index]);
  return at < 0 || (one[at] ?? 0) > (other[at] ?? 0);
}

/** `Session` is absent while nobody holds the lock; `Value` is base64, and null when it is empty. */
export function keyShape({ key, value, flags, lockIndex, session, createIndex, modifyIndex }: Key): object {
  return {
    LockIndex: lockIndex,
    Key: key,
    Flags: flags,
    Value: value === '' ? null : Buffer.from(value).toString('base64'),
    ...(session === '' ? {} : { Session: session }),
    CreateIndex: createIndex,
    ModifyIndex: modifyIndex,
  };
}

/** Up to 1.6 every check stands in `Checks`; from 1.7 `NodeChecks` and `ServiceChecks` are there too, and an empty `Checks` is not. */
export function sessionShape(session: Session, version: string): object {
  const { id, name, node, checks, nodeChecks, serviceChecks, lockDelayNs, behavior, ttl, createIndex } = session;
  const indexes = { CreateIndex: createIndex, ModifyIndex: createIndex };
  const common = { LockDelay: lockDelayNs, Behavior: behavior, TTL: ttl };
  if (!atLeast(version, '1.7.0')) return { ID: id, Name: name, Node: node, Checks: checks, ...common, ...indexes };
  return {
    ...{ ID: id, Name: name, Node: node, ...common },
    NodeChecks: nodeChecks.length === 0 ? null : nodeChecks,
    ServiceChecks: serviceChecks.length === 0 ? null : serviceChecks,
    ...(checks.length === 0 ? {} : { Checks: checks }),
    ...indexes,
  };
}

export function checkShape(check: Check): object {
  return {
    Node: check.node,
    CheckID: check.id,
    Name: check.name,
    Status: check.status,
    Notes: '',
    Output: check.output,
    ServiceID: check.serviceId,
    ServiceName: check.serviceName,
    ServiceTags: [],
    Definition: {},
  };
}

/** One instance of a service: its node, itself, and the checks of both. */
export function instanceShape(store: ConsulStore, service: Service, datacenter: string): object {
  const node = store.nodes.get(service.node);
  const address = node?.address ?? '';
  return {
    Node: {
      ID: node?.id ?? '',
      Node: service.node,
      Address: address,
      Datacenter: datacenter,
      TaggedAddresses: { lan: address, wan: address },
      Meta: {},
    },
    Service: {
      ID: service.id,
      Service: service.name,
      Tags: [],
      Address: service.address,
      Meta: {},
      Port: service.port,
      Weights: { Passing: 1, Warning: 1 },
    },
    Checks: checksOn(store, service).map(checkShape),
  };
}

/** The checks that decide on an instance: the service's own and those of its node. */
export function checksOn(store: ConsulStore, service: Service): Check[] {
  return store.checks.filter(
    (check) => check.node === service.node && (check.serviceId === service.id || check.serviceId === ''),
  );
}
