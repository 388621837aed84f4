import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/model.js';
import { reporters } from '../../src/reporters/index.js';
import { json } from '../../src/reporters/json.js';
import { makeFinding, makePort, makeReport, makeSeries, mixedReport } from './report.js';

const schema = JSON.parse(readFileSync(new URL('../../reports/report.schema.json', import.meta.url), 'utf8'));
const ajv = new Ajv({ strict: true, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(schema);

/** Everything that the types allow, in one report. */
function fullReport(): Report {
  const report = mixedReport();
  const row = {
    port: 22,
    name: 'SSH',
    from: 'primary',
    to: 'secondary',
    needed: { preflight: 'both' },
    mustListen: true,
  };
  const rest = { releases: '*', severity: 'warning', basis: 'inferred', confidence: 'number inferred' } as const;
  const full = {
    ...makePort(22, 'a', 'b'),
    key: 'full',
    row: { ...row, ...rest },
    blockedBy: 'x',
    problem: 'timeout' as const,
  };
  const samples = [makeSeries([3, null])];
  const waivedBy = {
    rule: 'r',
    host: 'primary',
    value: { any: ['thing'] },
    reason: 'r',
    owner: 'o',
    until: '2026-12-31',
  };
  const problem = { problem: 'denied', problemAt: 'context', message: 'no' } as const;
  const hostKey = { type: 'ssh-ed25519', sha256: 'abc' };
  const connection = { host: 'primary', kind: 'ssh', hostKey, noise: 'hi', problem, logins: 1, shells: 2, bytes: 3 };
  return {
    ...report,
    run: { ...report.run, interrupted: true },
    product: { ...report.product, release: null, build: null },
    hosts: report.hosts.map((host) => ({ ...host, connection })),
    notVerified: report.notVerified.flatMap((one) => [
      one,
      {
        ...one,
        attested: { what: one.id, by: 'ops', when: '2026-11-20', until: '2026-11-20', expired: true as const },
      },
    ]),
    findings: [
      ...report.findings,
      { ...full, samples, waivedBy, source: { doc: 'd', section: 's', url: 'https://x.test/' } },
    ],
  };
}

/** Every object of a report, with the path that leads to it. */
function objects(value: unknown, path = ''): [string, Record<string, unknown>][] {
  if (typeof value !== 'object' || value === null) return [];
  const here: [string, Record<string, unknown>][] = Array.isArray(value)
    ? []
    : [[path, value as Record<string, unknown>]];
  return [...here, ...Object.entries(value).flatMap(([key, one]) => objects(one, `${path}/${key}`))];
}

const open = /\/(actual|expected|settings|needed|before|after)(\/|$)|\/waivedBy\/value(\/|$)/;

describe('the JSON report', () => {
  it('is the report itself, indented, with a newline at the end', () => {
    const report = mixedReport();
    expect(json(report)).toBe(`${JSON.stringify(report, null, 2)}\n`);
  });

  it('mends lone surrogates in values and keys, and keeps whole characters and backslashes', () => {
    const actual = { '\ud800': '\udfff', whole: '😀', slash: '\\ud800', twice: '\\\\ud800' };
    const read = JSON.parse(json(makeReport([makeFinding({ actual })]))) as Report;
    expect(read.findings[0]?.actual).toEqual({ '\ufffd': '\ufffd', whole: '😀', slash: '\\ud800', twice: '\\\\ud800' });
  });

  it('writes out what a terminal would obey', () => {
    const text = json(makeReport([makeFinding({ message: '\x9b2J\u202e\x7f\u{e0041}' })]));
    expect(text).toContain('"\\u009b2J\\u202e\\u007f\\udb40\\udc41"');
  });
});

describe('the report schema', () => {
  it.each<[string, Report]>([
    ['a mixed report', mixedReport()],
    ['a report with everything in it', fullReport()],
    ['a report without findings', makeReport([])],
    [
      'a report of a run in which nothing changed',
      makeReport([], { changes: { since: '2026-11-20T04:41:00Z', compared: 3, list: [] } }),
    ],
  ])('accepts %s', (_, report) => {
    validate(JSON.parse(json(report)));
    expect(validate.errors).toBeNull();
  });

  it('refuses an unknown key in every object, but for values and settings', () => {
    const paths = objects(fullReport()).map(([path]) => path);
    const closed = paths.filter((path) => !open.test(path));
    expect(closed.length).toBeGreaterThan(50);
    for (const path of paths) {
      const report = JSON.parse(json(fullReport()));
      const [, target] = objects(report).find(([one]) => one === path) ?? [];
      if (target) target.surprise = 'x';
      expect([path, validate(report)]).toEqual([path, open.test(path)]);
    }
  });

  it.each(Object.keys(makeReport([])))('refuses a report without %s', (key) => {
    const report = JSON.parse(json(mixedReport()));
    delete report[key];
    expect(validate(report)).toBe(false);
  });

  it('names itself, and describes every property in one sentence', () => {
    expect(schema).toMatchObject({ $id: expect.any(String), title: expect.any(String) });
    const described = objects(schema).filter(([path]) => /\/properties\/[^/]+$/.test(path));
    for (const [path, property] of described) {
      const name = typeof property.$ref === 'string' ? property.$ref.replace('#/definitions/', '') : undefined;
      const sentence = property.description ?? (name === undefined ? undefined : schema.definitions[name].description);
      expect([path, sentence]).toEqual([path, expect.stringMatching(/^\S.*\.$/)]);
    }
  });
});

describe('the registry', () => {
  it('is sorted and renders every format', async () => {
    const names = Object.keys(reporters);
    expect(names).toEqual(['github', 'html', 'json', 'junit', 'markdown', 'prometheus', 'table']);
    const texts = await Promise.all(
      Object.values(reporters).map((report) => report(mixedReport(), { color: false, columns: 80 })),
    );
    expect(texts.map((text) => text.slice(0, 6))).toEqual([
      '::erro',
      '<!doct',
      '{\n  "s',
      '<?xml ',
      '## FAI',
      '# HELP',
      'FAILED',
    ]);
    for (const text of texts) expect(text.endsWith('\n')).toBe(true);
  });
});
