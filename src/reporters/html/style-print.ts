/** On paper everything is open and nothing is filtered; colours are those of a light screen. */
export const printStyle = `
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
  .compared, .standing { break-inside: avoid; }
  h2 { margin-top: 20px; }
  .answers { font-size: 8pt; }
  pre { padding-top: 0; padding-bottom: 5px; }
  .answer > summary { padding-top: 3px; padding-bottom: 1px; }
  .answer { border: 0; border-top: 1px solid #ddd; margin: 0; }
}
`;
