/** The kinds of report that a pipeline may hand to a consumer, and what each finding must come to there. */
import fc from 'fast-check';
import type { Finding, Report } from '../../../src/core/model.js';
import { weighsEnough } from '../../../src/judge/verdict.js';
import { hostileText, hostileValue } from '../hostile.js';
import { makeFinding, makePort, makeReport, makeSeries, mixedReport } from '../report.js';
import type { Consumed } from './xml.js';

const waivedBy = { rule: 'pack/os', reason: 'rolling "patch" <b>', owner: 'ops & co', until: '2026-12-31' };
const unknown = { verdict: 'unknown', message: 'sudo was refused', problem: 'denied' } as const;
const mixed = mixedReport();
const passing = [makeFinding(), makePort(22, 'primary', 'secondary'), makePort(22, 'secondary', 'primary')];

/** One report of each kind, by what it shows. */
export const kinds: [string, Report][] = [
  ['everything passes', makeReport(passing)],
  ['a mixed report', mixed],
  ['a gate at advice', { ...mixed, run: { ...mixed.run, failOn: 'advice' } }],
  [
    'no step was run',
    makeReport(
      passing.map((one) => ({ ...one, ...unknown, because: [] })),
      withoutSteps(),
    ),
  ],
  ['interrupted', makeReport(mixed.findings, {}, { interrupted: true, exitCode: 130 })],
  ['waived', makeReport([makeFinding({ verdict: 'fail', message: 'differ', waivedBy })])],
  [
    'told',
    makeReport([
      makeFinding({ told: ['replayed up to 0/3000060', 'a < b & c'] }),
      makeFinding({ rule: 'b', ...unknown, told: ['x'] }),
    ]),
  ],
  [
    'samples',
    makeReport([makeFinding({ samples: [makeSeries([4096, null, 2048])], verdict: 'fail', message: 'rising' })]),
  ],
  ['changes', makeReport([makeFinding()], mixed.changes ? { changes: mixed.changes } : {})],
  [
    'a fault below the gate',
    makeReport([makeFinding({ verdict: 'fail', severity: 'advice', message: 'kernels differ' })]),
  ],
  ['an unknown below the gate', makeReport([makeFinding({ ...unknown, severity: 'warning' })])],
  ['a rule that makes no sense', makeReport([makeFinding({ verdict: 'error', message: 'at_least needs a number' })])],
];

function withoutSteps(): Partial<Report> {
  return { steps: { count: 0, logins: 0, shells: 0, bytes: 0, list: [] }, hosts: [] };
}

/** What a page or a broken tool says in the way of references: known to HTML alone, or to nobody. */
const references = fc.constantFrom('&nbsp;', '&#0;', '&#27;', '&#xfffe;', '&lt;b&gt;', '&amp;amp;', '&copy', '&;', '');

/** The mixed report with a host's words wherever a host may speak, and any verdict. */
export const hostileReports = fc
  .tuple(
    fc.tuple(references, hostileText).map((parts) => parts.join('')),
    hostileValue,
    fc.constantFrom('pass', 'fail', 'unknown', 'error', 'skip'),
  )
  .map(([text, value, verdict]) => saying(text, value, verdict));

/** The mixed report in which the hosts say `text`. */
export function saying(text: string, value: unknown, verdict: Finding['verdict']): Report {
  const words = { message: text, actual: value, told: [text], samples: [makeSeries([1, null], text)] };
  const findings = mixed.findings.map((one, at) => ({
    ...one,
    ...words,
    verdict: at % 2 === 0 ? verdict : one.verdict,
  }));
  const list = [{ subject: text, fact: text, property: text, before: value, after: [text] }];
  const problem = { problem: 'denied', problemAt: 'host', message: text } as const;
  const hosts = mixed.hosts.map((host) => {
    return {
      ...host,
      connection: { host: host.name, kind: 'ssh', noise: text, problem, logins: 1, shells: 1, bytes: 1 },
    };
  });
  const steps = mixed.steps.list.map((step) => ({ ...step, argv: ['cat', text], excerpt: text }));
  return makeReport(findings, {
    hosts,
    changes: { since: '2026-11-20T04:41:00Z', compared: 1, list },
    notVerified: mixed.notVerified.map((one) => ({ ...one, why: text })),
    product: { ...mixed.product, build: text },
    steps: { ...mixed.steps, list: steps },
  });
}

/** What a consumer must make of a finding: a gating one that could not be verified is as red as one that fails; only a pass is green. */
export function expected({ verdict, severity, waivedBy: waived }: Finding, report: Report): Consumed['status'] {
  if (verdict === 'pass') return 'passed';
  if (verdict === 'skip' || waived) return 'skipped';
  if (weighsEnough(severity, report.run.failOn)) return 'failed';
  return 'skipped';
}
