/** `schema`: prints one of the published schemas. */
import type { Schema } from '../../core/schema.js';
import type { Command } from '../command.js';

/** `pairflight schema`. */
export const schema: Command = {
  name: 'schema',
  takes: '<name>',
  does: 'print a JSON schema',
  positionals: {
    name: {
      type: 'string',
      demandOption: true,
      describe:
        'inventory, pack, rules, cases, evidence, report, bundle, diff, fleet, fleet-event, fleet-report or shard',
    },
  },
  needs: 'the name of a schema',
  examples: [{ does: 'for an editor', run: 'pairflight schema inventory > inventory.schema.json' }],
  async run({ name }: { name: string }) {
    const [ofPairs, { fleetSchemas }, { suggestion }, { UsageError }, { write }] = await Promise.all([
      import('../../authoring/schemas.js'),
      import('../../fleet/schemas.js'),
      import('../../core/did-you-mean.js'),
      import('../../core/errors.js'),
      import('../deliver.js'),
    ]);
    const schemas: Record<string, () => Schema> = { ...ofPairs.schemas, ...fleetSchemas };
    const known = Object.keys(schemas);
    if (!known.includes(name))
      throw new UsageError(`there is no schema "${name}"${suggestion(name, known)}`, 'pairflight schema inventory');
    await write(`${JSON.stringify(schemas[name]?.(), null, 2)}\n`);
    return 0;
  },
};
