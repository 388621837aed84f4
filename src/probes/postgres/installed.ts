/** Which servers' programs a host has, whether or not a server was ever made of them. */
import { Unreadable } from '../../core/errors.js';
import { absolutePath, answer, closed, command, contextName, defineProbe, wholeNumber } from '../define.js';

/**
 * Takes a folder, or none: then looks where packages and builds put servers, and on the PATH. Prints `FOLDER: ` and what `postgres
 * --version` says for each that has one, then `end`.
 */
export const installedScript = `if [ $# -eq 0 ]; then
  p=$(command -v postgres 2>/dev/null)
  case $p in /*/*) p=\${p%/*} ;; *) p=/usr/local/pgsql/bin ;; esac
  set -- "$p" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/local/pgsql/bin /usr/lib/postgresql*/bin /opt/postgresql/*/bin /opt/pgsql*/bin
fi
for d; do
  if [ -f "$d/postgres" ] && [ -x "$d/postgres" ]; then printf '%s: ' "$d"; "$d/postgres" --version </dev/null || exit 1; fi
done
echo end
`;

/** `major` is 15 and `minor` 18 for 15.18; of a version that is not released, such as 19beta1, only `said` is there. */
export const postgresInstalled = defineProbe<{ folder?: string; as?: string }, unknown>({
  id: 'postgres-installed',
  title: "The versions of the PostgreSQL servers' programs that a host has",
  on: 'host',
  params: closed({ folder: absolutePath, as: contextName }, ['folder', 'as']),
  value: closed({
    servers: {
      type: 'array',
      items: closed(
        {
          folder: { type: 'string' },
          said: { type: 'string' },
          major: { type: 'integer' },
          minor: { type: 'integer' },
        },
        ['major', 'minor'],
      ),
    },
  }),
  ask: ({ folder, as }) => [
    command(['/bin/sh', '-c', installedScript, 'postgres-installed', ...(folder === undefined ? [] : [folder])], as),
  ],
  read(outputs) {
    const lines = answer(outputs).split('\n');
    if (lines.pop() !== '' || lines.pop() !== 'end') throw new Unreadable('the list of servers is not whole');
    const servers = new Map(
      lines.map((line) => {
        const [, folder = '', said = ''] = /^(\/.*?): (postgres .+)$/.exec(line) ?? [];
        if (said === '') throw new Unreadable('a server did not say its version');
        const [, major, minor] = /\(PostgreSQL\) (\d+)\.(\d+)(?!\.)\b/.exec(said) ?? [];
        const version = major !== undefined && { major: wholeNumber(major), minor: wholeNumber(minor) };
        return [folder, { folder, said, ...version }] as const;
      }),
    );
    return { servers: [...servers.values()] };
  },
});
