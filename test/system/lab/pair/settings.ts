/** The configuration of the pair's PostgreSQL servers: the product's where it is known, else quick and quiet. */

/** The text of postgresql.conf for a server at an address. */
export function settingsText(address: string, { socket, port }: { socket: string; port: number }): string {
  const settings = {
    listen_addresses: `'${address}'`,
    port,
    unix_socket_directories: `'${socket}'`,
    // What the document asks for. Both servers have the same: a standby with less does not start.
    max_wal_senders: 4,
    max_connections: 20,
    wal_level: 'replica',
    hot_standby: 'on',
    // There is no slot: what a standby misses while it is away is kept by size.
    wal_keep_size: '1GB',
    max_wal_size: '1GB',
    // A lost connection is noticed in seconds, not in the minute that is usual.
    wal_sender_timeout: '4s',
    wal_receiver_timeout: '4s',
    wal_receiver_status_interval: '1s',
    wal_retrieve_retry_interval: '200ms',
    // An idle server writes no WAL at all.
    autovacuum: 'off',
    checkpoint_timeout: '1h',
    // The disks are in memory and die with the lab.
    fsync: 'off',
    full_page_writes: 'off',
    wal_init_zero: 'off',
    shared_buffers: '16MB',
    // The product's shell has no /dev/shm.
    dynamic_shared_memory_type: 'sysv',
    // Who asked is told, too.
    log_line_prefix: `'%m [%p] %a '`,
    timezone: `'UTC'`,
    log_timezone: `'UTC'`,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}

/** The text of pg_hba.conf: everybody on the host's own socket, and the peer for replication alone. */
export function accessText(peer: string, user: string): string {
  return `local all all trust\nlocal replication all trust\nhost replication ${user} ${peer}/32 trust\n`;
}
