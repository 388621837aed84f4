/** The HTML report in a browser: at a phone's width and a screen's, by keyboard, light and dark, on paper, and without a script. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { html } from '../../src/reporters/html/html.js';
import { headingOf } from '../../src/reporters/words/finding.js';
import { headline } from '../../src/reporters/words/headline.js';
import { play } from '../demo/run.js';
import { lacking } from '../needs.js';
import { startBrowser } from './browser.js';
import { forged, pages } from './html-pages.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'pairflight-html-'));
const names = Object.keys(pages);
const why = lacking('chromium');
let browser: Browser;

beforeAll(async () => {
  if (!why) browser = await startBrowser();
  for (const [name, report] of Object.entries(pages)) writeFileSync(fileOf(name), html(report));
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(name: string): string {
  return join(folder, `${name.replaceAll(' ', '-')}.html`);
}

/** Opens a page without a network and without scripts, does something with it, and demands that it asked for nothing. */
async function looking<T>(name: string, options: BrowserContextOptions, look: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ javaScriptEnabled: false, offline: true, ...options });
  try {
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('dialog', (dialog) => asked.push(`dialog: ${dialog.message()}`));
    page.on('console', (message) => asked.push(`console: ${message.text()}`));
    await page.goto(pathToFileURL(fileOf(name)).href);
    const seen = await look(page);
    expect(asked.filter((url) => !url.startsWith('file:') && !url.startsWith('data:image/svg+xml,'))).toEqual([]);
    expect(asked.filter((url) => url.startsWith('file:'))).toEqual([pathToFileURL(fileOf(name)).href]);
    return seen;
  } finally {
    await context.close();
  }
}

function unfold(page: Page): Promise<void> {
  return page.evaluate(() => {
    for (const one of document.querySelectorAll('details')) one.open = true;
  });
}

/** The elements that are drawn beyond the window, or whose content is wider than they are. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > window.innerWidth ? ['the document'] : [];
    const unseen = '.unseen, .skip, thead, legend';
    const elements = [...document.querySelectorAll('body, body *')].filter((one) => !one.closest(unseen));
    for (const one of elements) {
      const { left, right, width } = one.getBoundingClientRect();
      const isDrawing = one.closest('svg') !== null;
      const isInline = getComputedStyle(one).display === 'inline';
      const beyond = width > 0 && !isDrawing && (left < -0.5 || right > window.innerWidth + 0.5);
      const clipped = !isDrawing && !isInline && one.scrollWidth > one.clientWidth + 1;
      if (beyond || clipped) wide.push(`${one.tagName} ${one.className}: ${one.textContent?.slice(0, 60)}`);
    }
    return wide;
  });
}

describe.skipIf(why)(`nothing overflows${why}`, () => {
  it.each(names)('%s at 360 and at 1440', async (name) => {
    await looking(name, {}, async (page) => {
      for (const state of ['folded', 'unfolded']) {
        for (const width of [360, 1440]) {
          await page.setViewportSize({ width, height: 800 });
          expect([state, width, await overflowing(page)]).toEqual([state, width, []]);
        }
        await unfold(page);
      }
    });
  });

  it('on a phone the verdict, the counts and the first fault stand on the first screen', async () => {
    await looking('example', { viewport: { width: 360, height: 740 } }, async (page) => {
      const bottoms = await page.evaluate(() =>
        ['h1', '.filter', '.rule b'].map((one) => document.querySelector(one)?.getBoundingClientRect().bottom ?? 1e9),
      );
      expect(Math.max(...bottoms)).toBeLessThan(740);
      const size = await page.locator('h1 .word').evaluate((one) => Number.parseFloat(getComputedStyle(one).fontSize));
      expect(size).toBeGreaterThan(30);
    });
  });

  it('the longest word of a verdict stands on one line, on a phone too', async () => {
    await looking('incomplete', { viewport: { width: 360, height: 740 } }, async (page) => {
      const { lines, word } = await page.locator('h1 .word').evaluate((one) => {
        const range = document.createRange();
        range.selectNodeContents(one.firstChild ?? one);
        return { lines: new Set([...range.getClientRects()].map(({ top }) => top)).size, word: one.textContent };
      });
      expect([lines, word]).toEqual([1, 'INCOMPLETE:']);
    });
  });
});

type Rule = { id: string; nodes: { html: string; failureSummary: string }[] };

/** What axe has against the page, and on how many elements it could tell the contrast, and on which it could not. */
function measure(page: Page) {
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe puts itself there
    const results = await (globalThis as any).axe.run(document);
    const contrast = (rules: Rule[]) => rules.find(({ id }) => id === 'color-contrast')?.nodes ?? [];
    return {
      violations: results.violations.map((one: Rule) => [one.id, one.nodes[0]?.html, one.nodes[0]?.failureSummary]),
      measured: contrast(results.passes).length,
      // What stands in a drawing has the ink and the paper of all other text.
      unmeasured: contrast(results.incomplete).flatMap(({ html }) =>
        html.startsWith('<text') ? [] : [html.slice(0, 200)],
      ),
    };
  });
}

describe.skipIf(why)(`accessible${why}`, () => {
  // The measure itself needs scripts.
  const options = { javaScriptEnabled: true, viewport: { width: 1000, height: 800 } };

  // A hundred findings hold nothing that two do not.
  it.each(names.filter((name) => name !== 'a hundred'))(
    '%s: axe finds nothing in light and dark, and measures the contrast',
    async (name) => {
      await looking(name, options, async (page) => {
        await unfold(page);
        await page.evaluate(axe);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          const { violations, measured, unmeasured } = await measure(page);
          expect([colorScheme, violations, unmeasured]).toEqual([colorScheme, [], []]);
          expect(measured).toBeGreaterThan(20);
        }
      });
    },
  );

  it('light and dark are two', async () => {
    const ground = (colorScheme: 'light' | 'dark') =>
      looking('example', { colorScheme }, (page) =>
        page.evaluate(() => getComputedStyle(document.body).backgroundColor),
      );
    expect([await ground('light'), await ground('dark')]).toEqual(['rgb(244, 245, 247)', 'rgb(16, 19, 22)']);
  });
});

/** What has the focus: its text, or its id where it is a control. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const one = document.activeElement;
    return one instanceof HTMLInputElement ? `#${one.id}` : `${one?.tagName} ${one?.textContent}`;
  });
}

/** How many findings of each verdict are to be seen. */
function visible(page: Page): Promise<Record<string, number>> {
  return page.evaluate(() => {
    const seen: Record<string, number> = {};
    for (const one of document.querySelectorAll('.finding, .group')) {
      if (!one.checkVisibility()) continue;
      const word = one.className.replace('finding', '').trim();
      seen[word] = (seen[word] ?? 0) + 1;
    }
    return seen;
  });
}

describe.skipIf(why)(`by keyboard${why}`, () => {
  it('Tab reaches the link past the top, the filter, every link and every summary', async () => {
    await looking('example', {}, async (page) => {
      const reached: string[] = [];
      for (let at = 0; at < 400; at += 1) {
        await page.keyboard.press('Tab');
        const now = await focused(page);
        if (now.startsWith('BODY') || (at > 0 && now === reached[0])) break;
        reached.push(now);
        if (at > 3) continue;
        const outlined = await page.evaluate(() => {
          const one = document.activeElement;
          const drawn = one instanceof HTMLInputElement ? one.nextElementSibling : one;
          return drawn && getComputedStyle(drawn).outlineStyle;
        });
        expect([now, outlined]).toEqual([now, 'solid']);
      }
      expect(reached.slice(0, 3)).toEqual(['A Skip to the findings', '#show-all', 'A Hosts']);
      const summaries = await page.evaluate(() =>
        [...document.querySelectorAll('summary')]
          .filter((one) => one.checkVisibility({ contentVisibilityAuto: true }))
          .map((one) => `SUMMARY ${one.textContent}`),
      );
      expect(summaries.length).toBeGreaterThan(15);
      expect(reached.filter((one) => one.startsWith('SUMMARY'))).toEqual(summaries);
    });
  });

  it('the first link leads past the top', async () => {
    await looking('example', {}, async (page) => {
      await page.keyboard.press('Tab');
      const { y } = (await page.locator('.skip').boundingBox()) ?? {};
      expect(y).toBeGreaterThanOrEqual(0);
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      expect(await focused(page)).toMatch(/^SUMMARY .*The installation spaces differ in size/);
    });
  });

  it('arrows choose a verdict, the others are hidden, and that is said', async () => {
    await looking('mixed', {}, async (page) => {
      const everything = { 'is-fail': 3, 'is-unknown': 1, 'is-error': 1, 'is-waived': 1 };
      const note = page.locator('.filtered');
      await unfold(page);
      expect(await visible(page)).toMatchObject(everything);
      expect(await note.isVisible()).toBe(false);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('ArrowRight');
      expect(await focused(page)).toBe('#show-fail');
      expect(await visible(page)).toEqual({ 'is-fail': 3 });
      expect(await note.isVisible()).toBe(true);
      await page.keyboard.press('ArrowDown');
      expect(await visible(page)).toEqual({ 'is-error': 1 });
      await page.keyboard.press('ArrowRight');
      // Among them those that stand below their guard.
      expect(await visible(page)).toEqual({ 'is-unknown': 1 });
      expect(await page.locator('.blocked summary').isVisible()).toBe(true);
      for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
      expect(await focused(page)).toBe('#show-all');
      expect(await visible(page)).toMatchObject(everything);
      await page.locator('label', { hasText: 'skip' }).click();
      expect(Object.keys(await visible(page)).every((word) => word.includes('is-skip'))).toBe(true);
    });
  });

  it('each rule that does not pass is a line, which opens; blockers alone can be shown; the index leads to a rule', async () => {
    writeFileSync(fileOf('everything'), html((await play('everything-wrong')).report));
    await looking('everything', { viewport: { width: 390, height: 844 } }, async (page) => {
      const closed = await page.evaluate(() => document.documentElement.scrollHeight);
      // A third of what it was with every card open.
      expect(closed).toBeLessThan(10_300);
      const lines = await page.locator('.rule').count();
      await page.locator('#show-blockers').check();
      const shown = await page.locator('.rule:visible').count();
      expect(shown).toBeGreaterThan(0);
      expect(shown).toBeLessThan(lines);
      expect(await page.locator('.rule:visible').evaluateAll((all) => all.map((one) => one.className))).toEqual(
        Array(shown).fill(expect.stringContaining('weighs-blocker')),
      );
      await page.locator('#show-all').check();
      await page.locator('.index > summary').press('Enter');
      await page.locator('.index a', { hasText: 'alation/same-cpu-count' }).press('Enter');
      await page.locator('.finding', { hasText: 'alation/same-cpu-count' }).waitFor({ state: 'visible' });
    });
  });

  it('a finding leads to its raw answer, which unfolds', async () => {
    await looking('example', {}, async (page) => {
      await page.locator('.rule > summary').first().press('Enter');
      await page.locator('.more summary').first().press('Enter');
      const link = page.locator('.more a').first();
      const target = page.locator((await link.getAttribute('href')) ?? '');
      expect(await target.isVisible()).toBe(false);
      await link.press('Enter');
      await target.waitFor({ state: 'visible' });
      expect(await target.locator('summary').textContent()).toContain('readlink -f /opt/alation');
      await target.locator('summary').press('Space');
      await target.locator('pre').last().waitFor({ state: 'visible' });
    });
  });
});

describe.skipIf(why)(`hostile output${why}`, () => {
  // With scripts allowed: nothing but the page itself keeps them away.
  const options = { javaScriptEnabled: true };

  it('stays text', async () => {
    await looking('hostile', options, async (page) => {
      await unfold(page);
      const found = await page.evaluate(() => ({
        strange: document.querySelectorAll('script, img, iframe, object, embed, form, base').length,
        styles: document.querySelectorAll('style').length,
        headings: document.querySelectorAll('h1').length,
        handlers: [...document.querySelectorAll('*')].filter((one) =>
          one.getAttributeNames().some((n) => /^on|^style$/.test(n)),
        ).length,
        addresses: [...document.querySelectorAll('a[href]')].filter((one) => !one.getAttribute('href')?.startsWith('#'))
          .length,
        text: document.querySelector('.message')?.textContent,
        isShown: document.querySelector('.message')?.checkVisibility(),
      }));
      const { text, ...rest } = found;
      expect(rest).toEqual({ strange: 0, styles: 1, headings: 1, handlers: 0, addresses: 0, isShown: true });
      for (const words of forged.slice(0, 5)) expect(text).toContain(words);
      expect(text).toContain('\\u202eDESSAP\\u202c');
      expect(text).toContain('\\x1b[2J');
    });
  });

  it('does not turn the order of what stands around it', async () => {
    await looking('hostile', options, async (page) => {
      const ends = await page.evaluate(() => {
        const cell = document.querySelector('.compared dd code');
        return cell && getComputedStyle(cell).unicodeBidi;
      });
      expect(ends).toBe('isolate');
    });
  });

  it('no style of a stranger would hold', async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(pathToFileURL(fileOf('example')).href);
    const color = await page.evaluate(() => {
      const style = document.createElement('style');
      style.textContent = 'body { color: rgb(1, 2, 3) }';
      document.head.append(style);
      return getComputedStyle(document.body).color;
    });
    await page.close();
    expect(color).toBe('rgb(26, 30, 35)');
    expect(complaints.join()).toMatch(/Content Security Policy/);
  });
});

describe.skipIf(why)(`on paper${why}`, () => {
  it('everything is open, nothing is filtered, and it is light', async () => {
    await looking('mixed', { colorScheme: 'dark' }, async (page) => {
      await page.locator('#show-pass').check();
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      const seen = await page.evaluate(() => ({
        hidden: [...document.querySelectorAll('.finding, .entry, .fact, .answers pre, .lane, .reasons dd')]
          .filter((one) => !one.checkVisibility({ contentVisibilityAuto: true }))
          .map((one) => one.outerHTML.slice(0, 80)),
        controls: [...document.querySelectorAll('.filter input, .skip, .filtered, .contents')].filter((one) =>
          one.checkVisibility(),
        ).length,
        ground: getComputedStyle(document.body).backgroundColor,
        ink: getComputedStyle(document.body).color,
      }));
      expect(seen).toEqual({ hidden: [], controls: 0, ground: 'rgb(255, 255, 255)', ink: 'rgb(26, 30, 35)' });
    });
  });

  it('a PDF has the failing findings, and is longer by the raw answers', async () => {
    await looking('example', {}, async (page) => {
      const pdf = async () => (await page.pdf({ format: 'A4', outline: true, tagged: true })).toString('latin1');
      const count = (text: string) => text.match(/\/Type \/Page\b/g)?.length ?? 0;
      const whole = await pdf();
      for (const finding of pages.example?.findings ?? []) {
        if (finding.verdict === 'fail') expect(whole).toContain(`/Title (${headingOf(finding)})`);
      }
      await page.evaluate(() => document.querySelector('.answers')?.remove());
      expect(count(whole)).toBeGreaterThan(count(await pdf()) + 3);
    });
  });
});

it.skipIf(why)(`every page says its verdict, has its headings in order and is none for robots${why}`, async () => {
  const page = await browser.newPage();
  for (const [name, report] of Object.entries(pages)) {
    await page.goto(pathToFileURL(fileOf(name)).href);
    const { levels, title, verdict, robots, referrer } = await page.evaluate(() => ({
      levels: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((one) => Number(one.tagName.slice(1))),
      title: document.title,
      verdict: document.querySelector('h1')?.textContent,
      robots: document.querySelector('meta[name=robots]')?.getAttribute('content'),
      referrer: document.querySelector('meta[name=referrer]')?.getAttribute('content'),
    }));
    expect(verdict).toBe(headline(report));
    expect(title.startsWith(headline(report).slice(0, 60))).toBe(true);
    expect([robots, referrer]).toEqual(['noindex', 'no-referrer']);
    expect(levels[0]).toBe(1);
    levels.forEach((level, at) => {
      expect(level).toBeLessThanOrEqual((levels[at - 1] ?? 0) + 1);
    });
  }
  await page.close();
});
