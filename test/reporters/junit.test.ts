import { describe, expect, it } from 'vitest';
import type { Finding, Report, Severity, Verdict } from '../../src/core/model.js';
import { weighsEnough } from '../../src/judge/verdict.js';
import { junit } from '../../src/reporters/junit/junit.js';
import { lacking } from '../needs.js';
import { makeFinding, makePort, makeReport, makeSeries, mixedReport } from './report.js';
import { schemas, validByXmllint } from './xmllint.js';

const waiver = { rule: 'pack/os', reason: 'rolling patch', owner: 'ops', until: '2026-12-31' };

type Attributes = Record<string, string>;

/** What a consumer reads: the suite, and each testcase with its children. */
function read(report: Report) {
  const text = junit(report);
  const body = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(text)?.[1] ?? '';
  const suite = attributesOf(/<testsuite ([^>]*)>/.exec(text)?.[1]);
  const cases = [...text.matchAll(/<testcase ([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)].map(
    ([, attributes, inner = '']) => ({
      attributes: attributesOf(attributes),
      children: [...inner.matchAll(/<(\w[\w-]*)[ />]/g)].map(([, kind]) => kind),
    }),
  );
  const counters = ['tests', 'failures', 'errors', 'skipped'].map((name) => Number(suite[name]));
  return { text, suite, cases, counters, out: body('system-out'), err: body('system-err') };
}

/** A raw `>` never stands in an attribute of ours, so the patterns above may stop at it. */
function attributesOf(text = ''): Attributes {
  return Object.fromEntries(
    [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value = '']) => [name, value.replaceAll('&gt;', '>')]),
  );
}

describe('the JUnit report', () => {
  it('of a mixed report', async () => {
    await expect(junit(mixedReport())).toMatchFileSnapshot('golden/junit.xml');
  });

  it('has one testcase for each finding, named by its key', () => {
    const report = mixedReport();
    const names = read(report).cases.map((one) => one.attributes.name);
    expect(names).toEqual(report.findings.map((finding) => finding.key));
    expect(new Set(names).size).toBe(names.length);
  });

  it('counts what it emits', () => {
    const { counters, cases } = read(mixedReport());
    const of = (kind: string) => cases.filter((one) => one.children.includes(kind)).length;
    expect(counters).toEqual([cases.length, of('failure'), of('error'), of('skipped')]);
    expect(counters).toEqual([17, 2, 5, 5]);
  });

  it('has a dotted class name of five parts, whatever the section is called', () => {
    const names = ['Set up. The pair!', 'Überprüfung', '...'].map(
      (group) => read(makeReport([makeFinding({ group })])).cases[0]?.attributes.classname,
    );
    expect(names).toEqual([
      'pairflight.billing.pack.preflight.set-up-the-pair',
      'pairflight.billing.pack.preflight.uberprufung',
      'pairflight.billing.pack.preflight.unnamed',
    ]);
  });

  it('gives a timestamp in UTC without a zone, and decimal times', () => {
    const { suite } = read(makeReport([makeFinding()], {}, { startedAt: '2026-11-21T05:41:00.123+01:00' }));
    expect(suite).toMatchObject({ timestamp: '2026-11-21T04:41:00', time: '0.812', hostname: 'primary,secondary' });
  });

  it('says the whole finding in the body, and the message in the attribute on one line', () => {
    const { text } = read(makeReport([makeFinding({ verdict: 'fail', message: 'line one\nline two' })]));
    expect(text).toContain('<failure type="blocker" message="line one line two">blocker fail: line one\nline two\n');
    for (const word of [
      'remedy: Resize',
      'source: The Setup Page, Prerequisites',
      'primary as root: df /opt (exit 0)',
    ]) {
      expect(text).toContain(word);
    }
  });

  it('puts what is not verified into a property and into system-out', () => {
    const { text, out } = read(mixedReport());
    const attested = 'attested by ops on duty on 2026-11-20, until 2026-12-20';
    expect(text).toContain(`<property name="notVerified" value="Store replication (${attested})"/>`);
    expect(out).toContain(`Not verified: Store replication: the product offers no way to look\n${attested}\nsource: `);
  });

  it('says the caution right after the headline', () => {
    expect(read(mixedReport()).out).toMatch(/^FAILED: .*\n\nCAUTION: The next documented step makes primary/);
  });

  it('lists what changed in system-out, but not hundreds of lines', () => {
    const change = (at: number) => ({
      subject: 'primary',
      fact: `file /${at}`,
      property: 'line',
      before: 'a',
      after: 'b',
    });
    const of = (count: number) => {
      const list = Array.from({ length: count }, (_, at) => change(at));
      return read(makeReport([makeFinding()], { changes: { since: '2026-11-20T05:41:00+01:00', compared: 40, list } }))
        .out;
    };
    expect(of(1)).toContain('Changed since 2026-11-20 04:41 UTC:\nprimary, file /0 line: a -&gt; b');
    expect(of(20)).not.toContain('more');
    expect(of(22).match(/file \//g)).toHaveLength(20);
    expect(of(22)).toContain('and 2 more; --report json lists them');
    expect(of(0)).toContain('UTC:\nnothing, among 40 answers that both runs have');
    expect(read(makeReport([makeFinding()])).out).not.toContain('Changed since');
  });

  it('says in a body what a trend was judged by, and why a question had no answer', () => {
    const samples = [makeSeries([2048, null])];
    const { text } = read(makeReport([makeFinding({ verdict: 'unknown', problem: 'timeout', samples })]));
    expect(text).toContain('\nsamples: secondary bytes: 2 KiB, no number (2 samples over 5 s)\nproblem: timeout\n');
  });

  it('has a failure below the gate as skipped, and says that it fails', () => {
    const { cases, text } = read(
      makeReport([makeFinding({ verdict: 'fail', severity: 'warning', message: 'kernels differ' })]),
    );
    expect(cases[0]?.children).toEqual(['skipped']);
    expect(text).toContain('<skipped message="FAIL, below the gate (warning): kernels differ">warning fail: kernels');
  });

  it('shows a script by its name, and of an answer a few lines, where they may be the reason', () => {
    const step = {
      id: 'step-1',
      host: 'primary',
      as: 'root',
      argv: ['/bin/sh', '-c', 'a=$1\nb=$2', 'tcp-reach'] as [string, ...string[]],
      exit: 0,
      problem: null,
      excerpt: 'one\n\ntwo\nthree\nfour\nfive\n',
    };
    const steps = { count: 1, logins: 2, shells: 2, bytes: 1, list: [step] };
    const bodyOf = (verdict: Verdict) => junit(makeReport([makeFinding({ verdict, because: ['step-1'] })], { steps }));
    expect(bodyOf('fail')).toMatch(/\nprimary as root: \/bin\/sh -c \(script\) tcp-reach \(exit 0\)<\/failure>/);
    expect(bodyOf('unknown')).toMatch(
      /tcp-reach \(exit 0\)\n {2}one\n {2}two\n {2}three\n {2}and 2 more lines<\/error>/,
    );
  });

  it('says of a failing finding what is wrong, before what was observed', () => {
    const differing = { fault: 'The builds differ', message: '1 and 2' } as const;
    const text = junit(makeReport([makeFinding({ ...differing, verdict: 'fail' })]));
    expect(text).toContain('message="The builds differ: 1 and 2">blocker fail: The builds differ: 1 and 2\n');
    expect(junit(makeReport([makeFinding({ ...differing, verdict: 'unknown' })]))).not.toContain('The builds differ');
  });

  it('of a failing port is read at a glance', () => {
    const failing = makePort(5432, 'primary', 'secondary', { verdict: 'fail', message: 'filtered' });
    const body = /<failure[^>]*>(.*?)<\/failure>/s.exec(junit(makeReport([failing])))?.[1] ?? '';
    expect(body.split('\n').length).toBeLessThanOrEqual(12);
  });

  it.each([
    ['billing', 'billing'],
    ['10.11.2.60+10.11.2.61', '10-11-2-60-10-11-2-61'],
    ['eu.billing', /^eu-billing-[0-9a-z]{1,6}$/],
  ])('names the pair %s in suite, class names and id', (pair, part) => {
    const { suite, cases } = read(makeReport([makeFinding()], {}, { pair }));
    const inSuite = suite.name?.split('.')[1] ?? '';
    if (typeof part === 'string') expect(inSuite).toBe(part);
    else expect(inSuite).toMatch(part);
    expect(cases[0]?.attributes.classname?.split('.')[1]).toBe(inSuite);
    expect(suite.id).toMatch(/^\d{4,10}$/);
  });

  it('tells pairs apart whose names look alike, in the same way in each run', () => {
    const of = (pair: string) => {
      const { suite } = read(makeReport([makeFinding()], {}, { pair }));
      return [suite.name, suite.id];
    };
    const names = ['a.b', 'a-b', 'a_b', 'A-b', 'a-b-'];
    for (const at of [0, 1]) expect(new Set(names.map((name) => of(name)[at])).size).toBe(names.length);
    expect(names.map(of)).toEqual(names.map(of));
  });

  it('puts connection problems and what a shell said into system-err', () => {
    const problem = { problem: 'denied', problemAt: 'host', message: 'key refused' } as const;
    const connection = { host: 'primary', kind: 'ssh', noise: 'Welcome!', problem, logins: 0, shells: 0, bytes: 0 };
    const { err } = read(
      makeReport([makeFinding()], { hosts: [{ name: 'primary', role: 'primary', address: '10.0.0.1', connection }] }),
    );
    expect(err).toContain('primary: denied: key refused');
    expect(err).toContain('Welcome!');
  });

  it('writes out what XML 1.0 forbids, and what moves or hides other text', () => {
    const message = 'a\0b\x1b[0mc\ud800d\ufffee\u202ef\u2028g\x85h\u200bi';
    const text = junit(makeReport([makeFinding({ verdict: 'fail', message })]));
    const shown = 'a\\x00b\\x1b[0mc\\ud800d\\ufffee\\u202ef';
    expect(text).toContain(`>blocker fail: ${shown}\\u2028g\\x85h\\u200bi\n`);
    expect(text).toContain(`message="${shown}`);
  });
});

describe('a verdict becomes', () => {
  const severities: Severity[] = ['blocker', 'warning', 'advice'];
  const verdicts: Verdict[] = ['pass', 'fail', 'unknown', 'error', 'skip'];
  const all = verdicts.flatMap((verdict) =>
    severities.flatMap((severity) => severities.map((failOn) => ({ verdict, severity, failOn }))),
  );
  const become = (over: Partial<Finding>, failOn: Severity) =>
    read(makeReport([makeFinding({ message: 'why', ...over })], {}, { failOn })).cases[0]?.children;
  const gating = { pass: [], fail: ['failure'], unknown: ['error'], error: ['error'], skip: ['skipped'] };
  const below = { pass: [], fail: ['skipped'], unknown: ['skipped'], error: ['skipped'], skip: ['skipped'] };

  it.each(all)('$verdict of a $severity with --fail-on $failOn', ({ verdict, severity, failOn }) => {
    const order = ['advice', 'warning', 'blocker'];
    const table = order.indexOf(severity) >= order.indexOf(failOn) ? gating : below;
    expect(become({ verdict, severity }, failOn)).toEqual(table[verdict]);
    expect(weighsEnough(severity, failOn)).toBe(table === gating);
  });

  it.each(severities)('skipped when it is waived, with --fail-on %s', (failOn) => {
    expect(become({ verdict: 'fail', waivedBy: waiver }, failOn)).toEqual(['skipped']);
    const text = junit(
      makeReport([makeFinding({ verdict: 'fail', message: 'why', waivedBy: waiver })], {}, { failOn }),
    );
    expect(text).toContain('message="waived by ops until 2026-12-31 (rolling patch): why"');
  });

  it('an error of type blocked when a guard hides a gating finding, and skipped below the gate', () => {
    const hidden = { verdict: 'unknown', blockedBy: 'pack/host-access' } as const;
    expect(junit(makeReport([makeFinding(hidden)]))).toContain('<error type="blocked"');
    expect(become({ ...hidden, severity: 'advice' }, 'blocker')).toEqual(['skipped']);
  });

  it('skipped with a message that says which kind of skipped', () => {
    const reports = [makeFinding({ verdict: 'skip' }), makeFinding({ verdict: 'unknown', severity: 'advice' })].map(
      (one) => junit(makeReport([one])),
    );
    expect(reports[0]).toContain('<skipped message="does not apply: ');
    expect(reports[1]).toContain('<skipped message="unknown, below the gate (advice): ');
  });
});

const why = lacking('xmllint');
describe.skipIf(why).each(schemas)(`under %s${why}`, (_, schema) => {
  const reports: [string, Report][] = [
    ['a mixed report', mixedReport()],
    ['a report with a gate at advice', { ...mixedReport(), run: { ...mixedReport().run, failOn: 'advice' } }],
    ['a report without findings or hosts', makeReport([], { hosts: [] })],
    ['ports only', makeReport([makePort(22, 'primary', 'secondary', { verdict: 'fail' })])],
    ['a long run', makeReport([makeFinding()], {}, { durationMs: 123456789 })],
  ];

  it.each(reports)('%s is valid', (_, report) => {
    expect(validByXmllint(junit(report), schema)).toBe('');
  });

  it('a report without its suite is not', () => {
    expect(validByXmllint('<?xml version="1.0"?><testsuites><testcase/></testsuites>', schema)).not.toBe('');
  });
});
