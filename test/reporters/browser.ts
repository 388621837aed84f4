/** The browser that pages are looked at with. A test that has none is skipped and says why; in CI it fails. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian, Ubuntu and a runner's image put it. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const executablePath = places.find(existsSync);

/** Whether the browser is missing where nobody demands it. */
export const isMissing = executablePath === undefined && process.env.CI !== 'true';
if (isMissing) console.warn("skipped, because no browser is installed: Debian's package chromium");

/** Starts the browser; it ends with the tests. */
export function startBrowser(): Promise<Browser> {
  if (executablePath === undefined) {
    throw new Error(`no browser at ${places.join(', ')}: install Debian's package chromium (apt-get install chromium)`);
  }
  // Root has no sandbox, and the tests of CI run as root.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}
