/** Values in words, for messages: the unit is the last word of the property's name. Plain text; reporters escape it. */

const sizes = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** A value as a message shows it: `53687091200 bytes (50 GiB)` for a property named `bytes` or `...Bytes`, `12 ms` for `...Ms`. */
export function showValue(property: string, value: unknown): string {
  if (typeof value === 'number' && /(^b|B)ytes$/.test(property)) return `${value} bytes${roughly(value)}`;
  if (typeof value === 'number' && /(^m|M)s$/.test(property)) return `${value} ms`;
  if (typeof value === 'number' && /(^p|P)ercent$/.test(property)) return `${value} %`;
  if (isInterval(value)) return `${value.low} to ${value.high}${/(^m|M)s$/.test(property) ? ' ms' : ''}`;
  if (typeof value === 'string')
    return shorten(value.trim() === '' ? '(empty)' : value.trim().replace(/\s*\n\s*/g, ' / '));
  if (Array.isArray(value))
    return value.length === 0 ? 'none' : shorten(value.map((one) => showValue('', one)).join(', '));
  return shorten(JSON.stringify(value) ?? 'nothing');
}

/** A number that is only known to lie between two bounds. */
export function isInterval(value: unknown): value is { low: number; high: number } {
  const { low, high } = (value ?? {}) as { low?: unknown; high?: unknown };
  return typeof low === 'number' && typeof high === 'number';
}

function roughly(bytes: number): string {
  let amount = bytes;
  let unit = '';
  for (const size of sizes) {
    if (amount < 1024) break;
    amount /= 1024;
    unit = size;
  }
  return unit === '' ? '' : ` (${Number(amount.toPrecision(amount < 1000 ? 3 : 4))} ${unit})`;
}

/** Long values are cut in the middle: both ends tell more than the beginning alone. */
export function shorten(text: string, most = 300): string {
  return text.length <= most ? text : `${text.slice(0, most - 60)} ... ${text.slice(-50)}`;
}

/** `a, b and c`. */
export function list(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** `1 finding`, `2 findings`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
