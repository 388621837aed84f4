/** Probes that a pack declares: the words of a command, its context, and one of a fixed set of parsers. */
import { Unreadable } from '../core/errors.js';
import { exactNumber } from '../core/exact-number.js';
import { ipv4 } from '../core/ipv4.js';
import type { JsonSchema, Output } from '../core/model.js';
import {
  type AnyProbe,
  answer,
  closed,
  command,
  defineProbe,
  firstLine,
  neverRan,
  parseJson,
  ran,
  refusal,
} from './define.js';

/** One parser, by its name; the fixed set is the keys. */
export interface Parse {
  text?: Record<string, never>;
  lines?: Record<string, never>;
  /** Only the line whose key is exactly `key` survives: such commands print other keys, and secrets, beside it. */
  key_value?: { separator: string; key: string };
  json?: Record<string, never>;
  number?: Record<string, never>;
  addresses?: Record<string, never>;
  captures?: { pattern: string };
  /** Any exit code of the command's own is an answer, with all that it said; for a command whose exit codes say what it found. */
  outcome?: Record<string, never>;
}

/** A command as pack.yaml declares it. */
export interface CommandDeclaration {
  title: string;
  argv: [string, ...string[]];
  as: string;
  params?: Record<string, JsonSchema>;
  timeoutMs?: number;
  maxBytes?: number;
  /** Exit codes that give an answer; 0 unless said. */
  exits?: number[];
  parse: Parse;
  /** Takes long, or tires what it asks. */
  costly?: boolean;
  /** What it answers is a secret: only a keyed token of it is kept, by which it can be compared. */
  secret?: boolean;
}

type Params = Record<string, string>;

/** The probe of a declared command. */
export function commandProbe(id: string, declaration: CommandDeclaration): AnyProbe {
  const { key_value: keyValue } = declaration.parse;
  const keyOf = (params: Params) => fill(keyValue?.key ?? '', params);
  return defineProbe<Params, unknown>({
    id,
    title: declaration.title,
    on: 'host',
    params: closed(declaration.params ?? {}),
    value: valueSchema(declaration.parse),
    // Free text tells times and counts; whether the command succeeded is worth telling.
    ...(declaration.parse.outcome && { restless: ['text'] }),
    ...(declaration.costly && { costly: true as const }),
    ask: (params) => {
      const [program, ...words] = declaration.argv;
      const caps = { timeoutMs: declaration.timeoutMs ?? 30_000, maxBytes: declaration.maxBytes ?? 64 * 1024 };
      return [command([fill(program, params), ...words.map((word) => fill(word, params))], declaration.as, caps)];
    },
    ...((keyValue || declaration.secret) && {
      redact: (outputs: Output[], params: Params, token: (secret: string) => string) =>
        outputs.map((output) => redacted(output, declaration, keyOf(params), token)),
    }),
    read(outputs, params) {
      const output = ran(outputs);
      if (declaration.parse.outcome) return outcomeOf(output);
      if (!(declaration.exits ?? [0]).some((exit) => exit === output.exit)) throw refusal(output);
      return parse(answer([{ ...output, exit: 0 }]), declaration.parse, keyOf(params));
    },
  });
}

/** Only the asked key's line stays, and of a secret only its token. */
function redacted(
  output: Output,
  { parse: how, secret }: CommandDeclaration,
  key: string,
  token: (secret: string) => string,
): Output {
  const keyValue = how.key_value;
  if (!keyValue)
    return { ...output, stdout: output.stdout === '' ? '' : `${token(output.stdout.trimEnd())}\n`, stderr: '' };
  const { separator } = keyValue;
  const kept = linesOf(output.stdout, key, separator);
  const stdout = kept.map(({ line, value }) => `${secret ? `${key}${separator}${token(value)}` : line}\n`).join('');
  const stderr = output.stderr
    .split('\n')
    .filter((line) => !line.includes(separator.trim()))
    .join('\n');
  return { ...output, stdout, stderr: secret ? '' : stderr };
}

/** Replaces `${name}` by the parameter of that name; a name without a parameter stays as it is. */
export function fill(word: string, params: Record<string, unknown>): string {
  return word.replace(/\$\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(params, name) ? String(params[name]) : whole,
  );
}

/** The lines whose key is exactly this one, and what each gives it. */
function linesOf(text: string, key: string, separator: string): { line: string; value: string }[] {
  return text.split('\n').flatMap((line) => {
    const parts = partsOf(line, separator);
    return parts?.key === key ? [{ line, value: parts.value }] : [];
  });
}

function partsOf(line: string, separator: string): { key: string; value: string } | undefined {
  const at = line.indexOf(separator);
  if (at >= 0) return { key: line.slice(0, at).trim(), value: line.slice(at + separator.length).trim() };
  // An empty value leaves the separator without what follows it.
  const [whole, bare] = [line.trimEnd(), separator.trimEnd()];
  return bare !== '' && whole.endsWith(bare) ? { key: whole.slice(0, -bare.length).trim(), value: '' } : undefined;
}

function parse(text: string, how: Parse, key: string): unknown {
  if (how.key_value) return keyValueOf(text, key, how.key_value.separator);
  if (how.lines) return { lines: text.split('\n').filter((line) => line.trim() !== '') };
  if (how.json) return { value: parseJson(text) };
  if (how.number) return { value: numberOf(text) };
  if (how.addresses) return { addresses: addressesOf(text) };
  if (how.captures) return capturesOf(text, how.captures.pattern);
  return { text };
}

/** @throws Unreadable where the exit code is not the command's own: nobody ran it, or a signal ended it. */
function outcomeOf(output: Output) {
  const { exit, stdout, stderr } = output;
  const entering = /^(timeout|env|su|chroot|sudo|runuser): /.test(stderr) && stdout.trim() === '';
  if (neverRan(output) || (exit !== 0 && entering))
    throw new Unreadable(firstLine(stderr) || 'could not be started', 'not-found', 'command');
  if (exit === null || (exit > 128 && exit <= 128 + 64)) throw refusal(output);
  return { exit, text: [stdout.trim(), stderr.trim()].filter((said) => said !== '').join('\n') };
}

function keyValueOf(text: string, key: string, separator: string) {
  const values = new Set(linesOf(text, key, separator).map((one) => one.value));
  const [value] = values;
  if (value === undefined) throw new Unreadable(`no line has exactly the key ${key}`);
  if (values.size > 1) throw new Unreadable(`several lines have the key ${key}, with different values`);
  return { value };
}

function numberOf(text: string): number {
  const plain = text.trim();
  const number = /^-?\d+(\.\d+)?$/.test(plain) ? exactNumber(plain) : undefined;
  if (number === undefined) throw new Unreadable('the answer is not a number that can be read exactly');
  return number;
}

/** Whatever has the form of an IPv4 address in a text, a network's length behind it left out. */
export function addressesIn(text: string): string[] {
  return text.match(/(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g) ?? [];
}

/** @throws Unreadable when there is none: a text without addresses may be an error's, and then the list is not empty but unknown. */
function addressesOf(text: string): string[] {
  const found = addressesIn(text);
  if (found.length === 0 || found.some((address) => ipv4(address) === undefined))
    throw new Unreadable('the answer is not a list of addresses');
  return found;
}

/** The named groups of a pattern that took part in the match. @throws Unreadable when it does not match. */
export function capturesOf(text: string, pattern: string): Record<string, string> {
  const groups = new RegExp(pattern, 'm').exec(text)?.groups;
  if (groups === undefined) throw new Unreadable(`the answer does not match ${pattern}`);
  return Object.fromEntries(Object.entries(groups).filter(([, value]) => value !== undefined));
}

function valueSchema(how: Parse): JsonSchema {
  if (how.key_value) return closed({ value: { type: 'string' } });
  if (how.lines) return closed({ lines: { type: 'array', items: { type: 'string' } } });
  if (how.json) return closed({ value: {} });
  if (how.number) return closed({ value: { type: 'number' } });
  if (how.addresses) return closed({ addresses: { type: 'array', items: { type: 'string' } } });
  if (how.captures) return { type: 'object', additionalProperties: { type: 'string' } };
  if (how.outcome) return closed({ exit: { type: 'integer' }, text: { type: 'string' } });
  return closed({ text: { type: 'string' } });
}
