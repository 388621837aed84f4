/** The one document of a YAML file, composed without any schema: every scalar stays the text that it is, nothing is constructed. Pure. */

import type { Alias, CST, Document, LineCounter, Node, YAMLMap, Scalar as YamlScalar } from 'yaml';
import { exactNumber } from '../../core/exact-number.js';
import { yaml } from '../../core/packages.js';
import type { Fault, FaultWord, Leaf } from './pick.js';
import type { Scalar } from './secrets.js';

/** No configuration is nested deeper, or has more keys; the parser's own limits are those of the machine's memory and stack. */
const MAX_DEPTH = 64;
const MAX_NODES = 20_000;

/** What ends the reading of a file, and where. */
class Flaw extends Error {
  constructor(
    readonly fault: FaultWord,
    readonly offset: number,
  ) {
    super(fault);
  }
}

/** The document of a file that has one; undefined where it holds comments alone. @throws Flaw */
function oneDocument(text: string, lines: LineCounter): Document | undefined {
  const tokens = [...new (yaml().Parser)(lines.addNewLine).parse(text)];
  measure(tokens);
  // A schema would turn words into values by its own rules, and the check of keys takes the square of their number.
  const composer = new (yaml().Composer)({ version: '1.1', schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' });
  const documents = [...composer.compose(tokens)];
  for (const { errors } of documents) if (errors[0]) throw new Flaw('broken', errors[0].pos[0]);
  const [first, second] = documents.filter(({ contents }) => !yaml().isScalar(contents) || contents.source !== '');
  if (second) throw new Flaw('documents', startOf(second.contents));
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

const YES = /yes|true|on/i;

const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;

const BINARY = /^[-+]?0b[01_]*[01][01_]*$/;

const OCTAL = /^[-+]?0[0-7_]*[0-7][0-7_]*$/;

const DECIMAL = /^[-+]?(?:0|[1-9][0-9_]*)$/;

const HEXADECIMAL = /^[-+]?0x[0-9a-fA-F_]*[0-9a-fA-F][0-9a-fA-F_]*$/;

const SEXAGESIMAL = /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/;

const FRACTION = /^[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?$/;

/** Numbers to some of its versions or by other rules, texts to others: `1e3`, `08`, `.5`, `1:30.5`, `.inf`. */
const UNSURE =
  /^[-+]?(?:[0-9_.]*[0-9][0-9_.]*(?:[eE][-+]?[0-9]+)?|[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|0[bx][0-9a-fA-F_]*|\.(?:inf|nan))$/i;

/**
 * The value of an unquoted scalar; undefined where it depends on the version that reads it, or cannot be told apart from its
 * neighbours. A key without a value is the empty text, as Spring makes it. Dates stay as they are written.
 */
function plainScalar(text: string): Exclude<Scalar, null> | undefined {
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return '';
  if (BOOLEAN.test(text)) return YES.test(text);
  const digits = text.replace(/_/g, '').replace(/^[-+]/, '');
  const sign = text.startsWith('-') ? -1 : 1;
  const whole = (value: number) => (Number.isSafeInteger(value) ? sign * value + 0 : undefined);
  if (DECIMAL.test(text)) return whole(Number(digits));
  if (BINARY.test(text)) return whole(Number.parseInt(digits.slice(2), 2));
  if (OCTAL.test(text)) return whole(Number.parseInt(digits, 8));
  if (HEXADECIMAL.test(text)) return whole(Number.parseInt(digits, 16));
  if (SEXAGESIMAL.test(text)) return whole(digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0));
  if (FRACTION.test(text)) {
    const number = exactNumber(digits.endsWith('.') ? `${digits}0` : digits.replace('.e', '.0e').replace('.E', '.0E'));
    return number === undefined ? undefined : sign * number + 0;
  }
  // Version numbers and addresses have two dots or more, and are texts to everybody.
  return UNSURE.test(text) && (text.match(/\./g)?.length ?? 0) < 2 ? undefined : text;
}

/** How often aliases may be followed, and how much may come of it. */
const MAX_ALIASES = 100;

/** All keys of a YAML file with their values, or what is wrong with it. */
export function yamlLeaves(text: string): Leaf[] | Fault {
  const lines = new (yaml().LineCounter)();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  try {
    const document = oneDocument(text.replace(/^\ufeff/, ''), lines);
    return document ? new Flattening(document, at).leaves : [];
  } catch (error) {
    if (!(error instanceof Flaw)) throw error;
    return { fault: error.fault, ...at(error.offset) };
  }
}

type Entry = { node: unknown; offset: number };

class Flattening {
  readonly leaves: Leaf[] = [];
  readonly #at: (offset: number) => { line: number; column: number };
  readonly #targets: Map<Alias, Node | undefined>;
  #nodes = 0;
  #aliases = 0;

  constructor(document: Document, at: (offset: number) => { line: number; column: number }) {
    this.#at = at;
    this.#targets = targetsIn(document);
    const { contents } = document;
    if (!yaml().isMap(contents)) throw new Flaw('form', startOf(contents));
    this.#walk(contents, '', startOf(contents), 0);
  }

  #walk(written: unknown, path: string, offset: number, depth: number): void {
    const node = this.#meant(written, offset);
    this.#nodes += 1;
    if (depth > MAX_DEPTH) throw new Flaw('deep', offset);
    if (this.#nodes > MAX_NODES) throw new Flaw('large', offset);
    if (yaml().isMap(node)) {
      plainCollection(node, offset);
      const entries = this.#entries(node, offset, depth);
      if (entries.size === 0 && path !== '') this.#leaf(path, [], offset, 'mapping');
      for (const [key, entry] of entries) this.#walk(entry.node, joined(path, key), entry.offset, depth + 1);
      return;
    }
    if (yaml().isSeq(node)) {
      plainCollection(node, offset);
      const items = node.items.map((item) => this.#meant(item, offset));
      this.#nodes += items.length;
      if (!items.every(yaml().isScalar)) {
        for (const [index, item] of items.entries()) this.#walk(item, `${path}[${index}]`, offset, depth + 1);
        return;
      }
      const values = items.map(scalarOf);
      const fault = values.find((one) => typeof one === 'object') as { fault: FaultWord } | undefined;
      this.#leaf(path, fault ? [] : (values as Scalar[]), offset, fault?.fault);
      return;
    }
    const value = yaml().isScalar(node) ? scalarOf(node) : '';
    if (typeof value === 'object') this.#leaf(path, '', offset, value.fault);
    else this.#leaf(path, value, offset);
  }

  #leaf(path: string, value: Leaf['value'], offset: number, fault?: FaultWord): void {
    this.leaves.push({ path, value, ...this.#at(offset), ...(fault && { fault }) });
  }

  /** What an alias stands for; anything else stands for itself. */
  #meant(node: unknown, offset: number): unknown {
    if (!yaml().isAlias(node)) return node;
    this.#aliases += 1;
    const target = this.#targets.get(node);
    if (!target || this.#aliases > MAX_ALIASES) throw new Flaw('aliases', offset);
    return target;
  }

  /** A mapping's own keys, and behind them what it merges (`<<`): its own win, then what is merged first. */
  #entries(map: YAMLMap, offset: number, depth: number): Map<string, Entry> {
    if (depth > MAX_DEPTH) throw new Flaw('deep', offset);
    const own = new Map<string, Entry>();
    const merged: Entry[] = [];
    for (const { key, value } of map.items) {
      if (!yaml().isScalar(key) || (key.tag !== undefined && key.tag !== STRING)) throw new Flaw('form', offset);
      const entry = { node: value, offset: startOf(key) };
      const name = String(key.value);
      if (name === '<<' && key.type === 'PLAIN') merged.push(entry);
      else if (own.has(name)) throw new Flaw('duplicate', entry.offset);
      else own.set(name, entry);
    }
    const [, second] = merged;
    if (second) throw new Flaw('duplicate', second.offset);
    for (const { node, offset } of merged) {
      const meant = this.#meant(node, offset);
      const sources = yaml().isSeq(meant) ? meant.items.map((item) => this.#meant(item, offset)) : [meant];
      for (const source of sources) {
        if (!yaml().isMap(source)) throw new Flaw('form', offset);
        for (const [name, entry] of this.#entries(source, offset, depth + 1)) if (!own.has(name)) own.set(name, entry);
      }
    }
    return own;
  }
}

const STRING = 'tag:yaml.org,2002:str';

/** What a scalar is to the program, or why that cannot be told. */
function scalarOf(node: YamlScalar): Exclude<Scalar, null> | { fault: FaultWord } {
  const text = String(node.value ?? '');
  if (node.tag !== undefined && node.tag !== STRING) return { fault: 'tag' };
  if (node.type !== 'PLAIN' || node.tag === STRING) return text;
  const value = plainScalar(text);
  return value === undefined ? { fault: 'number' } : value;
}

/** A tag may make anything of a collection, and then what is in it are no keys. @throws Flaw */
function plainCollection({ tag }: { tag?: string | undefined }, offset: number): void {
  if (tag !== undefined && !/^tag:yaml\.org,2002:(map|seq)$/.test(tag)) throw new Flaw('tag', offset);
}

/** Of several anchors with one name an alias means the last before it. */
function targetsIn(document: Document): Map<Alias, Node | undefined> {
  const anchors = new Map<string | undefined, Node>();
  const targets = new Map<Alias, Node | undefined>();
  yaml().visit(document, {
    Node(_, node) {
      if (yaml().isAlias(node)) targets.set(node, anchors.get(node.source));
      else anchors.set(node.anchor, node);
    },
  });
  return targets;
}

/** Where a node begins; what was parsed says so of every one. */
function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

function joined(path: string, key: string): string {
  return path === '' || key.startsWith('[') ? path + key : `${path}.${key}`;
}
