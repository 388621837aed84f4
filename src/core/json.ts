/** Objects with named properties, as JSON and YAML have them: no list, not null. */
import { exactNumber } from './exact-number.js';

/** Whether a value is one. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A number as it is, or as text of digits; anything else, a number below zero too, is what was said instead of one. */
export function pointValue(value: unknown): number | string | undefined {
  if (typeof value === 'number' && value >= 0) return value;
  if (typeof value !== 'string') return value === null ? undefined : JSON.stringify(value);
  const text = value.trim();
  return (/^[\d.]+$/.test(text) ? exactNumber(text) : undefined) ?? value;
}
