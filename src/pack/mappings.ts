/** A pack's declared.yaml: what a Terraform plan tells of the pack's facts, at which place of which resource, and how far it may be believed. */
import { pointerForm } from '../core/json-pointer.js';
import type { Telling } from '../core/model.js';
import type { Schema } from '../core/schema.js';
import { object, table, text } from '../core/schema.js';

/** One property of one probe's answer, out of one place of a resource. */
export interface Mapping {
  probe: string;
  /** The step is meant whose parameters have these values; settings stand as `${name}`. */
  with?: Record<string, unknown>;
  property: string;
  /** A JSON Pointer into the planned values of the resource. */
  at: string;
  /** What the number counts, in the unit of the property: 1073741824 for GiB. */
  times?: number;
  /** Which value of the property each value stands for; another is none. */
  map?: Record<string, unknown>;
  /** What the property is wherever there is a value: that a resource is there at all. */
  value?: unknown;
  may: Telling;
  /** It tells nothing where the configuration gives one of these arguments. */
  unless?: string[];
  /** It tells only of what the plan creates: later the host may have another. */
  created?: true;
  note?: string;
}

/** Something of a host that is a resource of its own: the machine, a disk. Resources by their type. */
export interface DeclaredPart {
  title: string;
  resources: Record<string, Mapping[]>;
}

/** The parts of a host by the names that inventories use; the first is the machine. */
export interface Mappings {
  terraform: Record<string, DeclaredPart>;
  /** Files that somebody may want to render and that no probe reads, by their names, each with the reason. */
  unread?: { name: string; because: string }[];
}

const mapping = object(
  {
    probe: text,
    with: { type: 'object' },
    property: text,
    at: { type: 'string', pattern: pointerForm, description: 'a JSON Pointer', examples: ['/instance_type'] },
    times: { type: 'integer', minimum: 1 },
    map: { type: 'object', minProperties: 1 },
    value: {},
    may: { enum: ['both', 'same-only', 'fail-only'] },
    unless: { type: 'array', items: text, minItems: 1 },
    created: { const: true },
    note: text,
  },
  ['probe', 'property', 'at', 'may'],
);

export const mappingsSchema: Schema = {
  $id: 'urn:pairflight:schema:declared:1',
  title: 'pairflight declared.yaml (what a plan tells of a pack)',
  ...object(
    {
      terraform: {
        ...table(
          object(
            { title: text, resources: { ...table({ type: 'array', items: mapping, minItems: 1 }), minProperties: 1 } },
            ['title', 'resources'],
          ),
        ),
        minProperties: 1,
      },
      unread: { type: 'array', items: object({ name: text, because: text }, ['name', 'because']), minItems: 1 },
    },
    ['terraform'],
  ),
};
