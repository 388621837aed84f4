/** The tool's name and version, from package.json. */
import { readFileSync } from 'node:fs';

/** The name and version that stand in evidence and reports. */
export function tool(): { name: string; version: string } {
  const { name, version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    name: string;
    version: string;
  };
  return { name, version };
}
