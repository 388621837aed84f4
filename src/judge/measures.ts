/** The numbers of a run that somebody may want to draw: lag, what a standby has not received, clocks, free space. Pure. */
import { isRecord } from '../core/json.js';
import type { Evidence, Finding, Measure } from '../core/model.js';
import { readAnswer } from '../evidence/read-answer.js';
import { intervalOf } from '../pack/matchers.js';
import type { Scope } from '../plan/scope.js';

/** An answer of a host that was read: the last one, where it was asked several times. */
interface Read {
  host: string;
  value: Record<string, unknown>;
}

/**
 * What was measured, each number once. What could not be read is not there: a number never stands for an answer that did not
 * come. Of several standbys the one that is farthest behind is told.
 */
export function measuresOf(
  { pack }: Pick<Scope, 'pack'>,
  { steps }: Evidence,
  findings: readonly Finding[],
): Measure[] {
  const answers = (id: string): Read[] => {
    const probe = pack.probes.get(id);
    return steps.flatMap((step) => {
      const last = step.outputs.at(-1);
      if (step.probe !== id || !probe || !last || step.subject.kind !== 'host') return [];
      const answer = readAnswer(probe, step.params, last);
      if (!('value' in answer) || !isRecord(answer.value)) return [];
      return [{ host: step.subject.host, value: answer.value }];
    });
  };
  const senders = answers('postgres').map(({ host, value }) => ({
    host,
    list: Array.isArray(value.senders) ? value.senders.filter(isRecord) : [],
  }));
  const most = (name: 'lagBytes' | 'unreceivedBytes') =>
    senders.flatMap(({ host, list }) =>
      greatest(
        name,
        host,
        list.map((sender) => sender[name]),
      ),
    );
  const lag = most('lagBytes');
  return [
    // A product that tells the lag itself is believed where the server was not asked.
    ...(lag.length > 0 ? lag : lagOfSeries(findings)),
    ...most('unreceivedBytes'),
    ...clockOffset(answers('clock')),
    ...answers('filesystem').flatMap(({ host, value: { freeBytes, path } }): Measure[] =>
      // Where the path led: it may have been followed there by the host.
      typeof freeBytes === 'number' && typeof path === 'string'
        ? [{ name: 'freeBytes', host, path, value: freeBytes }]
        : [],
    ),
  ].filter((one, at, all) => all.findIndex((other) => isSame(one, other)) === at);
}

const isSame = (one: Measure, other: Measure) =>
  one.name === other.name && one.host === other.host && one.path === other.path;

function greatest(name: Measure['name'], host: string, values: readonly unknown[]): Measure[] {
  const numbers = values.filter((value) => typeof value === 'number');
  return numbers.length === 0 ? [] : [{ name, host, value: Math.max(...numbers) }];
}

/** The last number of every series of a lag in bytes, by whom it is of. */
function lagOfSeries(findings: readonly Finding[]): Measure[] {
  const series = findings
    .flatMap(({ samples = [] }) => samples)
    .filter(({ property }) => /lag.*bytes$/i.test(property));
  return series.flatMap(({ label, values }) => greatest('lagBytes', label, [values.at(-1)?.value]));
}

/** How far the clocks that are farthest apart are, between the middles of what is known of each. */
function clockOffset(clocks: readonly Read[]): Measure[] {
  const middles = clocks.flatMap(({ value }) => {
    const interval = intervalOf(value.offsetMs);
    return interval ? [(interval.low + interval.high) / 2] : [];
  });
  if (middles.length < 2) return [];
  return [{ name: 'clockOffsetMs', value: Math.round(Math.max(...middles) - Math.min(...middles)) }];
}
