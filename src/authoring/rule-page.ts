/** A rule as a page for a reader at a terminal, made offline: requirement, document, what it asks, what passes and what fails. Pure. */

import type { Basis, Rule, Severity, Verdict } from '../core/model.js';
import { comparesHosts } from '../pack/expectation.js';
import type { Pack } from '../pack/load.js';
import { widthOf, wrap } from '../reporters/terminal/wrap.js';
import { oneLine } from '../reporters/words/finding.js';
import { commandLines } from '../rule-asks.js';
import { expectationLines, type Field, factsOf, portLines, settingsOf } from '../rule-sections.js';
import { rolesInWords } from './rule-words.js';

/** What a page is drawn with: its width, and how many cases of the rule come to each verdict. */
export interface PageOptions {
  columns: number;
  bold: (text: string) => string;
  cases: Partial<Record<Verdict, number>>;
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
    section('Settings', fields(settingsOf(pack, rule), columns, '  '), options),
    section('What it asks', commandLines(pack, rule, columns), options),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
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
    ['rests on', ...guardsOf(pack, rule)],
    ['cases', verdicts.map((verdict) => `${cases[verdict]} ${verdict}`).join(', ') || 'none'],
    ['stands in', rule.at],
  ];
}

/** What has to hold before the rule can be judged. */
function guardsOf({ rules }: Pack, rule: Rule): string[] {
  if (rule.guard) return ['nothing; other rules rest on it, so it can be neither skipped nor waived'];
  const here = rules.filter((one) => one.phases.some((phase) => rule.phases.includes(phase)));
  const words = here.flatMap(({ id, guard }) => {
    if (guard === 'access') return [`${id}: what cannot be asked is unknown`];
    return guard === 'identity' && rule.expect.some(comparesHosts)
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
