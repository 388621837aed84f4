/** The HTML report as text: its order, what it says, and that no text of a report becomes markup. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeForTerminal } from '../../src/core/escape.js';
import type { Finding, Report, Series } from '../../src/core/model.js';
import { axisFor } from '../../src/reporters/html/axis.js';
import { html } from '../../src/reporters/html/html.js';
import { style } from '../../src/reporters/html/style.js';
import { headline } from '../../src/reporters/words/headline.js';
import { hostileReports, kinds, saying } from './consumers/reports.js';
import { hostileText } from './hostile.js';
import { pages } from './html-pages.js';
import { makeFinding, makePort, makeReport, makeSeries, mixedReport } from './report.js';

const tag = /<(\/?)([a-z][a-z0-9]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/gi;
const all: [string, Report][] = [...kinds, ...Object.entries(pages)];

/** The text of the page, or of a part of it, as a browser reads it. */
function textOf(page: string): string {
  return page
    .replace(/<!doctype html>|<style>.*?<\/style>/gs, '')
    .replace(tag, '')
    .replace(/&(lt|gt|quot|amp|#39);/g, (_, name: string) => {
      return { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" }[name] ?? '';
    });
}

/** The contents of the elements of a class that hold text alone. */
function parts(page: string, name: string): string[] {
  return [...page.matchAll(new RegExp(`<(\\w+) class="${name}"[^>]*>(.*?)</\\1>`, 'gs'))].map(([, , inner]) =>
    textOf(inner ?? ''),
  );
}

const ids = (page: string) => [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
const headings = (page: string) => [...page.matchAll(/<h2[^>]*>(.*?)<\/h2>/g)].map(([, inner]) => textOf(inner ?? ''));

describe('the page', () => {
  it.each(all)('%s: begins with the verdict in the words of every format', (_, report) => {
    const [, inner = ''] = /<h1>(.*?)<\/h1>/s.exec(html(report)) ?? [];
    expect(textOf(inner)).toBe(headline(report));
  });

  it('has its parts in the order in which they are needed', () => {
    const waivers = [
      { rule: 'a', owner: 'ops', until: '2026-12-31', state: 'unused', waives: [], leaves: [], why: 'nothing fails' },
    ] satisfies Report['waivers'];
    const source = { doc: 'The Page', section: 'One', url: 'https://example.test/page' };
    const report = { ...mixedReport(), waivers };
    const [first, ...rest] = report.findings;
    const page = html({ ...report, findings: [...(first ? [{ ...first, source }] : []), ...rest] });
    expect(headings(page)).toEqual([
      'What does not pass',
      'The hosts side by side',
      'Ports',
      'Samples over time',
      'What passes, and what does not apply',
      'Not verified',
      'Changed since 2026-11-20 04:41 UTC',
      'Waivers',
      'Documents',
      'Raw answers',
    ]);
    expect(page.indexOf('CAUTION:')).toBeLessThan(page.indexOf('<main>'));
  });

  it.each(all)('%s: shows every finding once', (_, report) => {
    const shown = ids(html(report)).filter((id) => /^finding-\d+$/.test(id ?? ''));
    expect(shown.length).toBe(report.findings.length);
    expect(new Set(shown).size).toBe(shown.length);
  });

  it.each(all)('%s: no id stands twice, and every link within the page has its end', (_, report) => {
    const page = html(report);
    const own = ids(page);
    expect(new Set(own).size).toBe(own.length);
    const links = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
    expect(links.filter((id) => !own.includes(id ?? ''))).toEqual([]);
    const titles = own.filter((id) => /^[a-z-]+-title$/.test(id ?? '') && id !== 'findings-title');
    expect(titles.filter((id) => !links.includes(id))).toEqual([]);
  });

  it('puts what fails before what is unknown, and what a guard hides below the guard', () => {
    const page = html(mixedReport());
    const cards = [...page.matchAll(/<article class="finding is-(\w+)"/g)].map(([, standing]) => standing);
    expect(cards).toEqual(['fail', 'fail', 'unknown', 'error', 'fail', 'waived']);
    const [, guard = ''] = /(<article[^>]*>(?:(?!<\/article>).)*host-access.*?<\/article>)/s.exec(page) ?? [];
    expect(textOf(guard)).toContain('4 findings blocked by this');
  });

  it('loses no finding whose guard passes, is missing, or is hidden itself', () => {
    const unknown = { verdict: 'unknown', message: 'not looked at' } as const;
    const report = makeReport([
      makeFinding({ rule: 'pack/fine' }),
      makeFinding({ rule: 'pack/behind-fine', ...unknown, blockedBy: 'pack/fine' }),
      makeFinding({ rule: 'pack/behind-nothing', ...unknown, blockedBy: 'pack/gone' }),
      makeFinding({ rule: 'pack/first', ...unknown }),
      makeFinding({ rule: 'pack/second', ...unknown, blockedBy: 'pack/first' }),
      makeFinding({ rule: 'pack/third', ...unknown, blockedBy: 'pack/second' }),
      makeFinding({ rule: 'pack/itself', ...unknown, blockedBy: 'pack/itself' }),
    ]);
    for (const { rule } of report.findings) expect(html(report)).toContain(`<code>${rule}</code>`);
  });

  it('says of a finding what was observed and expected, what to do, where it stands, and on what it rests', () => {
    const failing = makeFinding({
      verdict: 'fail',
      basis: 'inferred',
      message: 'sizes differ: 1024 bytes and 2048 bytes',
      actual: { primary: 1024, secondary: 2048 },
      told: ['the volume is /dev/x'],
      samples: [makeSeries([1024, null])],
      known: true,
      waivedBy: { rule: 'pack/same-size', reason: 'rolling patch', owner: 'ops', until: '2026-12-31' },
    });
    const page = html(makeReport([failing], {}, { failOnNew: { since: '2026-11-20T04:41:00Z', known: 1 } }));
    const [, card = ''] = /(<article.*?<\/article>)/s.exec(page) ?? [];
    const text = textOf(card);
    for (const words of [
      'waived',
      'blocker',
      'known',
      'inferred',
      'sizes differ: 1024 bytes and 2048 bytes',
      'primary1 KiB (1024 bytes)',
      'secondary2 KiB (2048 bytes)',
      'expectedsame',
      'RemedyResize the smaller file system.',
      'Toldthe volume is /dev/x',
      'secondary bytes: 1 KiB, no number (2 samples over 5 s)',
      'Waivedby ops until 2026-12-31: rolling patch',
      'Knownfailed in the run of 2026-11-20 04:41 UTC already',
      'SourceThe Setup Page, Prerequisites',
      "Basisinferred: our conclusion, not the vendor's words",
      'RequiresBoth hosts give the installation the same space.',
      'primary: 1 df /opt',
      'secondary: 2 df /opt',
    ]) {
      expect(text).toContain(words);
    }
    expect(card).toContain('href="#answer-2"');
  });

  it('marks what is partial: a run that was interrupted is not green', () => {
    const page = html(makeReport([makeFinding()], {}, { interrupted: true, exitCode: 130 }));
    expect(page).toContain('class="verdict gate-incomplete"');
    expect(textOf(page)).toContain('Interrupted: this report is partial.');
    expect(html(makeReport([makeFinding()]))).toContain('class="verdict gate-passed"');
  });

  it('says what was selected, what the gate looks at, and which host could not be reached', () => {
    const problem = { problem: 'unreachable', problemAt: 'host', message: 'connection timed out' } as const;
    const connection = { host: 'primary', kind: 'ssh', logins: 0, shells: 0, bytes: 0, problem };
    const hosts = [{ name: 'primary', role: 'main', address: '10.0.0.1', connection }];
    const selection = { only: ['pack/same-*'], skip: ['pack/odd'] };
    const run = { failOn: 'warning', failOnNew: { since: '2026-11-20T04:41:00Z', known: 2 } } as const;
    const text = textOf(html(makeReport([makeFinding()], { hosts, selection }, run)));
    expect(text).toContain('primary (main) 10.0.0.1: connection timed out');
    expect(text).toContain('unreachable: connection timed out');
    expect(text).toContain('A selection of the rules: only pack/same-*, without pack/odd');
    expect(text).toContain('The gate looks at findings of severity warning and above.');
    expect(text).toContain('The gate looks at what is new since 2026-11-20 04:41 UTC; 2 known failures let pass.');
  });

  it('shows each command as the plan quotes it, as whom, how it ended and what it said', () => {
    const step = (over: Partial<Report['steps']['list'][number]>) => ({
      ...{ id: 'step-1', host: 'primary', as: 'root', argv: ['df', '/opt'], exit: 0, problem: null, excerpt: '50G\n' },
      ...over,
    });
    const list = [
      step({ argv: ['sh', '-c', "echo 'a'\nexit", '$x', 'a%b=c'] }),
      step({ exit: null, problem: 'timeout', excerpt: '' }),
      step({ as: 'product', excerpt: 'one\n\ttwo\r\nthree' }),
    ];
    const page = html(makeReport([makeFinding()], { steps: { ...mixedReport().steps, list } }));
    const answers = [...page.matchAll(/<details class="answer.*?<\/details>/gs)].map(([inner]) => textOf(inner));
    expect(answers).toEqual([
      `1 root$ sh -c (script) '$x' a%b=c exit 0sh -c 'echo '\\''a'\\''\nexit' '$x' a%b=c50G`,
      '2 root$ df /opt timeout(it said nothing)',
      '3 product$ df /opt exit 0one\n\ttwo\nthree',
    ]);
  });
});

describe('a link', () => {
  const page = (url: string) => html(makeReport([makeFinding({ source: { doc: 'Doc', section: 'One', url } })]));

  it('is made of a harmless address', () => {
    expect(page('https://x.test/a_b?c=d&e#f')).toContain(
      '<a href="https://x.test/a_b?c=d&amp;e#f" rel="noreferrer noopener">',
    );
  });

  it.each(['javascript:alert(1)', 'javascript://x/%0ax', 'data:text/html,x', 'https://x.test/"onclick=', '//x'])(
    'is not made of %s',
    (url) => {
      expect(page(url)).not.toMatch(/<a href="[^#]/);
      expect(textOf(page(url))).toContain(url);
    },
  );
});

describe('the picture of the ports', () => {
  const lanes = (findings: Finding[]) =>
    [...html(makeReport(findings)).matchAll(/<p class="(lane [^"]*)">(.*?)<\/p>/gs)].map(([, name, inner]) => {
      return `${name}: ${textOf(inner ?? '')}`;
    });

  it('has an arrow for each direction, and tells it in words as well', () => {
    const blocked = { verdict: 'unknown', message: 'x', blockedBy: 'pack/guard' } as const;
    const { actual: _, ...last } = makePort(5432, 'secondary', 'primary', blocked);
    expect(
      lanes([
        makePort(22, 'primary', 'secondary'),
        makePort(22, 'secondary', 'primary', { verdict: 'fail', actual: 'filtered' }),
        makePort(5432, 'primary', 'secondary', { actual: 'refused' }),
        last,
      ]),
    ).toEqual([
      'lane is-pass: primary to secondary:  open, pass',
      'lane is-fail back: secondary to primary:  filtered, FAIL',
      'lane is-pass: primary to secondary:  refused, pass',
      'lane is-unknown back: secondary to primary:  blocked',
    ]);
  });

  it('is one for each two hosts', () => {
    const report = pages['three hosts'];
    expect(report && html(report).match(/<figure class="pair">/g)?.length).toBe(3);
  });
});

describe('the plot', () => {
  const series = fc
    .array(fc.oneof(fc.constant(null), fc.integer(), fc.double({ noNaN: true, min: -1e15, max: 1e15 })), {
      maxLength: 20,
    })
    .chain((values) => fc.constantFrom('bytes', 'ms', 'count').map((property) => makeSeries(values, 'x', property)));

  it('has room for every value, and few ticks', () => {
    fc.assert(
      fc.property(fc.array(series, { minLength: 1, maxLength: 3 }), (several: Series[]) => {
        const axis = axisFor(several);
        expect(axis.ticks).toContain(0);
        expect(axis.ticks.length).toBeLessThanOrEqual(7);
        expect(axis.ticks).toEqual([...axis.ticks].sort((a, b) => b - a));
        for (const { at, value } of several.flatMap(({ values }) => values)) {
          expect(axis.xOf(at)).toBeGreaterThanOrEqual(0);
          expect(axis.xOf(at)).toBeLessThanOrEqual(100);
          if (value === null) continue;
          expect(axis.yOf(value)).toBeGreaterThanOrEqual(0);
          expect(axis.yOf(value)).toBeLessThanOrEqual(100);
        }
      }),
    );
  });

  it.each<[string, number[], number[]]>([
    ['bytes', [805306368], [800, 600, 400, 200, 0].map((mib) => mib * 1024 ** 2)],
    ['ms', [30, 7], [30, 20, 10, 0]],
    ['ms', [0, 0], [1, 0]],
    ['ms', [-3, 5], [6, 4, 2, 0, -2, -4]],
  ])('%s of %j: ticks at %j', (property, values, ticks) => {
    expect(axisFor([makeSeries(values, 'x', property)]).ticks).toEqual(ticks);
  });

  it('breaks its line where there is no number, and says so', () => {
    const page = html(makeReport([makeFinding({ samples: [makeSeries([1, 2, null, 4])] })]));
    const [, figure = ''] = /(<figure class="plot">.*?<\/figure>)/s.exec(page) ?? [];
    expect(figure.match(/<polyline/g)?.length).toBe(2);
    expect(figure.match(/<circle/g)?.length).toBe(3);
    expect(textOf(figure)).toContain('no number at +10 s');
  });
});

describe('whatever stands in a report', () => {
  const ours =
    'html head meta title link style body a header div svg path h1 span p strong ul li code time main fieldset legend ' +
    'label input b nav section h2 h3 article dl dt dd details summary table caption thead tr th tbody td figure ' +
    'figcaption br line polyline circle text pre footer';

  it('becomes no element, no attribute and no address of its own', () => {
    fc.assert(
      fc.property(hostileReports, (report) => {
        const page = html(report).replace('<!doctype html>', '');
        const names = new Set([...page.matchAll(tag)].map(([, , name]) => name));
        expect([...names].filter((name) => !ours.split(' ').includes(name ?? ''))).toEqual([]);
        const attributes = [...page.matchAll(tag)].map(([, , , words]) => words ?? '').join('');
        expect(attributes).not.toMatch(/\s(?:on\w+|src|style|action|srcdoc)=/i);
        const addresses = [...attributes.matchAll(/href="([^"]*)"/g)].map(([, address]) => address);
        expect(addresses.filter((address) => !/^(?:#|https?:\/\/|data:image\/svg\+xml,)/.test(address ?? ''))).toEqual(
          [],
        );
        expect(page.replace(tag, '').replace(style, '')).not.toContain('<');
      }),
      { numRuns: 60 },
    );
  });

  it('is escaped once, and read back it is what was said', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const said = `said ${text} end`;
        const page = html(makeReport([makeFinding({ verdict: 'fail', message: said, remedy: said, told: [said] })]));
        fc.pre(!/\p{M}{4}/u.test(said));
        expect(parts(page, 'message')).toEqual([escapeForTerminal(said.replace(/\s+/g, ' ').trim())]);
      }),
    );
  });

  it('is not drawn over the lines around it', () => {
    const page = html(makeReport([makeFinding({ verdict: 'fail', message: `e${'\u0301'.repeat(6)} x` })]));
    expect(parts(page, 'message')).toEqual([`e${'\u0301'.repeat(3)}${'\\u{301}'.repeat(3)} x`]);
  });

  it('neither moves nor hides nor reorders other text', () => {
    fc.assert(
      fc.property(hostileReports, (report) => {
        expect(html(report).replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
      }),
      { numRuns: 60 },
    );
  });

  it('comes out as the same bytes, and is left as it was', () => {
    fc.assert(
      fc.property(hostileReports, (report) => {
        const before = structuredClone(report);
        expect(html(report)).toBe(html(before));
        expect(report).toEqual(before);
      }),
      { numRuns: 20 },
    );
  });

  it('is cut where it has no end', () => {
    const page = html(saying('x'.repeat(100_000), 'y'.repeat(100_000), 'fail'));
    expect(/x{10001}|y{3000}/.test(page)).toBe(false);
    expect(page.length).toBeLessThan(500_000);
  });
});

describe('the stylesheet', () => {
  it('stands in the page as it is, and the page allows it alone', () => {
    const page = html(mixedReport());
    const [, inPage = ''] = /<style>(.*?)<\/style>/s.exec(page) ?? [];
    expect(inPage).toBe(style);
    const hash = createHash('sha256').update(inPage).digest('base64');
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`,
    );
  });
});
