/** The settings of a played PostgreSQL server, by which both questions are answered. */
import type { PlayedPostgres } from '../file/machine.js';

/** Every server has these, a fresh one's as far as they are not made for a pair; and what `demo.yaml` says. */
export function settingsOf({
  version,
  maxWalSenders,
  slot = '',
  settings = {},
}: PlayedPostgres): { name: string; setting: string }[] {
  const all = {
    ...{ max_connections: '100', max_prepared_transactions: '0', max_locks_per_transaction: '64' },
    ...{ max_wal_senders: `${maxWalSenders}`, max_standby_streaming_delay: '30000', synchronous_commit: 'on' },
    ...{ synchronous_standby_names: '', wal_receiver_status_interval: '10', wal_receiver_timeout: '60000' },
    ...(version >= 90_400 && { max_worker_processes: '8', max_replication_slots: '10', wal_log_hints: 'on' }),
    ...(version >= 120_000 && {
      recovery_min_apply_delay: '0',
      recovery_target_timeline: 'latest',
      primary_slot_name: slot,
      ...{ recovery_target: '', recovery_target_lsn: '', recovery_target_name: '', recovery_target_time: '' },
      recovery_target_xid: '',
    }),
    ...(version >= 130_000 ? { wal_keep_size: '0', max_slot_wal_keep_size: '-1' } : { wal_keep_segments: '0' }),
    ...(version >= 170_000 && { sync_replication_slots: 'off' }),
    ...{ wal_sender_timeout: '60000', wal_level: version >= 90_600 ? 'replica' : 'hot_standby' },
    ...{ fsync: 'on', full_page_writes: 'on', data_checksums: 'on', archive_mode: 'off', hot_standby: 'on' },
    ...{ wal_segment_size: version >= 110_000 ? '16777216' : '2048', ssl: 'on', listen_addresses: '*' },
    ...{ shared_preload_libraries: '', session_preload_libraries: '', ...settings },
  };
  return Object.entries(all).map(([name, setting]) => ({ name, setting }));
}
