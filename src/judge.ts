/** Judges one condition on one subject: takes the values it names, puts each to its matcher, and says what came of it. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { type FactSource, isRead, type Reading, readPath, type Unread } from './facts.js';
import { intervalOf, match } from './matchers.js';
import type { Condition, HostRef, PortRow, Rule, Subject, Verdict } from './model.js';
import { expand } from './settings.js';
import { keyOfToken } from './tokens.js';
import { list, showValue } from './words.js';

/** What a condition is judged with. */
export interface Circumstance {
  rule: Rule;
  source: FactSource;
  /** The hosts that `every`, `any`, `same`, `distinct`, `difference` and `count` range over. */
  hosts: HostRef[];
  self?: HostRef;
  peer?: HostRef;
  direction?: { from: HostRef; to: HostRef };
  row?: PortRow & { needed_here: boolean };
  hostsOf(role: string): HostRef[];
  setting(name: string, host: HostRef | undefined): unknown;
}

/** What came of judging: `actual` by host, `expected` in words, the steps it rests on, and what could not be read. */
export interface Outcome {
  verdict: Verdict;
  message: string;
  actual?: unknown;
  expected?: unknown;
  steps: string[];
  unread: Unread[];
}

interface Sample {
  label: string;
  host?: HostRef;
  reading: Reading;
}

/** What a rule may ask of a row, and where it stands. */
const rowProperties: Record<string, string> = {
  number: 'port',
  port: 'port',
  name: 'name',
  from: 'from',
  to: 'to',
  severity: 'severity',
  basis: 'basis',
  must_listen: 'mustListen',
  needed: 'needed_here',
};

/** The worst first: what decides when several values are judged by one condition. */
const worst: Verdict[] = ['fail', 'error', 'unknown', 'pass', 'skip'];

/** Judges a condition; one that rests on a fact without a value, be it in an argument, is unknown. */
export function judge(condition: Condition, here: Circumstance): Outcome {
  try {
    return judgeSamples(condition, here);
  } catch (error) {
    if (error instanceof BrokenReference) return { verdict: 'error', message: error.message, steps: [], unread: [] };
    if (!(error instanceof UnreadReference)) throw error;
    const { unread, steps } = error.reading;
    return { verdict: 'unknown', message: `${unread.host}: ${unread.reason}`, steps, unread: [unread] };
  }
}

function judgeSamples(condition: Condition, here: Circumstance): Outcome {
  const samples = samplesOf(condition, here).flatMap((sample) => pickElements(condition, sample, here));
  const outcome = {
    steps: [...new Set(samples.flatMap((sample) => sample.reading.steps))],
    unread: unreadOf(samples),
    actual: actualOf(samples, condition),
  };
  if (samples.length === 0) return { ...outcome, verdict: 'unknown', message: 'there is no host to ask' };
  switch (condition.quantifier) {
    case 'same':
    case 'distinct':
    case 'difference':
      return { ...outcome, ...compareAll(condition, samples, here) };
    case 'count':
      return { ...outcome, ...countHosts(condition, samples, here) };
    default:
      return { ...outcome, ...judgeEach(condition, samples, here) };
  }
}

function samplesOf(condition: Condition, here: Circumstance): Sample[] {
  const { rule, source } = here;
  const about = (host: HostRef, label = host.name): Sample => ({
    label,
    host,
    reading: readPath(source, rule, condition.path, { kind: 'host', host: host.name } satisfies Subject),
  });
  switch (condition.quantifier) {
    case 'row': {
      const row = here.row as Record<string, unknown> | undefined;
      const property = rowProperties[condition.path];
      if (property === undefined) throw new BrokenReference(`a row has no ${condition.path}`);
      return [{ label: 'row', reading: { value: row?.[property] ?? false, steps: [] } }];
    }
    case 'pair': {
      const directions = here.direction
        ? [here.direction]
        : here.hosts.flatMap((from) => here.hosts.filter((to) => to !== from).map((to) => ({ from, to })));
      return directions.map(({ from, to }) => ({
        label: `${from.name} -> ${to.name}`,
        reading: readPath(source, rule, condition.path, { kind: 'pair', from: from.name, to: to.name }),
      }));
    }
    case 'self':
      return here.self ? [about(here.self)] : [];
    case 'peer':
      return here.peer ? [about(here.peer)] : [];
    case 'role':
      return here.hostsOf(condition.role ?? '').map((host) => about(host));
    default:
      return here.hosts.map((host) => about(host));
  }
}

/** `where` and `its`: the elements of a list that are meant, and the field of them that is judged. */
function pickElements(condition: Condition, sample: Sample, here: Circumstance): Sample[] {
  const { where, its } = condition;
  if (condition.quantifier === 'count' || (where === undefined && its === undefined)) return [sample];
  const { reading } = sample;
  if (!isRead(reading)) return [sample];
  if (!Array.isArray(reading.value))
    return [{ ...sample, reading: unreadable(sample, `${condition.path} is not a list`) }];
  const wanted = Object.entries(referred(where ?? {}, sample.host, here) as Record<string, unknown>);
  const picked = reading.value.filter((element) =>
    wanted.every(([field, value]) => (element as Record<string, unknown> | null)?.[field] === value),
  );
  if (its === undefined) return [{ ...sample, reading: { ...reading, value: picked } }];
  if (picked.length === 0) {
    const which = wanted.map(([field, value]) => `${field} ${value}`).join(', ');
    return [{ ...sample, reading: unreadable(sample, `the answer has nothing for ${which}`) }];
  }
  return picked.map((element) => {
    const value = (element as Record<string, unknown> | null)?.[its];
    return {
      ...sample,
      reading: value === undefined ? unreadable(sample, `${its} is not in the answer`) : { ...reading, value },
    };
  });
}

function unreadable(sample: Sample, reason: string): Reading {
  return { unread: { reason, ...(sample.host && { host: sample.host.name }) }, steps: sample.reading.steps };
}

/** Thrown while an argument is made out, when a fact that it refers to has no value. */
class UnreadReference extends Error {
  constructor(readonly reading: Extract<Reading, { unread: Unread }>) {
    super(reading.unread.reason);
  }
}

/** Thrown for a reference that leads nowhere: the rule itself makes no sense. */
class BrokenReference extends Error {}

/** `@reference` and `${setting}` in an argument, as they stand for one host. @throws UnreadReference */
function referred(value: unknown, host: HostRef | undefined, here: Circumstance): unknown {
  const self = here.self ?? host;
  const { rule, source } = here;
  return expand(
    value,
    (name) => here.setting(name, self),
    (reference) => {
      const [who = '', what = ''] = reference.split('.');
      if (who === 'port') {
        const value = (here.row as Record<string, unknown> | undefined)?.[what === 'number' ? 'port' : what];
        if (value === undefined) throw new BrokenReference(`@${reference} means nothing here`);
        return value;
      }
      const other = self && here.hosts.find((one) => one.name !== self.name);
      const meant = who === 'self' ? self : who === 'peer' ? (here.peer ?? other) : here.hostsOf(who)[0];
      if (!meant) throw new BrokenReference(`@${reference} means no host here`);
      if (Object.hasOwn(meant, what)) return (meant as unknown as Record<string, unknown>)[what];
      const reading = readPath(source, rule, reference.slice(who.length + 1), { kind: 'host', host: meant.name });
      if (!isRead(reading)) throw new UnreadReference({ ...reading, unread: { ...reading.unread, host: meant.name } });
      return reading.value;
    },
  );
}

function judgeEach(
  condition: Condition,
  samples: Sample[],
  here: Circumstance,
): Pick<Outcome, 'verdict' | 'message' | 'expected'> {
  const { name, arg } = condition.matcher ?? { name: '', arg: undefined };
  const judged = samples.map((sample) => {
    const expected = referred(arg, sample.host, here);
    if (name === 'absent') return { sample, ...judgeAbsence(sample, expected !== false) };
    if (!isRead(sample.reading))
      return { sample, verdict: 'unknown' as const, says: match(name, undefined, expected).says };
    return { sample, ...match(name, sample.reading.value, expected) };
  });
  const order = condition.quantifier === 'any' ? (['pass', 'unknown', 'error', 'fail', 'skip'] as Verdict[]) : worst;
  const verdict = order.find((word) => judged.some((one) => one.verdict === word)) ?? 'unknown';
  const deciding = judged.filter((one) => one.verdict === verdict);
  const words = deciding.map(({ sample, says }) => wordsOf(condition, sample, verdict, says));
  return { verdict, message: words.join('; '), expected: [...new Set(judged.map((one) => one.says))].join('; ') };
}

/** An absent property is a value here: the answer was read and does not hold it. */
function judgeAbsence(sample: Sample, absent: boolean): { verdict: Verdict; says: string } {
  const says = absent ? 'not there' : 'there';
  if (isRead(sample.reading)) return { verdict: absent ? 'fail' : 'pass', says };
  return { verdict: sample.reading.unread.absent ? (absent ? 'pass' : 'fail') : 'unknown', says };
}

function wordsOf(condition: Condition, sample: Sample, verdict: Verdict, says: string): string {
  const label = sample.label === 'row' ? 'this row' : sample.label;
  if (!isRead(sample.reading)) return `${label}: ${sample.reading.unread.reason}`;
  const value = showValue(propertyOf(condition), sample.reading.value);
  if (verdict === 'pass' || verdict === 'skip') return `${label}: ${value}`;
  if (verdict === 'error') return `${label}: ${value} cannot be compared with ${says}`;
  return verdict === 'unknown'
    ? `${label}: ${value} decides nothing; expected ${says}`
    : `${label}: ${value}, expected ${says}`;
}

function compareAll(
  condition: Condition,
  samples: Sample[],
  here: Circumstance,
): Pick<Outcome, 'verdict' | 'message' | 'expected'> {
  const expected = { same: 'the same', distinct: 'different', difference: '' }[
    condition.quantifier as 'same'
  ] as string;
  const gaps = samples.filter((sample) => !isRead(sample.reading));
  if (gaps.length > 0) {
    // Two hosts that differ, or are equal where they must not be, stay so whatever the third would have said.
    const rest = samples.filter((sample) => isRead(sample.reading));
    const partial = rest.length < 2 ? undefined : compareAll(condition, rest, here);
    if (partial?.verdict === 'fail') return partial;
    return {
      verdict: 'unknown',
      expected,
      message: gaps.map((sample) => wordsOf(condition, sample, 'unknown', '')).join('; '),
    };
  }
  const values = samples.map((sample) => (isRead(sample.reading) ? sample.reading.value : undefined));
  const shown = list(
    samples.map((sample, index) => `${sample.label} ${showValue(propertyOf(condition), values[index])}`),
  );
  if (samples.length < 2)
    return { verdict: 'unknown', expected, message: `there is nothing to compare with: ${shown}` };
  if (new Set(values.flatMap((value) => keyOfToken(value) ?? [])).size > 1) {
    return {
      verdict: 'unknown',
      expected,
      message: 'secrets that were collected in different runs cannot be compared',
    };
  }
  if (condition.quantifier === 'difference') return difference(condition, values, shown, here);
  const tolerance = referred(condition.tolerancePercent, undefined, here);
  if (tolerance !== undefined) return within(values, shown, tolerance);
  const distinct = values.filter(
    (value, index) => values.findIndex((other) => isDeepStrictEqual(other, value)) === index,
  ).length;
  if (condition.quantifier === 'distinct') {
    const holds = distinct === values.length;
    return { verdict: holds ? 'pass' : 'fail', expected, message: `${holds ? 'different' : 'equal'}: ${shown}` };
  }
  return distinct === 1
    ? { verdict: 'pass', expected, message: `the same: ${shown}` }
    : { verdict: 'fail', expected, message: `differs: ${shown}` };
}

function within(
  values: unknown[],
  shown: string,
  tolerance: unknown,
): Pick<Outcome, 'verdict' | 'message' | 'expected'> {
  const expected = `the same within ${tolerance} %`;
  const numbers = values.filter((value): value is number => typeof value === 'number');
  if (numbers.length !== values.length || typeof tolerance !== 'number')
    return { verdict: 'error', expected, message: `not numbers: ${shown}` };
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const holds = most - least <= (Math.max(Math.abs(most), Math.abs(least)) * tolerance) / 100;
  return {
    verdict: holds ? 'pass' : 'fail',
    expected,
    message: `${holds ? (least === most ? 'the same' : expected) : 'differs'}: ${shown}`,
  };
}

/** The difference of two intervals is an interval: only when all of it lies on one side of the limit is it decided. */
function difference(
  condition: Condition,
  values: unknown[],
  shown: string,
  here: Circumstance,
): Pick<Outcome, 'verdict' | 'message' | 'expected'> {
  const intervals = values.map(intervalOf);
  const { name, arg } = condition.matcher ?? { name: '', arg: undefined };
  const bounds = intervals.flatMap((a, i) => intervals.slice(i + 1).map((b) => ({ a, b })));
  const spans = bounds.map(({ a, b }) => {
    if (!a || !b) return undefined;
    const [low, high] = [a.low - b.high, a.high - b.low];
    return {
      low: low <= 0 && high >= 0 ? 0 : Math.min(Math.abs(low), Math.abs(high)),
      high: Math.max(Math.abs(low), Math.abs(high)),
    };
  });
  const judged = spans.map((span) => match(name, span, referred(arg, undefined, here)));
  const verdict = worst.find((word) => judged.some((one) => one.verdict === word)) ?? 'unknown';
  return { verdict, expected: `a difference of ${judged[0]?.says}`, message: `${shown}` };
}

/** How many hosts have the value; those that could not be asked may or may not be among them. */
function countHosts(
  condition: Condition,
  samples: Sample[],
  here: Circumstance,
): Pick<Outcome, 'verdict' | 'message' | 'expected'> {
  const { name, arg } = condition.matcher ?? { name: '', arg: undefined };
  const having = samples.filter(
    (sample) => isRead(sample.reading) && sample.reading.value === referred(condition.where, sample.host, here),
  );
  const unread = samples.filter((sample) => !isRead(sample.reading));
  const counts = Array.from({ length: unread.length + 1 }, (_, more) =>
    match(name, having.length + more, referred(arg, undefined, here)),
  );
  const verdicts = new Set(counts.map((one) => one.verdict));
  const [only] = verdicts;
  const who = having.length === 0 ? 'no host' : list(having.map((sample) => sample.label));
  const gaps = unread.map((sample) => `; ${wordsOf(condition, sample, 'unknown', '')}`).join('');
  return {
    verdict: verdicts.size === 1 && only ? only : 'unknown',
    expected: `${counts[0]?.says} with ${showValue('', condition.where)}`,
    message: `${showValue('', condition.where)} on ${who}${gaps}`,
  };
}

function propertyOf(condition: Condition): string {
  return condition.its ?? condition.path.split('.').at(-1) ?? '';
}

function unreadOf(samples: Sample[]): Unread[] {
  return samples.flatMap((sample) => (isRead(sample.reading) ? [] : [sample.reading.unread]));
}

function actualOf(samples: Sample[], condition: Condition): unknown {
  const values = samples.map((sample) => [sample.label, isRead(sample.reading) ? sample.reading.value : null] as const);
  return condition.quantifier === 'pair' && values.length === 1 ? values[0]?.[1] : Object.fromEntries(values);
}
