/** The file that names the pairs of a fleet. */
import type { JsonSchema } from '../core/model.js';
import { attestation, object, type Schema, table, text, waiver } from '../core/schema.js';
import { inventorySchema, labelsSchema, pairNameSchema, settings, sshSchema } from '../plan/schema.js';

const { name: _, ...inventoryProperties } = inventorySchema.properties as Record<string, JsonSchema>;

/** A pair as a fleet's file has it: an inventory whose name is its key. */
export const pairSchema: Schema = {
  $id: 'urn:pairflight:schema:fleet-pair:1',
  title: 'pair of a fleet',
  ...object(inventoryProperties, ['hosts']),
};

/** What holds for each pair that does not say it otherwise. */
const defaults = object({
  product: text,
  release: inventoryProperties.release as JsonSchema,
  settings,
  labels: labelsSchema,
  ssh: sshSchema,
  sudoPasswordEnv: text,
  ports: inventoryProperties.ports as JsonSchema,
});

/** A waiver or an attestation for the pairs that are meant: all, those with these labels, those of these names. */
const forPairs = (one: JsonSchema): JsonSchema => ({
  type: 'array',
  items: object(
    {
      ...(one.properties as Record<string, JsonSchema>),
      where: { ...labelsSchema, minProperties: 1 },
      pairs: { type: 'array', items: pairNameSchema, minItems: 1 },
    },
    one.required as string[],
  ),
});

/** The file with pairs of a form: each is judged by itself, so that one that is wrong does not hide the next. */
function fleetOf(pair: JsonSchema): JsonSchema {
  return object({
    fleet: pairNameSchema,
    defaults,
    pairs: { ...table(pair, pairNameSchema), minProperties: 1 },
    include: { type: 'array', items: text, minItems: 1 },
    waivers: forPairs(waiver),
    attest: forPairs(attestation),
  });
}

/** What is judged of the file as a whole. */
export const outlineSchema: Schema = {
  $id: 'urn:pairflight:schema:fleet-outline:1',
  title: 'pairflight fleet',
  ...fleetOf({}),
};

const { $id: _id, title: _title, ...pair } = pairSchema;

/** The published schema of the file. */
export const fleetSchema: Schema = {
  $id: 'urn:pairflight:schema:fleet:1',
  title: 'pairflight fleet (pairs, and what they have in common)',
  ...fleetOf(pair),
};
