/** From options to what a run is about: inventory, pack and scope. */
import { existsSync } from 'node:fs';
import { check } from '../core/check-schema.js';
import { advising, NO_COMMAND, UsageError } from '../core/errors.js';
import { yaml } from '../core/packages.js';
import type { Baseline } from '../evidence/baseline.js';
import { readBaseline } from '../evidence/evidence.js';
import { loadPack, packDir, packIndex } from '../pack/load.js';
import type { Pack } from '../pack/pack.js';
import { type Inventory, readInventory } from '../plan/inventory.js';
import { pairNameSchema } from '../plan/schema.js';
import { packFor, scopeOf, type Target } from '../plan/scope.js';
import { FROM_OPTIONS, inventoryFromHosts } from './host-option.js';
import { DEFAULT_INVENTORY, type TargetOptions } from './options.js';

/** Prints an inventory of the product in which every field is explained. */
function rightInventory({ name, roles }: Pack): string {
  const hosts = Object.entries(roles).flatMap(([role, { count }]) => Array<string>(Number(count[0])).fill(role));
  const product = name === packIndex().default ? '' : ` --product ${name}`;
  return `pairflight init -o -${product}${hosts.map((role, at) => ` --host ${role}=10.0.0.${at + 1}`).join('')}`;
}

/** Whether a mistake is one of form, which an inventory that is right shows; any other is put right by what its line says. */
function isOfForm(message: string): boolean {
  const form =
    /unknown (key|role|setting) "|the key ".*" is missing|(: |setting .*)must be |must NOT have |ha(s|ve) the role /;
  return form.test(message) && !message.includes('; did you mean ');
}

/** A target, and the earlier run that it is compared with. */
export type RunTarget = Target & { baseline?: Baseline };

/** Makes the target of a run; without phases the pack's first is meant. @throws UsageError for anything that does not fit together. */
export function readTarget(options: TargetOptions, phases?: string[]): RunTarget {
  const target = targetOf(inventoryOf(options), options, phases);
  const { baseline, promised } = options;
  const file = promised ?? baseline;
  if (file === undefined) return target;
  if (promised !== undefined && baseline !== undefined)
    throw new UsageError(`give either --promised ${promised} or --baseline ${baseline}, not both`);
  const { inventory, pack } = target.scope;
  const run = { inventory, takenAt: new Date().toISOString() };
  const earlier = readBaseline(file, run, pack);
  if (promised !== undefined && !earlier.run.declared)
    throw new UsageError(`${promised}: is of hosts that were asked, and promises nothing; give it as --baseline`);
  return { ...target, baseline: earlier };
}

/** The target of an inventory that was read already. @throws UsageError; where the file is wrong, one that is right is shown */
export function targetOf(inventory: Inventory, options: TargetOptions, phases?: string[]): Target {
  const [mistake] = options.name === undefined ? [] : check(pairNameSchema, options.name);
  if (mistake) throw new UsageError(`--name: ${mistake.message}`);
  const choices = { ...options, phases, settings: settingsFrom(options.set ?? []) };
  const file = inventory.at([]).replace(/:\d+:\d+$/, '');
  // Where the hosts are options, there is no file to put right.
  const isWritten = file !== FROM_OPTIONS;
  const next = (message: string) => {
    if (!isWritten || !message.startsWith(`${file}:`)) return undefined;
    return isOfForm(message) ? rightInventory(packFor(inventory, choices)) : NO_COMMAND;
  };
  return advising(next, () => scopeOf(inventory, choices));
}

/** The hosts that options give, as `--host` takes them. */
export function hostSpecs({ host = [], roles = {} }: TargetOptions): string[] {
  return [...host, ...Object.entries(roles).map(([role, spec]) => `${role}=${spec}`)];
}

function inventoryOf({ inventory, ...options }: TargetOptions): Inventory {
  // yargs hands the word `-` over as an empty text.
  const file = inventory === '' ? '-' : inventory;
  const specs = hostSpecs(options);
  if (specs.length > 0) {
    if (file !== undefined) throw new UsageError(`give either the inventory ${file} or --host options, not both`);
    return inventoryFromHosts(specs);
  }
  if (file === undefined && !existsSync(DEFAULT_INVENTORY)) {
    throw new UsageError(
      `there is no ${DEFAULT_INVENTORY} here, and neither an inventory nor a --host is named`,
      'pairflight init',
    );
  }
  return read(file ?? DEFAULT_INVENTORY);
}

/** Where there is none it is made; where its form is wrong, one that is right is shown. */
function read(file: string): Inventory {
  const next = (message: string) => {
    if (message === `${file}: there is no such file`) return `pairflight init -o ${file}`;
    return isOfForm(message) ? rightInventory(loadPack(packDir(packIndex().default))) : NO_COMMAND;
  };
  return advising(next, () => readInventory(file));
}

/** The settings that `--set` gives. @throws UsageError */
export function settingsFrom(pairs: string[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, key, value] = /^([A-Za-z]\w*)=([\s\S]*)$/.exec(pair) ?? [];
      if (key === undefined || value === undefined)
        throw new UsageError(`--set ${pair}: right is key=value, for example dataDisk=/mnt/data`);
      try {
        return [key, yaml().parse(value) as unknown];
      } catch {
        throw new UsageError(`--set ${pair}: the value is not YAML`);
      }
    }),
  );
}
