/** An IPv4 address as a number; undefined for anything else. */
export function ipv4(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^(\d{1,3}\.){3}\d{1,3}$/.test(value)) return undefined;
  const parts = value.split('.').map(Number);
  if (parts.some((part) => part > 255)) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0);
}
