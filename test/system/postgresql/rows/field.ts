/** What verify says of pairs that were judged wrongly before. */
import * as faults from '../faults.js';
import type { Row } from '../rows.js';

/** As long as a run watches by its defaults: what does not arrive shows only so. */
const watched = () => ({ settings: { lagSamples: 3, lagEveryMs: 3000 } });

/** Green in the field, and must not be. */
export const fieldRows: readonly Row[] = [
  {
    name: 'the standby follows one that has lost the primary, and a subscriber of its host streams',
    on: [15, 17],
    shape: { primary: { wal_level: 'logical' }, standby: { wal_level: 'logical' }, slotless: true },
    fault: async (pair) => {
      const between = await pair.addStandby('third', pair.primary);
      await faults.follow(pair, pair.standby, between.host);
      const rows =
        "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'standby' AND state = 'streaming'";
      await pair.until('the standby follows the third host', async () => (await between.answer(rows)) === '1');
      await faults.follow(pair, between, undefined);
      await faults.subscribe(pair);
      await faults.writeRows(pair, 5000);
    },
    changes: { streaming: 'fail', 'lag-settles': 'unknown', 'logical-slots': 'fail' },
  },
  {
    name: 'replay waits for a query that may wait for ever',
    on: [13, 15, 18],
    shape: { standby: { max_standby_streaming_delay: -1 } },
    fault: async (pair) => {
      await faults.openSnapshot(pair);
      await pair.primary.query('DROP TABLE things');
      await faults.replayStands(pair);
    },
    changes: { 'lag-settles': 'fail', 'queries-yield': 'fail' },
  },
  {
    name: 'the replication is silent, within its time-outs',
    on: [13, 15, 18],
    fault: async (pair) => {
      await faults.swallowReplication(pair);
      await faults.writeRows(pair);
    },
    inventory: watched,
    changes: { streaming: 'fail' },
  },
  {
    name: 'the replication is silent, and no time-out is set',
    on: [13, 15, 18],
    shape: { primary: { wal_sender_timeout: 0 }, standby: { wal_receiver_timeout: 0 } },
    fault: async (pair) => {
      await faults.swallowReplication(pair);
      await faults.writeRows(pair);
    },
    inventory: watched,
    changes: { streaming: 'fail' },
  },
  {
    name: 'the replication is silent, and was watched for a moment only',
    on: [12, 13, 15, 18],
    fault: async (pair) => {
      await faults.swallowReplication(pair);
      await faults.writeRows(pair);
    },
    changes: { streaming: 'unknown' },
    says: { streaming: /unproven/ },
  },
  {
    name: 'the replication is silent, is watched for a moment, and no time-out is set',
    on: [13, 15, 18],
    shape: { primary: { wal_sender_timeout: 0 }, standby: { wal_receiver_timeout: 0 } },
    fault: async (pair) => {
      await faults.swallowReplication(pair);
      await faults.writeRows(pair);
    },
    changes: { streaming: 'unknown' },
  },
  {
    name: 'the replication is silent and nothing is written',
    on: [15],
    fault: async (pair) => {
      await faults.swallowReplication(pair);
      const age = "SELECT clock_timestamp() - reply_time > interval '16 s' FROM pg_stat_replication";
      await pair.until('a reply is overdue', async () => (await pair.primary.answer(age)) === 't');
    },
    changes: { streaming: 'unknown' },
    says: { streaming: /unproven/ },
  },
  {
    name: 'a synchronous standby that is not there: every commit hangs',
    on: [13, 15, 18],
    fault: async ({ primary }) => {
      primary.configure({ synchronous_standby_names: 'nobody' });
      await primary.reload();
    },
    changes: { 'commits-return': 'fail' },
  },
  {
    name: 'replay an hour late',
    on: [15, 17],
    shape: { standby: { recovery_min_apply_delay: '1h' } },
    fault: async (pair) => {
      await pair.primary.query('DELETE FROM things');
      await faults.replayStands(pair);
    },
    changes: { 'apply-delay': 'fail' },
    exit: 0,
  },
  {
    name: 'replay is late on purpose, and a query holds it up',
    on: [12, 15, 18],
    shape: { standby: { recovery_min_apply_delay: '100ms', max_standby_streaming_delay: -1 } },
    fault: async (pair) => {
      await faults.openSnapshot(pair);
      await pair.primary.query('DROP TABLE things');
      const waits =
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'startup' AND wait_event_type IN ('Lock', 'BufferPin')";
      await pair.until('replay waits for a lock', async () => (await pair.standby.answer(waits)) === '1');
    },
    inventory: () => ({ settings: { applyDelayMs: 1000 } }),
    changes: { 'lag-settles': 'fail', 'queries-yield': 'fail' },
  },
  {
    name: 'each commit waits until a standby applies it that applies an hour late',
    on: [12, 15, 18],
    shape: { standby: { recovery_min_apply_delay: '1h' } },
    fault: async ({ primary }) => {
      primary.configure({ synchronous_standby_names: 'standby', synchronous_commit: 'remote_apply' });
      await primary.reload();
    },
    inventory: () => ({ settings: { applyDelayMs: 3_600_000 } }),
    changes: { 'commits-return': 'fail', 'synchronous-spare': 'fail' },
    says: { 'commits-return': /delayed/ },
  },
  {
    name: 'no standby is there that commits could wait for, and none waits',
    on: [13, 15, 18],
    shape: { primary: { synchronous_standby_names: 'nobody', synchronous_commit: 'local' } },
    changes: { 'synchronous-commit': 'fail' },
    exit: 0,
  },
  {
    name: 'the primary was put back to an older copy of itself',
    on: [12, 15, 18],
    fault: faults.rollBack,
    changes: { timeline: 'fail' },
    says: { timeline: /ahead/ },
  },
  {
    name: "the primary's limit was raised",
    on: [14, 17],
    fault: async (pair) => {
      const { primary, standby } = pair;
      primary.configure({ max_connections: 200 });
      await primary.restart();
      const state = 'SELECT pg_get_wal_replay_pause_state()';
      await pair.until('replay is paused', async () => (await standby.answer(state)) === 'paused');
    },
    changes: { 'standby-limits': 'fail', 'lag-settles': 'fail', 'next-start-limits': 'fail' },
  },
  {
    name: 'the old primary came back and cannot follow',
    on: [15],
    fault: async (pair) => {
      const { primary, standby } = pair;
      await faults.part(pair);
      await primary.stop();
      primary.write('standby.signal', '');
      await faults.follow(pair, primary, standby.host);
      await primary.start();
    },
    inventory: () => ({ hosts: { primary: { role: 'standby' }, standby: { role: 'primary' } } }),
    changes: { streaming: 'fail', 'lag-settles': 'unknown' },
  },
];
