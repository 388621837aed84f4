/** The inventory: the hosts, how to reach them, and what is particular about this pair. */
import type { JsonSchema } from '../core/model.js';
import type { Schema } from '../core/schema.js';
import { address, day, object, portNumber, portProperties, table, text } from '../core/schema.js';

/** Settings of the pack. */
export const settings = { type: 'object', propertyNames: { type: 'string' }, additionalProperties: true };

/** What a pair may be called. */
export const pairNameSchema: JsonSchema = {
  type: 'string',
  pattern: '^[A-Za-z0-9][\\w.-]*$',
  maxLength: 64,
  description: 'a name of letters, digits, dots, hyphens and underscores',
  examples: ['billing'],
};

/** By which the pairs of a fleet are picked. */
export const labelsSchema: JsonSchema = table({ ...text, maxLength: 200, examples: ['fra'] });

/** How a host is reached. */
export const sshSchema: JsonSchema = object({
  host: text,
  port: portNumber,
  user: text,
  identityFile: text,
  transport: { enum: ['auto', 'ssh2', 'openssh'] },
});

const hostName: JsonSchema = {
  type: 'string',
  pattern: '^[A-Za-z][\\w-]*$',
  description: 'the name of a host: a letter, then letters, digits, hyphens and underscores',
  examples: ['db-1'],
};

export const inventorySchema: Schema = {
  $id: 'urn:pairflight:schema:inventory:1',
  title: 'pairflight inventory',
  ...object(
    {
      name: pairNameSchema,
      product: text,
      release: { ...text, description: 'a release name in quotes', examples: ['2021.4'] },
      hosts: {
        ...table(
          object(
            {
              role: text,
              address,
              connection: { enum: ['ssh', 'local', 'none'] },
              via: {
                ...text,
                description: 'of a host that is asked over HTTP: the host that asks it; absent: this machine',
              },
              sudoPasswordEnv: text,
              ssh: sshSchema,
              settings,
              declared: object({
                terraform: {
                  type: ['string', 'object'],
                  minLength: 1,
                  minProperties: 1,
                  additionalProperties: text,
                  description: 'the address of a resource in the plan, or one for each part of the host',
                  examples: ['aws_instance.primary'],
                },
                ansible: { ...text, description: "the host's name in Ansible's inventory" },
              }),
            },
            ['address'],
          ),
          hostName,
        ),
        minProperties: 1,
      },
      settings,
      ports: { type: 'array', items: object(portProperties, ['port', 'name']) },
      waivers: {
        type: 'array',
        items: object({ rule: text, host: text, value: {}, reason: text, owner: text, until: day }, [
          'rule',
          'reason',
          'owner',
          'until',
        ]),
      },
      attest: {
        type: 'array',
        items: object({ what: text, by: text, when: day, until: day }, ['what', 'by', 'when', 'until']),
      },
      labels: labelsSchema,
    },
    ['hosts'],
  ),
};
