/** In what saved evidence differs from what would be asked today: other rules, other questions, other words of a question. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { plural, shorten } from '../core/format.js';
import type { Ask, Evidence, Step } from '../core/model.js';
import { shownLine } from '../core/shell/words.js';
import type { Pack } from '../pack/pack.js';

/** Questions that are named; the rest are counted. */
const mostNamed = 5;

/** The differences in words, a question that was changed first; empty where evidence is what today's plan would bring back. */
export function differencesFrom(plan: readonly Step[], evidence: Evidence, pack: Pack): string[] {
  const planned = new Map(plan.map((step) => [step.id, step]));
  const asked = new Set(evidence.steps.map(({ id }) => id));
  const changed = evidence.steps.flatMap((step) => changedIn(step, planned.get(step.id)));
  const more = changed.length - mostNamed;
  const extra = evidence.steps.filter(({ id }) => !planned.has(id)).length;
  const missing = plan.filter(({ id }) => !asked.has(id)).length;
  const other = evidence.packs.find(({ name, sha256 }) => name === pack.name && sha256 !== pack.sha256);
  return [
    ...changed.slice(0, mostNamed),
    ...(more > 0 ? [`${plural(more, 'more question')} of other words than today's`] : []),
    ...(extra > 0 ? [`it holds ${plural(extra, 'question')} that today's plan has not`] : []),
    ...(missing > 0 ? [`${plural(missing, 'question')} of today's plan had not been asked`] : []),
    ...(other
      ? [`it was taken with other rules of ${pack.name} (${other.version}) than today's (${pack.version})`]
      : []),
  ];
}

function changedIn(step: Evidence['steps'][number], planned: Step | undefined): string[] {
  if (!planned) return [];
  const [before, now] = [step.asks.map(({ ask }) => wordsOf(ask)), planned.asks.map(({ ask }) => wordsOf(ask))];
  const longer = before.length > now.length ? before : now;
  const at = longer.findIndex((_, index) => !isDeepStrictEqual(now[index], before[index]));
  if (at < 0) return [];
  const [was, is] = [step.asks[at], planned.asks[at]];
  return [`${(was ?? is)?.host} was asked ${shown(was?.ask)}, and today's plan asks ${shown(is?.ask)}`];
}

/** What of a question says what is done; how long it may take is the caller's choice. */
function wordsOf(ask: Ask): object {
  const { timeoutMs: _, maxBytes: __, ...words } = ask as Ask & { timeoutMs?: number; maxBytes?: number };
  return words;
}

function shown(ask: Ask | undefined): string {
  if (ask === undefined) return 'nothing';
  const words = ask.kind === 'exec' ? `\`${shownLine(ask.argv)}\` as ${ask.as}` : JSON.stringify(wordsOf(ask));
  return shorten(words.replace(/\s+/g, ' '), 120);
}
