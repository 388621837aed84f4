/** `init`: writes an inventory from options, and with `--discover` from what the hosts know. */
import { existsSync } from 'node:fs';
import { stringify } from 'yaml';
import { discover, discoverySteps } from '../discover.js';
import { UsageError } from '../errors.js';
import { parseInventory } from '../inventory.js';
import type { Host } from '../model.js';
import { runTarget } from './check.js';
import type { ReachOptions, TargetOptions } from './options.js';
import { write, writePrivate } from './outputs.js';
import { readTarget, type Target } from './target.js';

/** Options of `init`. */
export interface InitOptions extends TargetOptions, ReachOptions {
  output: string;
  discover: boolean;
  force: boolean;
}

/** Writes the inventory; resolves to 0, or 3 when a setting that was to be discovered could not be read. @throws UsageError */
export async function initCommand(options: InitOptions): Promise<number> {
  const { output } = options;
  if (output !== '-' && existsSync(output) && !options.force) {
    throw new UsageError(`${output}: is there already; --force writes over it, -o names another file`);
  }
  const target = readTarget(options);
  const found = options.discover ? await ask(target, options) : { settings: {}, byHost: {}, gaps: [] };
  for (const gap of found.gaps)
    process.stderr.write(`pairflight: not discovered: ${gap.replace(/[^\x20-\x7e]/g, '?')}\n`);
  const text = inventoryText(target, found);
  // What we write must be what we would read: a hostile answer of a host must not make another inventory.
  parseInventory(text, output);
  if (output === '-') await write(text);
  else writePrivate(output, text);
  return found.gaps.length === 0 ? 0 : 3;
}

async function ask(target: Target, options: InitOptions) {
  const { evidence } = await runTarget(target, options, discoverySteps(target.scope));
  return discover(target.scope, evidence);
}

function inventoryText(
  { scope, hosts }: Target,
  found: { settings: Record<string, unknown>; byHost: Record<string, Record<string, unknown>> },
): string {
  const settings = { ...scope.inventory.settings, ...found.settings };
  const inventory = {
    product: scope.pack.name,
    ...(scope.releaseName === undefined ? {} : { release: scope.releaseName }),
    hosts: Object.fromEntries(hosts.map((host) => [host.name, hostEntry(host, found.byHost[host.name])])),
    ...(Object.keys(settings).length > 0 && { settings }),
  };
  const head = [
    '# The inventory of a pair for pairflight. The schema: pairflight schema inventory > inventory.schema.json',
    '# yaml-language-server: $schema=./inventory.schema.json',
  ];
  return `${head.join('\n')}\n${stringify(inventory)}`;
}

function hostEntry(host: Host, discovered: Record<string, unknown> | undefined) {
  const settings = { ...host.settings, ...discovered };
  return {
    role: host.role,
    address: host.address,
    ...(host.connection !== 'ssh' && { connection: host.connection }),
    ...(Object.keys(host.ssh).length > 0 && { ssh: host.ssh }),
    ...(Object.keys(settings).length > 0 && { settings }),
  };
}
