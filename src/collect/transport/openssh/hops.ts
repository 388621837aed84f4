/** The logins on the way to a host: its jump hosts as ssh would take them, then the host itself. */
import { UsageError } from '../../../core/errors.js';
import { type Configuration, hostOf, type Login, loginOf, type Named } from './configuration.js';

/** One login on the way. */
export interface Hop extends Login {
  /** As it is given to ssh: what the configuration says of it is left to the configuration. */
  named: Named;
}

/** Says what a name means. */
export type Ask = (named: Named) => Promise<Configuration>;

/**
 * Only the first jump host of a list is reached as its own entry says, which may name further ones before it; the way to the
 * others is the one before them.
 * @throws UsageError where the configuration leads in a circle, or a jump host is not one.
 */
export async function hopsTo(named: Named, ask: Ask, seen: readonly string[] = []): Promise<[...Hop[], Hop]> {
  const configured = await ask(named);
  const hop = { named, ...loginOf(configured) };
  const login = `${hop.user}@${hostOf(hop)}`;
  if (seen.includes(login))
    throw new UsageError(`the SSH configuration leads in a circle: ${[...seen, login].join(' by ')}`);
  const [first, ...rest] = jumpsOf(configured, named);
  if (first === undefined) return [hop];
  const before = await hopsTo(first, ask, [...seen, login]);
  const between = await Promise.all(rest.map(async (one) => ({ named: one, ...loginOf(await ask(one)) })));
  return [...before, ...between, hop];
}

/** The jump hosts of a configuration; ssh has left no ProxyJump in it where a ProxyCommand came first. */
function jumpsOf(configured: Configuration, { name }: Named): Named[] {
  const value = configured.get('proxyjump')?.[0];
  if (value === undefined || value.toLowerCase() === 'none') return [];
  const { hostname, port, user } = loginOf(configured);
  const words: Record<string, string> = { '%': '%', h: hostname, n: name, p: String(port), r: user };
  const expanded = value.replace(/%(.?)/g, (token, letter: string) => {
    const word = words[letter];
    if (word === undefined)
      throw new UsageError(`the SSH configuration of ${name}: ProxyJump ${value}: ${token} has no meaning there`);
    return word;
  });
  return expanded.split(',').map((spec) => {
    const parts = /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([^\]]+)\]|([^:@[\]/]+))(?::(\d+))?\/?$/.exec(spec.trim());
    const [, login, bracketed, plain, digits] = parts ?? [];
    const host = bracketed ?? plain;
    if (host === undefined)
      throw new UsageError(`the SSH configuration of ${name}: ProxyJump ${value}: "${spec}" is not [user@]host[:port]`);
    return {
      name: host,
      ...(login === undefined ? {} : { user: login }),
      ...(digits === undefined ? {} : { port: Number(digits) }),
    };
  });
}
