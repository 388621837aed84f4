/** Each role of the pack that has one host is an option by its name: `--primary db-a`. */
import { UsageError } from '../core/errors.js';
import { type Products, productsOf, readProducts } from '../pack/cache.js';
import { isMany } from '../pack/roles.js';
import type { Declared } from './command.js';
import { commandMeant } from './commands/index.js';
import { groups, text } from './options.js';

/** The options of the pack that the command line names. @throws UsageError for a role that this pack does not have, or has several hosts of */
export async function rolesAsOptions(args: readonly string[]): Promise<Declared> {
  const products = readProducts() ?? productsOf((await import('../pack/load.js')).allPacks());
  const named = { product: wordAfter(args, '--product'), pack: wordAfter(args, '--pack') };
  const { title, roles } = await packMeant(products, named, args);
  const one = Object.keys(roles).filter((role) => roles[role] && !isMany(roles[role]));
  const isForHelp = args.some((word) => /^(--help|-h|--get-yargs-completions)$/.test(word));
  for (const word of isForHelp ? [] : args) {
    const [, name = ''] = /^--([^=]+)/.exec(word) ?? [];
    if (one.includes(name)) continue;
    if (Object.hasOwn(roles, name))
      throw new UsageError(`--${name}: there may be several hosts of this role; right is --host ${name}=HOST`);
    if (Object.values(products).some((product) => Object.hasOwn(product.roles, name)))
      throw new UsageError(
        `--${name}: ${title} has no role ${name}; its roles are ${Object.keys(roles).join(', ')}`,
        ['pairflight', commandMeant(args)?.name, ...asWords(named), '--help'].join(' '),
      );
  }
  return Object.fromEntries(one.map((role) => [role, text(`the same as --host ${role}=...`, groups.hosts)]));
}

/** The pack of the options, of the inventory, or the default one; that a product has none is said when it is used. */
async function packMeant(
  products: Products,
  { product, pack }: { product: string | undefined; pack: string | undefined },
  args: readonly string[],
): Promise<Products[string]> {
  if (pack !== undefined) return (await import('../pack/load.js')).loadPack(pack);
  const [usual = { title: '', roles: {} }] = Object.values(products);
  return products[product ?? (await productOfInventory(args)) ?? ''] ?? usual;
}

/** The product of the inventory that is named, where it can be read; what is wrong with it is said when it is used. */
async function productOfInventory(args: readonly string[]): Promise<string | undefined> {
  const file = args.find((word) => /\.ya?ml$/.test(word));
  if (file === undefined) return undefined;
  const { readInventory } = await import('../plan/inventory.js');
  try {
    return readInventory(file).product;
  } catch {
    return undefined;
  }
}

/** The word that an option is given, as `--option word` or `--option=word`. */
function wordAfter(args: readonly string[], option: string): string | undefined {
  const at = args.findIndex((word) => word === option || word.startsWith(`${option}=`));
  return at < 0 ? undefined : (args[at]?.split(/=(.*)/s)[1] ?? args[at + 1]);
}

function asWords(named: Record<string, string | undefined>): string[] {
  return Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
}
