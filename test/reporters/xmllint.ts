/** Asks xmllint, where it is installed. A test that cannot is skipped and says why; .ci/run allows no skip. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the public JUnit schemas are kept beside a checkout. */
export const schemas = fileURLToPath(new URL('../../../shared/xsd/', import.meta.url));

/** Whether everything that a test needs is here; says what is missing. */
export function mayRun(program: string, ...files: string[]): boolean {
  const found = spawnSync(program, ['--version']).error === undefined;
  const missing = [...(found ? [] : [program]), ...files.filter((file) => !existsSync(file))];
  if (missing.length === 0) return true;
  console.warn(`skipped, because these are missing: ${missing.join(', ')}`);
  return false;
}

/** What xmllint has against the text; empty when it is well-formed. */
export function wellFormedByXmllint(text: string): string {
  return complaints(['--noout', '-'], text);
}

/** What xmllint has against the text under a schema; empty when it is valid. */
export function validByXmllint(text: string, schema: string): string {
  return complaints(['--noout', '--schema', schema, '-'], text);
}

function complaints(args: string[], input: string): string {
  const { status, stderr, error } = spawnSync('xmllint', args, { input, encoding: 'utf8' });
  if (error) return error.message;
  return status === 0 ? '' : stderr || `xmllint ended with ${status}`;
}
