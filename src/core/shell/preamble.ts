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
 * The shell guards a command by itself, and that costs the host the command alone: one watchdog serves all that a shell runs. It
 * alarms the shell, at first when the first limit is over and then each second, because a signal may come where nobody waits for
 * it; the shell looks at the clock, sends the command and all that it has started TERM, KILL two seconds later, and gives up after
 * two more. What a command has started the kernel says, where it was built to; elsewhere only `pf_quick`, which is for a program
 * that starts no other, guards so. A status that an alarm has made uncertain is told as that of a command that was killed. The
 * watchdog ends with its shell, and alarms nobody else: it looks first whose child it is.
 *
 * Where a shell hears no alarm, or /proc is not its own, `timeout` has the limit, and ends what the command has started with it.
 * Without a usable one the shell has a watchdog for each command, which is in the background then, and has to be given its input by
 * hand. `env` keeps a word from meaning a builtin there, as it does under `timeout`. That watchdog holds none of the command's files
 * open, takes its own sleeper along when it is no longer needed (its `$!` is the command's until it has one; a sleeper that is
 * still starting would swallow a TERM), and ends with 124 only if it fired. It sleeps by the second because an old dash may miss a
 * signal in `wait` until the child ends. ksh counts signals from 256.
 */
export const PREAMBLE = `pf_t= pf_a= pf_c= pf_w= pf_q=
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
  pf_g=$!
  until pf_await; do :; done
  pf_c=
  kill "$pf_g" 2>/dev/null
  wait "$pf_g" 2>/dev/null
  [ "$?" -ne 124 ] || pf_x=124
}
pf_await() {
  pf_a=
  wait "$pf_c" 2>/dev/null
  pf_x=$?
  [ -n "$pf_a" ] || return 0
  if kill -0 "$pf_c" 2>/dev/null; then return 1; fi
  pf_a=
  wait "$pf_c" 2>/dev/null
  pf_x=$?
  [ -z "$pf_a" ] && [ "$pf_x" -ne 127 ] || pf_x=143
}
pf_run() {
  pf_n=$1 pf_s=$2
  shift 2
  pf_begin "$pf_n"
  if [ -z "$pf_t" ]; then
    pf_t=none
    if timeout -k 1 1 true </dev/null >/dev/null 2>&1; then pf_t=timeout; fi
  fi
  if [ "$pf_t" = timeout ]; then timeout -k 2 "$pf_s" "$@"; pf_x=$?; else pf_watch "$@"; fi
  pf_end "$pf_n" "$pf_x"
}
pf_begin() {
  printf '\\n%s\\n' "$1" || exit
  printf '\\n%s\\n' "$1" >&2
}
pf_end() {
  set -- "$1" "$2"
  [ "$2" -le 256 ] || set -- "$1" "$(($2 - 128))"
  printf '\\n%s %s\\n' "$1" "$2" || exit
  printf '\\n%s .\\n' "$1" >&2
  case $2 in 124 | 137 | 143) exit ;; esac
}
pf_timed() {
  [ "$2" -le 30 ] || pf_rest
  pf_run "$@" </dev/null
}
pf_rest() {
  [ -z "$pf_w" ] || kill "$pf_w" 2>/dev/null
  pf_w=
}
pf_alarm() {
  pf_a=1
  [ -n "$pf_c" ] || pf_rest
}
pf_leave() {
  pf_rest
  case $pf_c in '' | -) ;; *) kill "$pf_c" 2>/dev/null ;; esac
}
pf_clock() {
  { read -r pf_u pf_v </proc/uptime; } 2>/dev/null || return 1
  pf_u=\${pf_u%%.*}
  case $pf_u in '' | *[!0-9]*) return 1 ;; esac
}
pf_arm() {
  pf_rest
  pf_e=$((pf_l - pf_u))
  [ "$pf_e" -le 11 ] || pf_e=11
  (
    pf_o=$!
    trap '[ "$!" = "$pf_o" ] || kill -KILL "$!"; exit' TERM
    while sleep "$pf_e" & wait "$!"; [ "$?" -ne 127 ]; do
      read -r pf_i pf_v pf_v pf_p pf_v </proc/self/stat
      [ "$pf_p" = "$$" ] || exit
      kill -CONT "$$"
      kill -USR1 "$$"
      pf_e=1
    done
  ) </dev/null >/dev/null 2>&1 &
  pf_w=$!
  pf_e=$((pf_u + pf_e))
}
pf_tree() {
  while [ "$#" -gt 0 ]; do
    pf_j=
    { read -r pf_j </proc/"$1"/task/"$1"/children; } 2>/dev/null
    kill "-$pf_k" "$1"
    kill -CONT "$1"
    shift
    [ -z "$pf_j" ] || pf_tree $pf_j
  done 2>/dev/null
}
pf() {
  case $pf_q in one:all) pf_guard "$@" ;; *) pf_timed "$@" ;; esac
}
pf_quick() {
  case $pf_q,$3 in one:all,* | one,[!/]*) pf_guard "$@" ;; *) pf_timed "$@" ;; esac
}
pf_guard() {
  pf_clock || { pf_timed "$@"; return; }
  pf_n=$1 pf_s=$2 pf_c=- pf_k=TERM
  shift 2
  pf_l=$((pf_u + pf_s + 1))
  [ -n "$pf_w" ] && [ "$pf_e" -le "$pf_l" ] || pf_arm
  pf_begin "$pf_n"
  { exec "$@"; } </dev/null &
  pf_c=$!
  until pf_await; do
    pf_clock || pf_clock || pf_u=$pf_l
    if [ "$pf_u" -ge "$pf_l" ]; then
      case $pf_k in
        TERM) pf_tree "$pf_c"; pf_k=KILL ;;
        KILL) pf_tree "$pf_c"; pf_k= ;;
        *) break ;;
      esac 2>/dev/null
      pf_l=$((pf_u + 2))
    fi
    pf_arm
  done
  pf_c=
  [ "$pf_k" = TERM ] || pf_x=124
  pf_end "$pf_n" "$pf_x"
}
trap pf_alarm USR1
trap pf_leave EXIT
trap exit HUP PIPE
kill -USR1 "$$"
if { read -r pf_i pf_v </proc/self/stat; } 2>/dev/null && [ "$pf_i$pf_a" = "$$1" ]; then pf_q=one; fi
if [ -r /proc/$$/task/$$/children ]; then pf_q=$pf_q:all; fi
pf_user() {
  { while read -r pf_i pf_v pf_u pf_v; do [ "$pf_i" != Uid: ] || return 0; done </proc/self/status; } 2>/dev/null
  pf_u=$(id -u)
}
`;

/** The statuses with which a command's shell ends too: it was killed, by its time limit or by somebody. */
export const KILLED: readonly number[] = [124, 137, 143];

/**
 * Everything that is written to a new lane before its first command: a shell that is not the one that was asked for says so and
 * ends, and the nonce proves that the right one listens. A profile that reads a line of its own gets the empty one.
 */
export function preamble(nonce: string, proof?: Proof): string {
  // The mark first: a shell that repeats all that it reads says soon that it is another.
  return `\n${proof ? markCheck(proof) : ''}${PREAMBLE}${proof ? loginCheck(proof) : ''}pf_end ${nonce} 0\n`;
}

/** What a shell says that stands in the place of the one that was asked for. */
const NOT_ASKED = 'another shell answers in the place of the one that was asked for';
const NOT_ROOT = 'the shell that was asked for as root is not root';

/** Numbers are compared, because one user may have two names; where `id` knows no such name it says nothing. */
function userCheck(user: string): string {
  const name = quote(user);
  const another = end(`the shell that was asked for as ${user} is not ${user}'s`);
  return `pf_user\n[ -n "$pf_u" ] && { [ "$pf_u" = "$(id -u -- ${name} 2>/dev/null)" ] || [ "$pf_u" = ${name} ]; } || ${another}\n`;
}

const end = (words: string) => `{ printf '%s\\n' ${quote(words)} >&2; exit 126; }`;

function markCheck({ mark }: Proof): string {
  return `[ "$PF_ENTRY" = ${mark} ] || ${end(NOT_ASKED)}\nunset PF_ENTRY\n`;
}

function loginCheck({ root, user }: Proof): string {
  const becoming = user === undefined ? '' : userCheck(user);
  const rootCheck = root ? `pf_user\n[ "$pf_u" = 0 ] || ${end(NOT_ROOT)}\n` : '';
  return `${rootCheck}${becoming}`;
}

/** Asks whether the shell writes by itself, without a program that would have the words among its arguments. */
export function writesItself(nonce: string): string {
  return `pf_begin ${nonce}; [ "$(command -v printf)" = printf ]; pf_end ${nonce} "$?"\n`;
}

/** How a command is run. */
export interface Running {
  seconds: number;
  /** What it reads. */
  input?: string;
  /** It starts no other program that outlives it. */
  quick?: boolean;
}

/** Runs a command line, with an input that stands in no program's arguments and in no file. */
export function running(nonce: string, line: string, { seconds, input = '', quick = false }: Running): string {
  if (input === '') return `${quick ? 'pf_quick' : 'pf'} ${nonce} ${seconds} ${line}\n`;
  return `command printf '%s' ${quote(input)} | pf_run ${nonce} ${seconds} ${line}\n`;
}
