/** The logins on the way to a host: its jump hosts as ssh would take them, then the host itself. */
import { UsageError } from '../../../core/errors.js';
import { type Configuration, hostOf, type Login, loginOf, type Named } from './configuration.js';

/** One login on the way. */
export interface Hop extends Login {
  /** As it is given to ssh: what the configuration says of it is left to the configuration. */
  named: Named;
  /** Patterns of variables whose values are sent with each session; of those that are set for it the login itself knows. */
  sendEnv: readonly string[];
}

/** Says what a name means. */
export type Ask = (named: Named) => Promise<Configuration>;

/**
 * Only the first jump host of a list is reached as its own entry says, which may name further ones before it; the way to the
 * others is the one before them.
 * @throws UsageError where the configuration leads in a circle, a jump host is not one, or ssh would run a command of its own.
 */
export async function hopsTo(named: Named, ask: Ask, seen: readonly string[] = []): Promise<[...Hop[], Hop]> {
  const configured = await ask(named);
  if (seen.length === 0) refuseCommand(configured, named);
  const hop = hopOf(named, configured);
  const login = `${hop.user}@${hostOf(hop)}`;
  if (seen.includes(login))
    throw new UsageError(`the SSH configuration leads in a circle: ${[...seen, login].join(' by ')}`);
  const [first, ...rest] = jumpsOf(configured, named);
  if (first === undefined) return [hop];
  const before = await hopsTo(first, ask, [...seen, login]);
  const between = await Promise.all(rest.map(async (one) => hopOf(one, await ask(one))));
  return [...before, ...between, hop];
}

/** The language is ours to say in every shell; whatever else is sent may decide where a session leads. */
function hopOf(named: Named, configured: Configuration): Hop {
  const sendEnv = (configured.get('sendenv') ?? []).filter((pattern) => !/^(LANG|LC_)/.test(pattern));
  return { named, ...loginOf(configured), sendEnv };
}

/** Such a command may lead to a further machine, and ssh runs no other beside it. */
function refuseCommand(configured: Configuration, { name }: Named): void {
  const command = configured.get('remotecommand')?.[0];
  if (command === undefined || command === 'none') return;
  throw new UsageError(
    `the SSH configuration of ${name} sets RemoteCommand ${command}: ssh would run that and no other command; ` +
      `name the host by an entry without it (a machine behind it is reached by ProxyJump)`,
  );
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
