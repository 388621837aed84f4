/** The text of a postgresql.conf, line by line, as the server's own reader takes it. Pure. */

/** What a line sets. */
export interface Line {
  /** In small letters: the server does not mind. */
  name: string;
  value: string;
  line: number;
}

/** Everything that a file says: the lines in their order, the last that includes other files, and the first that is no line of the form. */
export interface ConfigurationText {
  lines: Line[];
  include?: Line;
  broken?: number;
}

const id = '[A-Za-z_\\u0080-\\uffff][\\w\\u0080-\\uffff]*';
const quoted = "'(?:[^'\\\\]|\\\\.|'')*'";
const word = '[A-Za-z_\\u0080-\\uffff][-\\w.:/\\u0080-\\uffff]*';
const number = '[-+]?(?:(?:0x[\\da-fA-F]+|\\d+)[A-Za-z]*|\\d*\\.\\d*(?:[eE][-+]?\\d+)?)';
const form = new RegExp(
  `^[ \\t]*(${id}(?:\\.${id})?)(?:[ \\t]*=[ \\t]*|[ \\t]+|(?='))(${quoted}|${word}|${number})[ \\t]*(?:#.*)?$`,
);

const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Reads the text; a line that the server would refuse is named, for it then refuses the whole file. */
export function configurationText(text: string): ConfigurationText {
  // The server's reader knows no byte order mark: it belongs to the first name, which then is none.
  const read: ConfigurationText = { lines: [], ...(text.startsWith('\ufeff') && { broken: 1 }) };
  for (const [index, one] of text.split(/\r?\n/).entries()) {
    if (/^[ \t]*(#.*)?$/.test(one)) continue;
    const found = one.length > longestLine ? null : form.exec(one);
    if (!found) {
      read.broken ??= index + 1;
      continue;
    }
    const [, key = '', written = ''] = found;
    const line = { name: key.toLowerCase(), value: unquoted(written), line: index + 1 };
    if (/^include(_if_exists|_dir)?$/.test(line.name)) read.include = line;
    else read.lines.push(line);
  }
  return read;
}

/** A line that is longer sets nothing that is asked for, and no pattern is tried on it. */
const longestLine = 8192;

function unquoted(written: string): string {
  if (!written.startsWith("'")) return written;
  return written
    .slice(1, -1)
    .replace(/''|\\([0-7]{1,3})|\\(.)/gs, (_, octal?: string, character?: string) =>
      octal !== undefined
        ? String.fromCharCode(Number.parseInt(octal, 8) & 255)
        : character === undefined
          ? "'"
          : (escapes[character] ?? character),
    );
}
