/** How hosts were reached, and what to do where one was not, in the words that every format shares. Plain text: formats escape it. */
import { oneLine } from '../../core/format.js';
import type { Finding, Report } from '../../core/model.js';

/** `, by openssh (the SSH configuration sets proxyjump)`; nothing where nobody was connected to. */
export function wayInWords({ connection }: Report['hosts'][number]): string {
  if (connection?.kind === 'local') return ', this machine';
  const transport = connection?.transport;
  return transport === undefined ? '' : oneLine(`, by ${transport.name} (${transport.why})`);
}

/** The commands that show how far the hosts can be entered, where one could not; each once, however many findings want it. */
export function nextCommands({ findings }: Pick<Report, 'findings'>): string[] {
  return [...new Set(findings.flatMap(({ next }) => next ?? []))].filter(isReach);
}

/** What to do next about a finding, where that is no such command, which is told once for all. */
export function ownNext({ next }: Pick<Finding, 'next'>): string | undefined {
  return next === undefined || isReach(next) ? undefined : oneLine(next);
}

function isReach(next: string): boolean {
  return next.startsWith('pairflight reach ');
}

/** What stands behind such a command. */
export const nextShows =
  'with the hosts of this run, shows which of them can be entered, as whom, and what to do where not';
