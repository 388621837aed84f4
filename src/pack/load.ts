/** Packs: folders of rules and the product knowledge they rest on, read, checked as a whole, and frozen. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import { namesIn, readText } from '../core/read-file.js';
import { readDocument } from '../core/yaml-document.js';
import { probesOf } from '../probes/index.js';
import { type PackIndex, readChecked, readCheckedIndex } from './cache.js';
import { checkMappings } from './check/mappings.js';
import { checkPack } from './check/pack.js';
import { type Mappings, mappingsSchema } from './mappings.js';
import type { Pack, PackText, Written } from './pack.js';
import { Releases } from './releases.js';
import { readRules } from './rules.js';
import { packSchema } from './schema.js';

/** The folder of the packs that pairflight brings. */
const packsDir = fileURLToPath(new URL('../../rules/', import.meta.url));

const indexSchema = {
  $id: 'urn:pairflight:schema:index:1',
  title: 'pack index',
  type: 'object',
  additionalProperties: false,
  required: ['default', 'packs', 'reading'],
  properties: {
    default: { type: 'string' },
    packs: { type: 'array', items: { type: 'string' }, minItems: 1 },
    reading: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
  },
};

/** The names of the packs that pairflight brings, and the default one. */
export function packIndex(): PackIndex {
  const text = readFileSync(join(packsDir, 'index.yaml'), 'utf8');
  return readCheckedIndex(text) ?? readDocument<PackIndex>(text, 'rules/index.yaml', indexSchema).value;
}

/** The folder of a product's pack; `place` is where the product is named, in a file. @throws UsageError for one that no pack serves. */
export function packDir(product: string, place?: string): string {
  const { packs } = packIndex();
  if (!packs.includes(product)) {
    const near = suggestion(product, packs).replace(/; known: .*/, '');
    const message = `no pack for the product "${product}"${near || `; there are: ${packs.join(', ')}`}`;
    throw place === undefined
      ? new UsageError(message, `pairflight rules list --product ${packs[0]}`)
      : new UsageError(`${place}: ${message}`);
  }
  return join(packsDir, product);
}

/** Every pack that pairflight brings, the default one first. */
export function allPacks(): Pack[] {
  const { default: usual, packs } = packIndex();
  return [usual, ...packs.filter((name) => name !== usual)].map((name) => loadPack(packDir(name)));
}

/** Where the rule files of a pack lie, each with its cases beside it. */
export const SECTIONS = 'sections';

/** Reads a pack's folder, and checks it unless its very files were checked before. @throws UsageError with file, line and column. */
export function loadPack(dir: string): Pack {
  const folder = resolve(dir);
  if (!existsSync(join(folder, 'pack.yaml'))) {
    throw new UsageError(
      `${dir}: has no pack.yaml; a pack is a folder with pack.yaml and its rules in ${SECTIONS}/`,
      'pairflight schema pack',
    );
  }
  const names = [
    ...yamlIn(folder).filter((name) => ['pack.yaml', 'requirements.yaml', 'declared.yaml'].includes(name)),
    ...sectionFiles(folder),
  ];
  const texts = new Map(names.map((name) => [name, readText(join(folder, name))]));
  const sha256 = hashOf(texts);
  const last = loaded.get(folder);
  if (last?.sha256 === sha256) return last;
  const known = readChecked(sha256);
  const pack = known ? assemble(known, folder, sha256) : readAndCheck(texts, folder, sha256);
  loaded.set(folder, pack);
  return pack;
}

/** The last pack of each folder: whoever judges many pairs in one program has it checked once, for as long as its files stay. */
const loaded = new Map<string, Pack>();

function readAndCheck(texts: Map<string, string>, folder: string, sha256: string): Pack {
  const shown = (name: string) => join(basename(folder), name);
  const { value: written, at } = readDocument<Written>(texts.get('pack.yaml') ?? '', shown('pack.yaml'), packSchema);
  const outline = { name: written.name, roles: written.roles, facts: written.facts ?? {} };
  const rules = inOrder(written, [...texts.keys()], at).flatMap((name) =>
    readRules(texts.get(name) ?? '', shown(name), outline),
  );
  const declared = texts.get('declared.yaml');
  const mapped =
    declared === undefined ? undefined : readDocument<Mappings>(declared, shown('declared.yaml'), mappingsSchema);
  const pack = assemble({ written, rules, ...(mapped && { mappings: mapped.value }) }, folder, sha256);
  checkPack(pack, at);
  if (mapped) checkMappings(pack, mapped.at);
  return pack;
}

function assemble(text: PackText, dir: string, sha256: string): Pack {
  const { written, rules, mappings } = text;
  const { ports = [], commands = {}, not_verified: notVerified = [], not_run: notRun = [], ...rest } = written;
  const declarations = Object.entries(commands).map(([id, { timeout_ms: timeoutMs, ...one }]) => {
    return [id, timeoutMs === undefined ? one : { ...one, timeoutMs }] as const;
  });
  return {
    ...rest,
    dir,
    sha256,
    releases: new Releases(written.releases),
    ports: ports.map(({ must_listen: mustListen, ...row }) =>
      mustListen === undefined ? row : { ...row, mustListen },
    ),
    discover: written.discover ?? {},
    contexts: written.contexts ?? {},
    never: written.never ?? [],
    facts: written.facts ?? {},
    notVerified,
    notRun,
    rules,
    probes: probesOf(Object.fromEntries(declarations)),
    declared: new Set(Object.keys(commands)),
    reading: packIndex().reading,
    ...(mappings && { mappings }),
    text,
  };
}

/** The rule files of a pack, cases left out. @throws UsageError for a pack whose rules lie beside pack.yaml, as they did in 0.1 */
function sectionFiles(folder: string): string[] {
  const beside = yamlIn(folder).filter((name) => !/^(pack|demo|requirements|declared(\.cases)?)\.yaml$/.test(name));
  if (beside.length > 0) {
    const target = join(folder, SECTIONS);
    throw new UsageError(
      `${join(folder, beside[0] ?? '')}: rules and their cases lie in ${SECTIONS}/ since 0.2`,
      `mkdir -p ${target} && mv ${beside.map((name) => join(folder, name)).join(' ')} ${target}/`,
    );
  }
  return yamlIn(join(folder, SECTIONS))
    .filter((name) => !name.endsWith('.cases.yaml'))
    .map((name) => `${SECTIONS}/${name}`);
}

function yamlIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return namesIn(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
}

/** The rule files in the order of the report; one that is missing, or that nobody names, is a mistake: rules must not vanish. */
function inOrder(
  { sections }: Pick<Pack, 'sections'>,
  files: string[],
  at: (path: (string | number)[]) => string,
): string[] {
  const fileOf = (section: string) => `${SECTIONS}/${section}.yaml`;
  for (const [index, section] of sections.entries()) {
    if (!files.includes(fileOf(section)))
      throw new UsageError(`${at(['sections', index])}: there is no ${fileOf(section)}`);
  }
  const named = sections.map(fileOf);
  const unnamed = files.find((file) => file.startsWith(`${SECTIONS}/`) && !named.includes(file));
  if (unnamed !== undefined) throw new UsageError(`${at(['sections'])}: does not name ${unnamed}, which is there`);
  return named;
}

function hashOf(texts: Map<string, string>): string {
  const hash = createHash('sha256');
  for (const [name, text] of texts) hash.update(`${name}\n${text.length}\n${text}`);
  return hash.digest('hex');
}
