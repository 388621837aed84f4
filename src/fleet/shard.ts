/** Shards: which pairs are whose, a pure function of the sorted names; and which shard an engine says that this is. */
import { UsageError } from '../core/errors.js';
import { list } from '../core/format.js';

/** One of several parts of a fleet; `index` counts from 1. */
export interface Shard {
  index: number;
  total: number;
}

/** How a shard was found, for people. */
export interface ShardChoice extends Shard {
  /** Absent where it was written out. */
  engine?: string;
}

/** Where an engine puts the index of a job among its like, what it counts from, and where it puts their number. */
interface Engine {
  name: string;
  index: string;
  from: 0 | 1;
  total?: string;
}

const engines: readonly Engine[] = [
  { name: 'GitLab', index: 'CI_NODE_INDEX', from: 1, total: 'CI_NODE_TOTAL' },
  { name: 'Kubernetes', index: 'JOB_COMPLETION_INDEX', from: 0 },
  { name: 'Buildkite', index: 'BUILDKITE_PARALLEL_JOB', from: 0, total: 'BUILDKITE_PARALLEL_JOB_COUNT' },
  { name: 'CircleCI', index: 'CIRCLE_NODE_INDEX', from: 0, total: 'CIRCLE_NODE_TOTAL' },
  { name: 'Azure Pipelines', index: 'SYSTEM_JOBPOSITIONINPHASE', from: 1, total: 'SYSTEM_TOTALJOBSINPHASE' },
];

const RIGHT = 'right is for example 2/8, auto/8, or auto where the engine says how many there are';

/** The shard that `--shard` means. @throws UsageError */
export function shardOf(text: string, env: NodeJS.ProcessEnv): ShardChoice {
  const [, which, many] = /^(auto|\d{1,5})(?:\/(\d{1,5}))?$/.exec(text) ?? [];
  if (which === undefined || (which !== 'auto' && many === undefined))
    throw new UsageError(`--shard ${text}: ${RIGHT}`);
  const total = many === undefined ? undefined : Number(many);
  if (total === 0) throw new UsageError(`--shard ${text}: there must be one shard or more; ${RIGHT}`);
  if (which !== 'auto') return within({ index: Number(which), total: total ?? 0 }, `--shard ${text}`);
  return fromEngine(text, total, env);
}

function fromEngine(text: string, wanted: number | undefined, env: NodeJS.ProcessEnv): ShardChoice {
  const isSet = (name: string | undefined) => name !== undefined && env[name] !== undefined && env[name] !== '';
  const found = engines.filter(({ index }) => isSet(index));
  if (found.length > 1) {
    const variables = found.map(({ name, index }) => `${index} (${name})`);
    throw new UsageError(
      `--shard ${text}: ${list(variables)} are both set; write the shard out, for example --shard 2/8`,
    );
  }
  const [engine] = found;
  if (!engine) {
    // A GitLab job that does not run in parallel is told its number alone.
    if (env.CI_NODE_TOTAL === '1' && (wanted ?? 1) === 1)
      return within({ index: 1, total: 1, engine: told('GitLab', 'CI_NODE_TOTAL=1') }, text);
    throw new UsageError(
      `--shard ${text}: no engine says which shard this is (${list(
        engines.map(({ index }) => index),
        'or',
      )}); write it out, for example --shard 2/8`,
    );
  }
  const number = (name: string): number => {
    const value = env[name] ?? '';
    if (!/^\d{1,5}$/.test(value)) throw new UsageError(`--shard ${text}: ${name} is "${value}", which is no number`);
    return Number(value);
  };
  const of = isSet(engine.total) ? number(engine.total as string) : undefined;
  const total = wanted ?? of;
  if (total === undefined)
    throw new UsageError(
      `--shard ${text}: ${engine.name} does not say how many there are; right is for example auto/8`,
    );
  if (of !== undefined && of !== total)
    throw new UsageError(`--shard ${text}: ${engine.total} is ${of}; a shard of ${total} would leave pairs out`);
  const raw = number(engine.index);
  const index = raw - engine.from + 1;
  return within(
    { index, total, engine: told(engine.name, `${engine.index}=${raw}, counted from ${engine.from}`) },
    `--shard ${text}`,
  );
}

const told = (name: string, how: string) => `${name}: ${how}`;

function within(shard: ShardChoice, option: string): ShardChoice {
  const { index, total, engine } = shard;
  if (index >= 1 && index <= total) return shard;
  const whence = engine === undefined ? '' : ` (${engine})`;
  throw new UsageError(`${option}: there is no shard ${index} of ${total}${whence}; they are counted from 1`);
}

/** The names of a shard: every n-th of the sorted ones, so that neighbours, which are often alike, are spread. */
export function inShard(names: readonly string[], { index, total }: Shard): string[] {
  return names.filter((_, at) => at % total === index - 1);
}

/** The variables in which engines tell what the jobs of one run have in common. */
const runs = [
  ['GITHUB_RUN_ID', 'github'],
  ['CI_PIPELINE_ID', 'gitlab'],
  ['BUILDKITE_BUILD_ID', 'buildkite'],
  ['CIRCLE_WORKFLOW_ID', 'circleci'],
  ['BUILD_BUILDID', 'azure'],
  ['BUILD_TAG', 'jenkins'],
] as const;

/** The id of the run that an engine's jobs belong to, where one is known. */
export function runIdOf(env: NodeJS.ProcessEnv): string | undefined {
  const [variable, engine] = runs.find(([name]) => env[name]) ?? [];
  return variable === undefined ? undefined : `${engine}-${env[variable]}`;
}
