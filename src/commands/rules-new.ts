/** `rules new`: writes the skeleton of a pack, and says what comes next. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { skeletonOf } from '../authoring/skeleton.js';
import { write } from '../cli/deliver.js';
import { UsageError } from '../core/errors.js';

/** Writes a new pack and says so; resolves to 0. @throws UsageError */
export async function newRules(folder: string): Promise<number> {
  await write(newPack(folder));
  return 0;
}

/** Writes a new pack into a folder that is not there yet; returns what to print. */
function newPack(folder: string): string {
  const name = basename(resolve(folder));
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new UsageError(
      `"${name}" cannot be a pack's name; right is small letters, digits and hyphens`,
      'pairflight rules new my-pair',
    );
  }
  if (existsSync(folder)) throw new UsageError(`${folder}: is there already; a new pack gets a folder of its own`);
  const files = Object.entries(skeletonOf(name));
  try {
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of files) writeFileSync(join(folder, file), text);
  } catch (error) {
    throw new UsageError(`${folder}: cannot be written: ${(error as Error).message}`);
  }
  return `${[
    `${folder} is a pack of ${files.length} files; its rules pass their cases. What comes next:`,
    ...files.map(([file]) => `  ${join(folder, file)}`),
    `  pairflight rules test ${folder}        after each change`,
    `  pairflight plan --pack ${folder} --host primary=HOST --host standby=HOST`,
    `  pairflight check --phase verify --pack ${folder} --host primary=HOST --host standby=HOST`,
  ].join('\n')}\n`;
}
