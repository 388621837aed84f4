/** `schema`: prints one of the published schemas. */

import { schemas } from '../../authoring/schemas.js';
import { suggestion } from '../../core/did-you-mean.js';
import { UsageError } from '../../core/errors.js';
import { write } from '../deliver.js';

/** Prints the schema of this name as JSON; resolves to 0. @throws UsageError for a name that is none. */
export async function schemaCommand(name: string): Promise<number> {
  const known = Object.keys(schemas);
  if (!known.includes(name)) {
    throw new UsageError(`there is no schema "${name}"${suggestion(name, known)}`, 'pairflight schema inventory');
  }
  await write(`${JSON.stringify(schemas[name as keyof typeof schemas](), null, 2)}\n`);
  return 0;
}
