/**
 * Makes the pictures of docs/pictures from the committed examples, in the system's Chromium, and notes which page each was made
 * from, in the form that `sha256sum --check` reads: a test fails when a page has changed and its picture was not made again.
 * With --changed, as `npm run generate` calls it, only the pictures of pages that have changed are made: pixels differ from
 * machine to machine.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const root = new URL('../', import.meta.url);
const fileOf = (path) => fileURLToPath(new URL(path, root));

/** As wide as a page of text shows it; high enough for the verdict and the first two findings. */
const pictures = [{ page: 'reports/examples/report.html', picture: 'docs/pictures/report.png', width: 900, height: 1080 }];

const noted = fileOf('docs/pictures/pages.sha256');
const lineOf = ({ page }) => `${createHash('sha256').update(readFileSync(fileOf(page))).digest('hex')}  ${page}\n`;
const known = existsSync(noted) ? readFileSync(noted, 'utf8') : '';
const wanted = process.argv.includes('--changed') ? pictures.filter((one) => !known.includes(lineOf(one))) : pictures;
if (wanted.length === 0) process.exit(0);

const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = browsers.find(existsSync);
if (executablePath === undefined) {
  const pages = wanted.map(({ page }) => page).join(', ');
  console.error(`no picture of ${pages}: there is no browser at ${browsers.join(', ')} (apt-get install chromium)`);
  process.exit(1);
}

// Root has no sandbox; the page loads nothing, and the browser has nobody to talk to either.
const args = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox', ...args] : args });
try {
  for (const { page, picture, width, height } of wanted) {
    const tab = await browser.newPage({ viewport: { width, height }, colorScheme: 'light' });
    await tab.goto(pathToFileURL(fileOf(page)).href);
    await tab.screenshot({ path: fileOf(picture) });
  }
} finally {
  await browser.close();
}

writeFileSync(noted, pictures.map(lineOf).join(''));
