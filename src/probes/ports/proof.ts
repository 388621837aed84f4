/** Proof that a path to a port is open where nothing listens yet: the peer listens there for a moment. Active; on request only. */
import { Unreadable } from '../../core/errors.js';
import { ipv4 } from '../../core/ipv4.js';
import type { ExecAsk, Output } from '../../core/model.js';
import { answer, closed, command, defineProbe, hostAddress, portNumbers, ran } from '../define.js';
import { earsScript, LISTEN_SECONDS } from './listen-script.js';
import { CONNECT_SECONDS, reachScript, readReach } from './reach.js';

/** Seconds that the connecting host waits first, so that the other's listeners are up. */
const HEAD_START_SECONDS = 1;

/** The reachability script, after a moment. */
export const proofScript = `sleep ${HEAD_START_SECONDS}
${reachScript}`;

/** `in-use`: nothing was tried, because something already listens. `undetermined`: neither proven nor disproven. */
type ProofState = 'proven' | 'in-use' | 'blocked' | 'undetermined';

/** An IPv4 address that is one interface's, never the wildcard. */
export const oneAddress = (address: string) => ipv4(address) !== undefined && !address.startsWith('0.');

interface Params {
  ports: number[];
  address: string;
}

const active: Partial<ExecAsk> = { effect: 'listen', timeoutMs: 20_000 };

/** Each port once; `proven` only if the peer listened, the connect was open, and the peer saw a connection come. */
export const portProof = defineProbe<Params, unknown>({
  id: 'port-proof',
  title: 'Whether ports of the peer that nobody uses can be reached: the peer listens there for five seconds',
  on: 'pair',
  params: closed({
    ports: portNumbers,
    address: hostAddress,
  }),
  value: closed({
    via: { type: 'string' },
    ports: {
      type: 'array',
      items: closed({ port: { type: 'integer' }, state: { enum: ['proven', 'in-use', 'blocked', 'undetermined'] } }),
    },
  }),
  costly: true,
  // By a name the peer might listen on more than the one address that is meant.
  ask: ({ ports, address }) =>
    oneAddress(address)
      ? [
          command(['/bin/sh', '-c', earsScript, 'port-ears', address, ...ports.map(String)], 'login', {
            ...active,
            on: 'peer',
          }),
          command(
            ['/bin/sh', '-c', proofScript, 'port-proof', address, String(CONNECT_SECONDS), ...ports.map(String)],
            'login',
            active,
          ),
        ]
      : [],
  read(outputs, { ports, address }) {
    if (!oneAddress(address))
      throw new Unreadable(`${address} is not the IPv4 address of one interface, so nothing listens on it`);
    const { via, said } = readEars(answer(outputs, 0), ports);
    const reached = new Map(readReach(answer(outputs, 1), ports).ports.map(({ port, state }) => [port, state]));
    const met = together(outputs);
    const stateOf = (port: number): ProofState => {
      const words = said.get(port) ?? new Set();
      const reach = reached.get(port);
      if (words.has('in-use')) return 'in-use';
      if (!words.has('listening') || words.has('failed')) return 'undetermined';
      // Without a connection at its end, something between the hosts has answered in the peer's place.
      if (reach === 'open') return words.has('accepted') ? 'proven' : 'undetermined';
      if (reach === 'filtered' || reach === 'unreachable') return 'blocked';
      return reach === 'refused' && met ? 'blocked' : 'undetermined';
    };
    return { via, ports: ports.map((port) => ({ port, state: stateOf(port) })) };
  },
});

function readEars(text: string, ports: number[]) {
  const lines = text.trimEnd().split('\n');
  const via = /^via (\w+)$/.exec(lines[0] ?? '')?.[1];
  if (via === undefined || lines.at(-1) !== 'end') throw new Unreadable('the listening script did not finish');
  if (via === 'none')
    throw new Unreadable('the peer has none of python3, perl and a usable nc to listen with', 'not-found', 'command');
  const said = new Map(ports.map((port) => [port, new Set<string>()]));
  for (const line of lines) {
    const [, port = '', word = ''] = /^(\d+) (listening|accepted|in-use|failed)\b/.exec(line) ?? [];
    said.get(Number(port))?.add(word);
  }
  return { via, said };
}

/**
 * Whether the ports were listening for the whole time of the connects. The listeners' own start lies between the start of their
 * script and five seconds before its end; so does it certainly if the connects fall into what is left. Otherwise a refusal says
 * nothing: the connect may have come too early or too late.
 */
function together(outputs: Output[]): boolean {
  const [ears, connects] = [ran(outputs, 0), ran(outputs, 1)];
  const [heard, tried] = [Date.parse(ears.startedAt), Date.parse(connects.startedAt)];
  const up = heard + ears.durationMs - LISTEN_SECONDS * 1000;
  const down = heard + LISTEN_SECONDS * 1000;
  return tried + HEAD_START_SECONDS * 1000 >= up && tried + connects.durationMs <= down;
}
