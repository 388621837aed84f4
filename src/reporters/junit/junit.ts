/** JUnit XML that Jenkins, GitLab and GitHub's reporters read alike, valid under Jenkins' and Ant's schemas. */

import { create } from 'xmlbuilder2';
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';
import { escapeInLines } from '../../core/escape.js';
import { oneLine } from '../../core/format.js';
import type { Finding, Report } from '../../core/model.js';
import { weighsEnough } from '../../judge/verdict.js';
import { sourcesInWords, valuesInWords } from '../words/declared.js';
import { attestedInWords, standingOf } from '../words/finding.js';
import { headline } from '../words/headline.js';
import { numberOf, pairSlug, slug } from './names.js';
import { changesText, findingText, notVerifiedText, saidOf, waiversText } from './text.js';

/** What a testcase comes to. Only what passes is bare: every consumer shows that green. */
type Outcome =
  | { kind: 'passed' }
  | { kind: 'failure'; type: string }
  | { kind: 'error'; type: string }
  | { kind: 'skipped'; why: string };

/** The report as one suite with one testcase for each finding; counters are those of what is emitted. */
export function junit(report: Report): string {
  const { pack } = report.product;
  const { pair, phase } = report.run;
  const names = ['pairflight', pairSlug(pair), slug(pack), slug(phase)];
  const cases = report.findings.map((finding) => ({ finding, outcome: outcomeOf(finding, report) }));
  const count = (kind: Outcome['kind']) => cases.filter(({ outcome }) => outcome.kind === kind).length;
  // What XML 1.0 has no escape for is written out before, as everything that a reader cannot see; a lone surrogate is not left.
  const root = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '' }).ele('testsuites');
  const suite = element(root, 'testsuite', {
    // Ant's schema has no place for a testcase's own system-out, nor for attributes on testsuites: neither is used.
    id: String(numberOf(pair)),
    package: `pairflight.${slug(pack)}`,
    name: names.join('.'),
    timestamp: new Date(report.run.startedAt).toISOString().slice(0, 19),
    hostname: report.hosts.map((host) => host.name).join(',') || 'localhost',
    tests: String(cases.length),
    failures: String(count('failure')),
    errors: String(count('error')),
    skipped: String(count('skipped')),
    time: (report.run.durationMs / 1000).toFixed(3),
  });
  const properties = suite.ele('properties');
  for (const [name, value] of propertiesOf(report)) element(properties, 'property', { name, value });
  for (const { finding, outcome } of cases) {
    const classname = [...names, slug(finding.group)].join('.');
    const testcase = element(suite, 'testcase', { name: finding.key, classname, time: '0.000' });
    if (outcome.kind === 'passed') continue;
    const message = oneLine(saidOf(finding));
    const attributes =
      outcome.kind === 'skipped' ? { message: `${outcome.why}: ${message}` } : { type: outcome.type, message };
    element(testcase, outcome.kind, attributes, findingText(finding, report));
  }
  const out = [
    headline(report),
    ...(report.run.next === undefined ? [] : [`CAUTION: ${oneLine(report.run.next)}`]),
    ...(report.declared ? [['Declared:', ...valuesInWords(report.declared)].join('\n')] : []),
    ...(report.waivers ? [waiversText(report.waivers)] : []),
    ...(report.changes ? [changesText(report.changes)] : []),
    ...report.notVerified.map(notVerifiedText),
  ];
  element(suite, 'system-out', {}, out.join('\n\n'));
  element(suite, 'system-err', {}, connectionsText(report));
  return `${root.end({ prettyPrint: true })}\n`;
}

/**
 * Adds an element. The library takes `&nbsp;` and `&#0;` in a text for references of its own making and leaves them, and one
 * that XML does not know makes the whole file unreadable: so every ampersand is handed over escaped.
 */
function element(parent: XMLBuilder, name: string, attributes: Record<string, string>, text = ''): XMLBuilder {
  const literal = (value: string) => escapeInLines(value).replaceAll('&', '&amp;');
  const values = Object.entries(attributes).map(([key, value]) => [key, literal(value)]);
  return parent.ele(name, Object.fromEntries(values)).txt(literal(text));
}

function outcomeOf(finding: Finding, report: Report): Outcome {
  const gating = weighsEnough(finding.severity, report.run.failOn);
  const standing = standingOf(finding);
  if (standing === 'pass') return { kind: 'passed' };
  if (standing === 'not-in-plan') return { kind: 'skipped', why: 'not in a plan' };
  if (standing === 'deferred') return { kind: 'skipped', why: `deferred until apply (${finding.severity})` };
  if (standing === 'skip') return { kind: 'skipped', why: 'does not apply' };
  if (standing === 'waived') {
    const { owner = '', until = '', reason = '' } = finding.waivedBy ?? {};
    return { kind: 'skipped', why: oneLine(`waived by ${owner} until ${until} (${reason})`) };
  }
  if (finding.known && gating) return { kind: 'skipped', why: `known, failed in the baseline already (${standing})` };
  if (!gating) {
    const word = standing === 'fail' ? 'FAIL' : standing;
    return { kind: 'skipped', why: `${word}, below the gate (${finding.severity})` };
  }
  if (standing === 'fail') return { kind: 'failure', type: finding.severity };
  return { kind: 'error', type: finding.blockedBy === undefined ? standing : 'blocked' };
}

function propertiesOf(report: Report): [string, string][] {
  const { tool, run, product, selection, notVerified, declared } = report;
  return [
    ['tool', `${tool.name} ${tool.version}`],
    ['product', oneLine(product.title)],
    ['release', product.release ?? 'not known'],
    ['build', product.build ?? 'not known'],
    ['gate', run.gate],
    ['failOn', run.failOn],
    ...(run.failOnNew ? [['known', String(run.failOnNew.known)] as [string, string]] : []),
    ['exitCode', String(run.exitCode)],
    ['interrupted', String(run.interrupted ?? false)],
    ...(declared
      ? [
          ['declared', sourcesInWords(declared).join('; ')] as [string, string],
          ['notInPlan', declared.notInPlan.join(' ')] as [string, string],
        ]
      : []),
    ...(run.next === undefined ? [] : [['next', oneLine(run.next)] as [string, string]]),
    ['only', selection.only.join(' ')],
    ['skip', selection.skip.join(' ')],
    ['notVerified', notVerified.map(notVerifiedInWords).join('; ')],
  ];
}

function notVerifiedInWords({ what, attested }: Report['notVerified'][number]): string {
  return `${oneLine(what)}${attested ? ` (${attestedInWords(attested)})` : ''}`;
}

/** What went wrong on the way to a host, and what its shell said before it listened. */
function connectionsText(report: Report): string {
  const lines = report.hosts.flatMap(({ name, connection }) => [
    ...(connection?.problem ? [`${name}: ${connection.problem.problem}: ${connection.problem.message}`] : []),
    ...(connection?.noise ? [`${name} said before it listened:\n${connection.noise}`] : []),
  ]);
  return lines.join('\n');
}
