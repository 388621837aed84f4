/**
 * The stylesheet: colours, type, and the page around the parts. It stands in the page as plain text, which the library escapes:
 * no double quote, no ampersand and no angle bracket that opens.
 */
import { findingsStyle } from './style-findings.js';
import { picturesStyle } from './style-pictures.js';
import { printStyle } from './style-print.js';
import { verdictStyle } from './style-verdict.js';

const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #f4f5f7; --paper: #fff; --ink: #1a1e23; --dim: #55606b; --line: #d5dae0; --soft: #eef0f3; --accent: #0b57c4;
  --fail: #b3211a; --error: #8a1f8f; --unknown: #875000; --waived: #0d6478; --pass: #15693a; --skip: #5b656f;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #101316; --paper: #181c20; --ink: #e7eaed; --dim: #a3adb7; --line: #333b43; --soft: #22282e; --accent: #8db8ff;
    --fail: #ff8b80; --error: #e79df2; --unknown: #f1b94d; --waived: #6ec8de; --pass: #6fd295; --skip: #a3adb7;
  }
}
* { box-sizing: border-box; min-width: 0; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: auto; }
body {
  margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
main, footer, .inside { max-width: 76rem; margin: 0 auto; padding: 0 16px; }
p, ul, dl, dd, figure, h2, h3 { margin: 0; padding: 0; }
ul { list-style: none; }
h2 { margin: 40px 0 12px; font-size: 1.3rem; line-height: 1.25; letter-spacing: -.01em; }
h3 { font-size: 1.02rem; line-height: 1.35; font-weight: 650; }
code, pre { font: .87em/1.5 var(--mono); unicode-bidi: isolate; }
a { color: var(--accent); text-underline-offset: 2px; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.dim { color: var(--dim); font-weight: 400; }
.unseen { position: absolute; top: 0; left: 0; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 8px; top: -80px; z-index: 2; padding: 8px 14px; background: var(--paper); color: var(--accent); }
.skip:focus { top: 8px; }
section, article, details, figure { scroll-margin-top: 12px; }
:target { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
footer { margin-top: 48px; padding-top: 16px; padding-bottom: 32px; color: var(--dim); font-size: .9rem; }

details { border: 1px solid var(--line); border-radius: 8px; background: var(--paper); }
details + details { margin-top: 8px; }
summary { padding: 9px 14px; cursor: pointer; font-weight: 600; border-radius: 8px; }
summary:hover { background: var(--soft); }

.is-fail { --tone: var(--fail); }
.is-error { --tone: var(--error); }
.is-unknown { --tone: var(--unknown); }
.is-waived { --tone: var(--waived); }
.is-pass { --tone: var(--pass); }
.is-skip { --tone: var(--skip); }
.mark { color: var(--tone); font-weight: 700; white-space: nowrap; }
.icon { width: 1em; height: 1em; vertical-align: -.13em; color: var(--tone); }
.icon .shape { fill: currentColor; }
.icon .sign { fill: none; stroke: var(--paper); stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }

.notes { display: grid; gap: 8px; }
.notes li { padding-left: 14px; border-left: 3px solid var(--line); max-width: 68rem; }
.expired { color: var(--unknown); font-weight: 600; }
.attested { color: var(--waived); }
`;

/** All of it. */
export const style = [pageStyle, verdictStyle, findingsStyle, picturesStyle, printStyle].join('');
