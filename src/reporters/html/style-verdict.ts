/** The top of the page and the filter below it. */
export const verdictStyle = `
.verdict { background: var(--fill); color: var(--on); padding: 22px 0 20px; }
.gate-failed { --fill: #a61b12; --on: #fff; }
.gate-incomplete { --fill: #f5b921; --on: #1d1600; }
.gate-passed { --fill: #14673a; --on: #fff; }
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

/** Hides, on a screen, whatever has nothing of the verdict that was chosen. */
function filterRules(): string {
  const folded = '.finding, .entry, .fact, .group, .others';
  const rules = ['fail', 'error', 'unknown', 'waived', 'pass', 'skip'].map((standing) => {
    const chosen = `body:has(#show-${standing}:checked)`;
    return `${chosen} :is(${folded}):not(.is-${standing}):not(:has(.is-${standing})) { display: none; }`;
  });
  return `@media screen {
  body:has(.filter input:not(#show-all):checked) .filtered { display: block; }
  ${rules.join('\n  ')}
}`;
}
