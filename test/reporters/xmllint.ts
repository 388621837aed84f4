/** Asks xmllint about JUnit files: whether they are well-formed, and valid under schemas of what their readers need. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const own = fileURLToPath(new URL('./junit-schemas/', import.meta.url));

/** Our own schemas, and those that others publish where PAIRFLIGHT_JUNIT_XSD names a folder of them: name and file. */
export const schemas: [name: string, file: string][] = [own, process.env.PAIRFLIGHT_JUNIT_XSD ?? '']
  .filter((folder) => folder !== '')
  .flatMap((folder) => readdirSync(folder).map((name): [string, string] => [name, join(folder, name)]))
  .filter(([name]) => name.endsWith('.xsd'))
  .sort();

/** What xmllint has against the text; empty when it is well-formed. */
export function wellFormedByXmllint(text: string): string {
  return complaints(['--noout', '-'], text);
}

/** What xmllint has against the text under a schema; empty when it is valid. */
export function validByXmllint(text: string, schema: string): string {
  return complaints(['--noout', '--nonet', '--schema', schema, '-'], text);
}

function complaints(args: string[], input: string): string {
  const { status, stderr, error } = spawnSync('xmllint', args, { input, encoding: 'utf8' });
  if (error) return error.message;
  return status === 0 ? '' : stderr || `xmllint ended with ${status}`;
}
