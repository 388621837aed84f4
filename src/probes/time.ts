/** Probes of a host's time: how far its clock is from ours, and its time zone. */
import { Unreadable } from '../core/errors.js';
import { answer, closed, command, defineProbe, groupsOf, oneLine, ran } from './define.js';

/** Start and duration are kept in whole milliseconds, the one cut and the other rounded. */
const ROUNDED_MS = 2;

/**
 * An interval that holds the true offset: the host read its clock between the start and the end of the question, no nearer can
 * be said. It is positive where the host is ahead of this machine; two hosts' intervals compare, for both have our clock.
 */
export const clock = defineProbe({
  id: 'clock',
  title: "How far the host's clock is ahead of this machine's, as an interval in milliseconds",
  on: 'host',
  params: closed({}),
  value: closed({ offsetMs: closed({ low: { type: 'number' }, high: { type: 'number' } }) }),
  restless: true,
  ask: () => [command(['date', '+%s%N'])],
  read(outputs) {
    const { startedAt, durationMs } = ran(outputs);
    // A date that knows no nanoseconds (busybox) prints the letters, or nothing, in their place.
    const form = /^(\d{9,11})(\d{9}|%?N)?\n?$/;
    const [seconds, fraction] = groupsOf(form, answer(outputs), 'date did not print the time');
    const started = Date.parse(startedAt);
    if (!Number.isFinite(started) || !(durationMs >= 0))
      throw new Unreadable('it is not known when the host was asked');
    const fine = fraction?.length === 9;
    const host = Number(seconds) * 1000 + (fine ? Math.floor(Number(fraction) / 1e6) : 0);
    const low = Math.floor(host - (started + durationMs)) - ROUNDED_MS;
    return { offsetMs: { low, high: host - started + (fine ? ROUNDED_MS : 1000) } };
  },
});

/** date(1): the zone's abbreviation and its offset from UTC at this moment. */
export const timezone = defineProbe({
  id: 'timezone',
  title: 'The time zone: its abbreviation, and its offset from UTC as +hhmm',
  on: 'host',
  params: closed({}),
  value: closed({ zone: { type: 'string' }, offset: { type: 'string', pattern: '^[+-]\\d{4}$' } }),
  ask: () => [command(['date', '+%Z %z'])],
  read(outputs) {
    const form = /^([A-Za-z][A-Za-z0-9_/+-]*|[+-]\d{2,4}) ([+-]\d{4})$/;
    const [zone, offset] = groupsOf(form, oneLine(answer(outputs)), 'date did not print a time zone');
    return { zone, offset };
  },
});
