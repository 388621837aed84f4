/** Picking: which keys of a configuration file rules ask for, what comes of it, and what can be wrong with a file. Pure. */
import type { JsonSchema } from '../../core/model.js';
import { closed } from '../define.js';
import { type Picked, type Scalar, soundsSecret } from './secrets.js';

/** One key that is asked for, under the name that rules give it. */
export interface Pick {
  /** `section.key`, as the program's documents write it. */
  path: string;
  /** What the program takes where the key is not there. */
  default?: Scalar;
  /** What is kept of the value is a token. */
  secret?: true;
  /** What the program turns the value into; a value that cannot be turned into it stays as it is written. */
  type?: 'number' | 'boolean' | 'string';
}

/** Keys by name, and how the program that reads the file takes their spelling. */
export interface Picking {
  pick: Record<string, Pick>;
  /** The program takes `some-key`, `some_key` and `SOMEKEY` for `someKey`, as Spring Boot binds. */
  relaxed?: boolean;
}

/** Why a file, or a key in it, gives no value. */
export type FaultWord = keyof typeof faultWords;

/** A fault with its place; nothing else of the file is in it. */
export interface Fault {
  fault: FaultWord;
  /** The path of the asked key that it is about. */
  key?: string;
  line?: number;
  column?: number;
}

/** A value as it stands in a file, at its whole path; with a fault, nobody may take it for a value. */
export interface Leaf {
  path: string;
  value: Picked;
  line: number;
  column: number;
  fault?: FaultWord;
}

/** What was picked. `spelt` are the names whose key is spelt in another way than asked. */
export interface Kept {
  keys: Record<string, Picked>;
  absent: string[];
  defaulted: string[];
  spelt: string[];
}

/** Texts that are longer are no settings, and no rule could compare them. */
export const MAX_TEXT = 4096;

/** Each fault in words. */
export const faultWords = {
  empty: 'the file is empty',
  cut: 'the file was read in part only',
  large: 'the file holds more than is read',
  deep: 'the file is nested too deeply',
  encoding: 'characters that programs read in different ways',
  broken: 'the file cannot be parsed',
  duplicate: 'a key stands there twice',
  documents: 'the file holds several documents, and which of them count is decided elsewhere',
  aliases: 'more aliases than a configuration has, or one that leads nowhere',
  form: 'the file is no mapping of keys to values',
  tag: 'a tag that asks for a type',
  number: 'a number that programs read in different ways',
  long: 'a text too long to be compared',
  placeholder: 'a placeholder that only the program can fill in',
  spelling: 'the key is spelt in another way, which not every program takes',
  twice: 'the key stands there twice, written in different ways',
  mapping: 'other keys in the place of a value',
} as const;

const scalar: JsonSchema = { type: ['string', 'number', 'boolean', 'null'] };
const pickName = '^[A-Za-z][A-Za-z0-9_-]{0,63}$';

/** Schemas of the parameters that all picking probes take beside the path. */
export const pickingParams: Record<string, JsonSchema> = {
  pick: {
    type: 'object',
    propertyNames: { pattern: pickName },
    minProperties: 1,
    maxProperties: 60,
    additionalProperties: closed(
      {
        path: { type: 'string', pattern: '^[^\\s.\\[\\]\\0]+(\\.[^\\s.\\[\\]\\0]+)*$', maxLength: 255 },
        default: scalar,
        secret: { const: true },
        type: { enum: ['number', 'boolean', 'string'] },
      },
      ['default', 'secret', 'type'],
    ),
  },
  relaxed: { type: 'boolean' },
};

const names: JsonSchema = { type: 'array', items: { type: 'string' } };

/** Schema of what picking probes give; of a file that is not there `exists` alone. */
export const pickedValue: JsonSchema = closed(
  {
    exists: { type: 'boolean' },
    keys: {
      type: 'object',
      propertyNames: { pattern: pickName },
      additionalProperties: { anyOf: [scalar, { type: 'array', items: scalar }] },
    },
    absent: names,
    defaulted: names,
    spelt: names,
  },
  ['keys', 'absent', 'defaulted', 'spelt'],
);

/** Whether what is kept of a pick is a token. */
export function isSecret(name: string, { path, secret }: Pick): boolean {
  return secret === true || soundsSecret(name, path);
}
