/** The transport to a host that nobody can reach from here: its answers are collected elsewhere and merged. */
import type { Connection, Host } from '../../core/model.js';
import { failed } from './answer.js';
import { Failure } from './channel.js';
import type { Transport } from './transport.js';

/** Opens nothing. That such a host is not asked was the inventory's word, so it is no problem of the connection. */
export function openElsewhere(host: Host): Transport {
  const connection: Connection = { host: host.name, kind: 'none', logins: 0, shells: 0, bytes: 0 };
  return {
    connection,
    run: async () => failed(new Failure('not-run', 'host', 'is asked elsewhere (connection: none)')),
    close: async () => {},
  };
}
