/** Derived facts: what is made of other facts' readings. Pure. */
import { Unreadable } from '../core/errors.js';
import { isRecord, pointValue } from '../core/json.js';
import type { FactDefinition } from '../core/model.js';
import { addressesIn, capturesOf } from '../probes/command.js';
import { isRead, type Reading, type Unread } from './read-answer.js';

/** Reads what stands at `fact.property...`. */
type ReadPath = (path: string) => Reading;

/** A derived fact's reading, out of what it is derived from. */
export function derive(definition: Exclude<FactDefinition, { probe: string }>, read: ReadPath): Reading {
  if ('first' in definition) return firstOf(definition.first.map(read), unitOf(definition.first));
  if ('template' in definition) return fillTemplate(definition.template, read);
  if ('sum' in definition)
    return arithmetic(definition.sum.map(read), unitOf(definition.sum), (numbers) =>
      numbers.reduce((a, b) => a + b, 0),
    );
  if ('quotient' in definition)
    return arithmetic(definition.quotient.map(read), 'value', ([above = 0, below = 0]) =>
      below === 0 ? undefined : above / below,
    );
  const origin = read(definition.from);
  if (!isRead(origin)) return origin;
  if ('number' in definition) return numberFrom(origin.value, origin.steps);
  if ('map' in definition) return mapped(origin.value, origin.steps, definition.map);
  if ('entries' in definition) return entriesOf(origin.value, origin.steps, definition.entries);
  return takenFrom(origin.value, origin.steps, definition);
}

/**
 * The first source that has a value. A later one stands in only for a source that was read and does not have it: one that
 * could not be asked might have said something else.
 */
function firstOf(readings: Reading[], property: string): Reading {
  const steps: string[] = [];
  let unread: Unread = { reason: 'nothing was read' };
  for (const reading of readings) {
    steps.push(...reading.steps);
    if (isRead(reading))
      return { value: { value: reading.value, [property]: reading.value }, steps: [...new Set(steps)] };
    unread = reading.unread;
    if (!unread.absent) break;
  }
  return { unread, steps: [...new Set(steps)] };
}

function fillTemplate(template: string, read: ReadPath): Reading {
  const steps: string[] = [];
  let unread: Unread | undefined;
  const value = template.replace(/\{([\w.-]+)\}/g, (_, path: string) => {
    const part = read(path);
    steps.push(...part.steps);
    if (!isRead(part)) {
      unread ??= part.unread;
      return '';
    }
    if (typeof part.value === 'object') unread ??= { reason: `${path} is not a text` };
    return String(part.value);
  });
  const all = [...new Set(steps)];
  return unread ? { unread, steps: all } : { value: { value }, steps: all };
}

/** A number out of numbers; undefined where there is none. */
function arithmetic(
  readings: Reading[],
  property: string,
  compute: (numbers: number[]) => number | undefined,
): Reading {
  const steps = [...new Set(readings.flatMap((reading) => reading.steps))];
  const unread = readings.find((reading): reading is Extract<Reading, { unread: Unread }> => !isRead(reading));
  if (unread) return { unread: unread.unread, steps };
  const numbers = readings.flatMap((reading) =>
    isRead(reading) && typeof reading.value === 'number' ? [reading.value] : [],
  );
  const value = numbers.length === readings.length ? compute(numbers) : undefined;
  return value === undefined || !Number.isFinite(value)
    ? { unread: { reason: 'there is nothing to calculate with' }, steps }
    : { value: { [property]: value }, steps };
}

/** What is made of several values is named for the first of them, too: bytes stay bytes. */
function unitOf([first = '']: string[]): string {
  return first.split('.').at(-1) ?? 'value';
}

/** An object that is kept by some name (an address, say) as a list whose elements hold that name as a field. */
function entriesOf(value: unknown, steps: string[], key: string): Reading {
  if (!isRecord(value)) return { unread: { reason: 'the answer has no entries' }, steps };
  const entries = Object.entries(value).flatMap(([name, entry]) =>
    isRecord(entry) ? [{ ...entry, [key]: name }] : [],
  );
  return { value: { entries }, steps };
}

/** What a word stands for; one that is not listed stands for nothing. */
function mapped(value: unknown, steps: string[], map: Record<string, unknown>): Reading {
  const word = String(value);
  return typeof value !== 'object' && Object.hasOwn(map, word)
    ? { value: { value: map[word] }, steps }
    : { unread: { reason: `the answer is none of ${Object.keys(map).join(', ')}` }, steps };
}

/** A text of digits as the number that it stands for. */
function numberFrom(value: unknown, steps: string[]): Reading {
  const number = pointValue(value);
  return typeof number === 'number'
    ? { value: { value: number }, steps }
    : { unread: { reason: 'the answer is not a number' }, steps };
}

function takenFrom(
  value: unknown,
  steps: string[],
  how: { captures?: string; decode?: 'base64'; addresses?: true },
): Reading {
  if (typeof value !== 'string') return { unread: { reason: 'the answer is not a text' }, steps };
  if (how.addresses) return { value: { addresses: addressesIn(value) }, steps };
  const text = how.decode === 'base64' ? decoded(value) : value;
  if (text === undefined) return { unread: { reason: 'the answer is not text in base64' }, steps };
  if (how.captures === undefined) return { value: { value: text }, steps };
  try {
    return { value: capturesOf(text, how.captures), steps };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { unread: { reason: error.message }, steps };
  }
}

/** Base64 as text; lenient decoding would make different bytes look the same. */
function decoded(value: string): string | undefined {
  const packed = value.replace(/\s/g, '');
  if (packed === '' || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(packed))
    return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(packed, 'base64'));
  } catch {
    return undefined;
  }
}
