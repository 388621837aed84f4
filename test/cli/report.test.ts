/** The built program's `report`: a saved report in every format, and nothing that contradicts itself. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/model.js';
import { reporters } from '../../src/reporters/index.js';
import { pairflight, tidy } from './run.js';

const folder = mkdtempSync(join(tmpdir(), 'pairflight-report-'));
const at = (name: string) => join(folder, name);
const formats = Object.keys(reporters);
let report: Report;

beforeAll(async () => {
  const words = formats.flatMap((format) => ['--report', `${format}=${at(`live.${format}`)}`]);
  await pairflight(['demo', 'default', '--evidence', at('e.json'), ...words]);
  report = JSON.parse(readFileSync(at('live.json'), 'utf8'));
  await pairflight(['bundle', '--from', at('e.json'), '-o', at('b.tar.gz')]);
});
afterAll(() => {
  tidy();
  rmSync(folder, { recursive: true });
});

describe('report', () => {
  it.each(formats)('renders %s with the bytes of the live run, from the report and from a bundle', async (format) => {
    for (const from of ['live.json', 'b.tar.gz']) {
      const { code, stdout, stderr } = await pairflight(['report', at(from), '--report', format]);
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
      expect(stdout).toBe(readFileSync(at(`live.${format}`), 'utf8'));
      await pairflight(['report', at(from), '--report', `${format}=${at('out')}`]);
      expect(readFileSync(at('out'), 'utf8')).toBe(stdout);
    }
  });

  it('fits the table to the reader of today', async () => {
    const narrow = await pairflight(['report', at('live.json')], { env: { COLUMNS: '60' } });
    expect(narrow.stdout).not.toBe(readFileSync(at('live.table'), 'utf8'));
    expect(narrow.stdout).toContain('install-space-same-size');
  });

  const edited = (change: (report: Report) => void) => {
    const copy = structuredClone(report);
    change(copy);
    writeFileSync(at('edited.json'), JSON.stringify(copy));
    return pairflight(['report', at('edited.json')]);
  };

  it.each<[string, (report: Report) => void, RegExp]>([
    [
      'a word of its own',
      (one) => void Object.assign(one, { extra: 1 }),
      /not a pairflight report: unknown key "extra"/,
    ],
    ['no findings', (one) => void Reflect.deleteProperty(one, 'findings'), /the key "findings" is missing/],
    ['another exit code', (one) => void Object.assign(one.run, { exitCode: 0 }), /gate is failed, and the exit code 0/],
    [
      'another gate',
      (one) => void Object.assign(one.run, { gate: 'passed', exitCode: 0 }),
      /the gate is passed, and alation\/\S+.* is (fail|unknown)/,
    ],
  ])('refuses one that was edited to have %s', async (_, change, message) => {
    const { code, stderr, stdout } = await edited(change);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('takes a green one whose failures are waived, known, or below the gate', async () => {
    const green = (over: object) => (one: Report) => {
      Object.assign(one.run, { gate: 'passed', exitCode: 0 });
      for (const finding of one.findings) if (finding.verdict !== 'pass') Object.assign(finding, over);
    };
    const waivedBy = { rule: 'alation/same-kernel', reason: 'r', owner: 'o', until: '2030-01-01' };
    for (const over of [{ waivedBy }, { known: true }, { severity: 'advice' }])
      expect(await edited(green(over))).toMatchObject({ code: 0, stderr: '' });
    for (const verdict of ['unknown', 'error', 'fail'])
      expect(await edited(green({ verdict, severity: 'blocker' }))).toMatchObject({ code: 2 });
  });

  it.each<[string, string, RegExp]>([
    ['evidence', 'e.json', /is evidence, not a report\n +try: pairflight evaluate /],
    [
      'a file that is not there',
      'nowhere.json',
      /there is no such file\n +try: pairflight preflight --report json=run.json/,
    ],
    ['a table', 'live.table', /is not JSON/],
  ])('refuses %s, and says what would be right', async (_, name, message) => {
    const { code, stderr } = await pairflight(['report', at(name)]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('refuses a format that there is none of', async () => {
    expect((await pairflight(['report', at('live.json'), '--report', 'junti'])).stderr).toMatch(/did you mean "junit"/);
  });
});
