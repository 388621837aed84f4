/** How a program reaches hosts, without a command line: by OpenSSH's configuration and keys, and by what it is told beside them. */
import type { Collecting } from './options.js';
import { Transports } from './transport/index.js';
import type { TransportOptions } from './transport/transport.js';

/** Milliseconds until a connection counts as unreachable, unless somebody says otherwise. */
export const CONNECT_MS = 15_000;

/**
 * What `collect` needs. Without options nobody is asked for a password, a host key that is not known is refused, and no secret of
 * the environment is sent; whatever secret the options do give is kept out of what is collected.
 */
export function reach(options: Partial<TransportOptions> = {}): Collecting {
  const given = new Set<string>();
  const keep = <T extends string | undefined>(secret: T): T => {
    if (secret) given.add(secret);
    return secret;
  };
  const { password, passphrase, sudoPassword, variables } = options;
  const transport: TransportOptions = {
    acceptNewHostKeys: false,
    connectTimeoutMs: CONNECT_MS,
    warn: () => {},
    ...options,
    password: async (host, jump) => keep(await password?.(host, jump)),
    passphrase: async (file) => keep(await passphrase?.(file)),
    sudoPassword: async (host) => keep(await sudoPassword?.(host)),
    variables: { value: (name) => keep(variables?.value(name)), names: () => variables?.names() ?? [] },
  };
  const transports = new Transports(transport);
  return { open: (host) => transports.open(host), hold: () => transports.hold(), secrets: () => [...given] };
}
