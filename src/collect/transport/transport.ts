/** What every transport is, and what the command line says about reaching hosts. */
import type { Connection, ExecAsk, Host, Output } from '../../core/model.js';
import type { SecretVariables } from './input.js';

/** A way to run commands on one host. */
export interface Transport {
  /** Runs one command; never rejects: what went wrong is the output's `problem`. */
  run(ask: ExecAsk): Promise<Output>;
  /** What was learned of the host while connecting; complete once `close` has resolved. */
  readonly connection: Connection;
  /** Ends every shell and the connection; commands still running end as `not-run`. */
  close(): Promise<void>;
}

/** What the command line says about reaching hosts; the rest comes from the inventory and OpenSSH's configuration. */
export interface TransportOptions {
  /** By which transport, ssh2 or openssh, hosts are reached; absent: the inventory's word, then what a host's configuration needs. */
  transport?: 'auto' | 'ssh2' | 'openssh';
  identityFile?: string;
  knownHostsFile?: string;
  /** The OpenSSH client configuration that is meant instead of the person's and the system's; `none`: no configuration at all. */
  sshConfigFile?: string;
  acceptNewHostKeys: boolean;
  /** Milliseconds until a connection counts as unreachable. */
  connectTimeoutMs: number;
  /** The login's password, asked for once per host after keys were refused; `jump` names the jump host that wants its own. */
  password: (host: Host, jump?: string) => Promise<string | undefined>;
  /** The passphrase of an encrypted identity file. */
  passphrase: (file: string) => Promise<string | undefined>;
  /** The password for sudo, asked for once per host when `sudo -n true` is refused. */
  sudoPassword: (host: Host) => Promise<string | undefined>;
  /** The secrets of this machine's environment that commands read over their standard input. */
  variables: SecretVariables;
  /** A message for the person at the terminal, such as a host key that was trusted on first use. */
  warn: (message: string) => void;
}
