/** Derived facts: what is made of other facts' readings. Pure. */
import { Unreadable } from '../core/errors.js';
import { type DerivedFact, derivationOf, everySourceOf } from '../pack/derivations.js';
import { notInPlan } from './declared.js';
import { isRead, type Read, type Reading, type Unread } from './read-answer.js';

/** Of a declared value that tells less than a host would, nothing is made. */
function limitOf({ may, sensitive }: Read, source: string): Unread | undefined {
  if (sensitive) return { reason: `${source} is sensitive, and nothing can be made of it` };
  return may && { ...notInPlan(source), reason: `${source} is declared only to be compared` };
}

/**
 * A derived fact's reading, out of those of its sources. Where one source is enough, a later one stands in only for a source that was
 * read and does not have the value: one that could not be asked might have said something else.
 */
export function derive(
  fact: DerivedFact,
  read: (path: string) => Reading,
  series: (path: string) => readonly unknown[],
): Reading {
  const derivation = derivationOf(fact);
  if (!derivation) return { unread: { reason: 'nothing was read' }, steps: [] };
  const values: unknown[] = [];
  const steps = new Set<string>();
  let missing: Unread | undefined;
  const sources = everySourceOf(fact);
  for (const source of sources) {
    const reading = read(source);
    for (const step of reading.steps) steps.add(step);
    const limited = isRead(reading) ? limitOf(reading, source) : undefined;
    const known = isRead(reading) && !limited;
    if (known || derivation.ofWhatIsRead) values.push(known ? reading.value : undefined);
    if (limited) missing = missing ?? limited;
    else if (!isRead(reading)) missing = derivation.oneIsEnough ? reading.unread : (missing ?? reading.unread);
    if (derivation.oneIsEnough && (isRead(reading) || !reading.unread.absent)) break;
  }
  const goesOn = derivation.ofWhatIsRead || (derivation.oneIsEnough && values.length > 0);
  if (missing && !goesOn) return { unread: missing, steps: [...steps] };
  try {
    return { value: derivation.make(values, derivation.words, () => sources.map(series)), steps: [...steps] };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    // What was not asked explains more than what could not be made of the rest.
    if (missing) return { unread: missing, steps: [...steps] };
    return { unread: { reason: error.message }, steps: [...steps] };
  }
}
