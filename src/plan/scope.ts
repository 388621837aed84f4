/** What a run is about: everything that planning and judging may know. It is made from an inventory, or again from evidence. */
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import { globMatches } from '../core/glob.js';
import type { Evidence, EvidenceInventory, Host, HostRef, PortRow, Rule, Selection } from '../core/model.js';
import { withAllowed } from '../pack/allowed-commands.js';
import { loadPack, packDir, packIndex } from '../pack/load.js';
import type { Pack } from '../pack/pack.js';
import type { Release } from '../pack/releases.js';
import { checkSettings, type Variant, variantsOf } from '../pack/settings.js';
import { placeEndpoints } from './endpoints.js';
import type { Inventory } from './inventory.js';
import { checkInventory } from './inventory-check.js';

type ScopeHost = HostRef & { settings: Record<string, unknown> };

/** The pure inputs of plan and judging. */
export interface Scope {
  pack: Pack;
  phases: string[];
  selection: Selection;
  /** The release that the user named. */
  release?: Release;
  releaseName?: string;
  /** Whether active steps were asked for. */
  provePorts: boolean;
  /** Hosts are declared, and nobody is asked; `defer`: what is unknown until apply does not count. */
  declared?: { defer: boolean };
  inventory: EvidenceInventory;
  hosts: ScopeHost[];
  /** The layouts that are still possible under the named release. */
  variants: Variant[];
  /** All layouts there are: where the build is looked for, whatever release was named. */
  layouts: Variant[];
  rules: Rule[];
}

/** What is chosen for a run beside its inventory; what is absent is the inventory's own, or the pack's. */
export interface Choices {
  /** What the pair is called; it takes the place of the inventory's. */
  name?: string | undefined;
  /** The pack's first unless given. */
  phases?: string[] | undefined;
  product?: string | undefined;
  /** A folder of rules, instead of those that pairflight brings for the product. */
  pack?: string | undefined;
  release?: string | undefined;
  /** Globs over the ids of rules: those to judge, and those to leave out; guards stay. */
  only?: string[] | undefined;
  skip?: string[] | undefined;
  /** They take the place of the inventory's. */
  settings?: Record<string, unknown> | undefined;
  /** Whether hosts may listen on refused ports for a moment to prove them open. */
  provePorts?: boolean | undefined;
  /** Absolute paths of programs that the pack may run though they are not known to only read. */
  allowCommand?: string[] | undefined;
}

/** What a run is about, and how its hosts are reached. */
export interface Target {
  scope: Scope;
  hosts: Host[];
  /** Where a value stands in the inventory, for messages. */
  at: Inventory['at'];
}

/** The pack that an inventory is judged by. @throws UsageError for a product that no pack serves, or another than the pack's */
export function packFor(
  inventory: Pick<Inventory, 'product'> & Partial<Pick<Inventory, 'at'>>,
  choices: Pick<Choices, 'product' | 'pack'>,
): Pack {
  const product = choices.product ?? inventory.product;
  const place = choices.product === undefined ? inventory.at?.(['product']) : undefined;
  const pack = loadPack(choices.pack ?? packDir(product ?? packIndex().default, place));
  if (choices.pack !== undefined && product !== undefined && product !== pack.name)
    throw new UsageError(`--pack ${choices.pack} is for ${pack.name}, not for ${product}`);
  return pack;
}

/** From an inventory to the scope of a run, and its hosts as they are reached. @throws UsageError for anything that does not fit together */
export function scopeOf(written: Inventory, choices: Choices = {}): Target {
  const pack = withAllowed(packFor(written, choices), choices.allowCommand ?? []);
  const inventory = placeEndpoints(written, pack);
  checkInventory(inventory, pack);
  const settings = { ...inventory.settings, ...choices.settings };
  checkSettings(pack.settings, settings, () => '--set');
  const { hosts, ports, waivers, attest } = inventory;
  const name = choices.name ?? inventory.name;
  const release = choices.release ?? inventory.release;
  const run = {
    phases: choices.phases ?? Object.keys(pack.phases).slice(0, 1),
    selection: { only: choices.only ?? [], skip: choices.skip ?? [] },
    provePorts: choices.provePorts === true,
    ...(release !== undefined && { release }),
  };
  const named = { ...(name !== undefined && { name }), product: pack.name };
  const kept = { ...named, hosts: hosts.map(keptOf), settings, ports, waivers, attest };
  return { scope: makeScope(pack, run, kept), hosts, at: inventory.at };
}

/** A host as evidence keeps it: without the way that this machine logs in. */
function keptOf({
  ssh,
  sudoPasswordEnv: _,
  declared: __,
  settings,
  ...host
}: Host): EvidenceInventory['hosts'][number] {
  const reachedAs = ssh.host === host.address ? undefined : ssh.host;
  return { ...host, ...(reachedAs !== undefined && { reachedAs }), settings };
}

/** Makes a scope. @throws UsageError when the selection leaves nothing to judge. */
export function makeScope(
  pack: Pack,
  run: Pick<Evidence['run'], 'phases' | 'selection' | 'release' | 'provePorts' | 'declared'>,
  inventory: EvidenceInventory,
): Scope {
  for (const phase of run.phases) {
    if (!pack.phases[phase]) {
      const known = Object.keys(pack.phases);
      throw new UsageError(
        `unknown phase "${phase}"${suggestion(phase, known)}`,
        `pairflight plan --phase ${known[0]}`,
      );
    }
  }
  const release = run.release === undefined ? undefined : pack.releases.parse(run.release);
  if (run.release !== undefined && !release)
    throw new UsageError(
      `--release: "${run.release}" is not a release of ${pack.title}${suggestion(
        run.release,
        pack.releases.table.map(({ name }) => name),
      )}`,
    );
  // A default that one host alone overrides still holds on the others.
  const pair = inventory.hosts.filter((host) => pack.pair.includes(host.role));
  const onAll = Object.keys(pack.settings).filter(
    (name) => pair.length > 0 && pair.every((host) => name in host.settings),
  );
  const given = { ...inventory.settings, ...Object.fromEntries(onAll.map((name) => [name, true])) };
  const decide = (bound: string) => (release ? pack.releases.decide(bound, release) : ('undecided' as const));
  return {
    pack,
    phases: run.phases,
    selection: run.selection,
    ...(release && run.release !== undefined ? { release, releaseName: run.release } : {}),
    provePorts: run.provePorts === true,
    ...(run.declared && { declared: { defer: run.declared.defer === true } }),
    inventory,
    hosts: inventory.hosts,
    variants: variantsOf(pack.settings, given, decide),
    layouts: variantsOf(pack.settings, given, () => 'undecided'),
    rules: selectRules(pack, run.phases, run.selection),
  };
}

/** The scope that evidence was taken in, under the rules of today's pack. */
export function scopeOfEvidence(pack: Pack, evidence: Evidence): Scope {
  const { allowCommands: allowed } = evidence.run;
  return makeScope(allowed ? { ...pack, allowed } : pack, evidence.run, evidence.inventory);
}

/** The rules of the phases that the selection names. Guards always belong to it. @throws UsageError when nothing else is left. */
export function selectRules(pack: Pack, phases: string[], selection: Selection): Rule[] {
  const inPhase = pack.rules.filter((rule) => rule.phases.some((phase) => phases.includes(phase)));
  for (const [option, globs] of [['--only', selection.only] as const, ['--skip', selection.skip] as const]) {
    for (const glob of globs) {
      if (!pack.rules.some((rule) => globMatches(glob, rule.id))) {
        const known = pack.rules.map((rule) => rule.id);
        throw new UsageError(
          `${option} ${glob}: no rule has such an id${/[*?]/.test(glob) ? '' : suggestion(glob, known)}`,
          `pairflight rules list --phase ${phases[0]}`,
        );
      }
    }
  }
  const chosen = inPhase.filter(
    (rule) =>
      (selection.only.length === 0 || selection.only.some((glob) => globMatches(glob, rule.id))) &&
      !selection.skip.some((glob) => globMatches(glob, rule.id)),
  );
  const guardAsked = selection.only.length > 0 && chosen.some((rule) => rule.guard);
  if (chosen.every((rule) => rule.guard) && !guardAsked) {
    throw new UsageError(
      `no rule of phase ${phases.join(', ')} is selected; an empty run proves nothing`,
      `pairflight rules list --phase ${phases[0]}`,
    );
  }
  return inPhase.filter((rule) => rule.guard || chosen.includes(rule));
}

/** The hosts of each scope by name and by role: each step asks for them, and there may be many of both. */
const indexes = new WeakMap<
  readonly ScopeHost[],
  { byName: Map<string, ScopeHost>; byRole: Map<string, ScopeHost[]> }
>();

function indexOf({ hosts }: Scope) {
  let index = indexes.get(hosts);
  if (!index) {
    index = { byName: new Map(), byRole: new Map() };
    for (const host of hosts) {
      if (!index.byName.has(host.name)) index.byName.set(host.name, host);
      const alike = index.byRole.get(host.role);
      if (alike) alike.push(host);
      else index.byRole.set(host.role, [host]);
    }
    indexes.set(hosts, index);
  }
  return index;
}

/** The hosts of some roles, in the order of the roles. */
export function hostsOf(scope: Scope, roles: readonly string[]): ScopeHost[] {
  const { byRole } = indexOf(scope);
  return roles.flatMap((role) => byRole.get(role) ?? []);
}

/** The host of this name. The name comes from the scope itself, so it is there. */
export function hostNamed(scope: Scope, name: string): ScopeHost {
  const host = indexOf(scope).byName.get(name);
  if (!host) throw new Error(`no host is named ${name}`);
  return host;
}

/** A setting of the pack on a host, under one variant of the release-dependent defaults. */
export function settingOn(scope: Scope, host: ScopeHost | undefined, variant: Variant, name: string): unknown {
  const layers = [host?.settings ?? {}, scope.inventory.settings, variant.values];
  return layers.find((layer) => Object.hasOwn(layer, name))?.[name] ?? scope.pack.settings[name]?.default;
}

/** A variant of a scope, for what no release decides; there is always one. */
export function anyVariant({ variants }: Pick<Scope, 'variants'>): Variant {
  return variants[0] ?? { gates: [], values: {} };
}

/** Whether a setting was given by hand, for all hosts or this one. */
export function isGiven(scope: Scope, host: string, setting: string): boolean {
  return setting in scope.inventory.settings || setting in hostNamed(scope, host).settings;
}

/** The ordered pairs among some hosts. */
export function directionsOf(hosts: ScopeHost[]): { from: ScopeHost; to: ScopeHost }[] {
  return hosts.flatMap((from) => hosts.filter((to) => to !== from).map((to) => ({ from, to })));
}

/**
 * The rows of the port table that mean this direction; rows of another release are left to the judge to skip. A row of the
 * inventory takes the place of the pack's for the same port, whose other knowledge (must listen, needed) it keeps.
 */
export function portRows(scope: Scope, from: HostRef, to: HostRef): PortRow[] {
  const means = (row: PortRow) =>
    (row.from === undefined || row.from === from.role) && (row.to === undefined || row.to === to.role);
  const own = scope.inventory.ports.filter(means);
  const packs = scope.pack.ports.filter(means);
  const replaced = packs.filter((row) => !own.some((one) => one.port === row.port));
  return [
    ...replaced,
    ...own.map((row) => {
      const { mustListen, needed } = packs.find((one) => one.port === row.port) ?? {};
      return { ...row, ...(mustListen !== undefined && { mustListen }), ...(needed && { needed }) };
    }),
  ];
}

/** Whether a row's direction must work in this phase. A phase without a word on it needs every direction. */
export function isNeeded(row: PortRow, phase: string, from: HostRef, to: HostRef): boolean {
  const needed = row.needed?.[phase];
  return needed === undefined || needed === 'both' || needed === `${from.role}->${to.role}`;
}
