/** Cases of a pack's declared.yaml: what each resource comes to, and changes of the mappings that a case has to notice. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../core/errors.js';
import type { Schema } from '../core/schema.js';
import { object, text } from '../core/schema.js';
import { readDocument } from '../core/yaml-document.js';
import type { Mapping } from '../pack/mappings.js';
import type { Pack } from '../pack/pack.js';
import { plannedValue } from './planned-value.js';

/** A resource as a plan leaves it, and what becomes of each property that is mapped of it. */
interface Case {
  name: string;
  part: string;
  type: string;
  after: Record<string, unknown>;
  unknown?: unknown;
  sensitive?: unknown;
  configured?: string[];
  created?: boolean;
  expect: Record<string, Come>;
}

/** A value, a token in its place, or that there is none. */
interface Come {
  may: Mapping['may'];
  value?: unknown;
  is?: 'sensitive' | 'after-apply' | 'unknown';
}

const casesSchema: Schema = {
  $id: 'urn:pairflight:schema:declared-cases:1',
  title: 'pairflight cases of declared.yaml',
  type: 'array',
  minItems: 1,
  items: object(
    {
      name: text,
      part: text,
      type: text,
      after: { type: 'object' },
      unknown: {},
      sensitive: {},
      configured: { type: 'array', items: text },
      created: { type: 'boolean' },
      expect: {
        type: 'object',
        minProperties: 1,
        additionalProperties: object(
          {
            may: { enum: ['both', 'same-only', 'fail-only'] },
            value: {},
            is: { enum: ['sensitive', 'after-apply', 'unknown'] },
          },
          ['may'],
        ),
      },
    },
    ['name', 'part', 'type', 'after', 'expect'],
  ),
};

/** Runs the cases of a pack's mappings. @throws UsageError for cases that name what is not mapped */
export function testMappings(
  pack: Pack,
  written: string | undefined,
  file: string,
): { cases: number; failures: string[]; gaps: string[] } {
  const parts = pack.mappings?.terraform ?? {};
  const all = Object.entries(parts).flatMap(([part, { resources }]) =>
    Object.entries(resources).flatMap(([type, list]) => list.map((mapping) => ({ part, type, mapping }))),
  );
  if (all.length === 0) return { cases: 0, failures: [], gaps: [] };
  if (written === undefined)
    return {
      cases: 0,
      failures: [],
      gaps: [`${file}: is missing; it says what each mapping of declared.yaml comes to`],
    };
  const { value: cases, at } = readDocument<Case[]>(written, file, casesSchema);
  for (const [index, { part, type }] of cases.entries())
    if (!parts[part]?.resources[type])
      throw new UsageError(`${at([index, 'part'])}: of ${type} nothing is mapped as ${part}`);
  const mappedFor = ({ part, type }: Case) => parts[part]?.resources[type] ?? [];
  const failures = cases.flatMap((one, index) => {
    const come = comeOf(one, mappedFor(one));
    return isDeepStrictEqual(come, one.expect)
      ? []
      : [`${at([index])}: "${one.name}": comes to ${JSON.stringify(come)}`];
  });
  const gaps = all.flatMap(({ part, type, mapping }) => {
    const own = cases.filter((one) => one.part === part && one.type === type);
    return changesOf(mapping)
      .filter(({ changed }) =>
        own.every((one) => {
          const list = mappedFor(one).map((other) => (other === mapping ? changed : other));
          return isDeepStrictEqual(comeOf(one, list), one.expect);
        }),
      )
      .map(({ says }) => `${file}: ${part} ${type} ${nameOf(mapping)}: no case notices this change: ${says}`);
  });
  return { cases: cases.length, failures, gaps };
}

const nameOf = ({ probe, property }: Mapping) => `${probe}.${property}`;

function comeOf(
  { type, after, unknown, sensitive, configured = [], created = true }: Case,
  mappings: readonly Mapping[],
): Record<string, Come> {
  const resource = { address: `${type}.case`, type, after, unknown, sensitive, configured, created };
  return Object.fromEntries(
    mappings.map((mapping) => {
      const { value, afterApply, sensitive: token } = plannedValue(resource, mapping, () => 'token');
      const come = token
        ? { is: 'sensitive' as const }
        : value !== undefined
          ? { value }
          : { is: afterApply ? ('after-apply' as const) : ('unknown' as const) };
      return [nameOf(mapping), { may: mapping.may, ...come }];
    }),
  );
}

/** A mapping changed in one thing, each time in another. */
function changesOf(mapping: Mapping): { says: string; changed: Mapping }[] {
  const { at, times, map, unless = [], created, may, value } = mapping;
  const { created: _, ...anyHost } = mapping;
  const words = ['both', 'same-only', 'fail-only'] as const;
  return [
    { says: `at ${at} becomes ${at}_other`, changed: { ...mapping, at: `${at}_other` } },
    ...words
      .filter((word) => word !== may)
      .map((word) => ({ says: `may ${may} becomes ${word}`, changed: { ...mapping, may: word } })),
    ...(times === undefined
      ? []
      : [{ says: `times ${times} becomes ${times + 1}`, changed: { ...mapping, times: times + 1 } }]),
    ...(value === undefined
      ? []
      : [{ says: `value ${JSON.stringify(value)} becomes another`, changed: { ...mapping, value: 'other' } }]),
    ...(created ? [{ says: 'created is taken away', changed: anyHost }] : []),
    ...unless.map((argument) => ({
      says: `${argument} is taken out of unless`,
      changed: { ...mapping, unless: unless.filter((one) => one !== argument) },
    })),
    ...Object.keys(map ?? {}).map((word) => ({
      says: `map ${word} becomes another`,
      changed: { ...mapping, map: { ...map, [word]: 'other' } },
    })),
  ];
}
