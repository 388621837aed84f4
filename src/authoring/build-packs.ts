/**
 * The last step of a build: reads and checks the packs that pairflight brings, and keeps what came of it; and compiles the schemas
 * by which files are read, and a pack's questions and answers are checked.
 */
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Ajv, ValidateFunction } from 'ajv';
import { makeAjv } from '../core/check-schema.js';
import { keepCompiled } from '../core/compiled-schemas.js';
import { writeChecked } from '../pack/cache.js';
import { allPacks, packIndex } from '../pack/load.js';
import { type Matcher, matchers } from '../pack/matchers.js';
import { schemas } from './schemas.js';

type Standalone = { default(ajv: Ajv, validate: ValidateFunction): string };
const { default: codeOf } = createRequire(import.meta.url)('ajv/dist/standalone') as Standalone;

rmSync(new URL('./checked/', import.meta.url), { recursive: true, force: true });
const packs = allPacks();
writeChecked(packs, packIndex());

const asked = packs.flatMap(({ probes }) => [...probes.values()].flatMap(({ params, value }) => [params, value]));
const judgedWith = Object.values<Matcher>(matchers).map(({ schema }) => schema);
const ajv = makeAjv(true);
keepCompiled(
  [...Object.values(schemas).map((schema) => schema()), ...asked, ...judgedWith],
  // One that has no name of its own cannot be met under that of another.
  (schema) => codeOf(ajv, ajv.compile(schema)),
);
