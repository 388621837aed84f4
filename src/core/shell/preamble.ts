/** What a lane tells its shell: before the first command, and for each. */
import { quote } from './words.js';

/** A shell that listens at once. */
const SILENT = '/bin/sh';

/**
 * The environment of every shell we open: messages in English, no `.pyc` files written by a product's Python, and a mark that is
 * made for this one shell. A profile that gives way to another shell, or a server that forces one, leaves it without the mark.
 */
export function shellWords(mark: string, says = SILENT): string {
  return `env LC_ALL=C PYTHONDONTWRITEBYTECODE=1 PF_ENTRY=${mark} ${says}`;
}

/**
 * A shell that first says its mark: behind a sudo that may ask for a password, now or later, nothing is written before that
 * but the password.
 */
export const SAYS_READY = `/bin/sh -c 'echo "$PF_ENTRY"; exec /bin/sh'`;

/** The command line that becomes a lane's shell; valid in sh, csh and fish. */
export function shellLine(mark: string, says?: string): string {
  return `exec ${shellWords(mark, says)}`;
}

/** What only the shell that was asked for can show. */
export interface Proof {
  mark: string;
  /** It is root's. */
  root: boolean;
  /** It is this user's. */
  user?: string | undefined;
}

/**
 * Defines `pf <nonce> <seconds> <word>...`: runs the words with a time limit and frames the answer with a nonce that was made
 * for it alone; `pf_run` does that for a command that reads what is piped into it. A shell that is no longer heard ends, and so
 * does one whose command was killed: what the command left behind may still write, and the next one is asked elsewhere.
 *
 * Without a usable `timeout` the shell watches itself; a command in the background has to be given its input by hand. `env` keeps a word from meaning a builtin there, as it does under
 * `timeout`. The watchdog holds none of the command's files open, takes its own sleeper along when it is no longer needed
 * (its `$!` is the command's until it has one; a sleeper that is still starting would swallow a TERM), and ends with 124
 * only if it fired. It sleeps by the second because an old dash may miss a signal in `wait` until the child ends. ksh
 * counts signals from 256.
 */
export const PREAMBLE = `pf_t=
if timeout -k 1 1 true </dev/null >/dev/null 2>&1; then pf_t=timeout; fi
pf_watch() {
  { env "$@" <&3 3<&- & } 3<&0
  pf_c=$!
  (
    pf_f=0
    pf_i=0
    trap '[ "$!" = "$pf_c" ] || kill -KILL "$!"; exit $pf_f' TERM
    while [ "$pf_i" -lt "$pf_s" ]; do sleep 1 & wait "$!"; pf_i=$((pf_i + 1)); done
    pf_f=124
    kill -TERM "$pf_c"
    sleep 2 & wait "$!"
    kill -KILL "$pf_c"
    exit 124
  ) </dev/null >/dev/null 2>&1 &
  pf_w=$!
  wait "$pf_c" 2>/dev/null
  pf_x=$?
  kill "$pf_w" 2>/dev/null
  wait "$pf_w" 2>/dev/null
  [ "$?" -ne 124 ] || pf_x=124
}
pf_run() {
  pf_n=$1 pf_s=$2
  shift 2
  pf_begin "$pf_n"
  if [ -n "$pf_t" ]; then timeout -k 2 "$pf_s" "$@"; pf_x=$?; else pf_watch "$@"; fi
  [ "$pf_x" -le 256 ] || pf_x=$((pf_x - 128))
  pf_end "$pf_n" "$pf_x"
}
pf_begin() {
  printf '\\n%s\\n' "$1" || exit
  printf '\\n%s\\n' "$1" >&2
}
pf_end() {
  printf '\\n%s %s\\n' "$1" "$2" || exit
  printf '\\n%s .\\n' "$1" >&2
  case $2 in 124 | 137 | 143) exit ;; esac
}
pf() { pf_run "$@" </dev/null; }
`;

/** The statuses with which a command's shell ends too: it was killed, by its time limit or by somebody. */
export const KILLED: readonly number[] = [124, 137, 143];

/**
 * Everything that is written to a new lane before its first command: a shell that is not the one that was asked for says so and
 * ends, and the nonce proves that the right one listens. A profile that reads a line of its own gets the empty one.
 */
export function preamble(nonce: string, proof?: Proof): string {
  return `\n${PREAMBLE}${proof ? proving(proof) : ''}pf_end ${nonce} 0\n`;
}

/** What a shell says that stands in the place of the one that was asked for. */
const NOT_ASKED = 'another shell answers in the place of the one that was asked for';
const NOT_ROOT = 'the shell that was asked for as root is not root';

/** Numbers are compared, because one user may have two names; where `id` knows no such name it says nothing. */
function userCheck(user: string, end: (words: string) => string): string {
  const name = quote(user);
  const other = end(`the shell that was asked for as ${user} is not ${user}'s`);
  return `pf_u=$(id -u)\n[ -n "$pf_u" ] && { [ "$pf_u" = "$(id -u -- ${name} 2>/dev/null)" ] || [ "$pf_u" = ${name} ]; } || ${other}\n`;
}

function proving({ mark, root, user }: Proof): string {
  const end = (words: string) => `{ printf '%s\\n' ${quote(words)} >&2; exit 126; }`;
  const becoming = user === undefined ? '' : userCheck(user, end);
  const rootCheck = root ? `[ "$(id -u)" = 0 ] || ${end(NOT_ROOT)}\n` : '';
  return `[ "$PF_ENTRY" = ${mark} ] || ${end(NOT_ASKED)}\nunset PF_ENTRY\n${rootCheck}${becoming}`;
}

/** Asks whether the shell writes by itself, without a program that would have the words among its arguments. */
export function writesItself(nonce: string): string {
  return `pf_begin ${nonce}; [ "$(command -v printf)" = printf ]; pf_end ${nonce} "$?"\n`;
}

/** Runs a command line, with an input that stands in no program's arguments and in no file. */
export function running(nonce: string, seconds: number, line: string, input = ''): string {
  if (input === '') return `pf ${nonce} ${seconds} ${line}\n`;
  return `command printf '%s' ${quote(input)} | pf_run ${nonce} ${seconds} ${line}\n`;
}
