/** Pieces that several schemas share. */
import type { JsonSchema } from './model.js';

/** An object without other keys than these; those named in `required` must be there. */
export function object(properties: Record<string, JsonSchema>, required: string[] = []): JsonSchema {
  return { type: 'object', additionalProperties: false, properties, required };
}

/** An object used as a table: any key of the given form, values of one schema. */
export function table(
  values: JsonSchema,
  keys: JsonSchema = { type: 'string', pattern: '^[A-Za-z][\\w-]*$' },
): JsonSchema {
  return { type: 'object', propertyNames: keys, additionalProperties: values };
}

export const string: JsonSchema = { type: 'string' };

export const strings: JsonSchema = { type: 'array', items: string };

export const count: JsonSchema = { type: 'integer', minimum: 0 };

/** The program that wrote a file. */
export const tool: JsonSchema = object({ name: string, version: string }, ['name', 'version']);

/** A pack as evidence and manifest name it. */
export const packNamed: JsonSchema = object({ name: string, version: string, sha256: string }, [
  'name',
  'version',
  'sha256',
]);

export const text: JsonSchema = { type: 'string', minLength: 1, maxLength: 2000 };

export const severity: JsonSchema = { enum: ['blocker', 'warning', 'advice'] };

export const basis: JsonSchema = { enum: ['documented', 'field', 'inferred'] };

export const releases: JsonSchema = {
  type: 'string',
  description: 'a quoted release bound',
  examples: ['>=4.8'],
  minLength: 1,
};

export const address: JsonSchema = {
  type: 'string',
  pattern: '^[A-Za-z0-9][A-Za-z0-9.:-]*$',
  maxLength: 255,
  description: 'an address',
  examples: ['10.0.0.1'],
};

export const day: JsonSchema = {
  type: 'string',
  format: 'date',
  description: 'a date (UTC, quoted)',
  examples: ['2026-12-31'],
};

export const portNumber: JsonSchema = { type: 'integer', minimum: 1, maximum: 65535, examples: [5432] };

/** Properties of a port row that pack and inventory share. */
export const portProperties: Record<string, JsonSchema> = {
  port: portNumber,
  name: text,
  from: text,
  to: text,
};

/** A fault that somebody accepts until a day. */
export const waiver: JsonSchema = object(
  {
    rule: text,
    host: { ...text, description: 'the host that it fails on; of a direction the one that asks, of a set any of it' },
    value: { description: "what was observed as it was accepted: the host's own value, or the finding's whole actual" },
    reason: text,
    owner: text,
    until: day,
  },
  ['rule', 'reason', 'owner', 'until'],
);

/** Somebody's word on what cannot be verified. */
export const attestation: JsonSchema = object({ what: text, by: text, when: day, until: day }, [
  'what',
  'by',
  'when',
  'until',
]);

/** A JSON schema of the project's own. */
export type Schema = { $id: string; title: string } & Record<string, unknown>;
