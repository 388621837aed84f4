/** Findings, the table of the hosts, and the raw answers. */
export const findingsStyle = `
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
