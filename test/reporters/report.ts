/** Hand-made reports: the smallest true shape, and one that shows every kind of finding. */
import type { Finding, PortRow, Report, Series } from '../../src/core/model.js';
import { summarize, weighsEnough } from '../../src/judge/verdict.js';

/** A passing finding on both hosts; name what differs. */
export function makeFinding(over: Partial<Finding> = {}): Finding {
  const rule = over.rule ?? 'pack/same-size';
  return {
    key: rule,
    rule,
    title: 'The installation space has the same size',
    group: 'Prerequisites',
    severity: 'blocker',
    basis: 'documented',
    verdict: 'pass',
    subject: { kind: 'set', hosts: ['primary', 'secondary'] },
    message: 'same on both: 50 GiB (53687091200 bytes)',
    actual: { primary: 53687091200, secondary: 53687091200 },
    expected: 'same',
    requires: 'Both hosts give the installation the same space.',
    source: { doc: 'The Setup Page', section: 'Prerequisites' },
    remedy: 'Resize the smaller file system.',
    because: ['step-1'],
    ...over,
  };
}

/** A report whose summary, gate and exit code follow from its findings. */
export function makeReport(findings: Finding[], over: Partial<Report> = {}, run: Partial<Report['run']> = {}): Report {
  const failOn = run.failOn ?? 'blocker';
  const gating = findings.filter((finding) => weighsEnough(finding.severity, failOn) && !finding.waivedBy);
  const failed = gating.some((finding) => finding.verdict === 'fail');
  const open = gating.some((finding) => finding.verdict === 'unknown' || finding.verdict === 'error');
  const gate = failed ? 'failed' : open ? 'incomplete' : 'passed';
  return {
    schema: 'pairflight/report/2',
    tool: { name: 'pairflight', version: '0.1.0' },
    run: {
      pair: 'billing',
      phase: 'preflight',
      startedAt: '2026-11-21T04:41:00.123Z',
      finishedAt: '2026-11-21T04:41:00.935Z',
      durationMs: 812,
      exitCode: { failed: 1, incomplete: 3, passed: 0 }[gate],
      gate,
      failOn,
      go: 'this pair may be set up',
      stop: 'do not set this pair up',
      ...run,
    },
    selection: { only: [], skip: [] },
    settings: { dataDisk: '/data' },
    product: { pack: 'pack', title: 'Product', release: '2021.4', build: '10.0.0.147420' },
    hosts: [
      { name: 'primary', role: 'primary', address: '10.11.2.60' },
      { name: 'secondary', role: 'secondary', address: '10.11.2.61' },
    ],
    summary: summarize(findings),
    findings,
    notVerified: [],
    steps: {
      count: 1,
      logins: 2,
      shells: 6,
      bytes: 18211,
      list: [
        { id: 'step-1', host: 'primary', as: 'root', argv: ['df', '/opt'], exit: 0, problem: null, excerpt: '50G' },
        {
          id: 'step-1',
          host: 'secondary',
          as: 'root',
          argv: ['df', '/opt'],
          exit: null,
          problem: 'timeout',
          excerpt: '',
        },
      ],
    },
    ...over,
  };
}

/** A series of numbers, five seconds apart. */
export function makeSeries(values: (number | null)[], label = 'secondary', property = 'bytes'): Series {
  const start = Date.parse('2026-11-21T04:41:00.000Z');
  return {
    label,
    property,
    values: values.map((value, index) => ({ at: new Date(start + index * 5000).toISOString(), value })),
  };
}

/** A finding on one port and direction. */
export function makePort(port: number, from: string, to: string, over: Partial<Finding> = {}): Finding {
  const row: PortRow = {
    port,
    name: `service ${port}`,
    basis: 'inferred',
    confidence: 'function documented, number inferred',
  };
  return makeFinding({
    rule: 'pack/ports-reachable',
    key: `pack/ports-reachable [${from} -> ${to}, ${port}]`,
    title: 'The ports are reachable',
    group: 'Ports',
    subject: { kind: 'pair', from, to },
    row,
    message: 'open',
    actual: 'open',
    remedy: 'Open the port.',
    ...over,
  });
}

/** One finding of every kind, as an operator may meet them in one report. */
export function mixedReport(): Report {
  const unknown = { verdict: 'unknown', message: 'sudo was refused' } as const;
  const access = 'pack/host-access [secondary]';
  const hidden = { ...unknown, message: 'not looked at', blockedBy: access };
  const smaller = { primary: 53687091200, secondary: 42949672960 };
  const findings = [
    makeFinding({
      rule: 'pack/host-access',
      key: access,
      title: 'The host lets us in',
      group: 'Access',
      subject: { kind: 'host', host: 'secondary' },
      actual: undefined,
      ...unknown,
    }),
    makeFinding({
      rule: 'pack/install-space',
      title: 'Size of the installation space',
      fault: 'The installation spaces differ in size',
      verdict: 'fail',
      message: 'sizes differ: primary 50 GiB (53687091200 bytes), secondary 40 GiB (42949672960 bytes)',
      actual: smaller,
    }),
    makeFinding({
      rule: 'pack/kernel',
      verdict: 'fail',
      severity: 'advice',
      basis: 'inferred',
      title: 'Kernel of both hosts',
      fault: 'The hosts run different kernels',
      message: 'kernels differ',
      actual: { primary: '5.15', secondary: '6.1' },
    }),
    makeFinding({
      rule: 'pack/os',
      verdict: 'fail',
      severity: 'warning',
      title: 'System of both hosts',
      fault: 'The hosts run different systems',
      message: 'systems differ',
      waivedBy: { rule: 'pack/os', reason: 'rolling patch', owner: 'ops', until: '2026-12-31' },
    }),
    makeFinding({
      rule: 'pack/memory',
      title: 'The memory is the same',
      message: 'same',
      actual: { primary: 64, secondary: 64 },
    }),
    makeFinding({
      rule: 'pack/legacy',
      verdict: 'skip',
      title: 'The legacy script is there',
      message: 'only for releases up to 4.7',
      actual: undefined,
    }),
    makeFinding({
      rule: 'pack/odd',
      verdict: 'error',
      severity: 'warning',
      title: 'An odd rule',
      message: 'at_least needs a number',
    }),
    makeFinding({
      rule: 'pack/lag',
      title: 'The copy keeps up',
      subject: { kind: 'host', host: 'primary' },
      message: 'secondary: 1 GiB (1073741824 bytes), falling at every one of 4 samples over 15 s',
      actual: 1073741824,
      samples: [makeSeries([4294967296, 3221225472, null, 1073741824])],
    }),
    ...[1, 2, 3].map((at) =>
      makeFinding({ rule: `pack/hidden-${at}`, title: `Hidden ${at}`, actual: undefined, ...hidden }),
    ),
    makePort(22, 'primary', 'secondary'),
    makePort(22, 'secondary', 'primary'),
    makePort(5432, 'primary', 'secondary', {
      verdict: 'fail',
      fault: 'The port is filtered',
      message: 'no answer came back',
      actual: 'filtered',
    }),
    makePort(5432, 'secondary', 'primary', { actual: 'refused', message: 'refused, and nothing listens' }),
    makePort(27017, 'primary', 'secondary', { verdict: 'skip', actual: undefined, message: 'only below 5.9' }),
    makePort(27017, 'secondary', 'primary', { ...hidden, actual: undefined }),
  ].map((finding) => {
    if (finding.actual !== undefined) return finding;
    const { actual: _, ...rest } = finding;
    return rest;
  });
  const next = 'The next documented step makes primary (10.11.2.60) unreachable; fence it first.';
  const over: Partial<Report> = {
    changes: {
      compared: 12,
      since: '2026-11-20T04:41:00.123Z',
      list: [
        { subject: 'primary', fact: 'kernel', property: 'release', before: '5.14', after: '5.15' },
        { subject: 'secondary', fact: 'conf some.key', property: 'value', before: 'True', after: 'False' },
        { subject: 'secondary', fact: 'listeners', property: 'ports', before: [22, 80], after: [22, 443, 444] },
        { subject: 'secondary', fact: 'timezone', before: { zone: 'UTC' }, after: 'could not be read: timed out' },
        { subject: 'secondary', fact: 'cpu', before: { count: 2 }, after: 'could not be read: timed out' },
      ],
    },
    notVerified: [
      {
        id: 'store-replication',
        what: 'Store replication',
        why: 'the product offers no way to look',
        source: { doc: 'The Overview', section: 'Limits' },
        attested: { what: 'store-replication', by: 'ops on duty', when: '2026-11-20', until: '2026-12-20' },
      },
    ],
  };
  return makeReport(findings, over, { next });
}
