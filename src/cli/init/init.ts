/** `init`: writes an inventory from options, from answers at the terminal, and with `--discover` from what the hosts know. */
import { accessSync, constants, existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../../core/errors.js';
import { escapeForTerminal } from '../../core/escape.js';
import { isFolder } from '../../core/folder.js';
import { list } from '../../core/format.js';
import { readText } from '../../core/read-file.js';
import { type Discovered, discover, discoverySteps } from '../../evidence/discover.js';
import { preparePairs } from '../../fleet/prepare.js';
import { parseFleet } from '../../fleet/read.js';
import { parseInventory } from '../../plan/inventory.js';
import type { Target } from '../../plan/scope.js';
import { planSteps } from '../../plan/steps.js';
import { Interrupted } from '../ask-hidden.js';
import { write, writePrivate } from '../deliver.js';
import { DEFAULT_INVENTORY, type ReachOptions, type TargetOptions } from '../options.js';
import { runTarget } from '../run.js';
import { hostSpecs, readTarget, targetOf } from '../target.js';
import { type Drafted, draftOf } from './draft.js';
import { SCHEMA_FILE, schemaFor } from './editor-schema.js';
import { fleetText } from './fleet-text.js';
import { inventoryText, withSettings } from './text.js';

/** Options of `init`. */
export interface InitOptions extends TargetOptions, ReachOptions {
  output: string;
  discover: boolean;
  force: boolean;
  fleet: boolean;
}

/** The file of a fleet where none is named. */
const DEFAULT_FLEET = 'fleet.yaml';

/** Writes the inventory; resolves to 0, 3 when a setting that was to be discovered could not be read, or 130. @throws UsageError */
export async function writeInventory(given: InitOptions): Promise<number> {
  const { fleet, output, discover: asked } = given;
  if (fleet && asked)
    throw new UsageError('--discover asks the hosts of one pair, and --fleet writes a file of many; use one of them');
  const options = { ...given, output: fleet && output === DEFAULT_INVENTORY ? DEFAULT_FLEET : output };
  mustBeWritable(options.output);
  try {
    return await (fleet ? writtenFleet(options) : written(options));
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    process.stderr.write('pairflight: interrupted; nothing was written\n');
    return 130;
  }
}

async function written(options: InitOptions): Promise<number> {
  const { output } = options;
  // An inventory that is there is completed, not made anew: what somebody wrote into it stays.
  const completing = options.discover && hostSpecs(options).length === 0 && existsSync(DEFAULT_INVENTORY);
  const made = await draftOf(options, completing);
  const named = options.name === undefined ? {} : { name: options.name };
  const target = made
    ? targetOf(inventoryOf(made), { product: made.pack.name, ...named, ...own(options) })
    : readTarget(options);
  const found = options.discover ? await discovered(target, options) : { settings: {}, byHost: {}, gaps: [] };
  const text = made ? newText(target, output, found) : withSettings(readText(DEFAULT_INVENTORY), found);
  proveReadable(text, target, options);
  for (const gap of found.gaps) tell(`not discovered: ${gap}`);
  if (output === '-') await write(text);
  else {
    const schema = await schemaBeside(output, target);
    await writePrivate(output, text);
    tell(`wrote ${output}`);
    if (schema) tell(`wrote ${join(dirname(output), SCHEMA_FILE)}, for editors`);
    for (const line of nextWords(target, options, found)) process.stderr.write(`${line}\n`);
  }
  return found.gaps.length === 0 ? 0 : 3;
}

async function writtenFleet(options: InitOptions): Promise<number> {
  const { output } = options;
  const made = await draftOf(options, false);
  if (!made) return 0;
  const stem = output === '-' ? 'fleet' : basename(output).replace(/\.[^.]+$/, '');
  const names = { fleet: stem, pair: options.name ?? 'pair-1', today: new Date().toISOString().slice(0, 10) };
  const text = fleetText(made.pack, made.draft, names);
  const { pairs, faults } = parseFleet(text, output);
  const wrong = [...faults, ...preparePairs(pairs, own(options)).faults][0];
  if (wrong) throw new UsageError(wrong.message);
  if (output === '-') await write(text);
  else {
    await writePrivate(output, text);
    tell(`wrote ${output}`);
    const more = options.pack === undefined ? '' : ` --pack ${options.pack}`;
    const [phase = ''] = Object.keys(made.pack.phases);
    const run = phase === 'preflight' || phase === 'verify' ? phase : `check --phase ${phase}`;
    process.stderr.write(
      escapeForTerminal(`      next: pairflight fleet plan${more} ${output}`).concat(
        '\n',
        escapeForTerminal(`      then: pairflight fleet ${run}${more} ${output} --out results`),
        '\n',
      ),
    );
  }
  return 0;
}

function inventoryOf({ draft }: Drafted) {
  return { ...draft, ports: [], waivers: [], attest: [], at: () => 'init' };
}

/** Rules of one's own are named again wherever the inventory is used. */
function own({ pack }: InitOptions): Pick<TargetOptions, 'pack'> {
  return pack === undefined ? {} : { pack };
}

async function discovered(target: Target, options: InitOptions): Promise<Discovered> {
  const { evidence, signal } = await runTarget(target, options, discoverySteps(target.scope));
  if (signal !== undefined) throw new Interrupted('interrupted');
  return discover(target.scope, evidence);
}

function newText({ scope, hosts }: Target, output: string, found: Discovered): string {
  const today = new Date().toISOString().slice(0, 10);
  const draft = {
    ...(scope.inventory.name !== undefined && { name: scope.inventory.name }),
    ...(scope.releaseName !== undefined && { release: scope.releaseName }),
    hosts: hosts.map((host) => ({ ...host, settings: { ...host.settings, ...found.byHost[host.name] } })),
    settings: { ...scope.inventory.settings, ...found.settings },
  };
  return inventoryText(scope.pack, draft, { today, ...(output !== '-' && { schema: `./${SCHEMA_FILE}` }) });
}

/** What is written must be what would be read, and planned: a host's hostile answer must not make another inventory. */
function proveReadable(text: string, { hosts }: Target, options: InitOptions): void {
  const written = targetOf(parseInventory(text, options.output), own(options));
  const reached = (some: Target['hosts']) => some.map(({ settings: _, ...host }) => host);
  if (!isDeepStrictEqual(reached(written.hosts), reached(hosts)))
    throw new Error('the inventory would name other hosts');
  planSteps(written.scope);
}

/** Writes the schema that the inventory's first line names; false where a file of that name is somebody else's. */
async function schemaBeside(output: string, { scope }: Target): Promise<boolean> {
  const path = join(dirname(output), SCHEMA_FILE);
  const text = `${JSON.stringify(schemaFor(scope.pack), null, 2)}\n`;
  if (existsSync(path) && (isFolder(path) || !readText(path).includes('"title": "pairflight inventory of '))) {
    tell(`${path}: is another file, and stays as it is; the inventory's first line means it`);
    return false;
  }
  await writePrivate(path, text);
  return true;
}

/** The commands that come next, and the one that would read from the hosts what was not asked. */
function nextWords({ scope }: Target, { output, pack, discover: asked }: InitOptions, { gaps }: Discovered): string[] {
  const file = `${pack === undefined ? '' : ` --pack ${pack}`}${output === DEFAULT_INVENTORY ? '' : ` ${output}`}`;
  const [phase = ''] = scope.phases;
  const run = phase === 'preflight' || phase === 'verify' ? phase : `check --phase ${phase}`;
  const settings = Object.keys(scope.pack.discover);
  const rows = [
    ['next', `plan${file}`, 'what would be asked, word for word'],
    ['then', `${run}${file}`, 'asks the hosts'],
    ...(!asked && gaps.length === 0 && settings.length > 0 && output === DEFAULT_INVENTORY
      ? [['also', 'init --discover --force', `reads ${list(settings)} from them`]]
      : []),
  ];
  const width = Math.max(...rows.map(([, command = '']) => command.length));
  const lines = rows.map(([when = '', command = '', does = '']) => [
    `${when.padStart(10)}: pairflight ${command.padEnd(width)}`,
    does,
  ]);
  // Where there is no room, the commands alone tell enough.
  const fits = lines.every((line) => line.join('   ').length <= (process.stderr.columns || Number.POSITIVE_INFINITY));
  return lines.map((line) => escapeForTerminal(fits ? line.join('   ') : (line[0] ?? '').trimEnd()));
}

function mustBeWritable(output: string): void {
  if (output === '-') return;
  const folder = dirname(output);
  if (existsSync(folder) && !isFolder(folder)) throw new UsageError(`${output}: ${folder} is a file, not a folder`);
  if (isFolder(output)) throw new UsageError(`${output}: is a folder, not a file`);
  const place = existsSync(output) ? output : folder;
  try {
    accessSync(place, constants.W_OK);
  } catch {
    const missing = !existsSync(place);
    throw new UsageError(
      missing ? `${output}: there is no folder ${place}` : `${output}: cannot be written`,
      missing ? `mkdir -p ${place}` : 'pairflight init -o -',
    );
  }
}

function tell(line: string): void {
  process.stderr.write(`pairflight: ${escapeForTerminal(line)}\n`);
}
