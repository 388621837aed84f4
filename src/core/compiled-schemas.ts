/**
 * Schemas that were compiled when pairflight was built: loading their code is quicker than making it. A schema is found by its
 * own text, so that one which has changed since, or was made by somebody else, is compiled as any other.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { ValidateFunction } from 'ajv';

const require = createRequire(import.meta.url);
const folder = new URL('../core/compiled/', import.meta.url);

/** The code of a schema by its text; undefined where it was not compiled at build, or where this runs from the sources. */
export function compiledAtBuild(text: string): ValidateFunction | undefined {
  const file = fileURLToPath(fileOf(text));
  return existsSync(file) ? (require(file) as ValidateFunction) : undefined;
}

/** Keeps the code of these schemas, and of no others. */
export function keepCompiled(schemas: Iterable<object>, codeOf: (schema: object) => string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const schema of schemas) writeFileSync(fileOf(JSON.stringify(schema)), codeOf(schema));
}

function fileOf(text: string): URL {
  const hash = createHash('sha256').update(text).digest('hex');
  return new URL(`${hash.slice(0, 32)}.cjs`, folder);
}
