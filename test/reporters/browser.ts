/** The browser that pages are looked at with. */
import { type Browser, chromium } from 'playwright-core';
import { browserPath } from '../needs.js';

/** Starts the browser; it ends with the tests. */
export function startBrowser(): Promise<Browser> {
  if (browserPath === undefined) throw new Error('there is no browser here');
  // Root has no sandbox, and the tests of CI run as root.
  return chromium.launch({ executablePath: browserPath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}
