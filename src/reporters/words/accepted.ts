/** What somebody accepted although it would stop the gate: whoever reads a gate that is open has to meet it first. */
import { oneLine } from '../../core/format.js';
import type { Report } from '../../core/model.js';
import { weighsEnough } from '../../judge/verdict.js';
import { severitiesInWords } from './finding.js';

/**
 * `1 accepted blocker (ops, until 2026-12-31)`: the faults that would stop the gate, had nobody accepted them; empty where there is
 * none.
 */
export function acceptedInWords({ findings, run }: Pick<Report, 'findings' | 'run'>): string {
  const accepted = findings.filter(({ waivedBy, severity }) => waivedBy && weighsEnough(severity, run.failOn));
  if (accepted.length === 0) return '';
  const owners = [...new Set(accepted.map(({ waivedBy }) => `${waivedBy?.owner}, until ${waivedBy?.until}`))];
  const rest = owners.length > 2 ? `; and ${owners.length - 2} more` : '';
  const counts = severitiesInWords(accepted).replace(/(\d+) /g, '$1 accepted ');
  return oneLine(`${counts} (${owners.slice(0, 2).join('; ')}${rest})`);
}
