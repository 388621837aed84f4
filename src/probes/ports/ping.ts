/** Echo requests (ICMP): how many come back, and how long they take. */
import { Unreadable } from '../../core/errors.js';
import type { Output } from '../../core/model.js';
import { answer, closed, command, defineProbe, hostAddress, parseJson, ran, refusal } from '../define.js';

const milliseconds = { type: 'number', minimum: 0 };

const counts = {
  sent: { type: 'integer', minimum: 1 },
  received: { type: 'integer', minimum: 0 },
  lossPercent: { type: 'number', minimum: 0, maximum: 100 },
};

/** From the host itself to its peer. That nothing came back is a value: only a program that could not ask has none. */
export const ping = defineProbe<{ address: string; count?: number }, unknown>({
  id: 'ping',
  title: 'Echo requests from this host to the peer: loss and round trip',
  on: 'pair',
  params: closed({ address: hostAddress, count: { type: 'integer', minimum: 1, maximum: 100 } }, ['count']),
  value: closed({ ...counts, roundTripMs: milliseconds, maxMs: milliseconds }, ['roundTripMs', 'maxMs']),
  restless: true,
  // 0.2 s is the shortest interval that everybody may ask for; five show a loss of none or some, and a mean round trip.
  ask: ({ address, count = 5 }) => [
    command(['ping', '-n', '-q', '-c', String(count), '-i', '0.2', '-W', '2', address], 'login', { timeoutMs: 45_000 }),
  ],
  read(outputs) {
    const output = ran(outputs);
    return { ...readCounts(output), ...readRoundTrip(output.stdout) };
  },
});

function readCounts(output: Output) {
  const form = /^(\d+) packets transmitted, (\d+) (?:packets )?received,.* \d+(?:\.\d+)?% packet loss/m;
  const told = form.exec(output.stdout);
  const [asked, back] = [Number(told?.[1]), Number(told?.[2])];
  // iputils ends with 1 when nothing came back; every other error is one of the program's own.
  const ended = output.exit === 0 || (output.exit === 1 && back === 0);
  if (!told || !ended) {
    throw output.exit === 0 ? new Unreadable('ping printed no statistics') : refusal(output);
  }
  return countsOf(asked, back);
}

function countsOf(sent: number, received: number) {
  if (!Number.isSafeInteger(sent) || !Number.isSafeInteger(received) || sent < 1 || received < 0 || received > sent)
    throw new Unreadable('the statistics of ping do not add up');
  return { sent, received, lossPercent: Math.round(((sent - received) / sent) * 1000) / 10 };
}

/** `rtt` in iputils, `round-trip` in busybox and (with `stddev`) inetutils; absent where nothing came back. */
function readRoundTrip(text: string): { roundTripMs?: number; maxMs?: number } {
  const [, average, most] =
    /^(?:rtt|round-trip) min\/avg\/max(?:\/mdev|\/stddev)? = [\d.]+\/(\d+\.?\d*)\/(\d+\.?\d*)/m.exec(text) ?? [];
  const [roundTripMs, maxMs] = [Number(average), Number(most)];
  return Number.isFinite(roundTripMs) && Number.isFinite(maxMs) ? { roundTripMs, maxMs } : {};
}

const HERE_COUNT = 3;
const HERE_TIMEOUT_MS = 1000;

/** From the machine that pairflight runs on; needs net-ping and the right to open a raw socket. */
export const pingFromHere = defineProbe({
  id: 'ping-from-here',
  title: 'Echo requests from the machine that pairflight runs on to this host: loss and round trip',
  on: 'host',
  params: closed({}),
  value: closed({ ...counts, roundTripMs: milliseconds }, ['roundTripMs']),
  restless: true,
  ask: (_, self) => [
    { kind: 'ping', to: self.reachedAs ?? self.address, count: HERE_COUNT, timeoutMs: HERE_TIMEOUT_MS },
  ],
  read(outputs) {
    const said = parseJson(answer(outputs));
    const { sent, received, ms } = Object(said) as { sent?: unknown; received?: unknown; ms?: unknown };
    if (typeof sent !== 'number' || typeof received !== 'number')
      throw new Unreadable('the echo requests were not counted');
    return {
      ...countsOf(sent, received),
      ...(received > 0 && typeof ms === 'number' && ms >= 0 ? { roundTripMs: ms } : {}),
    };
  },
});
