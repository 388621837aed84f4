/** Whose rules a command is about: of the default product only where nobody named one, and then it says so. */
import type { Pack } from '../../../pack/pack.js';
import type { PackOptions } from '../../options.js';

/** The pack that is meant; one that nobody named is told on stderr, with the others that there are. @throws UsageError */
export async function packMeant(options: PackOptions): Promise<Pack> {
  const [{ list }, { packIndex }, { packFor }] = await Promise.all([
    import('../../../core/format.js'),
    import('../../../pack/load.js'),
    import('../../../plan/scope.js'),
  ]);
  const pack = packFor({}, options);
  const others = packIndex().packs.filter((name) => name !== pack.name);
  if (options.product === undefined && options.pack === undefined && others.length > 0)
    process.stderr.write(`pairflight: these are of ${pack.name}; --product has those of ${list(others)}\n`);
  return pack;
}
