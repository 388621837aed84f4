/** Libraries that a server loads for its extensions and at its start: whether it would find each of them. */
import type { JsonSchema } from '../../core/model.js';
import { closed } from '../define.js';
import { anyFileAsked, ascii, asJson, granted, listText, nothing, since, version } from './dynamic.js';

/** A library by the name that a function or a setting has for it; `found` is null where its file was not looked for. */
export interface Library {
  name: string;
  preload: boolean;
  found: boolean | null;
}

/** Schema of the list. */
export const librariesSchema: JsonSchema = {
  type: ['array', 'null'],
  items: closed({
    name: { type: 'string' },
    preload: { type: 'boolean' },
    found: { type: ['boolean', 'null'] },
  }),
};

/** The settings that name what is loaded before anybody asks for it. */
export const preloadSettings = ['shared_preload_libraries', 'session_preload_libraries'] as const;

const named = preloadSettings.map((name) => `'${name}'`).join(', ');

/** The names in a setting that is a list. */
const namesIn = (view: string) =>
  `SELECT btrim(one, E' \\t"'), true FROM ${view} setting, regexp_split_to_table(setting.setting, ',') one WHERE lower(setting.name) IN (${named}) AND btrim(one, E' \\t"') <> ''`;

/** Where the server would look: below its own folder, or along dynamic_library_path; from 18 on there for every name without a folder. */
const candidates = `CASE
WHEN strpos(name, '/') = 0 THEN along
WHEN name LIKE '$libdir/%' THEN ARRAY[home || substr(name, 8)] || CASE WHEN ${version} >= 180000 THEN along END
WHEN strpos(name, home || '/') = 1 THEN ARRAY[name] END`;

/** Functions in C that came with an extension, or were made by hand: those of the server itself come with its programs. */
const functions = `SELECT probin::text AS name, false AS preload FROM pg_proc f WHERE probin IS NOT NULL AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'c')
AND (f.oid >= 16384 OR EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = f.oid AND deptype = 'e'))`;

const body = `${ascii('name')} AS name, preload, CASE WHEN paths IS NOT NULL THEN EXISTS (
SELECT FROM unnest(paths) path, unnest(ARRAY['', '.so', '.dylib']) suffix WHERE (pg_stat_file(path || suffix, true)).isdir IS FALSE) END AS found
FROM (SELECT name, preload, ${candidates} AS paths FROM (
SELECT name, preload, home, (SELECT array_agg(regexp_replace(folder, '^[$]libdir', home) || '/' || name) FROM unnest(string_to_array(path, ':')) folder) AS along FROM (
SELECT (SELECT setting FROM pg_config WHERE name = 'PKGLIBDIR') AS home, (SELECT setting FROM pg_settings WHERE name = 'dynamic_library_path') AS path) server,
(${functions} UNION ${namesIn('pg_settings')} NEXT) libraries) looked) placed`;

const [before = '', after = ''] = listText(body).split(' NEXT');

/** Every library that functions of the asked database or the settings name, now and in the server's files. */
export const libraries =
  asJson(`SELECT CASE WHEN ${anyFileAsked} AND ${since(90600, granted('pg_config', 'pg_config()'))} THEN $q$${before}$q$
|| CASE WHEN ${since(90600, granted('pg_file_settings', 'pg_show_all_file_settings()'))} THEN $q$ UNION ${namesIn('pg_file_settings')}$q$ ELSE '' END
|| $q$${after}$q$ ELSE ${nothing} END`);

/** The names of libraries that are missing; nothing where one of them was not looked for and none is known to be missing. */
export function missingLibraries(libraries: readonly Library[] | null | undefined): string[] | undefined {
  return missingAmong((libraries ?? undefined)?.filter(({ preload }) => !preload));
}

/** The same for what the next start loads; `written` is what the settings will be then, undefined where that is not known. */
export function missingPreloads(
  libraries: readonly Library[] | null | undefined,
  written: readonly (string | undefined)[],
): string[] | undefined {
  if (written.includes(undefined)) return undefined;
  const names = written.flatMap((list) => (list ?? '').split(',').map((one) => one.replace(/^[\s"]+|[\s"]+$/g, '')));
  const wanted = [...new Set(names)].filter((name) => name !== '');
  return missingAmong(
    wanted.map((name) => ({ name, found: libraries?.find((one) => one.preload && one.name === name)?.found ?? null })),
  );
}

function missingAmong(looked: readonly Pick<Library, 'name' | 'found'>[] | undefined): string[] | undefined {
  if (!looked) return undefined;
  const missing = looked.filter(({ found }) => found === false).map(({ name }) => name);
  return missing.length === 0 && looked.some(({ found }) => found === null) ? undefined : missing;
}
