/** The forms of saved evidence and reports: 2 is written, and 1, which pairflight 0.1 wrote, is lifted to it as it is read. Pure. */
import { UsageError } from '../core/errors.js';
import { whyUnread } from '../core/file-error.js';
import { pairName } from '../core/format.js';
import { isRecord } from '../core/json.js';
import type { Report } from '../core/model.js';
import { parseObject } from '../core/strangers-json.js';
import { textIn } from './archive/bundle-file.js';

type Saved = Record<string, unknown>;

/**
 * What 2 has and 1 has not; all else is the same. Step ids are too: they are made of probe, parameters and subject (and the words
 * of a pack's own commands), so that what today's plan asks in addition was not asked then, and is unknown.
 */
const additions: Record<'evidence' | 'report', (old: Saved) => Saved> = {
  evidence: ({ baseline }) =>
    isRecord(baseline) && baseline.schema === 'pairflight/evidence/1'
      ? { baseline: { ...baseline, schema: 'pairflight/evidence/2' } }
      : {},
  report: ({ run, hosts }) =>
    isRecord(run) && Array.isArray(hosts)
      ? { run: { ...run, pair: pairName({ hosts: hosts.filter(isRecord) as Report['hosts'] }) } }
      : {},
};

/**
 * What a file or a bundle holds, in today's form; its schema is still to be checked. `next` is the command that makes such a file.
 * @throws UsageError when it holds no JSON, or a form that nobody knows
 */
export function savedIn(bytes: () => Buffer, what: 'evidence' | 'report', file: string, next: string): unknown {
  try {
    return lifted(parseObject(textIn(bytes(), `${what}.json`, file)), what, file, next);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file}: ${error instanceof SyntaxError ? error.message : whyUnread(error)}`, next);
  }
}

/**
 * A saved value in today's form. What is none at all comes back as it is: its schema refuses it.
 * @throws UsageError for a form that nobody knows, with `next` as the command to go on with
 */
function lifted(value: Saved, what: 'evidence' | 'report', file: string, next: string): Saved {
  const number = new RegExp(`^pairflight/${what}/(.*)$`, 's').exec(String(value.schema))?.[1];
  if (number === undefined || number === '2') return value;
  if (number !== '1')
    throw new UsageError(
      `${file}: is ${what === 'report' ? 'a report' : 'evidence'} of another form (${String(value.schema)}); this pairflight reads the forms 1 and 2`,
      next,
    );
  return { ...value, ...additions[what](value), schema: `pairflight/${what}/2` };
}
