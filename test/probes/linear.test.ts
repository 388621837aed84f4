/**
 * Whatever a host fills its answer with, no pattern of a reader takes more than linear work: each reader is given runs of its special
 * characters, and the steps that its patterns take are counted and compared with those for a quarter of the run. Counts are exact, so
 * some hundred characters tell what 256 kB would.
 */
import { describe, expect, it } from 'vitest';
import { Unreadable } from '../../src/core/errors.js';
import type { Output } from '../../src/core/model.js';
import { conditionsOf } from '../../src/pack/expectation.js';
import { allPacks } from '../../src/pack/load.js';
import type { Pack } from '../../src/pack/pack.js';
import { commandProbe, type Parse } from '../../src/probes/command.js';
import type { AnyProbe } from '../../src/probes/define.js';
import { builtinProbes } from '../../src/probes/index.js';
import { healthy, paramsOf } from './healthy.js';
import { stepsOf, stepsWhile } from './regexp-steps.js';
import { said } from './support.js';

const SHORT = 150;
const LONG = 4 * SHORT;
/** Linear is 4; what stands beside the run adds to either. */
const MOST = 6;

const special = [
  ' ',
  '\n',
  '\t',
  '\\',
  '"',
  "'",
  ':',
  '-',
  '/',
  '0',
  '9',
  'a',
  '=',
  '.',
  '{',
  '[',
  '(',
  ',',
  '\r',
  '#',
  '%',
  '*',
  '|',
  '<',
  '\u00a0',
  ' 1',
  '\\\n',
  '1.',
  'a:',
  '/a',
];

/** Where a run may stand in an answer: around it, and behind each kind of character in its first lines. */
function placesIn(text: string): number[] {
  const kinds = new Map<string, number>();
  const head = text.slice(0, 400);
  for (let at = 1; at < head.length; at += 1) {
    const kind = `${/\w/.test(head[at - 1] ?? '') ? 'w' : head[at - 1]}${/\w/.test(head[at] ?? '') ? 'w' : head[at]}`;
    if (!kinds.has(kind) && kinds.size < 6) kinds.set(kind, at);
  }
  return [...new Set([0, ...kinds.values(), text.length])];
}

function readAll(probe: AnyProbe, outputs: Output[], params: object): void {
  for (const exit of [0, 1]) {
    const changed = outputs.map((output) => ({ ...output, exit, stderr: exit === 1 ? output.stdout : '' }));
    try {
      probe.read(probe.redact?.(changed, params, String) ?? changed, params);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
    }
  }
}

/** A pack's commands: every way in which their answers are parsed but by its own pattern. */
const parses: [Parse, string][] = [
  [{ text: {} }, 'a\n'],
  [{ lines: {} }, 'a\nb\n'],
  [{ json: {} }, '{"a": [1, "b"]}'],
  [{ number: {} }, '5\n'],
  [{ addresses: {} }, '10.0.0.1, 10.0.0.2/24\n'],
  [{ key_value: { separator: ' = ', key: 'key' } }, 'other = 1\nkey = value\n'],
  [{ outcome: {} }, 'a\n'],
];
const declared = parses.map(([parse, seed]) => {
  const id = `a command with ${Object.keys(parse)[0]}`;
  return { probe: commandProbe(id, { title: 'Asks', argv: ['ask'], as: 'login', parse }), seeds: [seed] };
});
const readers = [
  ...builtinProbes.map((probe) => ({ probe, seeds: healthy[probe.id] ?? [] })).filter(({ seeds }) => seeds.length > 0),
  ...declared,
].map(({ probe, seeds }) => [probe.id, probe, seeds] as const);

describe.each(readers)('%s', (id, probe, seeds) => {
  it('takes four times the steps for four times as much', () => {
    const params = paramsOf[id] ?? {};
    const worse = new Set<string>();
    for (const [index, seed] of seeds.entries()) {
      const short = seed.slice(0, 600);
      for (const place of placesIn(short)) {
        for (const run of special) {
          const steps = (length: number) => {
            const text = short.slice(0, place) + run.repeat(length / run.length) + short.slice(place);
            const outputs = seeds.map((one, at) => said(at === index ? text : one.slice(0, 2000)));
            return stepsWhile(() => readAll(probe, outputs, params), SHORT / 2);
          };
          const [few, many] = [steps(SHORT), steps(LONG)];
          for (const [pattern, count] of many) {
            const before = few.get(pattern) ?? 0;
            if (count > MOST * before + 8 * LONG)
              worse.add(`${pattern} on ${JSON.stringify(run)}: ${before}, ${count}`);
          }
        }
      }
    }
    expect([...worse].slice(0, 5)).toEqual([]);
  });
});

/** Every pattern that a brought pack puts to a host's text. */
function patternsOf(pack: Pack): string[] {
  const found = new Set<string>();
  const look = (value: unknown, key = '') => {
    if (typeof value === 'string' && key === 'captures') found.add(value);
    else if (value !== null && typeof value === 'object')
      for (const [name, one] of Object.entries(value)) look(one, name);
  };
  look([pack.facts, pack.rules.map(({ facts }) => facts)]);
  for (const { parse } of Object.values(pack.text.written.commands ?? {}))
    if (parse.captures) found.add(parse.captures.pattern);
  for (const { matcher } of pack.rules.flatMap(({ expect }) => expect.flatMap(conditionsOf)))
    if (matcher?.name === 'matches') found.add(String(matcher.arg));
  return [...found];
}

it.each(allPacks().map((pack) => [pack.name, patternsOf(pack)] as const))(
  'the patterns of %s are linear',
  (_, patterns) => {
    const worse = patterns.flatMap((pattern) => {
      const regexp = new RegExp(pattern, 'm');
      return special.flatMap((run) => {
        const [few, many] = [SHORT, LONG].map((length) => stepsOf(regexp, `x${run.repeat(length / run.length)}x`, 0));
        return Number(many) > MOST * Number(few) + 8 * LONG
          ? [`${pattern} on ${JSON.stringify(run)}: ${few}, ${many}`]
          : [];
      });
    });
    expect(worse).toEqual([]);
  },
);

it.each([
  [/\s+$/, ' x', 'quadratic'],
  [/^(a+)+$/, 'ax', 'exponential'],
  [/^(.*) +(.*) +x$/, ' ', 'cubic'],
  [/a.*b/, 'a', 'quadratic'],
])('%s on %j is found out: %s', (pattern, run) => {
  const steps = (length: number) =>
    stepsOf(pattern, run.length === 2 ? `${run[0]?.repeat(length)}${run[1]}` : run.repeat(length), 0);
  expect(steps(16) / steps(4)).toBeGreaterThan(MOST);
});

it.each([
  [/^a*b/, 'a'],
  [/[^ ]+/g, 'a '],
  [/^(?:\\.|[^\\])*$/s, '\\a'],
])('%s on %j is linear', (pattern, run) => {
  const steps = (length: number) => stepsOf(pattern, run.repeat(length), 0);
  expect(steps(400) / steps(100)).toBeLessThan(MOST);
});
