/** A job's log: whatever a host says, the runner finds no command in it that pairflight did not mean. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { convert } from 'xmlbuilder2';
import { escapeForTerminal } from '../../../src/core/escape.js';
import type { Evidence, Report } from '../../../src/core/model.js';
import { forLog } from '../../../src/reporters/github/command.js';
import { type Format, reporters } from '../../../src/reporters/index.js';
import { pairflight, tidy } from '../../cli/run.js';
import { runner } from '../../reporters/consumers/github-runner.js';
import { saying } from '../../reporters/consumers/reports.js';
import { hostileText } from '../../reporters/hostile.js';

afterAll(tidy);

const heads = [
  '::error::',
  '::add-mask::',
  '::set-output name=a::',
  '::stop-commands::',
  '::debug',
  '::endgroup::',
  '::ERROR::',
];
const older = ['##[error]', '##[add-mask]', '##[set-output name=a]', '##vso[task.complete]', "##teamcity[message 'x']"];
const crumbs = [
  '::',
  ':',
  '##',
  '#',
  '[',
  ']',
  ' ',
  '\n',
  '\r',
  '\t',
  '\u00a0',
  '\u200b',
  'error',
  'x'.repeat(37),
  'GROUP',
];

/** What a host would say to be taken for the job itself. */
const forged = fc
  .array(fc.oneof(fc.constantFrom(...heads, ...older, ...crumbs), hostileText), { maxLength: 10 })
  .map((parts) => parts.join(''));

const reports = fc
  .tuple(forged, fc.oneof(forged, fc.dictionary(forged, forged)), fc.constantFrom('pass', 'fail', 'unknown', 'skip'))
  .map((all) => saying(...all));

/** What Azure Pipelines and TeamCity take for a command. */
const elsewhere = /##(?:vso|teamcity)?\[/;

const others = (Object.keys(reporters) as Format[]).filter((format) => format !== 'github');
const rendered = async (format: Format, report: Report, columns = 100) =>
  reporters[format](report, { color: columns % 2 === 0, columns });

describe.each(others)('a report as %s', (format) => {
  it('holds no command, whatever the hosts say', async () => {
    await fc.assert(
      fc.asyncProperty(reports, fc.integer({ min: 40, max: 200 }), async (report, columns) => {
        const text = forLog(format, await rendered(format, report, columns));
        expect(runner(text).commands).toEqual([]);
        expect(text).not.toMatch(elsewhere);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the built program', () => {
  it('prints evidence of a host that forges commands, in every format, without one', async () => {
    const { folder } = await pairflight(['demo', 'default', '--evidence', 'e.json']);
    const evidence = JSON.parse(readFileSync(join(folder, 'e.json'), 'utf8')) as Evidence;
    const forgery = '::add-mask::a\n  ::error::forged ##[add-mask]b\r##[set-output name=a]c';
    for (const connection of evidence.connections) connection.noise = forgery;
    for (const output of evidence.steps.flatMap(({ outputs }) => outputs.flat()))
      Object.assign(output, { stdout: forgery, stderr: forgery });
    const files = { 'e.json': JSON.stringify(evidence) };
    for (const format of Object.keys(reporters)) {
      const { stdout, stderr } = await pairflight(['evaluate', 'e.json', '--report', format], { files });
      const meant = format === 'github' ? ['error', 'notice'] : [];
      const { commands } = runner(stdout + stderr);
      expect([...new Set(commands.map(({ name }) => name))].sort()).toEqual(meant);
      for (const { data } of commands) expect(data).toMatch(/^alation\//);
      // Where no answer is quoted there is nothing to forge with.
      if (['json', 'junit', 'markdown'].includes(format)) expect(stdout).toContain('add-mask');
    }
  });
});

describe('what is written out', () => {
  it('is the same to who reads JSON or XML', async () => {
    const xml = (text: string) => convert(text, { format: 'object' });
    await fc.assert(
      fc.asyncProperty(reports, async (report) => {
        const [json, junit] = [await rendered('json', report), await rendered('junit', report)];
        expect(JSON.parse(forLog('json', json))).toEqual(JSON.parse(json));
        expect(xml(forLog('junit', junit))).toEqual(xml(junit));
      }),
      { numRuns: 20 },
    );
  });

  it('is there in the report, not only left out of it', async () => {
    const text = forLog('junit', await rendered('junit', saying('::error::x ##[group]y', 1, 'fail')));
    expect(text).toContain('&#58;:error::x &#35;#[group]y');
    expect(forLog('json', '"\\\\##[a]"')).toBe('"\\\\\\u0023#[a]"');
  });

  it('stays out wherever a line is broken, and whatever stands beside it', () => {
    fc.assert(
      fc.property(forged, fc.nat(400), (text, at) => {
        const piece = escapeForTerminal(text).slice(at);
        for (const line of [piece, `${piece}  ::x`, `${piece}]`]) expect(runner(line).commands).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});

it.each([
  'listens on 127.0.0.1:5432 and ::1:5432, ::ffff:10.0.0.1, fe80::abcd:1, ::',
  'Module::Name::method failed at std::vector<int>::at',
  '# ## ### [1] #[derive] a::b::c',
  '::before and ::after',
])('%j stays as it is', (text) => {
  expect(escapeForTerminal(text)).toBe(text);
});

it('says what it has written out', () => {
  expect(escapeForTerminal('::error title=a::b ##[group]c ##vso[x]')).toBe(
    '\\x3a:error title=a::b \\x23#[group]c \\x23#vso[x]',
  );
});
