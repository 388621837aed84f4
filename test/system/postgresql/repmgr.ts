/** repmgr's table and functions on a pair, in the form of its documentation; nothing else of it runs. */
import type { Pair } from './pair.js';

/** How it differs from one that manages a healthy pair. */
export interface Registered {
  standby?: { type?: string; priority?: number };
  /** Conditions, asked on each server. */
  running?: string;
  paused?: string;
}

/** Registers both servers, and lets the daemons answer. */
export async function registered(
  pair: Pair,
  { standby = {}, running = 'true', paused = 'false' }: Registered = {},
): Promise<void> {
  const { type = 'standby', priority = 100 } = standby;
  const columns = [
    'node_id int PRIMARY KEY, upstream_node_id int, active boolean NOT NULL DEFAULT true, node_name text NOT NULL',
    "type text NOT NULL, location text NOT NULL DEFAULT 'default', priority int NOT NULL DEFAULT 100, conninfo text NOT NULL",
    'repluser varchar(63) NOT NULL, slot_name text, config_file text NOT NULL',
  ];
  const given = "'host=db user=repmgr password=unseen', 'repmgr', NULL, '/etc/repmgr.conf'";
  const statements = [
    'CREATE SCHEMA repmgr',
    `CREATE TABLE repmgr.nodes (${columns.join(', ')})`,
    `INSERT INTO repmgr.nodes VALUES (1, NULL, true, 'primary', 'primary', 'default', 100, ${given})`,
    `INSERT INTO repmgr.nodes VALUES (2, 1, true, 'standby', '${type}', 'default', ${priority}, ${given})`,
    `CREATE FUNCTION repmgr.repmgrd_is_running() RETURNS bool LANGUAGE sql AS 'SELECT ${running}'`,
    `CREATE FUNCTION repmgr.repmgrd_is_paused() RETURNS bool LANGUAGE sql AS 'SELECT ${paused}'`,
  ];
  for (const statement of statements) await pair.primary.query(statement);
  await pair.caughtUp();
}
