/**
 * The stylesheet: colours, type, and the page around the parts. It stands in the page as plain text, which the library escapes:
 * no double quote, no ampersand and no angle bracket that opens.
 */
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
.is-skip, .is-not-in-plan { --tone: var(--skip); }
.is-deferred { --tone: var(--unknown); }
.mark { color: var(--tone); font-weight: 700; white-space: nowrap; }
.icon { width: 1em; height: 1em; vertical-align: -.13em; color: var(--tone); }
.icon .shape { fill: currentColor; }
.icon .sign { fill: none; stroke: var(--paper); stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }

.notes { display: grid; gap: 8px; }
.notes li { padding-left: 14px; border-left: 3px solid var(--line); max-width: 68rem; }
.expired { color: var(--unknown); font-weight: 600; }
.attested { color: var(--waived); }
`;

/** The top of the page and the filter below it. */
const verdictStyle = `
.verdict { background: var(--fill); color: var(--on); padding: 22px 0 20px; }
.gate-failed { --fill: #a61b12; --on: #fff; }
.gate-incomplete { --fill: #f5b921; --on: #1d1600; }
.gate-passed { --fill: #14673a; --on: #fff; }
.gate-declared { --fill: #0d6478; --on: #fff; }
.verdict .inside { display: grid; grid-template-columns: auto 1fr; column-gap: 20px; align-items: center; }
.sign-of-gate { width: 88px; height: 88px; }
.sign-of-gate .shape { fill: var(--on); }
.sign-of-gate .sign { fill: none; stroke: var(--fill); stroke-width: 7.5; stroke-linecap: round; stroke-linejoin: round; }
h1 { margin: 0; line-height: 1.15; }
h1 .word { display: block; font-size: clamp(1.95rem, 8.7vw, 3.8rem); font-weight: 800; letter-spacing: -.015em; line-height: 1; }
h1 .rest { display: block; margin-top: 8px; font-size: clamp(1.05rem, 4.4vw, 1.4rem); font-weight: 650; line-height: 1.3; }
.advice { grid-column: 1 / -1; margin: 14px 0 0; font-size: clamp(1.1rem, 4.6vw, 1.45rem); font-weight: 750; line-height: 1.25; }
.verdict:has(.advice) h1 .rest { font-size: 1rem; font-weight: 500; }
h1 .aside { font-weight: 400; }
.about time { white-space: nowrap; }
.next, .about { grid-column: 1 / -1; }
.next { margin-top: 18px; padding: 12px 16px; border-radius: 8px; background: #fff; color: #1a1e23; border-left: 8px solid #f5b921; font-size: 1.05rem; }
.gate-incomplete .next { border-left-color: #1d1600; }
.about { margin-top: 16px; font-size: .95rem; }
.about .named { display: flex; flex-wrap: wrap; gap: 0 24px; }
.verdict :focus-visible { outline-color: var(--on); }

.filter { margin: 16px 0 0; padding: 0; border: 0; display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.filter legend { float: left; padding: 0; margin-right: 4px; color: var(--dim); }
.choice { position: relative; cursor: pointer; }
.choice input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.choice span { display: block; padding: 4px 12px; border: 1px solid var(--line); border-radius: 99px; background: var(--paper); }
.choice:hover span { border-color: var(--dim); }
.choice input:checked + span { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); font-weight: 600; }
.choice input:focus-visible + span { outline: 3px solid var(--accent); outline-offset: 2px; }
.contents { margin-top: 12px; display: flex; flex-wrap: wrap; gap: 2px 18px; font-size: .93rem; }
.filtered { display: none; flex-basis: 100%; color: var(--unknown); font-weight: 600; }

@media (max-width: 600px) {
  .verdict { padding-top: 18px; }
  .verdict .inside { column-gap: 14px; align-items: start; }
  .sign-of-gate { width: 60px; height: 60px; }
  h1 .word { line-height: 60px; }
  h1 .rest { grid-column: 1 / -1; }
  .filter legend { position: absolute; clip-path: inset(50%); }
}

${filterRules()}
`;

/** Findings, the table of the hosts, and the raw answers. */
const findingsStyle = `
.rule { margin-top: 8px; border-left: 6px solid var(--tone); }
.rule > summary { display: grid; grid-template-columns: 8.2rem minmax(0, 1fr) 1.2rem; gap: 2px 12px; align-items: baseline; font-weight: 400; list-style: none; }
.rule > summary::-webkit-details-marker { display: none; }
.rule > summary::after { content: '+'; color: var(--dim); font-weight: 700; text-align: right; }
.rule[open] > summary::after { content: '-'; }
.rule > summary .dim { display: block; font-size: .9rem; }
.rule > .finding { margin: 0; border: 0; border-top: 1px solid var(--line); border-radius: 0; }
.rule > .ticket { margin: 0; border: 0; border-top: 1px solid var(--line); border-radius: 0; }
.ticket > summary, .index > summary { font-weight: 400; color: var(--dim); font-size: .9rem; }
.index { margin-top: 12px; }
.index ul { padding: 0 14px 10px; columns: 20rem; }
.finding {
  margin-top: 12px; padding: 14px 18px 16px; background: var(--paper);
  border: 1px solid var(--line); border-left: 6px solid var(--tone); border-radius: 8px;
}
.standing { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; font-size: .92rem; }
.severity { color: var(--dim); }
.tag { padding: 0 8px; border: 1px solid var(--line); border-radius: 99px; color: var(--dim); font-size: .85rem; }
.finding h3 { margin-top: 2px; font-size: 1.15rem; }
.key { color: var(--dim); font-size: .9rem; }
.message { margin-top: 10px; max-width: 62rem; }
.compared { display: flex; flex-wrap: wrap; gap: 1px; margin: 12px 0; background: var(--line); border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.compared .cell { flex: 1 1 11rem; padding: 7px 12px 8px; background: var(--paper); }
.compared .wanted { background: var(--soft); }
.compared dt, .reasons dt { color: var(--dim); font-size: .85rem; }
.reasons { display: grid; grid-template-columns: 5.5rem minmax(0, 1fr); gap: 4px 14px; margin-top: 12px; font-size: .93rem; }
.reasons dt { line-height: 1.65; }
.reasons dd { grid-column: 2; max-width: 62rem; }
.reasons a, .entry a { text-decoration-color: color-mix(in srgb, currentColor 40%, transparent); }
.reasons strong { font-size: 1rem; font-weight: 600; }
.more { margin-top: 10px; border: 0; }
.more > summary { padding: 2px 0; width: fit-content; color: var(--dim); font-size: .9rem; font-weight: 400; }
.more .reasons { margin-top: 4px; }
.blocked { margin-top: 14px; }

.entries { padding: 0 14px 6px; }
.entry { display: grid; grid-template-columns: 6.2rem minmax(0, 1fr); gap: 12px; padding: 9px 0; border-top: 1px solid var(--line); font-size: .93rem; }
.entry .title { font-weight: 600; }
.entry .values { display: flex; flex-wrap: wrap; gap: 0 20px; }
.entry .dim { font-size: .92em; }

.sides { width: 100%; border-collapse: separate; border-spacing: 0; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; table-layout: fixed; }
.sides caption { padding-bottom: 6px; text-align: left; color: var(--dim); font-size: .9rem; }
.sides th, .sides td { padding: 7px 12px; text-align: left; vertical-align: top; border-top: 1px solid var(--line); font-weight: 400; }
.sides thead th { border-top: 0; font-weight: 700; }
.sides thead th:first-child { width: 38%; color: var(--dim); font-weight: 400; }
.sides td + td, .sides th + td, .sides thead th + th { border-left: 1px solid var(--line); }
.fact th { position: relative; }
.fact .mark { margin-right: 6px; font-size: .9em; }
.plain th { color: var(--dim); }
.others { margin-top: 12px; }
.others .sides { border: 0; }
.others caption { padding: 4px 12px; }

.host { overflow: clip; }
.answer, .answer + .answer { margin: 0; border: 0; border-top: 1px solid var(--line); border-radius: 0; }
.answer > summary { font-weight: 400; padding: 5px 14px; line-height: 1.45; border-radius: 0; }
.answer > summary:focus-visible { outline-offset: -3px; }
.host-key { padding: 0 14px 8px 32px; color: var(--dim); font-size: .9rem; }
.answer .number { display: inline-block; min-width: 1.8em; color: var(--dim); font-size: .87em; }
.answer .exit { color: var(--dim); font-size: .87em; white-space: nowrap; }
.has-problem .exit { color: var(--unknown); font-weight: 700; }
pre { margin: 0; padding: 2px 14px 9px 32px; white-space: pre-wrap; tab-size: 4; }
.command, .noise { color: var(--dim); }

@media (max-width: 600px) {
  .finding { padding: 12px 14px 14px; }
  .rule > summary { grid-template-columns: minmax(0, 1fr) 1.2rem; padding: 8px 12px; }
  .rule > summary .standing { grid-column: 1; }
  .rule > summary .what { grid-column: 1; grid-row: 2; }
  .rule > summary::after { grid-column: 2; grid-row: 1; }
  .reasons { display: block; }
  .reasons dt { margin-top: 8px; }
  .compared .cell { flex-basis: 7rem; padding: 6px 10px; }
  .compared .wanted { flex-basis: 100%; }
  .entry { display: block; }
  .sides, .sides tbody { display: block; }
  .sides caption { display: block; padding: 8px 12px; }
  .others caption { padding: 4px 12px 6px; }
  .sides thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .sides tr { display: flex; flex-wrap: wrap; border-top: 1px solid var(--line); padding: 6px 0 8px; }
  .sides th, .sides td { border: 0; padding: 2px 12px; }
  .sides tbody th { flex: 1 0 100%; font-weight: 600; }
  .sides td, .sides td + td, .sides th + td { flex: 1 1 6.5rem; border: 0; font-size: .93rem; }
  .sides td::before { content: attr(data-host); display: block; color: var(--dim); font-size: .82rem; }
}
`;

/** The pair with its ports, and the plots. */
const picturesStyle = `
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 16px; align-items: start; }
.pair, .plot { padding: 14px 16px 16px; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; }
.pair figcaption { margin-bottom: 12px; }
.pair figcaption code { color: var(--dim); }
.ends { display: flex; justify-content: space-between; gap: 12px; }
.ends p { max-width: 46%; padding: 5px 14px; border: 2px solid var(--ink); border-radius: 6px; text-align: center; line-height: 1.3; font-size: .9rem; }
.lanes { margin: 0 44px; padding: 10px 0 6px; border: solid var(--line); border-width: 0 2px; }
.lanes li + li { margin-top: 12px; }
.port { padding: 0 10px; text-align: center; font-size: .92rem; line-height: 1.35; }
.lane { position: relative; display: flex; justify-content: center; align-items: center; min-height: 25px; }
.lane svg:not(.icon) { position: absolute; left: 0; top: 50%; margin-top: -7px; overflow: visible; fill: none; stroke: var(--tone); stroke-width: 2; }
.lane svg .head { fill: var(--tone); stroke: none; }
.lane.back > svg { transform: scaleX(-1); }
.lane a { position: relative; padding: 0 7px; background: var(--paper); color: var(--tone); font-size: .87rem; font-weight: 600; text-decoration: none; text-align: center; max-width: 76%; }
.lane a:hover { text-decoration: underline; }

.sampled + .sampled { margin-top: 20px; }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 16px; margin-top: 10px; }
.plot figcaption { margin-bottom: 10px; }
.plot > p { margin-top: 8px; font-size: .87rem; }
.frame { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 4px 10px; padding: 14px 14px 0 0; }
.ticks-y { display: flex; flex-direction: column; justify-content: space-between; height: 160px; text-align: right; font-size: .78rem; line-height: 1; color: var(--dim); }
.ticks-y span { margin: -.5em 0; }
.ticks-x { grid-column: 2; display: flex; justify-content: space-between; font-size: .78rem; color: var(--dim); }
.area { display: block; overflow: visible; }
.area .lines { overflow: visible; }
.area .grid { stroke: var(--line); stroke-width: 1; }
.area polyline { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
.area circle { fill: var(--accent); stroke: var(--paper); stroke-width: 1; }
.area text { font: 600 .8rem system-ui, sans-serif; fill: var(--ink); stroke: var(--paper); stroke-width: 4px; paint-order: stroke; stroke-linejoin: round; }

@media (max-width: 600px) {
  .lanes { margin: 0 24px; }
  .lane a { font-size: .82rem; }
}
`;

/** On paper everything is open and nothing is filtered; colours are those of a light screen. */
const printStyle = `
@page { margin: 13mm 12mm; }
@media print {
  :root { color-scheme: light; --ground: #fff; font-size: 9.5pt; }
  body { font-size: 9.5pt; line-height: 1.4; }
  .skip, .contents, .filtered, .filter legend, .choice input, .filter .choice:first-of-type { display: none; }
  .choice input:checked + span { border-color: var(--line); box-shadow: none; font-weight: 400; }
  main, footer, .inside { max-width: none; padding: 0; }
  .verdict .inside { padding: 0 14px; }
  .verdict, .icon, .sign-of-gate, .compared .wanted { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  a { color: inherit; text-decoration: none; }
  h2, h3, summary, .port, .standing { break-after: avoid; }
  .finding, .pair, .plot, .entry, .notes li, .sides tr, .answer { break-inside: avoid; }
  .finding { break-inside: auto; }
  .ticket, .index { display: none; }
  .compared, .standing { break-inside: avoid; }
  h2 { margin-top: 20px; }
  .answers { font-size: 8pt; }
  pre { padding-top: 0; padding-bottom: 5px; }
  .answer > summary { padding-top: 3px; padding-bottom: 1px; }
  .answer { border: 0; border-top: 1px solid #ddd; margin: 0; }
}
`;

/** All of it. */
export const style = [pageStyle, verdictStyle, findingsStyle, picturesStyle, printStyle].join('');

/** Hides, on a screen, whatever has nothing of the verdict that was chosen. */
function filterRules(): string {
  const folded = '.rule, .finding, .entry, .fact, .group, .others';
  const rules = ['fail', 'error', 'unknown', 'waived', 'pass', 'skip'].map((standing) => {
    const chosen = `body:has(#show-${standing}:checked)`;
    return `${chosen} :is(${folded}):not(.is-${standing}):not(:has(.is-${standing})) { display: none; }`;
  });
  return `@media screen {
  body:has(.filter input:not(#show-all):checked) .filtered { display: block; }
  body:has(#show-blockers:checked) :is(.rule:not(.weighs-blocker), .rule.is-waived, .group, .fact, .others) { display: none; }
  ${rules.join('\n  ')}
}`;
}
