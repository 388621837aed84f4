/** Objects with named properties, as JSON and YAML have them: no list, not null. */

/** Whether a value is one. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
