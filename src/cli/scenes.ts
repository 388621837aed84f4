/** Which pair is played: the products that have one, and the scenarios of each. */
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import { type Demo, hasDemo, loadDemo, type Scenario, scenarioFor } from '../demo/index.js';
import { packDir, packIndex } from '../pack/load.js';
import { wrapAfter } from '../reporters/terminal/wrap.js';
import { screenOf } from './screen.js';

/** What names a scenario. */
export interface SceneOptions {
  /** A scenario; or a product, of which `more` then names the scenario. */
  scenario?: string;
  more?: string;
  /** The scenario's own where none is named; without a scenario, the first one that is made for it; without either, the first of all. */
  phase?: string;
  product?: string;
}

/** The pair to be played and its scenario. @throws UsageError */
export function sceneOf(options: SceneOptions): { demo: Demo; scenario: Scenario } {
  const { product, scenario: name } = sceneMeant(options);
  const demo = demoOf(product ?? packIndex().default);
  if (name !== undefined) return { demo, scenario: scenarioNamed(demo, name) };
  return { demo, scenario: scenarioFor(demo, options.phase) };
}

/** One line for each scenario of the product that is meant, or of all. @throws UsageError */
export function sceneList(options: SceneOptions): string {
  const { product } = sceneMeant(options);
  return product === undefined ? `${listed(playable())}\n${listedOthers()}` : listed([product]);
}

/** What is no scenario of one product's pair. */
const others = [
  ['fleet 12', 'Twelve pairs at once, some of them with faults (--seed, --faults); any number up to 2000'],
  ['declared', 'Nobody is asked: a Terraform plan that shrinks a disk is judged before it is applied'],
] as const;

function listedOthers(): string {
  const { columns } = screenOf({ usual: longest });
  const lines = others.flatMap(([words, description]) => wrapAfter(`  ${words.padEnd(10)}`, description, columns));
  const heading = wrapAfter('', 'of another kind: pairflight demo fleet 12, pairflight demo declared', columns);
  return [...heading, ...lines].map((line) => `${line}\n`).join('');
}

/** What is to be played, out of up to two words and `--product`; without a product the default one is meant. @throws UsageError */
function sceneMeant({ scenario: first, more, product }: SceneOptions): { product?: string; scenario?: string } {
  const named = (scenario: string | undefined) => (scenario === undefined ? {} : { scenario });
  const { packs } = packIndex();
  if (product === undefined && first !== undefined && packs.includes(first)) return { product: first, ...named(more) };
  if (more !== undefined) {
    const wrong =
      product === undefined ? `no product "${first}"${suggestion(first ?? '', packs)}` : `"${more}" is a word too many`;
    throw new UsageError(`demo ${first} ${more}: ${wrong}; right is PRODUCT SCENARIO`, 'pairflight demo --list');
  }
  return { ...(product === undefined ? {} : { product }), ...named(first) };
}

/** The products whose packs have hosts to play. */
function playable(): string[] {
  return packIndex().packs.filter((product) => hasDemo(packDir(product)));
}

function demoOf(product: string): Demo {
  const dir = packDir(product);
  if (!hasDemo(dir))
    throw new UsageError(
      `nothing is played for ${product}; there is a demo for ${playable().join(' and ')}`,
      'pairflight demo --list',
    );
  return loadDemo(dir);
}

/** @throws UsageError that tells whose scenario it is, where another product has one of that name */
function scenarioNamed({ product, scenarios }: Demo, name: string): Scenario {
  const has = (demo: Pick<Demo, 'scenarios'>) => demo.scenarios.find((one) => one.name === name);
  const found = has({ scenarios });
  if (found) return found;
  const whose = playable().find((other) => other !== product && has(demoOf(other)));
  if (whose !== undefined) {
    const right = `pairflight demo ${whose} ${name}`;
    throw new UsageError(`${product} has no scenario "${name}"; ${whose} has one`, right);
  }
  const known = [...scenarios.map((one) => one.name), ...playable(), 'fleet', 'declared'];
  throw new UsageError(`no scenario "${name}"${suggestion(name, known)}`, 'pairflight demo --list');
}

/** The width of a line that nobody sees on a screen: one for each scenario. */
const longest = 400;

/** A line for each scenario; of several products, below a line that says how they are played. */
function listed(products: string[]): string {
  const { columns } = screenOf({ usual: longest });
  const demos = products.map(demoOf);
  const rows = demos.flatMap(({ scenarios }) => scenarios);
  const widest = (texts: string[]) => Math.max(...texts.map((text) => text.length));
  const [names, phases] = [widest(rows.map(({ name }) => name)), widest(rows.map(({ phase }) => phase))];
  const sections = demos.map(({ product, scenarios }) => {
    const indent = demos.length > 1 ? '  ' : '';
    const option = product === packIndex().default ? '' : ` ${product}`;
    const lines = scenarios.flatMap(({ name, phase, description }) =>
      wrapAfter(`${indent}${name.padEnd(names)}  ${phase.padEnd(phases)}  `, description, columns).map(
        (line) => `${line}\n`,
      ),
    );
    return `${demos.length > 1 ? `${product}: pairflight demo${option} SCENARIO\n` : ''}${lines.join('')}`;
  });
  return sections.join('\n');
}
