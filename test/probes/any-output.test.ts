/** Whatever a host answers, `read` gives a value of its schema or says that there is none; and redaction hides what it must. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/core/check-schema.js';
import { Unreadable } from '../../src/core/errors.js';
import type { Output } from '../../src/core/model.js';
import { commandProbe, type Parse } from '../../src/probes/command.js';
import type { AnyProbe } from '../../src/probes/define.js';
import { builtinProbes } from '../../src/probes/index.js';
import { anyCharacter } from '../any-character.js';
import { healthy as hosts, paramsOf } from './healthy.js';
import { said } from './support.js';

const parses: Parse[] = [
  { text: {} },
  { lines: {} },
  { json: {} },
  { number: {} },
  { addresses: {} },
  { captures: { pattern: '(?<a>\\d+)(?<b>x)?' } },
  { key_value: { separator: ' = ', key: 'key' } },
  { outcome: {} },
];
const declared = parses.map((parse) =>
  commandProbe(`declared ${Object.keys(parse)[0]}`, {
    title: 'Asks',
    argv: ['ask'],
    as: 'login',
    ...(!parse.outcome && { exits: [0, 1] }),
    parse,
  }),
);
const probes: AnyProbe[] = [...builtinProbes, ...declared];

/** Seeds that are cut and mixed with one another. */
const healthy: Record<string, string[]> = {
  ...hosts,
  'declared text': ['a\n'],
  'declared lines': ['a\nb\n'],
  'declared json': ['{"a":1}'],
  'declared number': ['5\n'],
  'declared addresses': ['10.0.0.1\n'],
  'declared captures': ['5\n'],
  'declared outcome': ['a\n'],
  'declared key_value': ['password = hunter2\nkey = value\n'],
};

const everyAnswer = Object.values(healthy).flat();
const numbers = fc.constantFrom(
  '1e999',
  '-1',
  '9'.repeat(400),
  '0',
  'NaN',
  '__proto__',
  '\u0000',
  '\u001b[2J',
  '\ud800',
  '\r',
);
const mangled = fc
  .tuple(fc.constantFrom(...everyAnswer), numbers, fc.nat(), fc.nat())
  .map(([text, number, at, length]) => {
    const start = at % (text.length + 1);
    return text.slice(0, start) + number + text.slice(start + (length % 20));
  });
const digitsChanged = fc.tuple(fc.constantFrom(...everyAnswer), numbers, fc.nat()).map(([text, number, which]) => {
  const runs = text.match(/\d+/g)?.length ?? 1;
  let seen = -1;
  return text.replace(/\d+/g, (run) => (++seen === which % runs ? number : run));
});
const text = fc.oneof(
  fc.constantFrom(...everyAnswer),
  mangled,
  digitsChanged,
  fc.string({ unit: anyCharacter, maxLength: 300 }),
  fc.constant(''),
);
const problem = fc.constantFrom('unreachable', 'denied', 'not-found', 'timeout', 'truncated', 'not-run' as const);
const output: fc.Arbitrary<Output> = fc
  .record({
    exit: fc.constantFrom(0, 0, 0, 1, 2, 127, null),
    stdout: text,
    stderr: fc.oneof(fc.constant(''), text),
    problem: fc.option(problem, { nil: undefined, freq: 8 }),
  })
  .map(({ problem, ...rest }) => ({ ...said(''), ...rest, ...(problem && { problem }) }));

/** The value, or undefined when there is none; anything else that happens is a fault. */
function readOrNone(probe: AnyProbe, outputs: Output[], params: object): unknown {
  try {
    const value = probe.read(outputs, params);
    expect(check(probe.value, value)).toEqual([]);
    return value;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

describe.each(probes.map((probe) => [probe.id, probe] as const))('%s', (id, probe) => {
  const params = paramsOf[id] ?? {};
  const seeds = healthy[id]?.map((stdout) => said(stdout)) ?? [];
  const kept = (outputs: Output[]) => probe.redact?.(outputs, params, String) ?? outputs;

  it('reads its own healthy answer, and the same after redaction', () => {
    const value = readOrNone(probe, kept(seeds), params);
    expect(value).toBeDefined();
    // A machine id is read in its redacted form alone.
    if (id !== 'machine-id') expect(readOrNone(probe, seeds, params)).toEqual(value);
  });

  it('gives a value of its schema or none, whatever the host answers', () => {
    const mixed = fc
      .array(fc.nat(), { maxLength: 2 })
      .chain((swapped) =>
        fc
          .array(output, { minLength: 4, maxLength: 4 })
          .map((random) =>
            seeds.map((seed, index) =>
              swapped.some((at) => at % seeds.length === index) ? (random[index] ?? seed) : seed,
            ),
          ),
      );
    fc.assert(
      fc.property(
        fc.oneof(fc.array(output, { maxLength: 5 }), mixed),
        (outputs) => void readOrNone(probe, kept(outputs), params),
      ),
      { numRuns: 400 },
    );
  });

  it('redacts what is redacted into the same again', () => {
    fc.assert(
      fc.property(
        fc.array(output, { maxLength: 4 }),
        (outputs) => void expect(kept(kept(outputs))).toEqual(kept(outputs)),
      ),
      { numRuns: 200 },
    );
  });

  it('answers of megabytes end as any other', () => {
    for (const unit of ['x', '\n', ' 1', '|-- 1.2.3.4\n', '(', 'key = \n', '1 1 1:1 / / rw - a b c\n']) {
      const long = said(unit.repeat(1_000_000 / unit.length));
      for (const index of seeds.keys()) readOrNone(probe, kept(seeds.with(index, long)), params);
    }
  });
});

it('every probe of the engine has a healthy answer here', () => {
  expect(builtinProbes.map(({ id }) => id).filter((id) => healthy[id] === undefined)).toEqual([]);
});

const secret = fc.stringMatching(/^[a-z0-9]{12}$/).map((word) => `SECRET${word}`);

describe('redaction leaks', () => {
  const find = (id: string) => probes.find((probe) => probe.id === id) as AnyProbe;

  it('no machine id', () => {
    const id = fc.stringMatching(/^[0-9a-f]{32}$/);
    fc.assert(
      fc.property(
        id,
        fc.constantFrom('', 'cat: ', '\n', 'x'),
        fc.constantFrom('', '\n', ' tail'),
        (machine, before, after) => {
          const outputs = find('machine-id').redact?.(
            [said(before + machine + after, 0, before + machine + after)],
            {},
            String,
          );
          expect(JSON.stringify(outputs)).not.toContain(machine);
        },
      ),
    );
  });

  it('no arguments of processes', () => {
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom('java', 'shop.Server', '-', ''),
        fc.constantFrom(' ', '=', '\t', '/', ':', '\r', '\u0000'),
        (word, program, between) => {
          const line = `7 ${program} --password${between}${word} shop.Server ${word}`;
          const outputs = find('processes').redact?.(
            [said(`1 init\n${line}\n${word}\n`, 0, line)],
            paramsOf.processes ?? {},
            String,
          );
          expect(JSON.stringify(outputs)).not.toContain(word);
        },
      ),
    );
  });

  it('no lines of other keys', () => {
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom('other', 'key2', 'a.key', 'Key', ' key x', 'password', '__proto__'),
        (word, key) => {
          const line = `${key} = ${word}\n`;
          const outputs = find('declared key_value').redact?.(
            [said(`${line}key = kept\n${line}`, 0, line)],
            {},
            String,
          );
          expect(JSON.stringify(outputs)).not.toContain(word);
          expect(outputs?.[0]?.stdout).toBe('key = kept\n');
        },
      ),
    );
  });
});
