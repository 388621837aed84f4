/** What can be declared of a rule's facts before its hosts exist: by a plan, a rendered file, Ansible's facts, or the inventory. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { factNamed, propertiesOf } from '../core/fact-path.js';
import type { HostRef, Rule } from '../core/model.js';
import { type ProbeFact, sourcesOf } from '../pack/derivations.js';
import { conditionsOf, factOf, referencesOf } from '../pack/expectation.js';
import type { Pack } from '../pack/pack.js';

/** Whether Ansible's facts tell a property of a probe's answer. */
export type ByAnsible = (probe: string, property: string) => boolean;

/** A property that a rule judges, and by what it can be declared; by nothing where the list is empty. */
export interface Declarable {
  path: string;
  by: string[];
}

/** Every property that a rule judges, each once. */
export function declarablesOf(pack: Pack, rule: Rule, byAnsible: ByAnsible): Declarable[] {
  const paths = rule.expect
    .flatMap(conditionsOf)
    .flatMap((condition) => [
      ...(factOf(condition) === undefined ? [] : [condition.path]),
      ...referencesOf(condition).map(({ path }) => path),
    ]);
  const needed = [...new Set(paths)].flatMap((path) => probedUnder(pack, rule, path));
  const all = new Map(needed.map(({ path, fact }) => [`${path} ${JSON.stringify(fact)}`, { path, fact }]));
  return [...all.values()].map(({ path, fact }) => ({
    path,
    by: declaredBy(pack, fact, propertiesOf(path), byAnsible),
  }));
}

/** The properties of probes' answers at the bottom of a path. */
function probedUnder(pack: Pack, rule: Rule, path: string): { path: string; fact: ProbeFact }[] {
  const name = factNamed(path);
  const fact = rule.facts[name] ?? pack.facts[name];
  if (!fact) return [];
  return 'probe' in fact ? [{ path, fact }] : sourcesOf(fact).flatMap((source) => probedUnder(pack, rule, source));
}

const limits = { both: '', 'same-only': ', to compare', 'fail-only': ', to fail' };

function declaredBy(pack: Pack, fact: ProbeFact, path: string[], byAnsible: ByAnsible): string[] {
  const [property = ''] = path;
  if (fact.probe === 'inventory') return ['the inventory'];
  const mapped = Object.entries(pack.mappings?.terraform ?? {}).flatMap(([part, { resources }]) =>
    Object.entries(resources).flatMap(([type, list]) =>
      list
        .filter((one) => one.probe === fact.probe && one.property === property)
        .filter(({ with: meant = {} }) =>
          Object.entries(meant).every(([key, value]) => isDeepStrictEqual(fact.with[key], value)),
        )
        .map(({ at, may }) => `${part}: ${type} ${at}${limits[may]}`),
    ),
  );
  const file = fileOf(pack, fact);
  return [
    ...mapped,
    ...(file === undefined ? [] : [`--declared-file HOST:${file.replaceAll(/\$\{(\w+)\}/g, 'settings.$1')}`]),
    ...renderedBy(pack, fact, path),
    ...(byAnsible(fact.probe, property) && typeof fact.with.path !== 'object' ? ["Ansible's facts"] : []),
  ];
}

/** Behind what tells a part of a whole answer. */
const someOfIt = ', some of it';

/** The file that tells a property though it is no answer; of the whole of an answer, some of it. */
function renderedBy(pack: Pack, { probe }: ProbeFact, path: string[]): string[] {
  const rendered = pack.probes.get(probe)?.rendered;
  const asked = path.join('.');
  const told = rendered?.read('').map(({ property }) => property) ?? [];
  const tells = asked === '' || told.some((one) => asked === one || asked.startsWith(`${one}.`));
  return rendered && tells ? [`--declared-file HOST:/.../${rendered.file}${asked === '' ? someOfIt : ''}`] : [];
}

const nobody: HostRef = { name: '', role: '', address: '', connection: 'none' };

/** The file that a fact is read from, where it is a file and nothing else. */
function fileOf(pack: Pack, { probe, with: params }: ProbeFact): string | undefined {
  if (typeof params.path !== 'string') return undefined;
  const [ask, second] = pack.probes.get(probe)?.ask(params, nobody) ?? [];
  if (second || ask?.kind !== 'exec' || ask.argv[0] !== 'cat') return undefined;
  return ask.argv[1] === params.path && ask.argv.length === 2 ? params.path : undefined;
}

/** Each rule and what can be declared of it, as a Markdown table; the rules of a guard are the hosts' own. */
export function declaredTable(pack: Pack, byAnsible: ByAnsible): string {
  const rows = pack.rules.map((rule) => {
    const all = declarablesOf(pack, rule, byAnsible);
    const known = all.filter(({ by }) => by.length > 0);
    const isWhole = known.length === all.length && !known.some(({ by }) => by.every((one) => one.endsWith(someOfIt)));
    const word = known.length === 0 ? 'not in a plan' : isWhole ? 'whole' : 'in part';
    const cells = known.map(({ path, by }) => `\`${path}\`: ${by.join('; ')}`);
    return `| \`${rule.id}\` | ${word} | ${cells.join('<br>').replaceAll('|', '\\|')} |`;
  });
  return ['| rule | can be declared | by |', '|---|---|---|', ...rows].join('\n');
}
