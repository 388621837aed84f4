/** JUnit XML of a fleet: a suite for each pair, with its gate and what does not pass; small enough for every consumer. */
import { escapeForTerminal } from '../../core/escape.js';
import { oneLine } from '../../core/format.js';
import { numberOf, pairSlug, slug } from '../../reporters/junit/names.js';
import type { FleetReport, OpenFinding, PairRow } from '../report.js';
import { fleetHeadline, openPairs, reasonInWords } from './sentences.js';

/** GitLab reads no file above 30 MB; the gates of all pairs come first, and findings while there is room. */
const BUDGET_BYTES = 20 * 1024 * 1024;

const sizeOf = (text: string) => Buffer.byteLength(text);

/** One testcase: passed without an outcome. */
interface Case {
  name: string;
  outcome?: { kind: 'failure' | 'error' | 'skipped'; type?: string; message: string; text: string };
}

/** The suites of a fleet; counters are those of what is emitted. */
export function junit(report: FleetReport, budget = BUDGET_BYTES): string {
  const phase = report.run.phases.join(',');
  const own = ownSuite(report, phase);
  // Whoever does not pass has the first claim on the room.
  const order = [...openPairs(report), ...report.pairs.filter(({ outcome }) => outcome === 'passed')];
  let left = budget - sizeOf(own) - order.reduce((sum, row) => sum + sizeOf(suiteOf(row, report, phase, 0)), 0);
  const texts = new Map<string, string>();
  for (const row of order) {
    const bare = suiteOf(row, report, phase, 0);
    const whole = suiteOf(row, report, phase, row.findings.length);
    const more = sizeOf(whole) - sizeOf(bare);
    const fits = more <= left;
    if (fits) left -= more;
    texts.set(row.pair, fits ? whole : bare);
  }
  const suites = report.pairs.map(({ pair }) => texts.get(pair) ?? '');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${own}${suites.join('')}</testsuites>\n`;
}

/** What is wrong with the fleet itself, or that nothing is. */
function ownSuite(report: FleetReport, phase: string): string {
  const { run, problems, guards } = report;
  const gate: Case = { name: 'gate', ...gateOutcome(run.gate, fleetHeadline(report)) };
  const wrong = problems.map(({ problem, message, shards }, index): Case => {
    return {
      name: `${problem} ${index + 1}`,
      outcome: { kind: 'error', type: problem, message, text: shards.join('\n') },
    };
  });
  const guarded = guards.map(({ guard, verdict, message, pairs }, index): Case => {
    const kind = verdict === 'fail' ? 'failure' : 'skipped';
    const said = verdict === 'fail' ? message : `FAIL, below the gate (warning): ${message}`;
    return { name: `${guard} ${index + 1}`, outcome: { kind, type: guard, message: said, text: pairs.join('\n') } };
  });
  const names = ['pairflight', 'fleet', pairSlug(run.fleet), slug(phase)];
  return suite(
    names,
    run.startedAt,
    run.durationMs,
    `fleet ${run.fleet}`,
    [
      ['fleet', run.fleet],
      ['run', run.id],
      ['headline', fleetHeadline(report)],
    ],
    [gate, ...wrong, ...guarded],
  );
}

function gateOutcome(gate: FleetReport['run']['gate'], message: string): Pick<Case, 'outcome'> {
  if (gate === 'passed') return {};
  const kind = gate === 'failed' ? 'failure' : 'error';
  return { outcome: { kind, type: gate, message, text: message } };
}

function suiteOf(row: PairRow, { run }: FleetReport, phase: string, most: number): string {
  const { pair, outcome, product, findings, cut = 0, startedAt = run.startedAt, durationMs = 0 } = row;
  const names = ['pairflight', pairSlug(pair), slug(product?.pack ?? 'fleet'), slug(phase)];
  const shown = findings.slice(0, most);
  const left = findings.length - shown.length + cut;
  const properties: [string, string][] = [
    ['pair', pair],
    ['gate', outcome],
    ...(row.accepted === undefined ? [] : [['accepted', row.accepted] as [string, string]]),
    ...Object.entries(row.labels),
    ...(left > 0 ? [['cut', `${left} more findings stand in the report of the pair`] as [string, string]] : []),
  ];
  const gate: Case = {
    name: 'gate',
    ...(outcome !== 'passed' && {
      outcome: {
        kind: outcome === 'failed' ? 'failure' : 'error',
        type: outcome,
        message: reasonInWords(row),
        text: reasonInWords(row),
      },
    }),
  };
  const hosts = row.hosts?.map(({ name }) => name).join(',') || 'localhost';
  return suite(
    names,
    startedAt,
    durationMs,
    hosts,
    properties,
    [gate, ...shown.map((finding) => caseOf(finding))],
    numberOf(pair),
  );
}

function caseOf({ key, severity, verdict, gating, title, message, waived }: OpenFinding): Case {
  const said = `${title}: ${message}`;
  const text = `${severity} ${verdict}: ${said}`;
  if (gating)
    return {
      name: key,
      outcome: { kind: verdict === 'fail' ? 'failure' : 'error', type: severity, message: said, text },
    };
  if (waived !== undefined)
    return { name: key, outcome: { kind: 'skipped', message: `waived ${waived}: ${said}`, text } };
  const why = verdict === 'fail' ? `FAIL, below the gate (${severity})` : `${verdict}, below the gate (${severity})`;
  return { name: key, outcome: { kind: 'skipped', message: `${why}: ${said}`, text } };
}

function suite(
  names: readonly string[],
  startedAt: string,
  durationMs: number,
  hostname: string,
  properties: readonly [string, string][],
  cases: readonly Case[],
  id = numberOf(names.join('.')),
): string {
  const count = (kind: string) => cases.filter(({ outcome }) => outcome?.kind === kind).length;
  const attributes = {
    id: String(id),
    package: names.slice(0, 2).join('.'),
    name: names.join('.'),
    timestamp: new Date(startedAt).toISOString().slice(0, 19),
    hostname,
    tests: String(cases.length),
    failures: String(count('failure')),
    errors: String(count('error')),
    skipped: String(count('skipped')),
    time: (durationMs / 1000).toFixed(3),
  };
  const classname = names.join('.');
  const lines = [
    `  <testsuite${attributesText(attributes)}>`,
    '    <properties>',
    ...properties.map(([name, value]) => `      <property${attributesText({ name, value })}/>`),
    '    </properties>',
    ...cases.map(({ name, outcome }) => {
      const head = `    <testcase${attributesText({ name, classname, time: '0.000' })}`;
      if (!outcome) return `${head}/>`;
      const { kind, type, message, text } = outcome;
      const inner = attributesText({
        ...(type !== undefined && kind !== 'skipped' && { type }),
        message: oneLine(message),
      });
      return `${head}><${kind}${inner}>${escaped(text)}</${kind}></testcase>`;
    }),
    '    <system-out></system-out>',
    '    <system-err></system-err>',
    '  </testsuite>',
  ];
  return `${lines.join('\n')}\n`;
}

const attributesText = (attributes: Readonly<Record<string, string>>) =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML has no escape for is written out, line by line. */
function escaped(text: string): string {
  const visible = text.split('\n').map(escapeForTerminal).join('\n');
  return visible.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
