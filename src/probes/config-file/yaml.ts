/** The one document of a YAML file, composed without any schema: every scalar stays the text that it is, nothing is constructed. Pure. */
import { Composer, type CST, type Document, isScalar, type LineCounter, Parser } from 'yaml';
import type { FaultWord } from './pick.js';

/** No configuration is nested deeper, or has more keys; the parser's own limits are those of the machine's memory and stack. */
const MAX_DEPTH = 64;
const MAX_NODES = 20_000;

/** What ends the reading of a file, and where. */
export class Flaw extends Error {
  constructor(
    readonly fault: FaultWord,
    readonly offset?: number,
  ) {
    super(fault);
  }
}

/** The document of a file that has one; undefined where it holds comments alone. @throws Flaw */
export function oneDocument(text: string, lines: LineCounter): Document | undefined {
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  measure(tokens);
  // A schema would turn words into values by its own rules, and the check of keys takes the square of their number.
  const composer = new Composer({ version: '1.1', schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' });
  const documents = [...composer.compose(tokens)];
  for (const { errors } of documents) if (errors[0]) throw new Flaw('broken', errors[0].pos[0]);
  const [first, second] = documents.filter(({ contents }) => !isScalar(contents) || contents.source !== '');
  if (second) throw new Flaw('documents', second.contents?.range?.[0]);
  return first as Document | undefined;
}

/** Composing descends as deeply as the file is nested, so that is measured before. @throws Flaw */
function measure(tokens: CST.Token[]): void {
  let nodes = 0;
  const open = tokens.map((token) => ({ token: token as CST.Token | null | undefined, depth: 0 }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (!token) continue;
    nodes += 1;
    if (depth > MAX_DEPTH) throw new Flaw('deep', token.offset);
    if (nodes > MAX_NODES * 2) throw new Flaw('large', token.offset);
    if (token.type === 'document') open.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const item of token.items) {
      open.push({ token: 'key' in item ? item.key : null, depth: depth + 1 });
      open.push({ token: 'value' in item ? item.value : null, depth: depth + 1 });
    }
  }
}
