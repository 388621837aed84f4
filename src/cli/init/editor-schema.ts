/** The inventory's schema for one product: an editor offers its roles, settings and rules, and explains them. Pure. */
import type { JsonSchema } from '../../core/model.js';
import type { Schema } from '../../core/schema.js';
import type { Pack } from '../../pack/pack.js';
import type { SettingDeclaration } from '../../pack/settings.js';
import { inventorySchema } from '../../plan/schema.js';

/** The name of the schema's file, beside the inventory: it goes where the inventory goes, and needs no network. */
export const SCHEMA_FILE = 'pairflight.schema.json';

/** The schema; it refuses what `pairflight plan` refuses by the words of the pack, too. */
export function schemaFor(pack: Pack): Schema {
  const { properties, ...schema } = inventorySchema as Schema & { properties: Record<string, JsonSchema> };
  const { hosts = {}, waivers = {}, attest = {}, ports = {} } = properties;
  const settings = settingsSchema(pack.settings);
  return {
    ...schema,
    $id: `${inventorySchema.$id}:${pack.name}`,
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `pairflight inventory of ${pack.title}`,
    properties: {
      ...properties,
      product: { const: pack.name, description: 'the product to judge' },
      release: { ...properties.release, description: 'the installed release, in quotes; absent: read from the hosts' },
      hosts: {
        ...hosts,
        description: 'the hosts of the pair, by name',
        additionalProperties: refined(hosts.additionalProperties, {
          role: {
            anyOf: Object.entries(pack.roles).map(([role, { title }]) => ({ const: role, description: title })),
            description: "the host's role; absent: its name",
          },
          address: { description: 'IPv4: by it the other hosts reach this one' },
          connection: { description: 'ssh; local: this machine itself; none: its answers are collected elsewhere' },
          sudoPasswordEnv: { description: "the variable that holds sudo's password" },
          ssh: { description: 'how this machine logs in; the rest says its OpenSSH configuration' },
          settings,
        }),
      },
      settings,
      ports: { ...ports, description: 'ports that the product uses here beside its own' },
      waivers: {
        ...waivers,
        description: 'failures that somebody accepts, to the end of a day (UTC)',
        items: refined(waivers.items, {
          rule: { enum: pack.rules.filter((rule) => !rule.guard).map((rule) => rule.id) },
        }),
      },
      attest: {
        ...attest,
        description: "somebody's word on what pairflight cannot verify",
        ...(pack.notVerified.length > 0 && {
          items: refined(attest.items, {
            what: { anyOf: pack.notVerified.map(({ id, what }) => ({ const: id, description: what })) },
          }),
        }),
      },
    },
  };
}

/** An object's schema that says more of some of its properties. */
function refined(object: JsonSchema, more: Record<string, JsonSchema>): JsonSchema {
  const properties = object.properties as Record<string, JsonSchema>;
  const said = Object.entries(more).map(([name, one]) => [name, { ...properties[name], ...one }]);
  return { ...object, properties: { ...properties, ...Object.fromEntries(said) } };
}

const forms: Record<SettingDeclaration['type'], JsonSchema> = {
  string: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  path: { type: 'string', pattern: '^/' },
  address: { type: 'string', pattern: '^[^:/\\s]+$' },
  url: { type: 'string', pattern: '^https?://' },
  list: { type: 'array', minItems: 1 },
};

function settingsSchema(declared: Pack['settings']): JsonSchema {
  const properties = Object.entries(declared).map(([name, one]) => [
    name,
    {
      ...forms[one.type],
      ...(one.type === 'list' && { items: one.items ?? { type: 'string' } }),
      description: one.title.replace(/\s+/g, ' ').trim(),
      ...(one.default !== undefined && { default: one.default }),
    },
  ]);
  return {
    type: 'object',
    additionalProperties: false,
    description: 'settings of the product; absent ones have their defaults',
    properties: Object.fromEntries(properties),
  };
}
