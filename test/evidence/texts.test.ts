/** The walk over evidence's texts: the schema says which there are, and each is visited or left out for a reason. */
import { expect, it, test } from 'vitest';
import { withoutSecrets } from '../../src/bundle/secrets.js';
import type { Evidence, JsonSchema } from '../../src/core/model.js';
import { evidenceSchema } from '../../src/evidence/schema.js';
import { inEvidence, type Whence } from '../../src/evidence/texts.js';

/** The forms that a union has, by its kinds; any other schema has one. */
function forms(schema: JsonSchema): JsonSchema[] {
  const kinds = schema.properties?.kind?.enum as string[] | undefined;
  if (!kinds) return [schema];
  return kinds.map((kind) => ({ ...schema, properties: { ...schema.properties, kind: { const: kind } } }));
}

/** A value with its own place in every text that the schema allows; of a union, as many values as it has kinds. */
function marked(schema: JsonSchema, place: string): unknown[] {
  if ('const' in schema) return [schema.const];
  if (schema.enum) return [schema.enum[0]];
  if (schema.properties) {
    return forms(schema).flatMap(({ properties }) => {
      const of = Object.entries(properties as Record<string, JsonSchema>).map(
        ([key, one]) => [key, marked(one, `${place}.${key}`)] as const,
      );
      const most = Math.max(...of.map(([, values]) => values.length));
      return Array.from({ length: most }, (_, at) =>
        Object.fromEntries(of.map(([key, values]) => [key, values[at % values.length]])),
      );
    });
  }
  if (schema.type === 'array') return [marked(schema.items, `${place}[]`)];
  if (schema.type === 'string') return [`<${place}>`];
  if (schema.type === 'object' || schema.type === undefined)
    return [{ key: `<${place}.*>`, deep: { list: [`<${place}.*.deep>`] } }];
  return [1];
}

const [evidence] = marked({ ...evidenceSchema }, '') as [Evidence];
const places = (value: unknown) => new Set(JSON.stringify(value).match(/<[\w.[\]*]+>/g));

/** All places that a walk comes by, with the kinds of their texts or the reason why they stay. */
function walk() {
  const visited = new Map<string, Whence['kind']>();
  const kept = new Map<string, string>();
  const replaced = inEvidence(evidence, {
    replace: (text, { kind }) => {
      for (const place of places(text)) visited.set(place, kind);
      return 'replaced';
    },
    kept: (value, why) => {
      for (const place of places(value)) kept.set(place, why);
    },
  });
  const of = (kind: Whence['kind']) =>
    [...visited].flatMap(([place, one]) => (one === kind && !place.startsWith('<.baseline') ? [place] : [])).sort();
  return { visited, kept, replaced, of };
}

test('every text that the schema allows is visited, or left as it is for a reason', () => {
  const { visited, kept } = walk();
  const all = places(evidence);
  expect(all.size).toBeGreaterThan(60);
  expect([...all].filter((place) => !visited.has(place) && !kept.has(place))).toEqual([]);
  expect([...visited.keys()].filter((place) => kept.has(place))).toEqual([]);
  for (const why of kept.values()) expect(why).toMatch(/\w+ \w+/);
});

test('what was visited is replaced, and nothing else', () => {
  const { visited, kept, replaced } = walk();
  // A subject and a question have here the texts of every kind; only those of its own are walked.
  const left = [...places(replaced)].filter((place) => !/\.(subject|ask)\./.test(place) || !visited.has(place));
  expect(left.sort()).toEqual([...kept.keys()].sort());
});

test('the earlier evidence in it is walked as it is itself', () => {
  const { visited, kept } = walk();
  const own = (all: Iterable<string>) => [...all].filter((place) => !place.startsWith('<.baseline')).sort();
  const earlier = (all: Iterable<string>) =>
    [...all]
      .filter((place) => place.startsWith('<.baseline'))
      .map((place) => place.replace('.baseline', ''))
      .sort();
  expect(earlier(visited.keys())).toEqual(own(visited.keys()));
  expect(earlier(kept.keys())).toEqual(own(kept.keys()));
});

test('what hosts said, and what people wrote', () => {
  const { of } = walk();
  expect(of('answer')).toEqual([
    '<.connections[].noise>',
    '<.connections[].problem.message>',
    '<.steps[].outputs[][].stderr>',
    '<.steps[].outputs[][].stdout>',
  ]);
  expect(of('note')).toEqual([
    '<.inventory.attest[].by>',
    '<.inventory.waivers[].owner>',
    '<.inventory.waivers[].reason>',
  ]);
});

it('names who answered, and to which words', () => {
  const seen: Whence[] = [];
  inEvidence(evidence, {
    replace: (text, whence) => {
      if (/\.stdout>/.test(text)) seen.push(whence);
      return text;
    },
  });
  expect(seen).toContainEqual({
    kind: 'answer',
    host: '<.steps[].asks[].host>',
    argv: ['<.steps[].asks[].ask.argv[]>'],
  });
});

test('a value of any form keeps its form and its keys, but for what a waiver says was observed', () => {
  const value = { a: ['x', 5, null, true, { b: 'y' }], c: {} };
  const [waiver] = evidence.inventory.waivers;
  const step = evidence.steps[0];
  if (!waiver || !step) throw new Error('there is none');
  const inventory = { ...evidence.inventory, waivers: [{ ...waiver, value }], settings: value };
  const declared = [{ property: 'p', may: 'both' as const, from: 'f', value }];
  const steps = [{ ...step, params: value, declared }];
  const found = inEvidence({ ...evidence, inventory, steps }, { replace: (text) => `<${text}>` });
  const replaced = { a: ['<x>', 5, null, true, { b: '<y>' }], c: {} };
  expect(found.inventory.settings).toEqual(replaced);
  expect(found.steps[0]).toMatchObject({
    params: replaced,
    declared: [{ property: 'p', from: '<f>', value: replaced }],
  });
  expect(found.inventory.waivers[0]?.value).toEqual({
    '<a>': ['<x>', 5, null, true, { '<b>': '<y>' }],
    '<c>': {},
  });
});

test('of an answer to no question, or to one without words, nobody is named', () => {
  const [step] = evidence.steps;
  const output = step?.outputs[0]?.[0];
  if (!step || !output) throw new Error('there is none');
  const asked = [{ host: 'left', ask: { kind: 'connection' as const } }];
  const steps = [{ ...step, asks: asked, outputs: [[output, output]] }];
  const seen: Whence[] = [];
  const found = inEvidence(
    { ...evidence, steps },
    {
      replace: (text, whence) => {
        if (/\.stdout>/.test(text)) seen.push(whence);
        return text;
      },
    },
  );
  expect(seen.slice(0, 2)).toStrictEqual([{ kind: 'answer', host: 'left' }, { kind: 'answer' }]);
  expect(found.steps[0]?.asks).toEqual(asked);
});

test('programs that the engine brings are no words of a question', () => {
  const [step] = evidence.steps;
  if (!step) throw new Error('there is none');
  const ask = { kind: 'exec' as const, argv: ['sh', 'script', 'word'] as [string, ...string[]], as: 'login' };
  const steps = [{ ...step, asks: [{ host: 'left', ask: ask as Evidence['steps'][number]['asks'][number]['ask'] }] }];
  const found = inEvidence({ ...evidence, steps }, { replace: (text) => `<${text}>`, scripts: new Set(['script']) });
  expect(found.steps[0]?.asks).toMatchObject([{ host: '<left>', ask: { argv: ['<sh>', 'script', '<word>'] } }]);
});

test('a bundle holds no secret that a person wrote into a waiver', () => {
  const [waiver] = evidence.inventory.waivers;
  if (!waiver) throw new Error('there is no waiver');
  const waivers = [{ ...waiver, reason: 'until password=hunter2 is changed' }];
  expect(JSON.stringify(withoutSecrets({ ...evidence, inventory: { ...evidence.inventory, waivers } }))).not.toContain(
    'hunter2',
  );
});
