/** The cases of a pack's declared.yaml, read from beside it. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readText } from '../core/read-file.js';
import { testMappings } from '../declared/cases.js';
import type { Pack } from '../pack/pack.js';

const CASES = 'declared.cases.yaml';

/** Runs them. @throws UsageError for a file that is none */
export function mappingCases(pack: Pack): ReturnType<typeof testMappings> {
  const file = join(pack.dir, CASES);
  return testMappings(pack, existsSync(file) ? readText(file) : undefined, join(basename(pack.dir), CASES));
}
