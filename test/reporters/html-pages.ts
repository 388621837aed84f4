/** The reports whose pages are looked at in a browser, each for something that a page may get wrong. */
import { readFileSync } from 'node:fs';
import type { Finding, Report } from '../../src/core/model.js';
import { makeFinding, makePort, makeReport, makeSeries, mixedReport } from './report.js';

const example = new URL('../../reports/examples/report.json', import.meta.url);

/** What a host may say to get out of its place. */
export const forged = [
  '</style><style>*{display:none}</style>',
  '</title><script>alert(1)</script>',
  '"><img src=http://127.0.0.1:9/x onerror=alert(1)>',
  "'><iframe src=javascript:alert(1)></iframe>",
  '</details></section></main><h1>PASSED</h1>',
  '\u202eDESSAP\u202c \u2066x\u2069',
  '\x1b[2J\x1b]8;;http://127.0.0.1:9/\x07link\x1b]8;;\x07\x9b31m',
  'שלום עולם مرحبا',
  'w'.repeat(400),
  'a/'.repeat(300),
  '\u0301'.repeat(40),
  '\0\ud800&lt;b&gt;',
];

function hostile(): Report {
  const text = forged.join(' ');
  const mixed = mixedReport();
  const url = 'javascript:alert(1)';
  const findings = mixed.findings.map((one, at) => ({
    ...one,
    title: `${one.title} ${forged[at % forged.length]}`,
    message: text,
    actual: at % 2 === 0 ? { primary: text, secondary: forged } : text,
    expected: text,
    told: [text],
    remedy: text,
    requires: text,
    group: `${one.group} ${text}`,
    key: `${one.key} ${text}`,
    source: { doc: text, section: text, url },
    samples: [makeSeries([1, null, 3], text), { ...makeSeries([2]), property: text }],
  }));
  const problem = { problem: 'denied', problemAt: 'host', message: text } as const;
  const steps = mixed.steps.list.map((step) => ({ ...step, argv: ['cat', ...forged], excerpt: forged.join('\r\n\t') }));
  const attested = { what: text, by: text, when: '2026-11-20', until: '2026-12-20', expired: true } as const;
  return makeReport(
    findings,
    {
      product: { pack: 'pack', title: text, release: text, build: text },
      hosts: mixed.hosts.map((host) => ({
        ...host,
        role: text,
        address: text,
        connection: { host: host.name, kind: 'ssh', noise: text, problem, logins: 1, shells: 1, bytes: 1 },
      })),
      selection: { only: [text], skip: [text] },
      steps: { ...mixed.steps, list: steps },
      notVerified: [{ id: text, what: text, why: text, source: { doc: text, section: text, url }, attested }],
      changes: { since: text, compared: 1, list: [{ subject: text, fact: text, before: text, after: forged }] },
      waivers: [{ rule: text, owner: text, until: text, state: 'expired', waives: [], leaves: [text], why: text }],
    },
    { next: text },
  );
}

function hundred(): Report {
  const findings = Array.from({ length: 100 }, (_, at) =>
    makeFinding({
      rule: `pack/rule-${at}`,
      verdict: at % 3 === 0 ? 'unknown' : 'fail',
      message: `found ${at}, expected ${at + 1}`,
      actual: { primary: at, secondary: `/data/${at}` },
    }),
  );
  return makeReport(findings);
}

const names = ['primary', 'secondary', 'test'];

function threeHosts(): Report {
  const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const));
  const states: Partial<Finding>[] = [
    { actual: 'open' },
    { verdict: 'fail', actual: 'filtered', message: 'no answer' },
    { verdict: 'unknown', message: 'not asked' },
  ];
  const findings = [
    makeFinding({ verdict: 'fail', actual: { primary: 1, secondary: 2, test: 3 }, message: 'differ' }),
    ...pairs.map(([from, to], at) => makePort(22, from, to, states[at % states.length])),
  ];
  const hosts = names.map((name, at) => ({ name, role: name, address: `10.11.2.${60 + at}` }));
  return makeReport(findings, { hosts });
}

function longNames(): Report {
  const [a, b] = ['a', 'b'].map((letter) => `${letter}-very-long-name-of-a-host-in-a-data-centre-far-away.`.repeat(3));
  if (a === undefined || b === undefined) throw new Error('two names');
  const port = { row: { port: 65535, name: 'a'.repeat(90), basis: 'inferred', confidence: 'c'.repeat(200) } } as const;
  const findings = [
    makeFinding({ verdict: 'fail', subject: { kind: 'set', hosts: [a, b] }, actual: { [a]: 1, [b]: 2 } }),
    makePort(22, a, b, { verdict: 'fail', actual: 'unreachable', message: 'no way', ...port }),
    makePort(22, b, a, { actual: 'refused', ...port }),
  ];
  const hosts = [a, b].map((name) => ({ name, role: 'primary', address: '2001:db8:0:1:2:3:4:5' }));
  const list = [a, b].map((host) => ({
    id: 'step-1',
    host,
    as: 'root',
    argv: ['find', `/${'x'.repeat(500)}`, 'one\ntwo'],
    exit: null,
    problem: 'timeout' as const,
    excerpt: '',
  }));
  return makeReport(findings, { hosts, steps: { count: 2, logins: 2, shells: 2, bytes: 2, list } });
}

function sampled(): Report {
  const long = Array.from({ length: 90 }, (_, at) => (at % 20 === 7 ? null : 9e9 - at * 7e7));
  const lag = (rule: string, over: Partial<Finding>) =>
    makeFinding({ rule, title: `The copy keeps up: ${rule}`, subject: { kind: 'host', host: 'secondary' }, ...over });
  return makeReport([
    lag('pack/rising', {
      verdict: 'fail',
      message: 'rises',
      samples: [makeSeries([1e6, 2e6, null, 5e6]), makeSeries([0, 1e6, 3e6, 4e6], 'primary', 'lagBytes')],
    }),
    lag('pack/long', { message: 'falling', samples: [makeSeries(long), makeSeries([1200, 900, 30], 'x', 'ms')] }),
    lag('pack/still', { message: 'zero', samples: [makeSeries([0, 0, 0]), makeSeries([7]), makeSeries([null, null])] }),
  ]);
}

/** By what each shows. */
export const pages: Record<string, Report> = {
  example: JSON.parse(readFileSync(example, 'utf8')) as Report,
  mixed: mixedReport(),
  hostile: hostile(),
  sampled: sampled(),
  'a hundred': hundred(),
  'all green': makeReport([makeFinding(), makePort(22, 'primary', 'secondary'), makePort(22, 'secondary', 'primary')]),
  incomplete: makeReport([makeFinding({ verdict: 'unknown', message: 'sudo was refused' })], {}, { next: 'Fence it.' }),
  'three hosts': threeHosts(),
  'long names': longNames(),
};
