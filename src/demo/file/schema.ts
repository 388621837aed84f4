/** The closed schemas of a pack's demo.yaml: the file, whose hosts are patches, and a host once they are applied. */

import type { Schema } from '../../authoring/schemas.js';
import type { JsonSchema } from '../../core/model.js';
import { object, table, text } from '../../core/schema.js';
import { host, optional } from '../schema-host.js';
import { endpoint, webServer } from '../schema-services.js';

/** A patch may leave out what it does not change, and takes a word away with null. */
function patch(properties: Record<string, JsonSchema>): JsonSchema {
  return object(nullable(properties));
}

function nullable(properties: Record<string, JsonSchema>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, orNull(schema)]));
}

/** Null in the place of a value, and of every value in it; what is in a list is replaced with the list. */
function orNull(schema: JsonSchema): JsonSchema {
  if (schema.enum) return { ...schema, enum: [...new Set([...schema.enum, null])] };
  if (schema.type === undefined) return schema;
  const { additionalProperties: values, properties } = schema;
  return {
    ...schema,
    ...(typeof values === 'object' && { additionalProperties: orNull(values) }),
    ...(properties && { properties: nullable(properties) }),
    type: [...new Set([schema.type, 'null'].flat())],
  };
}

const hostPatch = patch(host((properties) => patch(properties)));
const complete = host((properties, required) => object(properties, required));

/** A host whose patches are applied: everything that its machine needs is there. */
export const machineSchema: Schema = {
  $id: 'https://pairflight.dev/schema/demo-host/1',
  title: 'a played host',
  ...object(
    complete,
    Object.keys(complete).filter((key) => !optional.includes(key)),
  ),
};

/** An endpoint whose patches are applied. */
export const endpointSchema: Schema = {
  $id: 'https://pairflight.dev/schema/demo-endpoint/1',
  title: 'a played endpoint',
  ...object(
    endpoint,
    Object.keys(endpoint).filter((key) => !(key in webServer)),
  ),
};

/** demo.yaml itself. */
export const demoSchema: Schema = {
  $id: 'https://pairflight.dev/schema/demo/1',
  title: 'pairflight demo (demo.yaml)',
  ...object(
    {
      product: text,
      scenarios: {
        ...table(
          object(
            {
              description: text,
              extends: text,
              phase: text,
              inventory: object({
                release: text,
                settings: { type: 'object' },
                ports: { type: 'array' },
                waivers: { type: 'array' },
                attest: { type: 'array' },
              }),
              every: hostPatch,
              hosts: table(orNull(hostPatch)),
              endpoints: table(orNull(patch(endpoint))),
            },
            ['description'],
          ),
          { type: 'string', pattern: '^[a-z][a-z0-9.-]*$' },
        ),
        minProperties: 1,
      },
    },
    ['product', 'scenarios'],
  ),
};
