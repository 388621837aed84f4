/** Whether one host reaches ports of another: one TCP connect for each port, all in parallel, from the host itself. */
import { Unreadable } from '../errors.js';
import { answer, closed, command, defineProbe, hostAddress } from './define.js';

/** Seconds until a connect that nobody answers counts as filtered: past the first two retransmissions of a SYN (1 s, 3 s). */
const CONNECT_SECONDS = 4;

const python =
  'import socket,sys\ntry: socket.create_connection((sys.argv[1],int(sys.argv[2])),float(sys.argv[3])).close()\nexcept Exception as e: sys.exit("timed out" if isinstance(e,socket.timeout) else (getattr(e,"strerror",None) or str(e)))';

const perl =
  'use IO::Socket::INET; my $s=IO::Socket::INET->new(PeerAddr=>$ARGV[0],PeerPort=>$ARGV[1],Proto=>"tcp",Timeout=>$ARGV[2]); exit 0 if $s; print STDERR $@; exit 1';

/**
 * Takes an address and ports; prints `via TOOL`, then for each port `PORT EXIT what the tool said`, then `end`. Only tools that
 * tell refused from filtered are used; where there is none it prints `via none`, and every state stays unknown. Bash runs without
 * its start-up files, which it would read under sshd and which may end it; python3 without the modules of the current folder.
 */
export const reachScript = `a=$1 t=$2; shift 2
if command -v bash >/dev/null 2>&1 && timeout -k 1 2 true 2>/dev/null; then via=bash
elif command -v python3 >/dev/null 2>&1; then via=python3
elif command -v perl >/dev/null 2>&1 && perl -MIO::Socket::INET -e 1 2>/dev/null; then via=perl
elif command -v nc >/dev/null 2>&1 && timeout -k 1 2 true 2>/dev/null; then via=nc
else echo via none; echo end; exit 0; fi
echo "via $via"
try() {
  case $via in
    bash) timeout -k 1 "$t" bash --norc -p -c 'exec 3<>"/dev/tcp/$0/$1"' "$a" "$1" ;;
    python3) python3 -IB -c '${python}' "$a" "$1" "$t" ;;
    perl) perl -e '${perl}' "$a" "$1" "$t" ;;
    nc) timeout -k 1 "$t" nc -v -z "$a" "$1" ;;
  esac
}
for p; do
  ( m=$(try "$p" 2>&1 </dev/null); r=$?; printf '%s %s %s\\n' "$p" "$r" "$(printf %s "$m" | tr '\\n' ' ')" ) &
done
wait
echo end
`;

/** What a connect came to. `filtered`: nobody answered, or the host's own firewall forbade it. */
export type ReachState = 'open' | 'refused' | 'filtered' | 'unreachable' | 'unresolved' | 'undetermined';

const states: [RegExp, ReachState][] = [
  [/Connection refused/i, 'refused'],
  [/timed out|timeout|Operation not permitted/i, 'filtered'],
  [/No route to host|Network is unreachable|Host is unreachable|Host is down/i, 'unreachable'],
  [/Name or service not known|not known|resolution|Invalid host|bad address|bad hostname/i, 'unresolved'],
];

/** All ports of one direction; a port of which no line came back is missing in the value, and so stays unknown. */
export const tcpReach = defineProbe<{ ports: number[]; address: string }, unknown>({
  id: 'tcp-reach',
  title: 'Whether ports of the peer can be reached by TCP from this host',
  on: 'pair',
  params: closed({
    ports: {
      type: 'array',
      items: { type: 'integer', minimum: 1, maximum: 65535 },
      minItems: 1,
      maxItems: 64,
      uniqueItems: true,
    },
    address: hostAddress,
  }),
  value: closed({
    via: { type: 'string' },
    ports: {
      type: 'array',
      items: closed({
        port: { type: 'integer' },
        state: { enum: ['open', 'refused', 'filtered', 'unreachable', 'unresolved', 'undetermined'] },
      }),
    },
  }),
  ask: ({ ports, address }) => [
    command(
      ['/bin/sh', '-c', reachScript, 'tcp-reach', address, String(CONNECT_SECONDS), ...ports.map(String)],
      'login',
      {
        timeoutMs: 30_000,
      },
    ),
  ],
  read(outputs, { ports }) {
    const lines = answer(outputs).trimEnd().split('\n');
    const via = /^via (\w+)$/.exec(lines[0] ?? '')?.[1];
    if (via === undefined || lines.at(-1) !== 'end') throw new Unreadable('the reachability script did not finish');
    if (via === 'none')
      throw new Unreadable('the host has none of bash, python3, perl and nc to connect with', 'not-found', 'command');
    const asked = new Set(ports);
    const found = lines.slice(1, -1).flatMap((line) => {
      const [, port, exit, said] = /^(\d+) (\d+) ?(.*)$/.exec(line) ?? [];
      const number = Number(port);
      if (port === undefined || !asked.delete(number)) return [];
      return [{ port: number, state: stateOf(Number(exit), said ?? '') }];
    });
    return { via, ports: found };
  },
});

function stateOf(exit: number, said: string): ReachState {
  if (exit === 0) return 'open';
  // timeout(1) ends with 124, or 137 when it had to kill; that of busybox with 143.
  if (exit === 124 || exit === 137 || exit === 143) return 'filtered';
  return states.find(([pattern]) => pattern.test(said))?.[1] ?? 'undetermined';
}
