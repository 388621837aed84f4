/** Text on its way into the page. The library escapes markup; this escapes what would move, hide or reorder other text. */
import { escapeForTerminal } from '../../core/escape.js';
import { oneLine, shorten } from '../../core/format.js';
import type { Finding } from '../../core/model.js';
import { valueInWords, valuesByHost } from '../words/finding.js';
import type { Page } from './anchors.js';

/** Characters that are shown of one text; the JSON report has all of them. */
export const mostCharacters = 2000;

/** A text on one line, cut in the middle where it is very long. */
export function shown(text: string, most = mostCharacters): string {
  return escaped(shorten(oneLine(text), most));
}

/** No script stacks more than three marks on a letter; more of them would be drawn over the lines around. */
function escaped(text: string): string {
  return escapeForTerminal(text).replace(/(?<=\p{M}{3})\p{M}/gu, (mark) => {
    return `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** Lines that stay lines, with tabs that stay tabs; cut in the middle where they are very many. */
export function shownLines(text: string, most = mostCharacters): string {
  return shorten(text, most)
    .split(/\r?\n/)
    .map((line) => line.split('\t').map(escaped).join('\t'))
    .join('\n');
}

/** A value or a name, letter by letter. */
export function Code({ text, most }: { text: string; most?: number }) {
  return <code>{shown(text, most) || '(empty)'}</code>;
}

/** A text that links where the address is a harmless one; otherwise both as they are. */
export function Link({ text, url }: { text: string; url: string | undefined }) {
  if (url === undefined) return <>{shown(text)}</>;
  if (/^https?:\/\/[\w./?=&%+:#-]+$/.test(url))
    return (
      <a href={url} rel="noreferrer noopener">
        {shown(text)}
      </a>
    );
  return (
    <>
      {text !== url && shown(text)} <Code text={url} />
    </>
  );
}

/** Characters of a message that are searched for a value's unit. */
const mostMessage = 1000;

/** A value as the finding's message gives it. */
export function Value({ value, finding }: { value: unknown; finding: Finding }) {
  return <Code text={valueInWords(value, finding.message.slice(0, mostMessage))} />;
}

/** The values by host; one that is no host's goes by the name given. */
export function valuesOf(finding: Finding, page: Page, otherwise: string): [string, unknown][] {
  const { actual } = finding;
  return Object.entries(
    valuesByHost(finding, page.report.hosts) ?? (actual === undefined ? {} : { [otherwise]: actual }),
  );
}
