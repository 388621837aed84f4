/** What a new inventory shall say: from options, and from answers where a person can be asked. */
import { existsSync } from 'node:fs';
import { UsageError } from '../../core/errors.js';
import { list } from '../../core/format.js';
import { loadPack, packDir, packIndex } from '../../pack/load.js';
import type { Pack } from '../../pack/pack.js';
import { inventoryFromHosts } from '../host-option.js';
import type { TargetOptions } from '../options.js';
import { hostSpecs, settingsFrom } from '../target.js';
import { Asker, atTerminal, Ended, interview, productQuestion, yesOrNo } from './interview.js';
import type { Draft } from './text.js';

/** Options that `init` makes a draft of. */
export type DraftOptions = TargetOptions & { output: string; discover: boolean; force: boolean; fleet: boolean };

/** A draft and the pack whose words it uses. */
export interface Drafted {
  pack: Pack;
  draft: Draft;
}

/**
 * Makes the draft; undefined where a person took back what a file that is there would have lost. With `completing` there is an
 * inventory already, and nothing is asked but whether it may be written to.
 * @throws UsageError for what is missing where nobody can be asked; Interrupted
 */
export async function draftOf(options: DraftOptions, completing: boolean): Promise<Drafted | undefined> {
  const taken = options.output !== '-' && !options.force && existsSync(options.output);
  if (taken && !atTerminal()) throw isThere(options.output);
  let asker: Asker | undefined;
  const person = () => {
    asker ??= new Asker(process.stdin, process.stderr);
    return asker;
  };
  try {
    const over = `Write ${completing ? 'the settings into it' : 'over it'}`;
    if (taken && !(await person().ask(yesOrNo(over, `${options.output} exists already.`))))
      throw isThere(options.output);
    return completing ? undefined : await drafted(options, person);
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    throw new UsageError('input ended before all questions were answered; nothing was written', 'pairflight init');
  } finally {
    asker?.close();
  }
}

function isThere(output: string): UsageError {
  return new UsageError(
    `${output}: exists already and was not changed; --force overwrites it`,
    'pairflight init -o other.yaml',
  );
}

async function drafted(options: DraftOptions, person: () => Asker): Promise<Drafted> {
  const { default: usual, packs } = packIndex();
  const specs = hostSpecs(options);
  const given = specs.length > 0 ? inventoryFromHosts(specs).hosts : [];
  const { release, product: named } = options;
  const open = options.pack === undefined && named === undefined && packs.length > 1;
  const asking = atTerminal() && (given.length === 0 || missingRoles(packOf(usual, options), given).length > 0);
  const product = open && asking ? await person().ask(productQuestion(packs, usual)) : (named ?? usual);
  const pack = packOf(product, options);
  const draft = { hosts: given, settings: settingsFrom(options.set ?? []), ...(release !== undefined && { release }) };
  const missing = missingRoles(pack, given);
  if (missing.length === 0) return { pack, draft };
  if (!atTerminal()) throw missingHosts(pack, missing, specs, options.fleet);
  return { pack, draft: await interview(person(), pack, draft, options.discover ? Object.keys(pack.discover) : []) };
}

function packOf(product: string, { pack }: DraftOptions): Pack {
  return loadPack(pack ?? packDir(product));
}

/** The roles that need hosts yet, each as often as it needs one. */
function missingRoles({ roles }: Pack, hosts: Draft['hosts']): string[] {
  return Object.entries(roles).flatMap(([role, { count }]) => {
    const given = hosts.filter((host) => host.role === role).length;
    return Array<string>(Math.max(0, Number(count[0]) - given)).fill(role);
  });
}

/** Where nobody can be asked, the options that would answer. */
function missingHosts(
  { roles }: Pack,
  missing: readonly string[],
  specs: readonly string[],
  fleet: boolean,
): UsageError {
  const examples = missing.map((role, at) => {
    const address = `10.0.0.${specs.length + at + 1}`;
    const login = roles[role]?.endpoint ? address : `ops@host-${specs.length + at + 1},address=${address}`;
    return `--host ${role}=${login}`;
  });
  const given = specs.map((spec) => `--host ${spec}`);
  const kinds = [...new Set(missing)];
  return new UsageError(
    `there is no terminal to ask at, and no host is given for the ${kinds.length > 1 ? 'roles' : 'role'} ${list(kinds)}`,
    [`pairflight init${fleet ? ' --fleet' : ''}`, ...given, ...examples].join(' '),
  );
}
