/** A rule as a page for a reader at a terminal, made offline: requirement, document, what it asks, what passes and what fails. Pure. */

import { factNamed } from '../core/fact-path.js';
import { lengthInWords, oneLine } from '../core/format.js';
import type { Basis, FactDefinition, Rule, Severity, Verdict } from '../core/model.js';
import { shownLine } from '../core/shell/words.js';
import { declaredAsks } from '../pack/declared.js';
import { sourcesOf } from '../pack/derivations.js';
import { comparesHosts } from '../pack/expectation.js';
import type { Pack } from '../pack/pack.js';
import { settingsUsed } from '../pack/settings.js';
import { broken, widthOf, wrap, wrapAfter } from '../reporters/terminal/wrap.js';

import { type ByAnsible, declarablesOf } from './declared-coverage.js';
import type { RuleCommand } from './rule-commands.js';
import { commandsOf } from './rule-commands.js';
import { defaultInWords, demandInWords, factInWords, rolesInWords } from './rule-words.js';

/** What a page is drawn with: its width, and how many cases of the rule come to each verdict. */
export interface PageOptions {
  columns: number;
  bold: (text: string) => string;
  cases: Partial<Record<Verdict, number>>;
  byAnsible: ByAnsible;
}

/** Prose is hard to follow from line to line where lines are longer. */
const MOST_COLUMNS = 110;

const bases = {
  documented: 'documented: the vendor asks for it',
  field: "field: what the vendor's own scripts demand, not its documents",
  inferred: "inferred: our conclusion, not the vendor's words",
} satisfies Record<Basis, string>;

const weights = {
  blocker: 'blocker: its failure fails the gate',
  warning: 'warning: its failure fails the gate with --fail-on warning or advice',
  advice: 'advice: its failure fails the gate with --fail-on advice only',
} satisfies Record<Severity, string>;

/** The page of one rule. */
export function rulePage(pack: Pack, rule: Rule, options: PageOptions): string {
  const columns = Math.min(options.columns, MOST_COLUMNS);
  const parts = [
    [...wrap(rule.id, columns).map(options.bold), ...wrap(oneLine(rule.title), columns)],
    fields(aboutRule(pack, rule, options.cases), columns),
    section('What passes', expectationLines(pack, rule, columns), options),
    section('Ports', portLines(pack, rule, columns), options),
    section('Facts', fields(factsOf(pack, rule), columns, '  '), options),
    section('Before the hosts exist', declarableLines(pack, rule, columns, options.byAnsible), options),
    section('Settings', fields(settingsOf(pack, rule), columns, '  '), options),
    section('What it runs', commandLines(pack, rule, columns), options),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** By what each property can be declared; said of the whole rule where nothing can. */
function declarableLines(pack: Pack, rule: Rule, columns: number, byAnsible: ByAnsible): string[] {
  const known = declarablesOf(pack, rule, byAnsible).filter(({ by }) => by.length > 0);
  if (known.length === 0) return wrapAfter('  ', 'Not in a plan: only the hosts themselves can tell.', columns);
  return known.flatMap(({ path, by }) => wrapAfter('  ', `${path}: ${by.join('; ')}`, columns));
}

function aboutRule(pack: Pack, rule: Rule, cases: PageOptions['cases']): Field[] {
  const { doc, section: place } = rule.source;
  const document = pack.documents[doc];
  const hosts = rolesInWords(pack.roles, rule.hosts ?? pack.pair);
  const each = {
    set: 'one finding for all of them',
    host: 'a finding for each',
    direction: 'a finding for each direction',
  };
  const verdicts = (['pass', 'fail', 'unknown', 'error', 'skip'] as const).filter((verdict) => cases[verdict]);
  return [
    ['requires', rule.requires],
    ['fault', rule.fault ?? 'none is written; a failure is headed "does not hold"'],
    ['remedy', rule.remedy],
    ['document', `${document?.title ?? doc}, ${place}`, ...(document?.url ? [document.url] : [])],
    ['basis', bases[rule.basis]],
    [
      'severity',
      weights[rule.severity],
      ...Object.entries(rule.severityOn ?? {}).map(([role, one]) => `on ${role}: ${one}`),
    ],
    ['phases', rule.phases.join(', ')],
    ['releases', rule.releases === '*' ? 'all' : rule.releases],
    ['hosts', `${hosts}; ${each[rule.per]}${rule.each ? ' and each port' : ''}`],
    ['depends on', ...guardsOf(pack, rule)],
    ['cases', verdicts.map((verdict) => `${cases[verdict]} ${verdict}`).join(', ') || 'none'],
    ['defined in', rule.at],
  ];
}

/** What has to hold before the rule can be judged. */
function guardsOf({ rules, facts }: Pack, rule: Rule): string[] {
  if (rule.guard) return ['nothing; other rules rest on it, so it can be neither skipped nor waived'];
  const inPhases = rules.filter((one) => one.phases.some((phase) => rule.phases.includes(phase)));
  const words = inPhases.flatMap(({ id, guard }) => {
    if (guard === 'access') return [`${id}: what cannot be asked is unknown`];
    return guard === 'identity' &&
      rule.expect.some((one) => comparesHosts(one, (name) => rule.facts[name] ?? facts[name]))
      ? [`${id}: until it passes nothing is compared`]
      : [];
  });
  return words.length > 0 ? words : ['no other rule'];
}

function section(title: string, lines: string[], { bold }: PageOptions): string[] {
  return lines.length === 0 ? [] : [bold(title), ...lines];
}

/** Names on the left, texts on the right; below each other where the names leave too little room. */
function fields(rows: Field[], columns: number, indent = ''): string[] {
  const width = Math.max(0, ...rows.map(([name]) => widthOf(name)));
  const beside = width + 4 <= columns / 2;
  return rows.flatMap(([name, ...texts]) => {
    const [first = '', ...more] = texts.flatMap((text) =>
      wrap(oneLine(text), columns - indent.length - (beside ? width + 2 : 2)),
    );
    const pad = indent + ' '.repeat(beside ? width + 2 : 2);
    const head = beside ? [`${indent}${name.padEnd(width)}  ${first}`] : [`${indent}${name}`, pad + first];
    return [...head.map((line) => line.trimEnd()), ...more.map((line) => pad + line)];
  });
}

/** Every question of the rule, and its scripts in full below them. */
function commandLines(pack: Pack, rule: Rule, columns: number): string[] {
  const commands = commandsOf(pack, rule);
  const scripts = [...new Set(commands.flatMap(({ words }) => words.filter((word) => word.includes('\n'))))];
  const heading = ({ hosts, as }: RuleCommand) =>
    `${hosts.join(', ')}${as === '' ? '' : ` as ${as}${contextInWords(pack, as)}`}`;
  let last = '';
  const lines = commands.flatMap((command) => {
    const { words, active, sampled } = command;
    const shown = shownLine(
      words.map((word) => (scripts.includes(word) ? `script-${scripts.indexOf(word) + 1}` : word)),
    );
    const often = sampled ? `  (${sampled.times} times, ${lengthInWords(sampled.everyMs / 1000)} apart)` : '';
    const line = wrapAfter(
      '    $ ',
      `${active ? 'ACTIVE  ' : ''}${words.length < 3 && command.as === '' ? words.join(' ') : shown}${often}`,
      columns,
    );
    const head = heading(command) === last ? [] : wrapAfter('  ', `${heading(command)}:`, columns);
    last = heading(command);
    return [...head, ...line];
  });
  const unset = settingsOf(pack, rule).filter(
    ([name]) => pack.settings[name]?.default === undefined && !pack.settings[name]?.by_release,
  );
  return [
    ...lines,
    ...unset.flatMap(([name]) => wrapAfter('  ', `More, where settings.${name} is given.`, columns)),
    ...(lines.some((line) => /@[a-z]/.test(line))
      ? wrapAfter('  ', '@NAME is the address of that host.', columns)
      : []),
    ...scripts.flatMap((script, at) => [
      `  script-${at + 1}:`,
      ...script
        .trimEnd()
        .split('\n')
        .flatMap((line) => codeLines(line, columns)),
    ]),
  ];
}

/** A line of a script as it is; what is too long goes on in the next, with a mark. */
function codeLines(line: string, columns: number): string[] {
  const [first = '', ...more] = line === '' ? [''] : broken(line, columns - 6);
  return [`    | ${first}`.trimEnd(), ...more.map((piece) => `    > ${piece}`)];
}

function contextInWords({ contexts }: Pack, as: string): string {
  const title = contexts[as]?.title;
  return title === undefined ? '' : ` (${oneLine(title)})`;
}

/** A name, and what there is to say of it. */
export type Field = [name: string, ...texts: string[]];

/** What the rule expects, with what holds for all of it said once. */
function expectationLines(pack: Pack, rule: Rule, columns: number): string[] {
  const demands = rule.expect.map((expectation) => demandInWords(pack, rule, expectation));
  // What holds for all of them is said once.
  const [first, ...others] = demands;
  const common = (first?.holds ?? []).filter(
    (text) => others.length > 0 && others.every(({ holds }) => holds.includes(text)),
  );
  const lines = demands.flatMap(({ says, words, holds: all }) => {
    const holds = all.filter((text) => !common.includes(text));
    return [
      ...wrapAfter('  + ', says, columns),
      ...[...(words.length > 0 ? [words.join('; ')] : []), ...holds].flatMap((text) =>
        wrapAfter('      ', text, columns),
      ),
    ];
  });
  return [
    ...lines,
    ...common.flatMap((text, at) => wrapAfter(at === 0 ? '  all of this: ' : ' '.repeat(15), text, columns)),
  ];
}

/** The rows of the port table, for a rule that runs over it. */
function portLines(pack: Pack, rule: Rule, columns: number): string[] {
  if (!rule.each) return [];
  const rows = pack.ports.flatMap(({ port, name, releases, confidence, basis, from, to }) => {
    const way = from || to ? `, ${from ?? 'any'} to ${to ?? 'any'}` : '';
    const doubt = basis === 'documented' ? '' : `; ${oneLine(confidence)}`;
    return wrapAfter(
      `  ${String(port).padEnd(5)}  `,
      `${name}${way}${releases ? `, releases ${releases}` : ''}${doubt}`,
      columns,
    );
  });
  return [...rows, ...wrapAfter('  ', "and those of the inventory's ports", columns)];
}

/** The rule's facts, and those of the pack that they are made of. */
function factsOf(pack: Pack, rule: Rule): Field[] {
  const found = new Map<string, FactDefinition>();
  const add = (name: string, fact: FactDefinition | undefined) => {
    if (!fact || found.has(name)) return;
    found.set(name, fact);
    for (const source of sourcesOf(fact)) {
      const from = factNamed(source);
      add(from, rule.facts[from] ?? pack.facts[from]);
    }
  };
  for (const [name, fact] of Object.entries(rule.facts)) add(name, fact);
  return [...found].map(([name, fact]) => [name, factInWords(pack, fact)]);
}

/** Every setting that the rule's outcome hangs on, with its default. */
function settingsOf(pack: Pack, rule: Rule): Field[] {
  const facts = factsOf(pack, rule).map(([name]) => rule.facts[name] ?? pack.facts[name]);
  const contexts = commandContexts(pack, facts).map((name) => pack.contexts[name]);
  const names = [...new Set(settingsUsed([facts, rule.expect, contexts]))];
  return names.map((name) => [name, `${defaultInWords(pack, name)}: ${oneLine(pack.settings[name]?.title ?? '')}`]);
}

function commandContexts(pack: Pack, facts: (FactDefinition | undefined)[]): string[] {
  return facts.flatMap((fact) => {
    if (!fact || !('probe' in fact)) return [];
    return [String(fact.with.as ?? ''), ...declaredAsks(pack, fact.probe).map((ask) => ask.as)];
  });
}
