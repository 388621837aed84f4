/** Every text of evidence, walked in one order: whoever takes something out of it, or puts another word in its place, goes this way. Pure. */

import type {
  Ask,
  Connection,
  Declaration,
  DeclaredProperty,
  DeclaredSource,
  Evidence,
  EvidenceInventory,
  Output,
  Subject,
} from '../core/model.js';
import type { Baseline } from './baseline.js';

/**
 * What a text is. `answer`: what a host said. `note`: a person's sentence, on which nothing rests. `word`: a name or a value that
 * was asked for or judged with.
 */
export interface Whence {
  kind: 'answer' | 'note' | 'word';
  /** Of an answer to a question: who gave it, and to which words. */
  host?: string;
  argv?: readonly string[];
}

/** Replaces a text. */
type Replace = (text: string, whence: Whence) => string;

/** What is done on the way. */
export interface Visit {
  replace: Replace;
  /** Words of a question that stay: programs that the engine brings. */
  scripts?: ReadonlySet<string>;
  /** Sees what is left as it is, and why. */
  kept?(value: unknown, why: string): void;
}

/** Gives a value back with its texts replaced. */
type Walk<T> = (value: T, visit: Visit) => T;

/** A walk for every property there is, in this order: a new one does not compile without. */
type Walks<T> = { [K in keyof T]-?: Walk<Exclude<T[K], undefined>> };

function properties<T extends object>(walks: Walks<T>): Walk<T> {
  return (value, visit) => {
    const copy = { ...value };
    for (const key of Object.keys(walks) as (keyof T)[]) {
      const own = copy[key];
      if (own !== undefined) copy[key] = walks[key](own as Exclude<T[keyof T], undefined>, visit);
    }
    return copy;
  };
}

function each<T>(walk: Walk<T>): Walk<T[]> {
  return (list, visit) => list.map((one) => walk(one, visit));
}

function byKind<T extends { kind: string }>(walks: { [K in T['kind']]: Walks<Extract<T, { kind: K }>> }): Walk<T> {
  return (value, visit) => properties(walks[value.kind as T['kind']] as unknown as Walks<T>)(value, visit);
}

function kept(why: string): <T>(value: T, visit: Visit) => T {
  return (value, visit) => {
    visit.kept?.(value, why);
    return value;
  };
}

const text =
  (kind: Whence['kind']): Walk<string> =>
  (value, visit) =>
    visit.replace(value, { kind });
const [answer, note, word] = [text('answer'), text('note'), text('word')];
const asked: Walk<[string, ...string[]]> = (words, visit) =>
  words.map((one) => (visit.scripts?.has(one) ? one : word(one, visit))) as [string, ...string[]];

/** Keys are the pack's words, but for what a waiver says was observed: that may be keyed by host. */
function anything(keys: boolean): Walk<unknown> {
  const walk: Walk<unknown> = (value, visit) => {
    if (typeof value === 'string') return word(value, visit);
    if (Array.isArray(value)) return value.map((one) => walk(one, visit));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [keys ? word(key, visit) : key, walk(one, visit)]),
    );
  };
  return walk;
}

const values = anything(false) as Walk<Record<string, unknown>>;
const engine = kept("the engine's own word");
const pack = kept("the pack's own word");
const time = kept('a time');
const number = kept('a number');

const inventory = properties<EvidenceInventory>({
  product: pack,
  hosts: each(
    properties<EvidenceInventory['hosts'][number]>({
      name: word,
      role: pack,
      address: word,
      connection: engine,
      via: word,
      reachedAs: word,
      settings: values,
    }),
  ),
  name: word,
  settings: values,
  ports: each(
    properties<EvidenceInventory['ports'][number]>({
      port: number,
      name: word,
      from: pack,
      to: pack,
      needed: pack,
      mustListen: number,
      releases: pack,
      severity: engine,
      basis: engine,
      confidence: engine,
    }),
  ),
  waivers: each(
    properties<EvidenceInventory['waivers'][number]>({
      rule: pack,
      host: word,
      value: anything(true),
      reason: note,
      owner: note,
      until: time,
    }),
  ),
  attest: each(properties<EvidenceInventory['attest'][number]>({ what: pack, by: note, when: time, until: time })),
});

const connection = properties<Connection>({
  host: word,
  kind: engine,
  transport: properties<NonNullable<Connection['transport']>>({ name: engine, why: engine }),
  hostKey: kept('a fingerprint tells nothing but whether two keys are one'),
  noise: answer,
  problem: properties<NonNullable<Connection['problem']>>({ problem: engine, problemAt: engine, message: answer }),
  logins: number,
  shells: number,
  bytes: number,
});

const subject = byKind<Subject>({
  host: { kind: engine, host: word },
  pair: { kind: engine, from: word, to: word },
  set: { kind: engine, hosts: each(word) },
});

const ask = byKind<Ask>({
  exec: {
    kind: engine,
    argv: asked,
    as: pack,
    enter: asked,
    user: word,
    effect: engine,
    on: engine,
    stdin: properties<{ line: string; env: string }>({ line: pack, env: word }),
    timeoutMs: number,
    maxBytes: number,
  },
  connection: { kind: engine },
  ping: { kind: engine, to: word, count: number, timeoutMs: number },
  sysinfo: { kind: engine, call: engine },
});

function outputOf(said: Walk<string>): Walk<Output> {
  return properties<Output>({
    exit: number,
    stdout: said,
    stderr: said,
    problem: engine,
    problemAt: engine,
    startedAt: time,
    durationMs: number,
  });
}

type AnsweredStep = Evidence['steps'][number];

/** Who answered, and to which words, stands beside the answers. */
const step: Walk<AnsweredStep> = (value, visit) =>
  properties<AnsweredStep>({
    id: kept('a hash, made anew of what it is about'),
    probe: engine,
    params: values,
    subject,
    asks: each(properties<AnsweredStep['asks'][number]>({ host: word, ask })),
    sample: number,
    wantedBy: pack,
    declared: each(
      properties<DeclaredProperty>({
        property: engine,
        may: engine,
        from: word,
        value: anything(false),
        why: word,
        afterApply: engine,
        sensitive: engine,
        note: pack,
        repeated: engine,
        assumed: engine,
      }),
    ),
    outputs: each((sample) =>
      sample.map((output, index) => {
        const { host, ask: question } = value.asks[index] ?? {};
        const whence: Whence = {
          kind: 'answer',
          ...(host !== undefined && { host }),
          ...(question?.kind === 'exec' && { argv: question.argv }),
        };
        return outputOf((said) => visit.replace(said, whence))(output, visit);
      }),
    ),
  })(value, visit);

const run: Walks<Baseline> = {
  schema: engine,
  tool: engine,
  takenAt: time,
  finishedAt: time,
  run: properties<Evidence['run']>({
    phases: pack,
    selection: kept("names of rules, which are the pack's"),
    release: pack,
    provePorts: engine,
    allowCommands: each(word),
    interrupted: engine,
    declared: properties<Declaration>({
      sources: each(
        properties<DeclaredSource>({
          kind: engine,
          file: word,
          sha256: kept('a hash tells nothing but whether two files are one'),
          host: word,
          path: word,
        }),
      ),
      defer: engine,
    }),
  }),
  packs: pack,
  inventory,
  connections: each(connection),
  steps: each(step),
  redaction: engine,
};

const baseline = properties<Baseline>(run);
const evidence = properties<Evidence>({ ...run, baseline });

/** Evidence, or the earlier evidence in it, with its texts replaced. Steps keep their ids, which may no longer fit. */
export const inEvidence = evidence as <T extends Evidence | Baseline>(value: T, visit: Visit) => T;

/** A connection with its texts replaced. */
export const inConnection = connection;

/** An answer with its texts replaced. */
export const inOutput = outputOf(answer);
