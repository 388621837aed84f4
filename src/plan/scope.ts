/** What a run is about: everything that planning and judging may know. It is made from an inventory, or again from evidence. */
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import { globMatches } from '../core/glob.js';
import type { Evidence, EvidenceInventory, HostRef, PortRow, Rule, Selection } from '../core/model.js';
import type { Pack } from '../pack/pack.js';
import type { Release } from '../pack/releases.js';
import { type Variant, variantsOf } from '../pack/settings.js';

type ScopeHost = HostRef & { settings: Record<string, unknown> };

/** The pure inputs of plan and judgement. */
export interface Scope {
  pack: Pack;
  phases: string[];
  selection: Selection;
  /** The release that the user named. */
  release?: Release;
  releaseName?: string;
  /** Whether active steps were asked for. */
  provePorts: boolean;
  inventory: EvidenceInventory;
  hosts: ScopeHost[];
  /** The layouts that are still possible under the named release. */
  variants: Variant[];
  /** All layouts there are: where the build is looked for, whatever release was named. */
  layouts: Variant[];
  rules: Rule[];
}

/** Makes a scope. @throws UsageError when the selection leaves nothing to judge. */
export function makeScope(
  pack: Pack,
  run: { phases: string[]; selection: Selection; release?: string; provePorts?: boolean },
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
    inventory,
    hosts: inventory.hosts,
    variants: variantsOf(pack.settings, given, decide),
    layouts: variantsOf(pack.settings, given, () => 'undecided'),
    rules: selectRules(pack, run.phases, run.selection),
  };
}

/** The scope that evidence was taken in, under the rules of today's pack. */
export function scopeOfEvidence(pack: Pack, evidence: Evidence): Scope {
  return makeScope(pack, evidence.run, evidence.inventory);
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

/** The hosts of some roles, in the order of the roles. */
export function hostsOf(scope: Scope, roles: readonly string[]): ScopeHost[] {
  return roles.flatMap((role) => scope.hosts.filter((host) => host.role === role));
}

/** The host of this name. The name comes from the scope itself, so it is there. */
export function hostNamed(scope: Scope, name: string): ScopeHost {
  const host = scope.hosts.find((one) => one.name === name);
  if (!host) throw new Error(`no host is named ${name}`);
  return host;
}

/** A setting of the pack on a host, under one variant of the release-dependent defaults. */
export function settingOn(scope: Scope, host: ScopeHost | undefined, variant: Variant, name: string): unknown {
  const layers = [host?.settings ?? {}, scope.inventory.settings, variant.values];
  return layers.find((layer) => Object.hasOwn(layer, name))?.[name] ?? scope.pack.settings[name]?.default;
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
