/** The transport `ssh2`: one authenticated connection per host, made at the first command, shared by all. */
import type { Connection, Host } from '../../core/model.js';
import { ByteBudget } from './byte-budget.js';
import { demandIdentity } from './chosen-identity.js';
import { dial } from './dial.js';
import { HostVerifier } from './host-verifier.js';
import { LazyConnector } from './lazy-connector.js';
import type { Meaning } from './openssh/configuration.js';
import { Sessions } from './sessions.js';
import { resolveTarget } from './ssh-target.js';
import type { Transport, TransportOptions } from './transport.js';

/** What the name of a host means, and why it is reached by ssh2. */
export interface PlainMeaning {
  /** Absent: the name is its own address. */
  meaning?: Meaning;
  why: string;
}

/** Opens the transport to a host; nothing is dialled before the first command. */
export function openSsh(host: Host, options: TransportOptions, { meaning, why }: PlainMeaning): Transport {
  const transport = { name: 'ssh2', why } as const;
  const connection: Connection = { host: host.name, kind: 'ssh', transport, logins: 0, shells: 0, bytes: 0 };
  const budget = new ByteBudget();
  const connector = new LazyConnector(async (signal) => {
    const target = resolveTarget(host, options, meaning);
    if (target.chosenIdentity !== undefined) demandIdentity(target.chosenIdentity);
    const verifier = new HostVerifier(target, { acceptNew: options.acceptNewHostKeys, warn: options.warn });
    const secrets = { password: () => options.password(host), passphrase: options.passphrase };
    const socket = dial(target);
    try {
      const { SshConnection } = await import('./ssh-connection.js');
      return await SshConnection.connect(target, { socket, verifier, secrets, connection, budget, signal });
    } catch (error) {
      socket.destroy();
      throw error;
    }
  });
  const sessions = new Sessions(host, options, connector, connection, budget);
  return {
    connection,
    run: (ask) => sessions.run(ask),
    close: async () => {
      sessions.close();
      await connector.close();
    },
  };
}
