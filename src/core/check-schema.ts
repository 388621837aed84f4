/** ajv at every boundary, and its errors in words that show what would be right. */
import type { Ajv, ErrorObject, ValidateFunction } from 'ajv';
import { compiledAtBuild } from './compiled-schemas.js';
import { suggestion } from './did-you-mean.js';
import { shorten } from './format.js';
import type { JsonSchema } from './model.js';
import { ajvFormats, ajv as ajvPackage } from './packages.js';
import type { Schema } from './schema.js';

/** One violation of a schema: the path of keys and indexes to it, and what is wrong and right. */
export interface Mistake {
  path: (string | number)[];
  message: string;
}

let instance: Ajv | undefined;
const compiled = new WeakMap<object, ValidateFunction>();
/** The same by the schema's text: a rule's schema is filled in anew for each host, and is the same for all. */
const byText = new Map<string, ValidateFunction>();
const MAX_TEXTS = 1000;

/** A compiler of schemas; `source` keeps the code that it makes. */
export function makeAjv(source = false): Ajv {
  const { Ajv } = ajvPackage();
  // Our own schemas are proven strict and valid by a test, once; here compiling them is on the way to every answer.
  const made = new Ajv({
    allErrors: true,
    verbose: true,
    strict: false,
    meta: false,
    validateSchema: false,
    // Two schemas may have one name: an inventory's that was just made, and the one in its file.
    addUsedSchema: false,
    code: { optimize: false, source },
  });
  ajvFormats().default(made);
  return made;
}

function compile(schema: object): ValidateFunction {
  const text = JSON.stringify(schema);
  let validate = byText.get(text) ?? compiledAtBuild(text);
  if (!validate) {
    instance ??= makeAjv();
    validate = instance.compile(schema);
  }
  if (byText.size >= MAX_TEXTS) byText.clear();
  byText.set(text, validate);
  return validate;
}

/** What is wrong with a value, deepest first; empty when it satisfies the schema. */
export function check(schema: Schema | JsonSchema, value: unknown): Mistake[] {
  let validate = compiled.get(schema);
  if (!validate) {
    validate = compile(schema);
    compiled.set(schema, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? [])
    .filter(
      (error) => !['if', 'anyOf', 'oneOf', 'propertyNames'].includes(error.keyword) || validate.errors?.length === 1,
    )
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
  // What is wrong with a name is told where the name stands.
  if (error.propertyName !== undefined) return [...path, error.propertyName];
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
      return `${where}unknown key "${error.params.additionalProperty}"${suggestion(String(error.params.additionalProperty), known)}${example}`;
    }
    case 'required':
      return `${where}the key "${error.params.missingProperty}" is missing${example}`;
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
