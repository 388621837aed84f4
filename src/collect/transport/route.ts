/** The hosts that are logged in to on the way to one host. */
import type { Host } from '../../core/model.js';
import { Failure } from './channel.js';
import type { Jump } from './proxy.js';
import { nameOf, resolveTarget, type Target } from './ssh-target.js';
import type { TransportOptions } from './transport.js';

/**
 * The targets in the order of their logins: jump hosts, then the host itself. The first may have a ProxyCommand; that of
 * a later one does not count, nor do its own jump hosts, because the one before it is named already.
 * @throws Failure when the configuration cannot be read, or leads in a circle.
 */
export function routeTo(host: Host, options: TransportOptions): [...Target[], Target] {
  const target = resolveTarget(host, options);
  // As with OpenSSH the command line's identity is meant for the host; a jump host has its own in the configuration.
  const { identityFile: _, ...forJumps } = options;
  return [...jumpsTo(target, forJumps, [loginOf(target)]), target];
}

/** Only the first jump host is reached as its own entry says, which may name further ones before it. */
function jumpsTo(target: Target, options: TransportOptions, seen: readonly string[]): Target[] {
  const [first, ...rest] = target.proxy.jumps.map((jump) => resolveTarget(hostOf(jump), options));
  if (first === undefined) return [];
  const login = loginOf(first);
  if (seen.includes(login)) {
    throw new Failure(
      'unreachable',
      'host',
      `the SSH configuration leads in a circle: ${[...seen, login].join(' by ')}`,
    );
  }
  return [...jumpsTo(first, options, [...seen, login]), first, ...rest.map((one) => ({ ...one, direct: false }))];
}

function loginOf(target: Target): string {
  return `${target.user}@${nameOf(target)}`;
}

function hostOf({ host, ...ssh }: Jump): Host {
  return { name: host, role: '', address: host, connection: 'ssh', ssh: { host, ...ssh }, settings: {} };
}
