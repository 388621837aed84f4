/** One value of a planned resource at a JSON Pointer: known, unknown until apply, sensitive, or not there. Pure. */
import { isRecord } from '../core/json.js';
import { pointerTokens, valueAtToken } from '../core/json-pointer.js';
import type { DeclaredProperty } from '../core/model.js';
import type { Mapping } from '../pack/mappings.js';
import type { Resource } from './plan.js';

type Planned = Pick<DeclaredProperty, 'value' | 'why' | 'afterApply' | 'sensitive'>;

/** What a mapping takes of a resource; `token` stands for a sensitive value. */
export function plannedValue(resource: Resource, mapping: Mapping, token: (secret: string) => string): Planned {
  const { address, after, unknown, sensitive, configured, created } = resource;
  const { at } = mapping;
  const tokens = pointerTokens(at);
  const none = (why: string): Planned => ({ why });
  const given = (mapping.unless ?? []).find((argument) => configured.includes(argument));
  if (given !== undefined) return none(`${address} is given ${given}, so ${at} alone does not tell it`);
  if (mapping.created && !created)
    return none(`${address} is there already, and ${at} tells only what a host begins with`);
  if (isMarked(unknown, tokens))
    return { why: `${address} ${at} is unknown until the plan is applied`, afterApply: true };
  const value = tokens.reduce<unknown>(valueAtToken, after);
  if (value === undefined) return none(`the plan has no ${at} for ${address}`);
  if (value === null || value === '') return none(`${address} ${at} is empty`);
  if (mapping.value !== undefined) return { value: mapping.value };
  if (isMarked(sensitive, tokens)) return { value: token(JSON.stringify(value)), sensitive: true };
  return converted(value, mapping, address);
}

function converted(value: unknown, { at, times, map, may }: Mapping, address: string): Planned {
  const none = (what: string): Planned => ({ why: `${address} ${at} ${what}` });
  if (map) {
    if (typeof value === 'object' || !Object.hasOwn(map, String(value)))
      return none(`is none of ${Object.keys(map).join(', ')}`);
    return { value: map[String(value)] };
  }
  if (may === 'same-only' && typeof value !== 'string') return none('is not a text');
  if (times === undefined) return { value };
  const product = Number(value) * times;
  return typeof value === 'number' && Number.isSafeInteger(product) && product > 0
    ? { value: product }
    : none('is not a whole number above zero');
}

/** Whether the value at the pointer, what it stands in, or anything in it is marked. */
function isMarked(marks: unknown, tokens: readonly string[]): boolean {
  let node = marks;
  for (const token of tokens) {
    if (node === true) return true;
    node = valueAtToken(node, token);
  }
  return holdsTrue(node);
}

function holdsTrue(node: unknown): boolean {
  if (node === true) return true;
  return Array.isArray(node) ? node.some(holdsTrue) : isRecord(node) && Object.values(node).some(holdsTrue);
}
