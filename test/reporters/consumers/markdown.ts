/**
 * What a reader of GitHub's Markdown would take for Markdown: the text without what it leaves alone (blocks of code between
 * fences, spans of code between equal runs of backticks), and the rows of tables as two kinds of reader part them.
 */

/** The text that is read as Markdown or HTML, with `CODE` where code stood; a line of HTML has no spans of code. @throws Error where code does not end */
export function spoken(text: string): string {
  const lines: string[] = [];
  let fence = '';
  for (const line of text.split('\n')) {
    const run = /^ {0,3}(`{3,})([^`]*)$/.exec(line);
    if (fence === '' && run) fence = run[1] ?? '';
    else if (fence === '') lines.push(line.startsWith('<details>') ? line : withoutSpans(line));
    else if (/^ {0,3}`{3,} *$/.test(line) && line.trim().length >= fence.length) fence = '';
  }
  if (fence !== '') throw new Error('a block of code does not end');
  return lines.join('\n').replace(/<code>[^<]*<\/code>/g, 'CODE');
}

function withoutSpans(line: string): string {
  let rest = line;
  let kept = '';
  for (;;) {
    const open = /`+/.exec(rest);
    if (!open) return kept + rest;
    const after = rest.slice(open.index + open[0].length);
    const close = [...after.matchAll(/`+/g)].find((run) => run[0].length === open[0].length);
    if (!close) throw new Error(`a span of code does not end: ${line}`);
    kept += `${rest.slice(0, open.index)}CODE`;
    rest = after.slice(close.index + close[0].length);
  }
}

/** The rows of tables, each as its cells; a reader may or may not let a backslash escape a backslash. */
export function rows(text: string, reading: 'pipes' | 'escapes'): string[][] {
  const cell = reading === 'pipes' ? /(?:\\\||[^|])+/g : /(?:\\.|[^|\\])+/g;
  return text
    .split('\n')
    .filter((line) => /^\|.*\|$/.test(line))
    .map((line) => [...line.slice(1, -1).matchAll(cell)].map(([one]) => one.trim()));
}

/** The spans of code of a text, as a reader shows them. */
export function spans(text: string): string[] {
  return [...text.matchAll(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g)].map(([, , inner = '']) => {
    return /^ .* $/.test(inner) ? inner.slice(1, -1) : inner;
  });
}
