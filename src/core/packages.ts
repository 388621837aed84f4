/** Packages that are loaded when they are first needed: most commands need none of them, and each costs more than the command. */
import { createRequire } from 'node:module';
import type { Ajv } from 'ajv';

const require = createRequire(import.meta.url);

let yamlLoaded: typeof import('yaml') | undefined;

/** The reader and writer of YAML. */
export function yaml(): typeof import('yaml') {
  yamlLoaded ??= require('yaml') as typeof import('yaml');
  return yamlLoaded;
}

/** The compiler of schemas, which is needed for those alone that were not compiled when pairflight was built. */
export const ajv = (): typeof import('ajv') => require('ajv');

/** The formats that schemas name, such as `date-time`. */
export const ajvFormats = (): { default(to: Ajv): void } => require('ajv-formats');
