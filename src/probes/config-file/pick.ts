/** Picking: which keys of a configuration file rules ask for, what comes of it, and what can be wrong with a file. Pure. */
import { exactNumber } from '../../core/exact-number.js';
import type { JsonSchema } from '../../core/model.js';
import { closed } from '../define.js';
import { type Picked, type Scalar, soundsSecret, veiled } from './secrets.js';

/** One key that is asked for, under the name that rules give it. */
interface Pick {
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
  /** The key stands there several times, and this is the last, which counts. */
  repeated?: true;
  fault?: FaultWord;
}

/** What was picked. `spelt` are the names whose key is spelt in another way than asked, `repeated` those whose key stands there several times. */
export interface Kept {
  keys: Record<string, Picked>;
  absent: string[];
  defaulted: string[];
  spelt: string[];
  repeated?: string[];
  /** Keys that stand in the file with something that nobody here may take for a value. */
  unsure?: Record<string, Fault>;
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

/** What leaves one key without a value, though the key is certainly there; any other fault spoils the reading of the whole. */
const faultsOfOneKey: ReadonlySet<FaultWord> = new Set(['placeholder', 'number', 'encoding', 'long', 'tag']);

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
    repeated: names,
    unsure: { type: 'object', propertyNames: { pattern: pickName }, additionalProperties: { type: 'string' } },
  },
  ['keys', 'absent', 'defaulted', 'spelt', 'repeated', 'unsure'],
);

/** Whether what is kept of a pick is a token. */
export function isSecret(name: string, { path, secret }: Pick): boolean {
  return secret === true || soundsSecret(name, path);
}

/**
 * The asked keys out of a file's leaves. A key of which it is not sure whether it is there spoils the whole: left out, it would
 * count as absent. One that is there without a sure value is named, and leaves the others as they are.
 */
export function pickKeys(
  leaves: readonly Leaf[],
  { pick, relaxed = false }: Picking,
  token: (secret: string) => string,
): Kept | Fault {
  const kept: Kept = { keys: {}, absent: [], defaulted: [], spelt: [] };
  const known = leaves.map((leaf) => ({ leaf, loose: loosely(leaf.path) }));
  for (const [name, wanted] of Object.entries(pick).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const loose = loosely(wanted.path);
    const [found, other] = known.filter((one) => one.loose === loose).map(({ leaf }) => leaf);
    const keep = (value: Picked) => {
      kept.keys[name] = veiled(typed(value, wanted.type), isSecret(name, wanted), token);
    };
    const fault = found ? faultOf(found, other, wanted, relaxed) : undefined;
    if (fault && faultsOfOneKey.has(fault.fault)) {
      kept.unsure = { ...kept.unsure, [name]: fault };
      continue;
    }
    if (fault) return fault;
    const below = known.find((one) => one.loose.startsWith(`${loose}.`) || one.loose.startsWith(`${loose}[`));
    if (below) return placed('mapping', wanted, below.leaf);
    if (found) {
      keep(found.value);
      if (found.path !== wanted.path) kept.spelt.push(name);
      if (found.repeated) kept.repeated = [...(kept.repeated ?? []), name];
      continue;
    }
    kept.absent.push(name);
    if (wanted.default === undefined) continue;
    keep(wanted.default);
    kept.defaulted.push(name);
  }
  return kept;
}

function faultOf(found: Leaf, other: Leaf | undefined, wanted: Pick, relaxed: boolean): Fault | undefined {
  if (other) return placed('twice', wanted, other);
  if (found.fault) return placed(found.fault, wanted, found);
  if (found.path !== wanted.path && !relaxed) return placed('spelling', wanted, found);
  const texts = [found.value].flat().filter((value) => typeof value === 'string');
  if (texts.some((text) => text.includes('${'))) return placed('placeholder', wanted, found);
  if (texts.some((text) => text.includes('\ufffd'))) return placed('encoding', wanted, found);
  return texts.some((text) => text.length > MAX_TEXT) ? placed('long', wanted, found) : undefined;
}

function placed(fault: FaultWord, { path }: Pick, { line, column }: Leaf): Fault {
  return { fault, key: path, line, column };
}

/** Two spellings that some program binds to one property are one here: what is spelt otherwise is never read as absent. */
function loosely(path: string): string {
  return path.toLowerCase().replace(/[-_]/g, '');
}

function typed(value: Picked, type: Pick['type']): Picked {
  if (type === undefined || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => typed(one, type) as Scalar);
  if (type === 'string') return String(value);
  const text = String(value).trim();
  if (type === 'boolean') {
    if (/^(true|on|yes|1)$/i.test(text)) return true;
    return /^(false|off|no|0)$/i.test(text) ? false : value;
  }
  // What cannot be told apart from its neighbours is no number to compare.
  return (/^[-+]?\d+(\.\d+)?$/.test(text) ? exactNumber(text) : undefined) ?? value;
}
