/** What a browser may do with a page of ours. */
import { createHash } from 'node:crypto';

/** Nothing may be loaded or run, and no other style holds than the page's own: a second lock, should an escape ever fail. */
export function policyOf(style: string, ...more: string[]): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    ...more,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
