/** What repmgr's own table says of its nodes, and its daemon of itself: in the database that is asked, where it is there at all. */
import type { JsonSchema } from '../../core/model.js';
import { closed } from '../define.js';
import { ascii, asJson, listText, nothing, rowText } from './dynamic.js';

/** A node, as its row has it; what a connection would need is left where it is. */
interface NodeRow {
  id: number;
  upstream: number | null;
  active: boolean;
  name: string;
  type: string;
  priority: number;
}

/** `nodes` is null where the role may not read the table; `daemon` where it cannot be asked without harm. */
export interface Repmgr {
  nodes: NodeRow[] | null;
  daemon: { running: boolean | null; paused: boolean | null } | null;
  loaded: boolean | null;
}

const maybe = (type: string): JsonSchema => ({ type: [type, 'null'] });

/** Schema of the answer; null where there is no such table. */
export const repmgrSchema: JsonSchema = {
  oneOf: [
    { type: 'null' },
    closed({
      nodes: {
        type: ['array', 'null'],
        items: closed({
          ...{ id: { type: 'integer' }, upstream: maybe('integer'), active: { type: 'boolean' } },
          ...{ name: { type: 'string' }, type: { type: 'string' }, priority: { type: 'integer' } },
        }),
      },
      daemon: { oneOf: [{ type: 'null' }, closed({ running: maybe('boolean'), paused: maybe('boolean') })] },
      loaded: maybe('boolean'),
    }),
  ],
};

/** Schemas of what is made of it. */
export const repmgrValue: Record<string, JsonSchema> = {
  managed: { enum: ['no', 'yes', 'hidden'] },
  nodes: {
    type: 'array',
    items: closed({
      ...{ name: { type: 'string' }, type: { type: 'string' }, active: { type: 'boolean' } },
      ...{ priority: { type: 'integer' }, follows: { enum: ['the primary', 'another', 'nobody'] } },
    }),
  },
  daemon: { enum: ['running', 'paused', 'dead', 'none'] },
};

const table = (what: string) =>
  `(SELECT ${what} FROM pg_class own JOIN pg_namespace space ON space.oid = own.relnamespace WHERE space.nspname = 'repmgr' AND own.relname = 'nodes')`;
const readable = table("bool_and(has_schema_privilege(space.oid, 'USAGE') AND has_table_privilege(own.oid, 'SELECT'))");
/** A function of a library that the server did not load at its start could fail, and leave an ERROR in its log. */
const callable = `(SELECT count(*) = 2 AND bool_and(has_schema_privilege(space.oid, 'USAGE') AND has_function_privilege(own.oid, 'EXECUTE') AND (own.probin IS NULL OR EXISTS (SELECT 1 FROM pg_settings WHERE name = 'shared_preload_libraries' AND setting ~ 'repmgr'))) FROM pg_proc own JOIN pg_namespace space ON space.oid = own.pronamespace WHERE space.nspname = 'repmgr' AND own.pronargs = 0 AND own.proname IN ('repmgrd_is_running', 'repmgrd_is_paused'))`;

const nodes = asJson(
  `SELECT CASE WHEN ${readable} THEN $q$${listText(`node_id AS id, upstream_node_id AS upstream, active, ${ascii('node_name')} AS name, type, priority FROM repmgr.nodes LIMIT 100`)}$q$ ELSE ${nothing} END`,
);
const daemon = asJson(
  `SELECT CASE WHEN ${callable} THEN ${rowText('repmgr.repmgrd_is_running() AS running, repmgr.repmgrd_is_paused() AS paused')} ELSE ${nothing} END`,
);
const loaded = `(SELECT setting ~ 'repmgr' FROM pg_settings WHERE name = 'shared_preload_libraries')`;

/** One column of a question. */
export const repmgrColumn = `CASE WHEN ${table('count(*) > 0')} THEN (SELECT row_to_json(one) FROM (SELECT ${nodes} AS nodes, ${daemon} AS daemon, ${loaded} AS loaded) one) END`;

/** `managed`: whether its table is in this database; `daemon` is `none` where the server was not started for one. */
export function repmgrOf(repmgr: Repmgr | null | undefined): object {
  if (repmgr === undefined) return {};
  if (repmgr === null) return { managed: 'no' };
  const { nodes: rows, daemon: told, loaded: started } = repmgr;
  const state =
    told?.running === false ? 'dead' : told?.running === true ? (told.paused ? 'paused' : 'running') : undefined;
  return {
    managed: rows === null ? 'hidden' : 'yes',
    ...(rows && { nodes: rows.map((row) => nodeOf(row, rows)) }),
    ...(state ? { daemon: state } : started === false && { daemon: 'none' }),
  };
}

function nodeOf({ name, type, active, priority, upstream }: NodeRow, rows: readonly NodeRow[]): object {
  const followed = rows.find(({ id }) => id === upstream);
  const follows =
    upstream === null ? 'nobody' : followed?.type === 'primary' && followed.active ? 'the primary' : 'another';
  return { name, type, active, priority, follows };
}
