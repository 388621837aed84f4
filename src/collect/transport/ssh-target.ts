/** How one host is reached: the inventory's word first, then the command line's files, then OpenSSH's configuration. */
import { homedir, hostname as ownHostname, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../../core/model.js';
import { expandHome, readHostConfig } from './openssh-config.js';
import { type ProxyRoute, readProxy } from './proxy.js';
import type { TransportOptions } from './transport.js';

/** Everything that a connection needs to know before it is made. */
export interface Target {
  /** The name or address that is dialled. */
  hostname: string;
  port: number;
  user: string;
  /** The identity that was chosen by name: it must exist and no other is offered. */
  chosenIdentity: string | undefined;
  /** Identity files of the configuration; those that do not exist are passed over. */
  configuredIdentities: string[];
  identitiesOnly: boolean;
  /** The agent's socket. */
  agent: string | undefined;
  /** The name under which known_hosts is searched. */
  knownAs: { host: string; port: number };
  userKnownHosts: string[];
  globalKnownHosts: string[];
  proxy: ProxyRoute;
  /** False when the host is reached by others: only they can dial it. */
  direct: boolean;
  connectTimeoutMs: number;
}

/** @throws Failure when the configuration cannot be read or asks for what we cannot do. */
export function resolveTarget(host: Host, options: TransportOptions): Target {
  const alias = host.ssh.host ?? host.address;
  const config = readHostConfig(alias, host.ssh.user, options.sshConfigFile);
  const user = host.ssh.user ?? one(config.User) ?? userInfo().username;
  const port = host.ssh.port ?? Number(one(config.Port) ?? 22);
  const hostname = (one(config.HostName) ?? alias).replace(/%[%h]/g, (token) => (token === '%%' ? '%' : alias));
  const keyAlias = one(config.HostKeyAlias);
  const path = (text: string) => expandTokens(text, { hostname, alias, port, user, keyAlias });
  const files = (value: string | string[] | undefined, fallback: string[]) =>
    value === undefined
      ? fallback
      : many(value)
          .filter((name) => name !== 'none')
          .map(path);
  const ssh = join(homedir(), '.ssh');
  const chosen = options.identityFile ?? host.ssh.identityFile;
  const proxy = readProxy(config, { h: hostname, n: alias, p: String(port), r: user });
  return {
    hostname,
    port,
    user,
    chosenIdentity: chosen === undefined ? undefined : expandHome(chosen),
    configuredIdentities: files(config.IdentityFile, []),
    identitiesOnly: one(config.IdentitiesOnly)?.toLowerCase() === 'yes',
    agent: agentSocket(one(config.IdentityAgent), path),
    knownAs: keyAlias ? { host: keyAlias, port: 22 } : { host: hostname, port },
    userKnownHosts: options.knownHostsFile
      ? [expandHome(options.knownHostsFile)]
      : files(config.UserKnownHostsFile, [join(ssh, 'known_hosts'), join(ssh, 'known_hosts2')]),
    proxy,
    direct: proxy.command === undefined && proxy.jumps.length === 0,
    globalKnownHosts: files(config.GlobalKnownHostsFile, ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']),
    connectTimeoutMs: options.connectTimeoutMs,
  };
}

/** The host as messages name it. */
export function nameOf({ hostname, port }: Target): string {
  return port === 22 ? hostname : `${hostname} port ${port}`;
}

function agentSocket(configured: string | undefined, path: (text: string) => string): string | undefined {
  const own = process.env.SSH_AUTH_SOCK || undefined;
  if (configured === undefined || configured === 'SSH_AUTH_SOCK') return own;
  if (configured.toLowerCase() === 'none') return undefined;
  return configured.startsWith('$') ? process.env[configured.replace(/^\$\{?|\}$/g, '')] : path(configured);
}

function expandTokens(
  text: string,
  of: { hostname: string; alias: string; port: number; user: string; keyAlias: string | undefined },
): string {
  const values: Record<string, string> = {
    '%': '%',
    h: of.hostname,
    n: of.alias,
    p: String(of.port),
    r: of.user,
    k: of.keyAlias ?? of.alias,
    u: userInfo().username,
    d: homedir(),
    i: String(userInfo().uid),
    l: ownHostname(),
    L: ownHostname().split('.')[0] ?? '',
  };
  return expandHome(text.replace(/%(.)/g, (token, letter: string) => values[letter] ?? token));
}

function many(value: string | string[]): string[] {
  return Array.isArray(value) ? value : value.split(/\s+/);
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
