/** Shards: whose a pair is, and which shard an engine says that a job is. */
import { describe, expect, it } from 'vitest';
import { inShard, runIdOf, shardOf } from '../../src/fleet/shard.js';

describe('the pairs of the shards', () => {
  const names = Array.from({ length: 11 }, (_, index) => `pair-${String(index).padStart(2, '0')}`);

  it.each([1, 2, 4, 11, 16])('of %i are all pairs, each once, spread evenly', (total) => {
    const shards = Array.from({ length: total }, (_, index) => inShard(names, { index: index + 1, total }));
    expect(shards.flat().toSorted()).toEqual(names);
    const sizes = shards.map((shard) => shard.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });
});

describe('--shard', () => {
  it.each([
    ['2/8', {}, { index: 2, total: 8 }],
    [
      'auto',
      { CI_NODE_INDEX: '3', CI_NODE_TOTAL: '8' },
      { index: 3, total: 8, engine: 'GitLab: CI_NODE_INDEX=3, counted from 1' },
    ],
    ['auto', { CI_NODE_TOTAL: '1' }, { index: 1, total: 1, engine: 'GitLab: CI_NODE_TOTAL=1' }],
    [
      'auto/8',
      { JOB_COMPLETION_INDEX: '0' },
      { index: 1, total: 8, engine: 'Kubernetes: JOB_COMPLETION_INDEX=0, counted from 0' },
    ],
    [
      'auto/8',
      { JOB_COMPLETION_INDEX: '7' },
      { index: 8, total: 8, engine: 'Kubernetes: JOB_COMPLETION_INDEX=7, counted from 0' },
    ],
    [
      'auto',
      { CIRCLE_NODE_INDEX: '1', CIRCLE_NODE_TOTAL: '2' },
      { index: 2, total: 2, engine: 'CircleCI: CIRCLE_NODE_INDEX=1, counted from 0' },
    ],
  ])('%s under %j', (text, env, shard) => {
    expect(shardOf(text, env)).toEqual(shard);
  });

  it.each([
    ['2', {}, /right is for example 2\/8/],
    ['0/8', {}, /there is no shard 0 of 8/],
    ['9/8', {}, /there is no shard 9 of 8/],
    ['1/0', {}, /there must be one shard or more/],
    ['auto', {}, /no engine says which shard this is/],
    ['auto', { JOB_COMPLETION_INDEX: '2' }, /Kubernetes does not say how many there are; right is for example auto\/8/],
    ['auto/8', { JOB_COMPLETION_INDEX: '8' }, /there is no shard 9 of 8 \(Kubernetes: JOB_COMPLETION_INDEX=8/],
    ['auto/8', { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '4' }, /CI_NODE_TOTAL is 4; a shard of 8 would leave pairs out/],
    [
      'auto/8',
      { CI_NODE_INDEX: '1', JOB_COMPLETION_INDEX: '0' },
      /CI_NODE_INDEX \(GitLab\) and JOB_COMPLETION_INDEX \(Kubernetes\) are both set/,
    ],
    ['auto/8', { JOB_COMPLETION_INDEX: 'x' }, /JOB_COMPLETION_INDEX is "x", which is no number/],
    ['auto/2', { CI_NODE_TOTAL: '1' }, /no engine says which shard this is/],
  ])('%s under %j is refused', (text, env, message) => {
    expect(() => shardOf(text, env)).toThrow(message);
  });
});

it('takes the id of a run from the engine', () => {
  expect(runIdOf({})).toBeUndefined();
  expect(runIdOf({ CI_PIPELINE_ID: '117' })).toBe('gitlab-117');
  expect(runIdOf({ GITHUB_RUN_ID: '9', GITHUB_RUN_ATTEMPT: '2' })).toBe('github-9');
});
