/** The head of every page of ours: what a browser may do with it, that nobody indexes it, and that links from it tell no one. */
import { createHash } from 'node:crypto';
import { shown } from './text.js';

/** Nothing may be loaded or run, and no other style holds than the page's own: a second lock, should an escape ever fail. */
function policyOf(style: string, ...more: string[]): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    ...more,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** The head of a page with this title and style; `icon` is a data: address. */
export function Head({ title, style, icon }: { title: string; style: string; icon?: string }) {
  return (
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content={policyOf(style, ...(icon ? ['img-src data:'] : []))} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <meta name="referrer" content="no-referrer" />
      <title>{shown(title, 200)}</title>
      {icon && <link rel="icon" href={icon} />}
      <style>{style}</style>
    </head>
  );
}
