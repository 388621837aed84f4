/** A saved report as a monitoring plugin shows it: its only format, with the plugin's own exit codes. */
import { UsageError } from '../core/errors.js';
import { readDuration } from '../core/format.js';
import { readReport } from '../judge/report-file.js';
import { nagios } from '../reporters/nagios.js';
import type { PluginAnswer } from '../reporters/plugin-answer.js';

/** How old a report may be, unless somebody says otherwise. */
const MAX_AGE = '24h';

/** The plugin's answer on a saved report. @throws UsageError */
export function pluginAnswer(file: string, formats: readonly string[], maxAge = MAX_AGE): PluginAnswer {
  if (formats.length > 1)
    throw new UsageError('--report nagios: is the only format of its call, because it has exit codes of its own');
  if (formats[0] !== 'nagios')
    throw new UsageError(`--report ${formats[0]}: a plugin answers on stdout; right is --report nagios`);
  const maxAgeMs = readDuration('--max-age', maxAge);
  return nagios(readReport(file), Date.now(), maxAgeMs);
}
