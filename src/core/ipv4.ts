/** An IPv4 address as a number; undefined for anything else. A number with a leading zero is octal to some programs. */
export function ipv4(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^(\d{1,3}\.){3}\d{1,3}$/.test(value)) return undefined;
  if (/(^|\.)0\d/.test(value)) return undefined;
  const parts = value.split('.').map(Number);
  if (parts.some((part) => part > 255)) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0);
}
