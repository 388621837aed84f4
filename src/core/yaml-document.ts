/** YAML files with positions: every mistake is told with file, line and column, and what would be right. */
import type { Document as Yaml } from 'yaml';
import { check, type Mistake } from './check-schema.js';
import { UsageError } from './errors.js';
import { yaml as yamlPackage } from './packages.js';
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
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, uniqueKeys: false, version: '1.2' });
  const [broken] = yaml.errors;
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0]);
    const what = broken.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '');
    throw new UsageError(`${file}:${line}:${col}: ${what}`);
  }
  const twice = repeatedKey(yaml);
  if (twice !== undefined) {
    const { line, col } = lines.linePos(twice);
    throw new UsageError(`${file}:${line}:${col}: Map keys must be unique`);
  }
  const at = (path: (string | number)[]): string => {
    for (let length = path.length; length >= 0; length -= 1) {
      const offset = offsetOf(yaml, path.slice(0, length));
      if (offset === undefined) continue;
      const { line, col } = lines.linePos(offset);
      return `${file}:${line}:${col}`;
    }
    return `${file}:1:1`;
  };
  const value = plainValue(yaml, (offset) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  });
  const mistakes = check(schema, value);
  if (mistakes.length > 0) throw new UsageError(tell(mistakes, at));
  return { file, value: value as T, at };
}

/** Where a key stands that its map has already. The library's own look compares each key with all others. */
function repeatedKey(yaml: Yaml): number | undefined {
  const { isScalar, visit } = yamlPackage();
  let found: number | undefined;
  visit(yaml, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = `${typeof key.value} ${String(key.value)}`;
        if (seen.has(name)) found ??= key.range?.[0];
        seen.add(name);
      }
      return found === undefined ? undefined : visit.BREAK;
    },
  });
  return found;
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
    return yaml.toJS({ maxAliasCount: 50 });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new UsageError(`${at(last)}: too many aliases; write the values out`);
  }
}

function tell(mistakes: Mistake[], at: (path: (string | number)[]) => string): string {
  const [first] = mistakes;
  if (!first) return '';
  const more = mistakes.length > 1 ? ` (and ${mistakes.length - 1} more)` : '';
  return `${at(first.path)}: ${first.message}${more}`;
}

/** Where a path's key stands; for the whole document, its beginning. */
function offsetOf(yaml: Yaml, path: (string | number)[]): number | undefined {
  const { isNode } = yamlPackage();
  const parent = path.length === 0 ? yaml.contents : yaml.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isNode(parent) && typeof last === 'string' && 'items' in parent) {
    for (const pair of (parent as { items: unknown[] }).items) {
      const key = (pair as { key?: unknown }).key;
      if (isNode(key) && 'value' in key && String(key.value) === last && key.range) return key.range[0];
    }
    return undefined;
  }
  const node = path.length === 0 ? yaml.contents : yaml.getIn(path, true);
  return isNode(node) && node.range ? node.range[0] : undefined;
}
