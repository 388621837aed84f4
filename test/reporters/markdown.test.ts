import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding, Report } from '../../src/core/model.js';
import { markdown } from '../../src/reporters/markdown/markdown.js';
import { code, codeBlock, html, link, prose } from '../../src/reporters/markdown/text.js';
import { causesOf, failureCards } from '../../src/reporters/words/cards.js';
import { rows, spans, spoken } from './consumers/markdown.js';
import { hostileReports, kinds, saying } from './consumers/reports.js';
import { hostileText } from './hostile.js';
import { makeFinding, makePort, makeReport, makeSeries, mixedReport } from './report.js';

const failed = (over: Partial<Finding> = {}) => makeFinding({ verdict: 'fail', message: 'differ', ...over });
const waivedBy = { rule: 'pack/os', reason: 'rolling patch', owner: 'ops', until: '2026-12-31' };
const limit = 60_000;
const parts = (text: string) => [...text.matchAll(/<summary>(.*?)<\/summary>/g)].map(([, summary]) => summary);
const cells = (report: Report) => rows(markdown(report), 'pipes').slice(2);

it('the Markdown of a mixed report', async () => {
  await expect(markdown(mixedReport())).toMatchFileSnapshot('golden/markdown.md');
});

describe('the top', () => {
  it('is the gate, the caution, and which product on which hosts', () => {
    const lines = markdown(mixedReport()).split('\n');
    expect(lines[0]).toBe(
      '## FAILED: 2 blockers; do not set this pair up (5 more gating findings could not be verified)',
    );
    expect(lines[2]).toBe(
      '> **CAUTION:** The next documented step makes primary (10.11.2.60) unreachable; fence it first.',
    );
    expect(lines.slice(4, 8)).toEqual([
      '**Product:** Product, release 2021.4, build 10.0.0.147420, phase preflight',
      '',
      '- `primary` `10.11.2.60`',
      '- `secondary` `10.11.2.61`',
    ]);
  });

  it('says what was selected, what was interrupted, and which host could not be reached', () => {
    const problem = { problem: 'unreachable', problemAt: 'host', message: 'connection timed out' } as const;
    const connection = { host: 'primary', kind: 'ssh', logins: 0, shells: 0, bytes: 0, problem };
    const hosts = [{ name: 'primary', role: 'main', address: '10.0.0.1', connection }];
    const selection = { only: ['pack/same-*'], skip: ['pack/odd'] };
    const text = markdown(makeReport([makeFinding()], { hosts, selection }, { interrupted: true, exitCode: 130 }));
    expect(text).toMatch(/^## INCOMPLETE: the run was interrupted/);
    expect(text).toContain('- `primary` (main) `10.0.0.1`: connection timed out');
    expect(text).toContain('**A selection of the rules:** only `pack/same-*,` without pack/odd');
    expect(text).toContain('**Interrupted:** this report is partial.');
  });

  it.each(kinds)('%s: ends with the counts and the exit code', (_, report) => {
    const { length } = report.findings;
    const { pass, fail } = report.summary;
    const end = `${length} finding${length === 1 ? '' : 's'}: ${pass} pass, ${fail} fail, `;
    const last = markdown(report).trimEnd().split('\n').at(-1);
    expect(last?.startsWith(end)).toBe(true);
    expect(last).toContain(`exit code ${report.run.exitCode} (`);
  });
});

describe('the table of what does not pass', () => {
  it('comes before everything that is folded, the worst first, waived last', () => {
    const text = markdown(mixedReport());
    expect(text.indexOf('### What does not pass')).toBeLessThan(text.indexOf('<details>'));
    expect(cells(mixedReport()).map(([verdict, rule]) => [verdict, spans(rule ?? '')[0]])).toEqual([
      ['**FAIL**<br>blocker', 'pack/install-space'],
      ['**FAIL**<br>blocker', 'pack/ports-reachable [primary -> secondary, 5432]'],
      ['**unknown**<br>blocker', 'pack/host-access [secondary]'],
      ['**ERROR**<br>warning', 'pack/odd'],
      ['**FAIL**<br>advice', 'pack/kernel'],
      ['**waived**<br>warning', 'pack/os'],
    ]);
  });

  it('shows title, what was found on which host and expected, and the remedy', () => {
    expect(cells(mixedReport())[0]).toEqual([
      '**FAIL**<br>blocker',
      'The installation spaces differ in size<br>`pack/install-space`',
      'primary: `50 GiB (53687091200 bytes)`<br>secondary: `40 GiB (42949672960 bytes)`',
      '`same`',
      'Resize the smaller file system.',
    ]);
  });

  it('has one row for a rule, with its hosts inside and what is said of several of them once', () => {
    const small = (host: string, bytes: number) =>
      failed({
        rule: 'pack/space',
        key: `pack/space [${host}]`,
        fault: 'Too little space',
        subject: { kind: 'host', host },
        actual: bytes,
        message: `${host}: ${bytes} bytes`,
        expected: host === 'primary' ? 'at least 2 GiB' : 'at least 1 GiB',
      });
    const ports = [22, 80].map((port) =>
      makePort(port, 'primary', 'secondary', { verdict: 'fail', fault: 'Filtered' }),
    );
    expect(cells(makeReport([small('primary', 1024), small('secondary', 2048), ...ports]))).toEqual([
      [
        '**FAIL**<br>blocker',
        'Too little space<br>`pack/space`',
        'primary: `1 KiB (1024 bytes)`<br>secondary: `2 KiB (2048 bytes)`',
        'primary: `at least 2 GiB`<br>secondary: `at least 1 GiB`',
        'Resize the smaller file system.',
      ],
      [
        '**FAIL**<br>blocker',
        'Filtered<br>`pack/ports-reachable`',
        '22 primary -&gt; secondary: `open`<br>80 primary -&gt; secondary: `open`',
        '`same`',
        'Open the port.',
      ],
    ]);
  });

  it('has one row for a cause, which counts and lists what it leaves unknown', () => {
    expect(cells(mixedReport())[2]?.slice(1)).toEqual([
      'not known: 5 findings (5 blockers)<br>`pack/host-access [secondary]`<br>`pack/hidden-1`<br>`pack/hidden-2`<br>and 2 more findings',
      'secondary: sudo was refused',
      '',
      '',
    ]);
    const next = 'grant pg_monitor to the role';
    const denied = (rule: string) => makeFinding({ rule, verdict: 'unknown', message: `${rule} was denied`, next });
    const [row, ...more] = cells(makeReport([denied('pack/a'), denied('pack/b')]));
    expect(more).toEqual([]);
    expect(row?.[1]).toBe('not known: 2 findings (2 blockers)<br>`pack/a`<br>`pack/b`');
    expect(row?.[4]).toBe('grant `pg_monitor` to the role');
  });

  it('says of what a failing guard leaves unknown what is wrong there, and points to the command told above', () => {
    const guard = failed({ rule: 'pack/two', key: 'pack/two', fault: 'Both names lead to one machine' });
    const blocked = makeFinding({
      rule: 'pack/a',
      verdict: 'unknown',
      message: 'same; not judged: differ',
      blockedBy: 'pack/two',
    });
    const text = markdown(makeReport([guard, blocked]));
    expect(cells(makeReport([guard, blocked])).map((row) => row[1])).toHaveLength(2);
    expect(text).toContain('<summary>1 finding not known: Both names lead to one machine</summary>');
    expect(text).toContain('\n  - says: same\n');
    const next = 'pairflight reach --try --phase preflight';
    const report = makeReport([makeFinding({ verdict: 'unknown', message: 'refused', next })]);
    expect(cells(report)[0]?.[4]).toBe('see Next, above');
    expect(markdown(report)).toContain(`**Next:** \`${next}\``);
  });

  it('shows a value that could not be judged beside the reason', () => {
    const value = makeFinding({ verdict: 'unknown', message: 'not the path that is set', actual: { primary: '/b' } });
    expect(cells(makeReport([value]))[0]?.[2]).toBe('primary: `/b`<br>not the path that is set');
  });

  it('names the first of very many hosts, and lists the others below', () => {
    const many = Array.from({ length: 30 }, (_, at) => makePort(at, 'a', 'b', { verdict: 'fail', message: 'x' }));
    expect(cells(makeReport(many))[0]?.[2]).toMatch(/19 a -&gt; b: `open`<br>and 10 more, listed below$/);
    expect(markdown(makeReport(many))).toMatch(/^- \*\*FAIL.*29 a -&gt; b: `open`$/m);
  });

  it('has a row of its own for what is blocked by nobody in the report', () => {
    const report = makeReport([makeFinding({ verdict: 'unknown', message: 'not looked at', blockedBy: 'elsewhere' })]);
    expect(cells(report)).toHaveLength(1);
  });

  it('names who waived what until when', () => {
    expect(cells(makeReport([failed({ waivedBy })]))[0]?.[4]).toBe('waived by ops until 2026-12-31: rolling patch');
  });

  it('is not there when everything passes', () => {
    expect(markdown(makeReport([makeFinding()]))).not.toContain('|');
  });
});

describe('the folded parts', () => {
  it('are the causes, the sections with their counts, the changes, what is not verified, and the answers', () => {
    expect(parts(markdown(mixedReport()))).toEqual([
      '5 findings not known: secondary: sudo was refused',
      '1 finding cannot be judged: <code>at_least</code> needs a number',
      'Prerequisites: 2 fail, 1 error, 3 unknown, 1 waived, 2 pass, 1 skip',
      'Ports: 1 fail, 1 unknown, 3 pass, 1 skip',
      'Changed since 2026-11-20 04:41 UTC: 4',
      'Not verified: 1, 1 attested',
      'Answers of primary: 1',
      'Answers of secondary: 1',
    ]);
  });

  it('hold each finding once: by its key, or inside of its rule', () => {
    const report = mixedReport();
    const names = markdown(report)
      .split('\n')
      .flatMap((line) => (/^- \*\*(FAIL|ERROR|unknown|waived|pass|skip)\*\* /.test(line) ? [spans(line)[0]] : []));
    const together = 'pack/ports-reachable';
    const passing = report.findings.filter(({ rule, verdict }) => rule === together && verdict === 'pass');
    const apart = report.findings.filter((finding) => !passing.includes(finding)).map(({ key }) => key);
    expect(names.toSorted()).toEqual([...apart, together].toSorted());
    const line = markdown(report)
      .split('\n')
      .find((one) => one.startsWith('- **pass**') && one.includes(`\`${together}\``));
    for (const { row, subject } of passing)
      expect(line).toContain(subject.kind === 'pair' ? `${row?.port} ${subject.from} -&gt; ${subject.to}: ` : 'a pair');
  });

  it('say of a finding all that is known', () => {
    const source = { doc: 'Doc', section: 'Sec', url: 'https://docs.example/a?b=c&d=1#e' };
    const row = { ...makePort(22, 'a', 'b').row, port: 22, name: 'x', basis: 'field', confidence: 'as seen' } as const;
    const samples = [makeSeries([2048, null])];
    const over = { told: ['replayed up to 0/3'], samples, source, row, basis: 'inferred' as const, blockedBy: 'g' };
    const text = markdown(makeReport([failed(over)]));
    for (const line of [
      'says: differ',
      'told: replayed up to 0/3',
      'samples: secondary bytes: 2 KiB, no number (2 samples over 5 s)',
      'expected: `same`',
      'blocked by: `g`',
      'port 22: as seen',
      'requires: Both hosts give the installation the same space.',
      'remedy: Resize the smaller file system.',
      'source: [Doc, Sec](https://docs.example/a?b=c&amp;d=1#e)',
      "basis: inferred: our conclusion, not the vendor's words",
    ]) {
      expect(text).toContain(`\n  - ${line}\n`);
    }
  });

  it('say that nothing changed, or that nothing was compared', () => {
    const of = (compared: number) =>
      markdown(makeReport([makeFinding()], { changes: { since: '2026-11-20T04:41:00Z', compared, list: [] } }));
    expect(of(3)).toContain('UTC: nothing</summary>\n\nNothing, among 3 answers that both runs have.\n');
    expect(of(0)).toContain('The two runs have no question in common; nothing was compared.');
    expect(markdown(makeReport([makeFinding()]))).not.toContain('Changed since');
  });

  it('say what became of the waivers, and what is known from an earlier run', () => {
    const use = {
      rule: 'pack/os',
      owner: 'ops',
      until: '2026-10-01',
      waives: [],
      leaves: ['x'],
      why: 'its last day is over',
    };
    const failOnNew = { since: '2026-11-20T04:41:00Z', known: 1 };
    const over = { waivers: [{ ...use, state: 'expired' as const }] };
    const text = markdown(makeReport([failed({ known: true })], over, { failOnNew, gate: 'passed', exitCode: 0 }));
    expect(parts(text)).toContain('Waivers: 1, 1 not as meant');
    expect(text).toContain('- waiver: EXPIRED waiver of pack/os (ops, until 2026-10-01): its last day is over');
    expect(text).toContain('| **FAIL**<br>blocker, known |');
    expect(text).toContain('  - known: failed in the run of 2026-11-20 04:41 UTC already\n');
  });

  it('count a word that has expired as none', () => {
    const [one] = mixedReport().notVerified;
    const attested = one?.attested ? { ...one.attested, expired: true as const } : undefined;
    const report = makeReport([makeFinding()], { notVerified: one && attested ? [{ ...one, attested }] : [] });
    expect(parts(markdown(report))).toContain('Not verified: 1');
    expect(markdown(report)).toContain('EXPIRED since the end of 2026-12-20');
  });

  it('show the commands with their answers as one block of code for each host', () => {
    expect(markdown(mixedReport())).toContain('```text\nroot$ df /opt (exit 0)\n  50G\n```');
    expect(markdown(mixedReport())).toContain('```text\nroot$ df /opt (timeout)\n```');
  });
});

describe('text', () => {
  it.each<[string, string]>([
    ['Resize the smaller file system.', 'Resize the smaller file system.'],
    ['primary -> secondary (50 GiB), 5 %', 'primary -&gt; secondary (50 GiB), 5 %'],
    ['is for <V R5; installed', 'is for &lt;V R5; installed'],
    ['ask @ops now', 'ask `@ops` now'],
    ['see #123 and GH-7', 'see `#123` and `GH-7`'],
    ['a *b* _c_ d', 'a `*b* _c_` d'],
    ['[x](javascript:alert(1))', '`[x](javascript:alert(1))`'],
    ['at https://x.test/ or www.x.test', 'at `https://x.test/` or `www.x.test`'],
    ['mail a@b.test', 'mail `a@b.test`'],
    ['a | b', 'a `|` b'],
    ['say `x`', 'say `` `x` ``'],
    ['commit 0a1b2c3d of 53687091200 bytes', 'commit `0a1b2c3d` of 53687091200 bytes'],
    ['&copy; &amp; <b>', '`&copy; &amp;` &lt;b&gt;'],
    [':smile: a:b at 04:41, 04:41:00', '`:smile: a:b` at 04:41, 04:41:00'],
    ['$x$ ~y~ !1 %2 \\z', '`$x$ ~y~ !1 %2 \\z`'],
    ['one\n\n# two\n- three', 'one `#` two - three'],
    ['a\u202eb\x1b[2J', '`a\\u202eb\\x1b[2J`'],
  ])('%j becomes %j', (text, shown) => {
    expect(prose(text)).toBe(shown);
  });

  it.each<[string, string, string]>([
    ['a pipe', 'a|b', '`a\\|b`'],
    ['a pipe behind a backslash', 'a\\|b', '`a\\\\x7cb`'],
    ['a backslash at the end', 'a\\', '`a\\`'],
    ['backticks', '``', '``` `` ```'],
    ['nothing', ' \n ', '`(empty)`'],
  ])('code in a cell: %s', (_, text, shown) => {
    expect(code(text, true)).toBe(shown);
  });

  it('in HTML is escaped, and what speaks is code', () => {
    expect(html('<b> & "c" \'d\' @me #1')).toBe('&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; <code>@me #1</code>');
  });

  it.each([
    ['javascript:alert(1)', 'Doc `javascript:alert(1)`'],
    ['https://x.test/a)b', 'Doc `https://x.test/a)b`'],
    ['https://x.test/"onclick=', 'Doc `https://x.test/"onclick=`'],
    ['https://x.test/a_b', '[Doc](https://x.test/a_b)'],
  ])('a link to %s', (url, shown) => {
    expect(link('Doc', url)).toBe(shown);
  });

  it('a block of code ends where it is meant to', () => {
    expect(codeBlock('a\n```\n````\n\tb\r\x1b')).toBe('`````text\na\n```\n````\n\tb\\r\\x1b\n`````');
  });

  it('shows all of it, whatever it is', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const [span] = spans(code(text));
        // The blank of a padded span is the reader's to take off.
        const padded = / $/.test(span ?? '') ? span?.trim() : span;
        expect(padded).toBe(spans(code(padded ?? ''))[0]);
        expect(spoken(prose(text))).not.toMatch(speaks);
      }),
    );
  });
});

/** Marks that mean something to Markdown, GitHub or GitLab, and must not be left to them. */
const speaks = /[@#$*_~`|[\]\\]|:\/\/|www\.|:[\w+-]|(?:^|[^&\w])[!%]\w|&(?!amp;|lt;|gt;|quot;|#39;)/i;

/** A report with a text in every place, those that a pack or an inventory fills too. */
function everywhere(text: string): Report {
  const report = saying(text, text, 'fail');
  const source = { doc: text, section: text, url: text };
  const said = { title: text, group: text, remedy: text, requires: text, expected: text, source };
  return {
    ...report,
    findings: report.findings.map((one) => ({
      ...one,
      ...said,
      key: `${one.key} ${text}`,
      rule: `${one.rule} ${text}`,
    })),
    run: { ...report.run, next: text },
    selection: { only: [text], skip: [text] },
    hosts: report.hosts.map((host) => ({ ...host, role: text, address: text })),
    notVerified: [
      { id: text, what: text, why: text, source, attested: { what: text, by: text, when: text, until: text } },
    ],
  };
}

const markup = fc.constantFrom(
  ...[
    '<script>',
    '</details>',
    '<!--',
    '`',
    '``',
    '```',
    '~~~',
    '|',
    '\\|',
    '\\',
    '*',
    '_',
    '#1',
    '@me',
    '![x](http://e/x)',
  ],
  ...[
    '[a](javascript:alert(1))',
    'www.e.x',
    'a@b.c',
    ':smile:',
    '\n',
    '\n\n',
    '\r',
    '- ',
    '1. ',
    '> ',
    '    ',
    '&#64;me',
    '$x$',
  ],
  ...['<http://a.b>', 'GH-1', '!1', '==', '---', 'a', ' ', '[x]: y', '[^1]', '\u200b', '0123abcd', 'http://'],
);
const anyText = fc
  .oneof(
    fc.array(fc.oneof(markup, fc.string({ maxLength: 5 })), { maxLength: 10 }).map((all) => all.join('')),
    hostileText,
  )
  .filter((text) => !/^https?:\/\/[\w./?=&%+:#-]+$/.test(text));

describe('whatever stands in a report', () => {
  it('nothing of it is read as HTML, as Markdown, or as a reference', () => {
    const ours = /<\/?(?:details|summary|br)>|\*\*[A-Za-z ]+:?\*\*|^#{2,3} |^\|(?:---\|)+$|^\| | \| | \|$/gm;
    fc.assert(
      fc.property(anyText, (text) => {
        const rest = spoken(markdown(everywhere(text)))
          .replace(ours, ' OURS ')
          .replace(/\b\d\d:\d\d\b/g, 'TIME');
        expect(rest).not.toMatch(/</);
        for (const line of rest.split('\n')) {
          expect(line.replace(/^> /, '')).not.toMatch(/^(?:\s*[-+>]\s+[-+>]|\s*[=_~]{2,}|\s*\d+[.)]\s)/);
          expect(line).not.toMatch(speaks);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('each row of the table has its five cells, and each part its end', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const report = everywhere(text);
        const shown = markdown(report);
        const waived = new Set(report.findings.filter((one) => one.waivedBy).map(({ rule }) => rule)).size;
        for (const reading of ['pipes', 'escapes'] as const) {
          const all = rows(shown, reading);
          expect(new Set(all.map((one) => one.length))).toEqual(new Set([5]));
          expect(all.length - 2).toBe(failureCards(report.findings).length + causesOf(report.findings).length + waived);
        }
        const tags = spoken(shown);
        expect(tags.match(/<details>/g)?.length).toBe(tags.match(/^<\/details>$/gm)?.length);
      }),
      { numRuns: 60 },
    );
  });

  it('the report steers no terminal and is left as it was', () => {
    fc.assert(
      fc.property(hostileReports, (report) => {
        const before = structuredClone(report);
        expect(markdown(report).replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
        expect(report).toEqual(before);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a long report', () => {
  const passing = (count: number, words = 'w '.repeat(40)) =>
    Array.from({ length: count }, (_, at) =>
      makeFinding({ rule: `pack/pass-${at}`, title: `P ${words}`, because: [`p${at}`] }),
    );
  const failing = (count: number, words = 'f '.repeat(40)) =>
    Array.from({ length: count }, (_, at) => failed({ rule: `pack/fail-${at}`, message: words, because: [`f${at}`] }));
  const steps = (ids: string[]): Report['steps'] => ({
    count: ids.length,
    logins: 2,
    shells: 2,
    bytes: 9,
    list: ids.map((id) => ({
      id,
      host: 'primary',
      as: 'root',
      argv: ['cat', id],
      exit: 0,
      problem: null,
      excerpt: `answer of ${id} ${'e'.repeat(220)}`,
    })),
  });
  const of = (findings: Finding[], ids: string[] = []) => markdown(makeReport(findings, { steps: steps(ids) }));

  it('has everything as long as there is room', () => {
    const text = of([...failing(2), ...passing(2)], ['f0', 'p0', 'other']);
    for (const words of ['answer of f0', 'answer of p0', 'answer of other', 'pack/pass-1'])
      expect(text).toContain(words);
    expect(text).not.toContain('Left out');
  });

  it('leaves out the answers first: those of what passes, then all', () => {
    const ids = Array.from({ length: 300 }, (_, at) => `p${at}`);
    const some = of([...failing(2), ...passing(200)], [...ids, 'f0']);
    expect(some).toContain('answer of f0');
    expect(some).not.toContain('answer of p0');
    expect(some).toContain('pack/pass-199');
    expect(some).toContain('room for it: the answers that only passing findings rest on. The JSON');
    const none = of(
      [...failing(60), ...passing(60)],
      Array.from({ length: 200 }, (_, at) => `f${at % 60}`),
    );
    expect(none).not.toContain('answer of');
    expect(none).toContain('pack/pass-59');
    expect(none).toContain('room for it: the answers of the hosts. The JSON');
  });

  it('then what passes, then the length of texts, then all but the rows, and says so', () => {
    const passes = of([...failing(20), ...passing(400)]);
    expect(passes).not.toContain('pack/pass-0');
    expect(passes).toContain('the answers of the hosts; 400 findings that pass or do not apply. The JSON');
    const shorter = of(failing(60, 'long '.repeat(160)));
    expect(shorter).toContain('what is longer than 160 characters of a message or value. The JSON');
    expect(shorter).toContain('requires: ');
    const rowsOnly = of(failing(140));
    expect(rowsOnly).toContain('requirements and sources. The JSON');
    expect(rowsOnly).not.toContain('requires: ');
  });

  it.each([0, 1, 20, 60, 140, 200, 1000])('never leaves out one of %i that fail', (count) => {
    const findings = [...passing(300), ...failing(count, 'message '.repeat(30))];
    const text = of(findings, ['f0']);
    expect(text.length).toBeLessThanOrEqual(limit);
    for (let at = 0; at < count; at += 1) expect(text).toContain(`\`pack/fail-${at}\``);
    expect(text).toContain(`exit code ${count > 0 ? 1 : 0}`);
  });

  it('fits at every length', () => {
    const lengths = Array.from({ length: 120 }, (_, at) => of(passing(200 + at)).length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(limit);
    expect(Math.max(...lengths)).toBeGreaterThan(limit - 500);
    expect(lengths.at(-1)).toBeLessThan(1000);
  });

  it('at the least counts what fails by rule', () => {
    const ports = Array.from({ length: 900 }, (_, at) =>
      makePort(at, 'primary', 'secondary', { verdict: 'fail', message: 'x', actual: 'x'.repeat(90) }),
    );
    const text = of([...ports, makePort(1000, 'a', 'b', { verdict: 'unknown' })]);
    expect(text).toContain('- `pack/ports-reachable`: 900 FAIL (blocker), 1 unknown (blocker)');
    expect(text).toContain('messages, values and remedies. The JSON');
  });

  it('stays within its limit, whatever the hosts say', () => {
    const long = fc.tuple(hostileText, fc.integer({ min: 1, max: 100 })).map(([text, times]) => text.repeat(times));
    fc.assert(
      fc.property(long, fc.integer({ min: 1, max: 4 }), (text, times) => {
        const report = saying(text, text, 'fail');
        const findings = Array.from({ length: times }, (_, at) =>
          report.findings.map((one) => ({ ...one, key: `${one.key}-${at}`, rule: `${one.rule}-${at}` })),
        ).flat();
        const shown = markdown({ ...report, findings });
        expect(shown.length).toBeLessThanOrEqual(limit);
        for (const { key, rule, verdict } of findings) {
          if (verdict === 'fail') expect([shown.includes(`\`${key}\``), shown.includes(`\`${rule}\``)]).toContain(true);
        }
      }),
      { numRuns: 25 },
    );
  });
});
