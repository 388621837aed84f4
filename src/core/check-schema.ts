/** ajv at every boundary, and its errors in words that show what would be right. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Schema } from '../authoring/schemas.js';
import { shorten } from './format.js';
import type { JsonSchema } from './model.js';

/** One violation of a schema: the path of keys and indexes to it, and what is wrong and right. */
export interface Mistake {
  path: (string | number)[];
  message: string;
}

let instance: Ajv | undefined;
const compiled = new WeakMap<object, ValidateFunction>();

function ajv(): Ajv {
  if (!instance) {
    // Our own schemas are proven strict and valid by a test, once; here compiling them is on the way to every answer.
    instance = new Ajv({
      allErrors: true,
      verbose: true,
      strict: false,
      meta: false,
      validateSchema: false,
      code: { optimize: false },
    });
    // ajv-formats is CommonJS: its function is the default export's default under NodeNext.
    (addFormats as unknown as { default: (to: Ajv) => void }).default(instance);
  }
  return instance;
}

/** What is wrong with a value, deepest first; empty when it satisfies the schema. */
export function check(schema: Schema | JsonSchema, value: unknown): Mistake[] {
  let validate = compiled.get(schema);
  if (!validate) {
    validate = ajv().compile(schema);
    compiled.set(schema, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? [])
    .filter((error) => !['if', 'anyOf', 'oneOf'].includes(error.keyword) || validate.errors?.length === 1)
    .map((error) => ({ path: pathOf(error), message: wordsFor(error) }))
    .sort((a, b) => b.path.length - a.path.length);
}

/** Compiles a schema before it is needed, while there is nothing else to do. */
export function prepare(schema: JsonSchema): void {
  check(schema, undefined);
}

function pathOf(error: ErrorObject): (string | number)[] {
  const path = partsOf(error.instancePath).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  if (error.keyword === 'additionalProperties') return [...path, String(error.params.additionalProperty)];
  if (error.keyword === 'propertyNames') return [...path, String(error.params.propertyName)];
  return path;
}

/** The keys of a JSON pointer. */
function partsOf(pointer: string): string[] {
  const parts = pointer.split('/').slice(1);
  return parts.map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
}

function wordsFor(error: ErrorObject): string {
  const schema = error.parentSchema as JsonSchema;
  const where = error.instancePath === '' ? '' : `${partsOf(error.instancePath).join('.')}: `;
  const found = shorten(JSON.stringify(error.data) ?? 'nothing', 120);
  const example = Array.isArray(schema.examples) ? `, for example ${JSON.stringify(schema.examples[0])}` : '';
  switch (error.keyword) {
    case 'additionalProperties': {
      const known = Object.keys(schema.properties ?? {});
      return `${where}unknown key "${error.params.additionalProperty}"${suggestion(String(error.params.additionalProperty), known)}`;
    }
    case 'required':
      return `${where}the key "${error.params.missingProperty}" is missing`;
    case 'enum':
      return `${where}${found} is not one of ${(error.params.allowedValues as unknown[]).join(', ')}`;
    case 'const':
      return `${where}must be ${JSON.stringify(error.params.allowedValue)}`;
    case 'type':
      return `${where}must be ${[error.params.type].flat().join(' or ')}, not ${found}${example}`;
    case 'pattern':
    case 'format':
      return `${where}${found} is not ${schema.description ?? `of the form ${error.params.pattern ?? error.params.format}`}${example}`;
    default:
      return `${where}${error.message}${example}`;
  }
}

/** More words than these are no help: the nearest are named, the others counted. */
const MOST_KNOWN = 20;

/** `; did you mean "x"?` for a near miss, else the words there are. */
export function suggestion(word: string, known: string[]): string {
  const ranked = known.map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }));
  const near = ranked
    .filter(({ far }) => far <= Math.min(2, word.length / 2))
    .toSorted((a, b) => a.far - b.far)[0]?.candidate;
  if (near !== undefined) return `; did you mean "${near}"?`;
  if (known.length <= MOST_KNOWN) return known.length === 0 ? '' : `; known: ${known.join(', ')}`;
  const nearest = ranked.toSorted((a, b) => a.far - b.far).slice(0, 3);
  return `; known: ${nearest.map(({ candidate }) => candidate).join(', ')} and ${known.length - nearest.length} more`;
}

/** Levenshtein distance of two words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
