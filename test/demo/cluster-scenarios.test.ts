/** A played cluster, hosts and what they ask over HTTP: each scenario changes exactly the findings that it concerns. */
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/core/model.js';
import { causesOf } from '../../src/reporters/words/cards.js';
import { changesFrom, keysOf, missingFrom, playOnce, unplayed, wordsOf } from './findings.js';
import type { Playing } from './run.js';

const product = 'alien4cloud';
const played = (scenario: string, playing: Playing = {}) => playOnce(scenario, { product, ...playing });

/** One verdict for a rule on several of its subjects. */
const on = (rule: string, subjects: string[], verdict: Verdict) =>
  Object.fromEntries(subjects.map((subject) => [`${rule} [${subject}]`, verdict]));
const instances = ['a4c-1', 'a4c-2'];
const nodes = ['es-1', 'es-2'];
const servers = ['consul-1', 'consul-2', 'consul-3'];
const withTls: Record<string, Verdict> = on('tls-stores', instances, 'pass');
/** What nobody can tell whose Consul does not show who leads. */
const leaderUnknown: Record<string, Verdict> = {
  ...on('leader-stable', instances, 'unknown'),
  ...on('backups-are-passive', instances, 'unknown'),
};

type Row = [scenario: string, exitCode: number, changes: Record<string, Verdict>, missing?: string[]];

const before: Row[] = [
  [
    'default',
    1,
    {
      'ha-enabled-everywhere [a4c-2]': 'fail',
      'instance-ip-unique-and-reachable': 'fail',
      'config-agrees': 'fail',
      'config-values-sane [a4c-2]': 'fail',
      'consul-quorum': 'fail',
      'disk-space-threshold [a4c-2]': 'fail',
      ...on('elasticsearch-healthy', nodes, 'fail'),
    },
    ['consul-members-agree [consul-3]'],
  ],
  ['ha-enabled-on-one', 1, { 'ha-enabled-everywhere [a4c-2]': 'fail', 'config-agrees': 'fail' }],
  ['same-instance-ip', 1, { 'instance-ip-unique-and-reachable': 'fail' }],
  ['loopback-instance-ip', 1, { 'instance-ip-unique-and-reachable': 'fail' }],
  ['session-time-by-default', 0, on('config-values-sane', instances, 'fail')],
  ['two-consul-servers', 0, { 'consul-quorum': 'fail' }, ['consul-members-agree [consul-3]']],
  [
    'agent-stopped',
    1,
    {
      'consul-agent-reachable [a4c-2]': 'fail',
      'consul-quorum': 'unknown',
      ...on('consul-members-agree', servers, 'unknown'),
    },
  ],
  ['tls', 0, withTls],
  ['tls-stale-key', 1, on('tls-stores', instances, 'fail')],
  ['tls-store-unreadable', 1, { ...withTls, 'tls-stores [a4c-2]': 'fail' }],
  [
    'tls-other-authority',
    1,
    {
      ...withTls,
      ...on('consul-agent-reachable', instances, 'fail'),
      'consul-quorum': 'unknown',
      ...on('consul-members-agree', servers, 'unknown'),
    },
  ],
  ['other-export', 1, { 'shared-file-system': 'fail' }],
  ['not-mounted', 1, { 'shared-file-system': 'fail' }],
  ['read-only-share', 1, { 'disk-space-threshold [a4c-2]': 'fail' }],
  ['full-disk', 1, on('disk-space-threshold', instances, 'fail')],
  ['es-red', 1, on('elasticsearch-healthy', nodes, 'fail')],
  ['es-yellow', 0, on('elasticsearch-healthy', nodes, 'fail')],
  ['es-one-node', 1, on('elasticsearch-healthy', nodes, 'fail')],
  ['es-behind-a-firewall', 3, { 'elasticsearch-healthy [es-1]': 'unknown' }],
];

const after: Row[] = [
  [
    'no-raft-leader',
    1,
    {
      'consul-quorum': 'fail',
      ...on('consul-members-agree', servers, 'fail'),
      'exactly-one-leader': 'unknown',
      ...on('checks-passing', instances, 'unknown'),
      'proxy-follows-leader': 'unknown',
      ...leaderUnknown,
    },
  ],
  ['never-locked', 1, { 'exactly-one-leader': 'fail', 'proxy-follows-leader': 'fail', ...leaderUnknown }],
  ['lock-without-session', 1, { 'exactly-one-leader': 'fail', ...on('backups-are-passive', instances, 'unknown') }],
  ['session-gone', 1, { 'exactly-one-leader': 'fail' }],
  ['session-of-the-other', 1, { 'exactly-one-leader': 'fail' }],
  [
    'holder-check-critical',
    1,
    {
      'exactly-one-leader': 'fail',
      'health-endpoint [a4c-1]': 'fail',
      ...on('checks-passing', instances, 'fail'),
    },
  ],
  [
    'standby-down',
    1,
    {
      'health-endpoint [a4c-2]': 'fail',
      ...on('checks-passing', instances, 'fail'),
      'backups-are-passive [a4c-2]': 'unknown',
    },
  ],
  ['stale-entry', 0, on('checks-passing', instances, 'fail')],
  ['flapping', 0, on('leader-stable', instances, 'fail')],
  [
    'acl-denied',
    3,
    {
      'exactly-one-leader': 'unknown',
      ...on('checks-passing', instances, 'unknown'),
      'proxy-follows-leader': 'unknown',
      ...leaderUnknown,
    },
  ],
  [
    'leader-de-facto',
    1,
    {
      'ha-enabled-everywhere [a4c-2]': 'fail',
      'checks-passing [a4c-2]': 'fail',
      'backups-are-passive [a4c-2]': 'fail',
      'proxy-follows-leader': 'fail',
    },
  ],
  ['proxy-wrong-upstream', 1, { 'proxy-follows-leader': 'fail' }],
  ['proxy-down', 1, { 'proxy-follows-leader': 'fail' }],
  [
    'split-brain',
    1,
    {
      'consul-quorum': 'fail',
      'exactly-one-leader': 'fail',
      'proxy-follows-leader': 'fail',
      // The agents know different leaders, and which of them the servers should know nobody can say.
      ...on('consul-members-agree', servers, 'unknown'),
    },
  ],
  [
    'one-instance',
    1,
    {
      'two-instances': 'fail',
      'distinct-machines': 'unknown',
      'same-version': 'unknown',
      'clocks-agree': 'unknown',
      'instance-ip-unique-and-reachable': 'unknown',
      'consul-quorum': 'unknown',
      'shared-file-system': 'unknown',
      'exactly-one-leader': 'unknown',
    },
    [
      ...['host-access', 'ha-enabled-everywhere', 'consul-agent-reachable', 'disk-space-threshold', 'health-endpoint'],
      ...['leader-stable', 'checks-passing', 'backups-are-passive'],
    ].map((rule) => `${rule} [a4c-2]`),
  ],
  [
    'disturbed',
    1,
    {
      'exactly-one-leader': 'fail',
      'proxy-follows-leader': 'fail',
      ...on('disk-space-threshold', instances, 'fail'),
      ...on('elasticsearch-healthy', nodes, 'fail'),
      ...on('health-endpoint', instances, 'fail'),
      ...on('checks-passing', instances, 'fail'),
      ...on('backups-are-passive', instances, 'unknown'),
    },
  ],
];

describe('the embedded cluster', { timeout: 60_000 }, () => {
  it.each([
    ['healthy', 'preflight', on('tls-stores', instances, 'skip')],
    ['running', 'verify', {}],
  ])('%s: nothing is wrong, and each host is logged in to once', async (scenario, phase, skipped) => {
    const check = await played(scenario);
    expect(check.report.summary).toMatchObject({ fail: 0, unknown: 0, error: 0 });
    expect(keysOf(check, 'skip')).toEqual(Object.keys(skipped));
    expect(check.report.run).toMatchObject({ phase, exitCode: 0 });
    expect(check.logins).toEqual({ 'a4c-1': 1, 'a4c-2': 1 });
    expect(check.evidence.steps.flatMap(({ asks }) => asks.map(({ host }) => host))).not.toContain('here');
  });

  const rows = [...before.map((row) => ['healthy', row] as const), ...after.map((row) => ['running', row] as const)];
  it.each(
    rows.map(([from, [scenario, exitCode, changes, missing = []]]) => ({ scenario, from, exitCode, changes, missing })),
  )(
    '$scenario ends with $exitCode and changes exactly what it should',
    async ({ scenario, from, exitCode, changes, missing }) => {
      const check = await played(scenario);
      expect(await changesFrom(played(from), check)).toEqual(changes);
      expect(await missingFrom(played(from), check)).toEqual(missing);
      expect(check.report.run.exitCode).toBe(exitCode);
      expect(check.logins).toEqual(scenario === 'one-instance' ? { 'a4c-1': 1 } : { 'a4c-1': 1, 'a4c-2': 1 });
    },
  );

  it('tells of one instance once that there is nothing to compare it with, and what to do', async () => {
    const { report } = await played('one-instance');
    const [cause, ...more] = causesOf(report.findings);
    expect(more).toEqual([]);
    expect(cause?.message).toBe('there is nothing to compare a4c-1 with');
    expect(cause?.next).toBe('name another host of its role in the inventory, then run again');
    expect(cause?.findings).toHaveLength(7);
    for (const { message } of cause?.findings ?? []) expect(message).toBe(cause?.message);
  });

  it('knows nothing that needs an instance which cannot be reached, nor of what is asked from it', async () => {
    const check = await played('unreachable-instance');
    expect(keysOf(check, 'fail')).toEqual([]);
    const told = [...keysOf(check, 'pass')];
    expect(told.every((key) => key.endsWith(' [a4c-2]'))).toBe(true);
    expect(told).toContain('health-endpoint [a4c-2]');
    expect(keysOf(check, 'unknown')).toEqual(
      expect.arrayContaining([
        'elasticsearch-healthy [es-1]',
        'consul-members-agree [consul-1]',
        'proxy-follows-leader',
      ]),
    );
    expect(check.report.run.exitCode).toBe(3);
    expect(check.logins).toEqual({ 'a4c-1': 0, 'a4c-2': 1 });
  });

  it.each<[string, Record<string, string>, Record<string, Verdict>]>([
    ['the token that Consul wants', { PAIRFLIGHT_PLAYED_TOKEN: 'open-sesame' }, {}],
    [
      'another token',
      { PAIRFLIGHT_PLAYED_TOKEN: 'shut-sesame' },
      {
        'exactly-one-leader': 'unknown',
        ...on('checks-passing', instances, 'unknown'),
        'proxy-follows-leader': 'unknown',
        ...leaderUnknown,
      },
    ],
  ])('sends %s, and keeps it out of evidence and report', async (_, variables, changes) => {
    const check = await played('acl-denied', { variables });
    expect(await changesFrom(played('running'), check)).toEqual(changes);
    expect(JSON.stringify([check.evidence, check.report])).not.toContain('sesame');
  });

  it('sends no token of a real Consul to a played one', async () => {
    const check = await played('acl-denied', { variables: { CONSUL_HTTP_TOKEN: 'open-sesame' } });
    expect(await changesFrom(played('acl-denied'), check)).toEqual({});
  });

  it.each(['tls', 'tls-stale-key'])('%s: the passwords of the stores stay on their hosts', async (scenario) => {
    const { evidence, report } = await played(scenario);
    expect(JSON.stringify([evidence, report])).not.toContain('open-sesame');
    // Equal passwords are equal tokens, or the instances would differ.
    expect(keysOf(await played(scenario), 'pass')).toContain('config-agrees');
  });

  it.each([
    ['same-instance-ip', 'instance-ip-unique-and-reachable', /^equal: a4c-1 10\.40\.0\.11 and a4c-2 10\.40\.0\.11/],
    [
      'full-disk',
      'disk-space-threshold [a4c-1]',
      /^a4c-1: 6 MiB \(6291456 bytes\), expected at least 10 MiB \(10485760 bytes\)/,
    ],
    ['session-of-the-other', 'exactly-one-leader', /a4c_10\.40\.0\.12_session, expected a4c_10\.40\.0\.11_session/],
    ['split-brain', 'exactly-one-leader', /^differs: a4c-1 adf4238a\S+ and a4c-2 5f1c3b7e/],
    ['flapping', 'leader-stable [a4c-1]', /LockIndex: 7, risen by 4 and never fallen in 5 samples/],
    ['tls-other-authority', 'consul-agent-reachable [a4c-2]', /^a4c-2: untrusted/],
    ['leader-de-facto', 'proxy-follows-leader', /^success on a4c-1 and a4c-2/],
  ])('%s: the finding of %s names the values', async (scenario, key, message) => {
    expect(wordsOf(await played(scenario), key)).toMatch(message);
  });

  it('plays every scenario there is', () => {
    expect(unplayed(['preflight', 'verify'], product)).toEqual([]);
  });
});
