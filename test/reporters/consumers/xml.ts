/** A JUnit file as the consumers' XML libraries hand it over: elements with attributes, children and text. */
/** One element. `text` is all text directly inside of it. */
export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

/** What consumers make of one testcase. */
export interface Consumed {
  /** What its history hangs on. */
  identity: string;
  name: string;
  status: 'passed' | 'failed' | 'skipped';
  /** What a reader is shown of it. */
  shown: string;
}

/** The root element of a file. A reading of its own, as strict as a consumer's parser. @throws Error where that gives up */
function parse(text: string): Element {
  const top: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  for (const [token, tag] of text.replace(/^<\?xml [^>]*\?>\s*/, '').matchAll(/<(\/?[^<>]+)>|[^<>]+|[<>]/g)) {
    const current = open.at(-1) ?? top;
    if (tag === undefined) {
      if (token === '<' || (token === '>' && current.text.endsWith(']]'))) throw new Error(`a stray ${token}`);
      current.text += decoded(token);
    } else if (tag.startsWith('/')) {
      if (open.pop()?.name !== tag.slice(1).trim()) throw new Error(`${tag} closes nothing`);
    } else {
      const element = opened(tag);
      current.children.push(element);
      if (!tag.endsWith('/')) open.push(element);
    }
  }
  const [root, second] = top.children;
  if (!root || second || open.length !== 1 || top.text.trim() !== '') throw new Error('not one root element');
  return root;
}

function opened(tag: string): Element {
  const [, name = '', rest = ''] = /^([\w:.-]+)((?:\s+[\w:.-]+="[^"<]*")*)\s*\/?$/.exec(tag) ?? [];
  if (name === '') throw new Error(`no element: <${tag}>`);
  const attributes = [...rest.matchAll(/([\w:.-]+)="([^"]*)"/g)].map(([, key, value = '']) => {
    return [key, decoded(value.replace(/[\t\n\r]/g, ' '))];
  });
  return { name, attributes: Object.fromEntries(attributes), children: [], text: '' };
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const illegal = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

function decoded(raw: string): string {
  const text = raw.replace(/\r\n?/g, '\n').replace(/&([^;\s&]*;?)/g, (reference, inner: string) => {
    const [, name = '', decimal, hex] = /^(?:([a-z]+)|#(\d+)|#x([\da-f]+));$/i.exec(inner) ?? [];
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    const character = Number.isNaN(code) ? named[name] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
    if (character === undefined) throw new Error(`a reference that XML does not know: ${reference}`);
    return character;
  });
  if (illegal.test(text)) throw new Error('a character that XML forbids');
  return text;
}

/** The children of one name. */
export function all(element: Element, name: string): Element[] {
  return element.children.filter((child) => child.name === name);
}

/** The first child of one name. */
export function first(element: Element, name: string): Element | undefined {
  return element.children.find((child) => child.name === name);
}

/** The suites of a file, whether or not they stand under a root of their own. */
export function suitesOf(text: string): Element[] {
  const root = parse(text);
  return root.name === 'testsuite' ? [root] : all(root, 'testsuite');
}
