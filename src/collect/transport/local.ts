/** The local transport: the machine that we run on, over child processes. */
import { spawn } from 'node:child_process';
import type { Connection, Host } from '../../core/model.js';
import type { Channel, Connector } from './channel.js';
import { Sessions } from './sessions.js';
import type { Transport, TransportOptions } from './transport.js';

/** Opens the transport to this machine; nothing is started before the first command. */
export function openLocal(host: Host, options: TransportOptions, shell: readonly string[] = ['/bin/sh']): Transport {
  const connection: Connection = { host: host.name, kind: 'local', logins: 0, shells: 0, bytes: 0 };
  const channels = new Set<Channel>();
  const connector: Connector = {
    lost: undefined,
    open: async (commandLine, first = '') => {
      connection.shells++;
      const count = (bytes: number) => {
        connection.bytes += bytes;
      };
      const channel = startChild([...shell, '-c', commandLine], count, options.variables.names());
      channel.stdin.write(first);
      channels.add(channel);
      channel.closed.then(() => channels.delete(channel));
      return channel;
    },
  };
  const sessions = new Sessions(host, options, connector, connection);
  return {
    connection,
    run: (ask) => sessions.run(ask),
    close: async () => {
      sessions.close();
      for (const channel of channels) channel.kill();
    },
  };
}

/** Starts a child process as a channel; it does not inherit the variables that are named. */
export function startChild(
  words: readonly string[],
  count: (bytes: number) => void,
  hidden: readonly string[] = [],
): Channel {
  const [program = '/bin/sh', ...rest] = words;
  const inherited = Object.entries(process.env).filter(([name]) => !hidden.includes(name));
  const env = { ...Object.fromEntries(inherited), LC_ALL: 'C' };
  const child = spawn(program, rest, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  // A shell that has ended no longer reads: that is told by `closed`, not by a broken pipe.
  child.stdin.on('error', () => {});
  let resolveClosed: (exit: number | null) => void;
  const closed = new Promise<number | null>((resolve) => {
    resolveClosed = resolve;
  });
  child.on('error', () => resolveClosed(127));
  child.on('close', (exit) => resolveClosed(exit));
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    count,
    closed,
    kill: () => {
      resolveClosed(null);
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      // The shell ends what it runs with itself.
      child.kill('SIGHUP');
    },
  };
}
