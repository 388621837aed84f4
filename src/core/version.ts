/** What package.json says of the program itself. */
import { readFileSync } from 'node:fs';

interface Package {
  name: string;
  version: string;
  bugs?: string | { url?: string };
}

/** The name and version that stand in evidence and reports. */
export function tool(): { name: string; version: string } {
  const { name, version } = read();
  return { name, version };
}

/** Where bugs are reported; undefined where package.json names no address. */
export function problemsTo({ bugs }: Pick<Package, 'bugs'> = read()): string | undefined {
  return typeof bugs === 'string' ? bugs : bugs?.url;
}

function read(): Package {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Package;
}
