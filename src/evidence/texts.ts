/** The words of evidence that a host, an inventory or a person put there: walked in one order, and replaced everywhere alike. Pure. */

import type { Ask, Evidence, EvidenceInventory, Output, Subject } from '../core/model.js';
import type { Baseline } from './baseline.js';

/** What a text is: a host's answer, by whom and to which words; anything else without them. */
export interface Whence {
  host?: string;
  argv?: readonly string[];
}

/** Replaces a text. */
export type Replace = (text: string, whence: Whence) => string;

/** Evidence, or the earlier evidence in it. */
type Either = Evidence | Baseline;

/**
 * The evidence with every word replaced that is not the engine's or the pack's own. `scripts` are words that stay: programs that
 * the engine brings. Steps keep their ids, which no longer fit.
 */
export function inEvidence<T extends Either>(evidence: T, scripts: ReadonlySet<string>, replace: Replace): T {
  const plain = (text: string) => replace(text, {});
  const { baseline } = evidence as Evidence;
  return {
    ...evidence,
    inventory: inInventory(evidence.inventory, plain),
    connections: evidence.connections.map((connection) => ({
      ...connection,
      host: plain(connection.host),
      ...(connection.noise !== undefined && { noise: plain(connection.noise) }),
      ...(connection.problem && {
        problem: { ...connection.problem, message: plain(connection.problem.message) },
      }),
    })),
    steps: evidence.steps.map((step) => ({
      ...step,
      params: inValue(step.params, plain) as Record<string, unknown>,
      subject: inSubject(step.subject, plain),
      asks: step.asks.map(({ host, ask }) => ({ host: plain(host), ask: inAsk(ask, scripts, plain) })),
      outputs: step.outputs.map((sample) => sample.map((output, index) => inOutput(output, step.asks[index], replace))),
    })),
    ...(baseline && { baseline: inEvidence(baseline, scripts, replace) }),
  };
}

function inInventory(inventory: EvidenceInventory, plain: (text: string) => string): EvidenceInventory {
  return {
    ...inventory,
    hosts: inventory.hosts.map(({ name, address, via, reachedAs, settings, ...host }) => ({
      name: plain(name),
      ...host,
      address: plain(address),
      ...(via !== undefined && { via: plain(via) }),
      ...(reachedAs !== undefined && { reachedAs: plain(reachedAs) }),
      settings: inValue(settings, plain) as Record<string, unknown>,
    })),
    settings: inValue(inventory.settings, plain) as Record<string, unknown>,
    ports: inventory.ports.map((row) => ({ ...row, name: plain(row.name) })),
    waivers: inventory.waivers.map(({ rule, host, value, reason, owner, until }) => ({
      rule,
      ...(host !== undefined && { host: plain(host) }),
      ...(value !== undefined && { value: inValue(value, plain, true) }),
      reason: plain(reason),
      owner: plain(owner),
      until,
    })),
    attest: inventory.attest.map((one) => ({ ...one, by: plain(one.by) })),
  };
}

function inSubject(subject: Subject, plain: (text: string) => string): Subject {
  if (subject.kind === 'host') return { kind: 'host', host: plain(subject.host) };
  if (subject.kind === 'pair') return { kind: 'pair', from: plain(subject.from), to: plain(subject.to) };
  return { kind: 'set', hosts: subject.hosts.map(plain) };
}

function inAsk(ask: Ask, scripts: ReadonlySet<string>, plain: (text: string) => string): Ask {
  if (ask.kind === 'ping') return { ...ask, to: plain(ask.to) };
  if (ask.kind !== 'exec') return ask;
  const words = (list: readonly string[]) =>
    list.map((word) => (scripts.has(word) ? word : plain(word))) as [string, ...string[]];
  return {
    ...ask,
    argv: words(ask.argv),
    ...(ask.enter && { enter: words(ask.enter) }),
    ...(ask.stdin && { stdin: { ...ask.stdin, env: plain(ask.stdin.env) } }),
  };
}

function inOutput(output: Output, asked: { host: string; ask: Ask } | undefined, replace: Replace): Output {
  const whence: Whence = {
    ...(asked && { host: asked.host }),
    ...(asked?.ask.kind === 'exec' && { argv: asked.ask.argv }),
  };
  return { ...output, stdout: replace(output.stdout, whence), stderr: replace(output.stderr, whence) };
}

/** Keys are the pack's words, but for what a waiver says was observed: that may be keyed by host. */
function inValue(value: unknown, plain: (text: string) => string, keys = false): unknown {
  if (typeof value === 'string') return plain(value);
  if (Array.isArray(value)) return value.map((one) => inValue(one, plain, keys));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [keys ? plain(key) : key, inValue(one, plain, keys)]),
  );
}
