/** YAML files with positions: every mistake is told with file, line and column, and what would be right. */
import type { YAMLMap, Document as Yaml } from 'yaml';
import { addressFault, bracketed } from './address.js';
import { check, type Mistake } from './check-schema.js';
import { UsageError } from './errors.js';
import { valueBelow } from './fact-path.js';
import { yaml as yamlPackage } from './packages.js';
import { isPlaceholder, notFilledIn } from './placeholder.js';
import type { Schema } from './schema.js';

/** A checked YAML document that still knows where each of its values stands. */
export interface Document<T> {
  file: string;
  value: T;
  /** `file:line:column` of the value at a path of keys and indexes, or of the nearest one that is there. */
  at(path: (string | number)[]): string;
}

/** Reads and checks YAML text. @throws UsageError naming the first mistake and how many there are. */
export function readDocument<T>(text: string, file: string, schema: Schema): Document<T> {
  const { LineCounter, parseDocument } = yamlPackage();
  if (text.includes('\0')) throw new UsageError(`${file}:1:1: is no UTF-8 text, but perhaps UTF-16; save it as UTF-8`);
  const lines = new LineCounter();
  // By one schema, whatever `%YAML` says: in that of 1.1 the number 022 is 18 and the word no is false.
  const yaml = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    version: '1.2',
    schema: 'core',
    merge: true,
  });
  const placeOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const [broken] = yaml.errors;
  if (broken) throw new UsageError(`${placeOf(broken.pos[0])}: ${wordsFor(broken)}`);
  const [tagged] = yaml.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED');
  if (tagged) {
    const tag = text.slice(tagged.pos[0], tagged.pos[1]);
    throw new UsageError(`${placeOf(tagged.pos[0])}: the tag ${tag} is another program's; write the value out`);
  }
  const fault = faultIn(yaml, text);
  if (fault) throw new UsageError(`${placeOf(fault.offset)}: ${fault.what}`);
  const at = (path: (string | number)[]): string => {
    for (let length = path.length; length >= 0; length -= 1) {
      const offset = offsetOf(yaml, path.slice(0, length));
      if (offset !== undefined) return placeOf(offset);
    }
    return `${file}:1:1`;
  };
  const value = plainValue(yaml, placeOf);
  const [mistake, ...more] = check(schema, value);
  if (mistake) throw new UsageError(`${at(mistake.path)}: ${inWritersWords(mistake, value)}${others(more.length)}`);
  return { file, value: value as T, at };
}

/** What a value was meant as, where a schema can only say that it is not of its form. */
function inWritersWords({ path, message }: Mistake, value: unknown): string {
  const found = valueBelow(value, path.map(String));
  if (typeof found === 'string' && isPlaceholder(found)) return notFilledIn(found);
  // Without quotes YAML takes the brackets for a list.
  const text = Array.isArray(found) && found.length === 1 ? `[${found[0]}]` : String(found);
  return bracketed(text) === undefined ? message : `${path.join('.')}: "${text}" ${addressFault(text)}`;
}

const others = (count: number) => (count === 0 ? '' : ` (and ${count} more)`);

/** An error of the library in the words of one who writes files, not programs. */
function wordsFor({ code, message }: { code: string; message: string }): string {
  return code === 'MULTIPLE_DOCS'
    ? 'a second document begins, and a file holds one; put what follows into a file of its own'
    : message;
}

interface Fault {
  offset: number;
  what: string;
}

/** What is YAML, and yet is read as something else than was meant, by us or by another program. */
function faultIn(yaml: Yaml, text: string): Fault | undefined {
  const { visit } = yamlPackage();
  let found: Fault | undefined;
  const keep = (fault: Fault | undefined) => {
    found = fault;
    return fault && visit.BREAK;
  };
  visit(yaml, {
    Map: (_, map) => keep(templateFault(map, text) ?? keyFault(yaml, map)),
    Scalar: (_, { value, source = '', range }) => {
      if (typeof value !== 'number' || !/^[-+]?0\d/.test(source)) return undefined;
      const what = `${source} has a leading zero, which some programs read as octal; write ${value}, or in quotes "${source}"`;
      return keep({ offset: range?.[0] ?? 0, what });
    },
  });
  return found;
}

/** A template's `{{ x }}` without quotes, which YAML takes for a map in a map. */
function templateFault({ range }: YAMLMap, text: string): Fault | undefined {
  if (!range) return undefined;
  const written = text.slice(range[0], range[1]);
  if (!/^\{\{.*\}\}$/.test(written)) return undefined;
  return { offset: range[0], what: notFilledIn(written) };
}

/** A key that its map has already (the library's own look compares each with all others), or one that is no word. */
function keyFault(yaml: Yaml, map: YAMLMap): Fault | undefined {
  const { isAlias, isCollection, isMap, isNode, isScalar, isSeq } = yamlPackage();
  const seen = new Set<string>();
  const meant = (node: unknown) => (isAlias(node) ? node.resolve(yaml) : node);
  const isMerged = (node: unknown) => isMap(meant(node));
  for (const { key: written, value } of map.items) {
    const offset = (isNode(written) ? written.range?.[0] : undefined) ?? 0;
    const key = meant(written);
    if (isCollection(key)) return { offset, what: 'a key is a word, not a list or a map' };
    if (!isScalar(key)) continue;
    const what = nameFault(key.value, key.source ?? '');
    if (what !== undefined) return { offset, what };
    const name = `${typeof key.value} ${String(key.value)}`;
    if (seen.has(name)) return { offset, what: 'Map keys must be unique' };
    seen.add(name);
    if (typeof key.value !== 'symbol') continue;
    const source = meant(value);
    // An alias that leads nowhere is told as such.
    if (source !== undefined && !isMerged(source) && !(isSeq(source) && source.items.every(isMerged)))
      return { offset, what: '"<<" takes a map, or a list of maps; right is for example <<: *ssh' };
  }
  return undefined;
}

/** A name that YAML reads as something else: 1.10 would be called 1.1. */
function nameFault(value: unknown, written: string): string | undefined {
  if (value === null)
    return `a name is missing${written === '' ? '' : `; if it is to be "${written}", write it in quotes`}`;
  if (typeof value !== 'number' || String(value) === written) return undefined;
  return `${written} is read as the number ${value}; a name of digits stands in quotes: "${written}"`;
}

/** The document as plain data. @throws UsageError for an alias that leads nowhere, or too many of them. */
function plainValue(yaml: Yaml, at: (offset: number) => string): unknown {
  let last = 0;
  yamlPackage().visit(yaml, {
    Alias(_, alias) {
      last = alias.range?.[0] ?? last;
      if (!alias.resolve(yaml))
        throw new UsageError(`${at(last)}: no anchor &${alias.source} stands before the alias *${alias.source}`);
    },
  });
  try {
    return yaml.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new UsageError(`${at(last)}: too many aliases; write the values out`);
  }
}

/** Where a path's key stands; for the whole document, its beginning. */
function offsetOf(yaml: Yaml, path: (string | number)[]): number | undefined {
  const { isNode, isScalar } = yamlPackage();
  const parent = yaml.getIn(path.slice(0, -1));
  const last = path.at(-1);
  if (isNode(parent) && typeof last === 'string' && 'items' in parent) {
    for (const pair of (parent as { items: unknown[] }).items) {
      const key = (pair as { key?: unknown }).key;
      if (isScalar(key) && String(key.value) === last && key.range) return key.range[0];
    }
    return undefined;
  }
  const node = yaml.getIn(path, true);
  return isNode(node) && node.range ? node.range[0] : undefined;
}
