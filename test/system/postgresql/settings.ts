/** The configuration of a healthy server: what a careful administrator sets, and the defaults in all else. */
import type { Build } from './majors.js';

/** The text that is added to postgresql.conf. */
export function settingsText(build: Build): string {
  const settings = {
    listen_addresses: "'*'",
    unix_socket_directories: "'/var/run/postgresql'",
    // What a standby misses while it is away is kept, and not without end.
    ...(build === 12 ? { wal_keep_segments: 8 } : { wal_keep_size: "'128MB'" }),
    ...(build !== 12 && { max_slot_wal_keep_size: "'1GB'" }),
    wal_log_hints: 'on',
    shared_buffers: "'16MB'",
    wal_retrieve_retry_interval: "'200ms'",
    // Who asked is told, too.
    log_line_prefix: "'%m [%p] %a '",
    log_connections: 'on',
    log_disconnections: 'on',
    timezone: "'UTC'",
    log_timezone: "'UTC'",
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}

/** The text of pg_hba.conf: everybody on the host's own socket, and all of the network's hosts for replication. */
export function accessText(prefix: string): string {
  const network = `${prefix}0/24`;
  return `local all all trust\nlocal replication all trust\nhost all all ${network} trust\nhost replication replicator ${network} trust\n`;
}

/** How a standby reaches the one that it follows, as pg_basebackup -R writes it. */
export function following(host: { address: string }, name: string, slot?: string): Record<string, string> {
  return {
    primary_conninfo: `host=${host.address} port=5432 user=replicator application_name=${name}`,
    ...(slot !== undefined && { primary_slot_name: slot }),
  };
}
