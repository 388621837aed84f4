/** The programs of `--allow-command`: a pack may run nothing else that is not known to only read. Pure. */
import { UsageError } from '../core/errors.js';
import { entryFault, forbidden, unlisted } from '../probes/read-only.js';
import { allowedAs } from '../probes/reading-programs.js';
import { declaredAsks } from './declared.js';
import type { Pack } from './pack.js';

/**
 * The pack as its commands may run. @throws UsageError for a command that is neither known to only read nor allowed, for a path that
 * may never be allowed, and for one that no command of the pack is
 */
export function withAllowed(pack: Pack, allowed: readonly string[]): Pack {
  const commands = [...pack.declared].flatMap((id) => declaredAsks(pack, id).map(({ argv }) => ({ id, argv })));
  const entries = Object.entries(pack.contexts);
  const programs = [...commands.map(({ argv }) => argv[0]), ...entries.map(([, { enter }]) => enter[0] ?? '')];
  for (const path of allowed) {
    if (!/^\/[\w./+-]*[\w+-]$/.test(path) || path.includes('/../'))
      throw new UsageError(
        `--allow-command ${path}: right is the absolute path of one program, for example /opt/shop/bin/state`,
      );
    const never = forbidden([path], pack.never);
    if (never !== undefined) throw new UsageError(`--allow-command ${path}: ${never}`);
    if (!programs.some((program) => allowedAs(program, [path])))
      throw new UsageError(`--allow-command ${path}: no command of the pack ${pack.name} is this program`);
  }
  const own = { ...pack, allowed };
  for (const { id, argv } of commands) refuse(pack, `command "${id}"`, unlisted(argv, own));
  for (const [name, { enter }] of entries) refuse(pack, `context "${name}"`, entryFault(enter, own));
  return allowed.length === 0 ? pack : own;
}

function refuse({ name }: Pack, what: string, reason: string | undefined): void {
  if (reason !== undefined) throw new UsageError(`the ${what} of the pack ${name}: ${reason}`);
}

/** The words of a command with the path that was allowed in the place of a program's name. */
export function asAllowed(
  { allowed = [] }: Pick<Pack, 'allowed'>,
  [program, ...words]: [string, ...string[]],
): [string, ...string[]] {
  return [allowedAs(program, allowed) ?? program, ...words];
}
