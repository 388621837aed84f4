/** `collect`: the hosts' answers, saved, without a judgement. */

import { escapeForTerminal } from '../../core/escape.js';
import { claim, write, writePrivate } from '../deliver.js';
import type { ReachOptions, TargetOptions } from '../options.js';
import { readTarget } from '../target.js';
import { runTarget } from './check.js';

/** Collects evidence into a file; resolves to 0, or 3 when a host could not be reached. */
export async function collectCommand(
  options: TargetOptions & ReachOptions & { output: string },
  phases?: string[],
): Promise<number> {
  const target = readTarget(options, phases);
  if (options.output !== '-') claim(options.output);
  const { evidence, signal } = await runTarget(target, options);
  const text = `${JSON.stringify(evidence)}\n`;
  if (options.output === '-') await write(text);
  else writePrivate(options.output, text);
  for (const { host, problem } of evidence.connections) {
    if (problem) process.stderr.write(`pairflight: ${host}: ${escapeForTerminal(problem.message)}\n`);
  }
  if (signal !== undefined) return signal === 'SIGINT' ? 130 : 143;
  return evidence.connections.some((connection) => connection.problem) ? 3 : 0;
}
