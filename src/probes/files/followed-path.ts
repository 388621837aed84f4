/** A path that the host itself names in a file of its own: a script reads the line there and asks about what it names. */
import { Unreadable } from '../../core/errors.js';
import { isRecord } from '../../core/json.js';
import type { Ask, ExecAsk, HostRef, JsonSchema, Output } from '../../core/model.js';
import { type AnyProbe, absolutePath, ran, refusal, saysMissing } from '../define.js';

/** Where a path stands: `line` (1 unless said) of the file `line_of`, and what is to be added to it. */
export interface FollowedPath {
  line_of: string;
  line?: number;
  then?: string;
}

/** Schema of a path parameter that is written out, or that the host follows. */
const followablePath: JsonSchema = {
  ...absolutePath,
  type: ['string', 'object'],
  // biome-ignore lint/suspicious/noThenProperty: what comes behind the path
  properties: { line_of: absolutePath, line: { type: 'integer', minimum: 1, maximum: 999 }, then: absolutePath },
  required: ['line_of'],
  additionalProperties: false,
  examples: [{ line_of: '/etc/shop/data-disk', line: 1 }],
};

/** The word of a question that stands for the path, alone or with a slash behind it. */
const PATH = '{path}';

/** What the line in the host's file is: a path, which was followed, or why there is none. */
const names: JsonSchema = { enum: ['path', 'no file', 'no line', 'no path'] };

/** Whose path it is makes no difference to what is asked about it. */
const nobody: HostRef = { name: '', role: '', address: '', connection: 'none' };

/** More of a file than this is no note of paths. */
const LONGEST_FILE = 65_536;
/** A file of fewer bytes may be read by one program. */
const PLAIN_FILE = 1024;
const LONGEST_PATH = 4096;

/**
 * Takes a file, the number of a line, what is added to the path there, and a question in which `{path}` stands for it. Says first
 * `path` and the path, or `no line` or `no path` and nothing more; then it becomes the question. Only an absolute path without
 * control characters is one. That the file is not there, or gives nothing, is said by head, in its own words.
 *
 * A shell loses the NULs of what it reads. A small file is printed by od, byte for byte, each in four columns and sixteen in a
 * line; where that holds, and each is one letter without a blank or the end of a line, the letters are the path. Any other file
 * is read by head, and its NULs are made control characters.
 */
export const followScript = `[ -e "$1" ] || exec head -c 1 "$1"
o=$(od -A n -v -c -N ${PLAIN_FILE} "$1" 2>/dev/null)
p= k=0 l=1
set -f
for c in $o; do
  k=$((k + 1))
  case $c in
    '\\n') l=$((l + 1)) ;;
    ?) [ "$l" -ne "$2" ] || p=$p$c ;;
    *) k=${PLAIN_FILE}; break ;;
  esac
done
set +f
if [ "$k" -eq 0 ] || [ "$k" -ge ${PLAIN_FILE} ] || [ \${#o} -ne $((4 * k + (k - 1) / 16)) ]; then
  p=$(head -c ${LONGEST_FILE} "$1" | tr '\\000' '\\001') || exit 1
  [ -n "$p" ] || head -c 1 "$1" >/dev/null || exit 1
  if [ \${#p} -ge ${LONGEST_FILE} ]; then echo "follow-path: $1 is too long" >&2; exit 1; fi
  e='
'
  n=$2
  while [ "$n" -gt 1 ]; do
    case $p in *"$e"*) p=\${p#*"$e"} ;; *) p= ;; esac
    n=$((n - 1))
  done
  p=\${p%%"$e"*}
fi
if [ -z "$p" ]; then echo 'no line'; exit 0; fi
case $p in *[[:cntrl:]]*) p= ;; /*) ;; *) p= ;; esac
if [ -z "$p" ] || [ \${#p} -gt ${LONGEST_PATH} ]; then echo 'no path'; exit 0; fi
while case $p in */) true ;; *) false ;; esac; do p=\${p%/}; done
p=$p$3
p=\${p:-/}
shift 3
n=$#
while [ "$n" -gt 0 ]; do
  w=$1
  shift
  case $w in '${PATH}') w=$p ;; '${PATH}/') w=\${p%/}/ ;; esac
  set -- "$@" "$w"
  n=$((n - 1))
done
printf 'path %s\\n' "$p"
exec "$@"
`;

/** What a probe does where the host's file names a path: each of its questions about the path is followed by the host. */
export function following(probe: AnyProbe, param: string, nowhere: object = { exists: false }): AnyProbe {
  return {
    ...probe,
    params: { ...probe.params, properties: { ...probe.params.properties, [param]: followablePath } },
    value: { ...probe.value, properties: { ...probe.value.properties, names, followed: { type: 'string' } } },
    ask(params, self, peer) {
      const path: string | FollowedPath = params[param];
      if (typeof path === 'string') return probe.ask(params, self, peer);
      return probe.ask({ ...params, [param]: PATH }, self, peer).map((ask) => followedAsk(ask, path));
    },
    read(outputs, params) {
      const path: string | FollowedPath = params[param];
      if (typeof path === 'string') return probe.read(outputs, params);
      const asks = probe.ask({ ...params, [param]: PATH }, nobody);
      const lines = outputs.map((output, index) => (asksAbout(asks[index]) ? lineIn(output) : undefined));
      // What did not come as far as the script's first word says so itself.
      for (const [index, line] of lines.entries()) {
        if (line === undefined || line.names !== undefined) continue;
        ran(outputs, index);
        throw new Unreadable('the host did not say which path it followed');
      }
      const told = new Set(lines.flatMap((line) => (line === undefined ? [] : [line.path ?? line.names])));
      if (told.size > 1) throw new Unreadable(`${path.line_of} was changed while it was read`);
      const { names, path: followed } = lines.find((line) => line !== undefined) ?? {};
      if (names === undefined) throw new Unreadable('was not asked', 'not-run');
      if (followed === undefined) return { ...nowhere, names };
      const answers = outputs.map((output, index) => lines[index]?.answer ?? output);
      const value = readAbout(
        probe,
        answers,
        { ...params, [param]: followed },
        `${followed}, which ${path.line_of} names`,
      );
      return { ...value, names, followed };
    },
  };
}

/** The value of a probe at a path; why there is none begins with the path. */
function readAbout(probe: AnyProbe, answers: Output[], params: object, path: string): object {
  try {
    return probe.read(answers, params) as object;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Unreadable(`${path}: ${error.message}`, error.problem, error.at);
  }
}

function asksAbout(ask: Ask | undefined): boolean {
  return ask?.kind === 'exec' && ask.argv.some(isPathWord);
}

const isPathWord = (word: string) => word === PATH || word === `${PATH}/`;

function followedAsk(ask: Ask, { line_of: file, line = 1, then = '' }: FollowedPath): Ask {
  if (ask.kind !== 'exec' || !asksAbout(ask)) return ask;
  const argv: ExecAsk['argv'] = ['/bin/sh', '-c', followScript, 'follow-path', file, String(line), then, ...ask.argv];
  return { ...ask, argv, maxBytes: ask.maxBytes + 2 * LONGEST_PATH };
}

/** The question among the words of the script, as if the file had named a path; undefined where they are not the script's. */
export function followedQuestion([file = '', line = '', then = '', ...argv]: string[]): string[] | undefined {
  const path = new RegExp(absolutePath.pattern);
  const meant =
    path.test(file) && /^[1-9]\d{0,2}$/.test(line) && (then === '' || path.test(then)) && argv.some(isPathWord);
  return meant ? argv.map((word) => (isPathWord(word) ? word.replace(PATH, '/path') : word)) : undefined;
}

/** Whether a parameter's value is where a path stands. */
export function isFollowed(value: unknown): value is FollowedPath {
  return isRecord(value) && 'line_of' in value;
}

/** The parameter that the host follows, and where its path stands; undefined where every path is written out. */
export function followedParam(params: Record<string, unknown>): { param: string; path: FollowedPath } | undefined {
  for (const [param, path] of Object.entries(params)) if (isFollowed(path)) return { param, path };
  return undefined;
}

/** The path on a line of a file's text, as the script takes it. */
export function pathIn(text: string, { line = 1, then = '' }: FollowedPath): { names: string; path?: string } {
  const named = text.split('\n')[line - 1] ?? '';
  if (named === '') return { names: 'no line' };
  if (!named.startsWith('/') || /\p{Cc}/u.test(named)) return { names: 'no path' };
  return { names: 'path', path: `${named.replace(/(?<!\/)\/+$/, '')}${then}` || '/' };
}

/** What the script said first, and the question's own answer behind that; nothing where it did not come so far. */
function lineIn(output: Output): { names?: string; path?: string; answer?: Output } {
  const end = output.stdout.indexOf('\n');
  const first = end < 0 ? '' : output.stdout.slice(0, end);
  if (first.startsWith('path /')) {
    const path = first.slice('path '.length);
    if (/\p{Cc}/u.test(path)) return { names: 'no path' };
    return { names: 'path', path, answer: { ...output, stdout: output.stdout.slice(end + 1) } };
  }
  if (output.problem !== undefined) return {};
  if (saysMissing(output, 'head')) return { names: 'no file' };
  if (output.exit !== 0) throw refusal(output);
  return /^no (line|path)\n$/.test(output.stdout) ? { names: first } : {};
}
