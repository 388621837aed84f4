/** The commands that a rule's questions would run, on a pair that stands for any: addresses and hosts by their roles. Pure. */
import type { Ask, EvidenceInventory, Rule } from '../core/model.js';
import type { Pack } from '../pack/pack.js';
import { usualNames } from '../pack/roles.js';
import { Questions } from '../plan/questions.js';
import { makeScope } from '../plan/scope.js';
import { planSteps } from '../plan/steps.js';

/** A question word for word, the hosts that are asked it alike, and as whom. */
export interface RuleCommand {
  hosts: string[];
  as: string;
  /** Of an active step: it opens a port for a moment, on request only. */
  active: boolean;
  words: string[];
  sampled?: { times: number; everyMs: number };
}

/** A rule's questions with the defaults of all settings, in the order of a plan. */
export function commandsOf(pack: Pack, rule: Rule): RuleCommand[] {
  const inventory = anyPair(pack);
  // What tells the build is asked for every rule; here only where this rule wants it.
  const { build: _, ...rest } = pack;
  const scope = makeScope(
    rest,
    { phases: rule.phases, selection: { only: [rule.id], skip: [] }, provePorts: true },
    inventory,
  );
  const steps = planSteps(scope).filter((step) => step.wantedBy.includes(rule.id));
  const found = new Map<string, RuleCommand>();
  for (const { host, ask, sample } of new Questions(steps).of()) {
    const words = wordsOf(ask).map((word) => named(word, inventory));
    const as = ask.kind === 'exec' ? ask.as : '';
    const key = JSON.stringify([as, words, sample]);
    const known = found.get(key);
    if (known) known.hosts = [...new Set([...known.hosts, host])];
    else
      found.set(key, {
        hosts: [host],
        as,
        active: ask.kind === 'exec' && ask.effect === 'listen',
        words,
        ...(sample.times > 1 && { sampled: sample }),
      });
  }
  return [...found.values()];
}

function wordsOf(ask: Ask): string[] {
  switch (ask.kind) {
    case 'exec':
      return ask.argv;
    case 'ping':
      return [`${ask.count} ICMP echo requests to`, ask.to];
    case 'sysinfo':
      return ['systeminformation:', ask.call];
    case 'connection':
      return ['the host key that was verified as the connection was made'];
  }
}

/** One host of each role, with addresses that no machine has (RFC 5737). */
function anyPair({ name, roles }: Pack): EvidenceInventory {
  const names = Object.entries(roles).flatMap(([role, one]) =>
    usualNames(role, one).map((host) => ({
      host,
      role,
      connection: one.endpoint ? ('endpoint' as const) : ('ssh' as const),
    })),
  );
  const hosts = names.map(({ host, role, connection }, at) => ({
    name: host,
    role,
    address: `192.0.2.${at + 101}`,
    connection,
    settings: {},
  }));
  return { product: name, hosts, settings: {}, ports: [], waivers: [], attest: [] };
}

/** A word with the hosts' addresses as what they stand for. */
function named(word: string, { hosts }: EvidenceInventory): string {
  return hosts.reduce((text, { address, name }) => text.replaceAll(address, `@${name}`), word);
}
