/** `rules new`: writes the skeleton of a pack into a folder that is not there yet. */
import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../../../core/errors.js';
import { systemReason } from '../../../core/file-error.js';
import { makeFolder } from '../../../core/folder.js';
import type { Command } from '../../command.js';

/** `pairflight rules new`. */
export const newPack: Command = {
  name: 'rules new',
  takes: '<folder>',
  does: 'write the skeleton of a pack',
  positionals: {
    folder: {
      type: 'string',
      demandOption: true,
      describe: "a new folder; its name becomes the pack's name",
    },
  },
  needs: "the new pack's folder",
  note: 'docs/writing-a-pack.md follows it: "Write your own pack in ten minutes".',
  examples: [{ does: 'a pack to begin with', run: 'pairflight rules new my-pair' }],
  async run({ folder }: { folder: string }) {
    const [{ skeletonOf }, { write }] = await Promise.all([
      import('../../../authoring/skeleton.js'),
      import('../../deliver.js'),
    ]);
    const name = basename(resolve(folder));
    if (!/^[a-z][a-z0-9-]*$/.test(name)) {
      throw new UsageError(
        `"${name}" is not a valid pack name; use lower-case letters, digits and hyphens`,
        'pairflight rules new my-pair',
      );
    }
    if (existsSync(folder)) throw new UsageError(`${folder}: exists already; name a new folder`);
    const files = Object.entries(skeletonOf(name)).map(([file, content]) => [join(folder, file), content] as const);
    try {
      for (const [file, content] of files) {
        makeFolder(dirname(file), 0o777);
        writeFileSync(file, content);
      }
    } catch (error) {
      throw new UsageError(`${folder}: cannot be written: ${systemReason(error)}`);
    }
    const lines = [
      `${folder} is a pack of ${files.length} files; its rules pass their cases. What comes next:`,
      ...files.map(([file]) => `  ${file}`),
      `  pairflight rules test ${folder}        after each change`,
      `  pairflight plan --pack ${folder} --host primary=HOST --host standby=HOST`,
      `  pairflight check --phase verify --pack ${folder} --host primary=HOST --host standby=HOST`,
    ];
    await write(`${lines.join('\n')}\n`);
    return 0;
  },
};
