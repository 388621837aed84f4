/** Whether one host reaches ports of another: one TCP connect for each port, all in parallel, from the host itself. */
import { Unreadable } from '../../core/errors.js';
import { answer, closed, command, defineProbe, hostAddress, portNumbers, wholeNumber } from '../define.js';
import { reachScript } from './reach-script.js';

export { reachScript };

/** Seconds until a connect that nobody answers counts as filtered: past the first two retransmissions of a SYN (1 s, 3 s). */
export const CONNECT_SECONDS = 4;

/** What a connect came to. `filtered`: nobody answered, or the host's own firewall forbade it. */
type ReachState = 'open' | 'refused' | 'filtered' | 'unreachable' | 'unresolved' | 'undetermined';

const states: [RegExp, ReachState][] = [
  [/Connection refused/i, 'refused'],
  [/timed out|Operation not permitted/i, 'filtered'],
  [/No route to host|Network is unreachable|Host is unreachable|Host is down/i, 'unreachable'],
  [/Name or service not known|not known|resolution|Invalid host|bad address|bad hostname/i, 'unresolved'],
];

/** All ports of one direction; a port of which no line came back is missing in the value, and so stays unknown. */
export const tcpReach = defineProbe<{ ports: number[]; address: string }, unknown>({
  id: 'tcp-reach',
  title: 'Whether ports of the peer can be reached by TCP from this host',
  on: 'pair',
  params: closed({
    ports: portNumbers,
    address: hostAddress,
  }),
  value: closed({
    via: { type: 'string' },
    ports: {
      type: 'array',
      items: closed(
        {
          port: { type: 'integer' },
          state: { enum: ['open', 'refused', 'filtered', 'unreachable', 'unresolved', 'undetermined'] },
          ms: { type: 'integer', minimum: 0 },
        },
        ['ms'],
      ),
    },
  }),
  costly: true,
  restless: ['ports.ms'],
  ask: ({ ports, address }) => [
    command(
      ['/bin/sh', '-c', reachScript, 'tcp-reach', address, String(CONNECT_SECONDS), ...ports.map(String)],
      'login',
      {
        timeoutMs: 30_000,
      },
    ),
  ],
  read: (outputs, { ports }) => readReach(answer(outputs), ports),
});

/** What the reachability script printed. @throws Unreadable unless it ran to its end with a tool. */
export function readReach(text: string, ports: number[]) {
  const lines = text.trimEnd().split('\n');
  const via = /^via (\w+)$/.exec(lines[0] ?? '')?.[1];
  if (via === undefined || lines.at(-1) !== 'end') throw new Unreadable('the reachability script did not finish');
  if (via === 'none')
    throw new Unreadable('the host has none of bash, python3, perl and nc to connect with', 'not-found', 'command');
  const found = new Map<number, { state: ReachState; ms?: number }>();
  for (const line of lines) {
    const [, port = '', exit, ms, said = ''] = /^([1-9]\d*) (\d+) (\d+|-)(?: (.*))?$/.exec(line) ?? [];
    const number = Number(port);
    if (!ports.includes(number)) continue;
    const state = stateOf(Number(exit), said);
    // Two lines for one port are not the script's own.
    const before = found.get(number)?.state ?? state;
    const took = ms === '-' ? {} : { ms: wholeNumber(ms) };
    found.set(number, before === state ? { state, ...took } : { state: 'undetermined' });
  }
  // In the order that they were asked in: they answer in any.
  return { via, ports: ports.flatMap((port) => ({ port, ...found.get(port) })).filter((one) => 'state' in one) };
}

function stateOf(exit: number, said: string): ReachState {
  if (exit === 0) return 'open';
  // timeout(1) ends with 124, or 137 when it had to kill; that of busybox with 143.
  if (exit === 124 || exit === 137 || exit === 143) return 'filtered';
  return states.find(([pattern]) => pattern.test(said))?.[1] ?? 'undetermined';
}
