/** Phases after the setup against the embedded pair: each scenario changes exactly the findings that it concerns. */
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/core/model.js';
import { changesFrom, keysOf, playOnce, unplayed, wordsOf } from './findings.js';

const stopped: Record<string, Verdict> = {
  'postgres-lag-known': 'fail',
  'postgres-lag-settles': 'fail',
  'postgres-streaming': 'fail',
};

describe('verify against the embedded pair', { timeout: 60_000 }, () => {
  it('finds a protected pair protected, by one login each', async () => {
    const check = await playOnce('protected');
    expect(check.report.summary).toMatchObject({ fail: 0, unknown: 0, error: 0 });
    expect(keysOf(check, 'skip')).toEqual([
      'ha-ports-reachable [27017 primary->secondary]',
      'ha-ports-reachable [27017 secondary->primary]',
      'services-started [secondary]',
      'backup-v2-kept',
      'hushlogin [primary->secondary]',
      'hushlogin [secondary->primary]',
    ]);
    expect(check.report.run).toMatchObject({ phase: 'verify', exitCode: 0 });
    expect(check.logins).toEqual({ primary: 1, secondary: 1 });
  });

  it.each<[string, number, Record<string, Verdict>]>([
    ['lag-falling', 0, {}],
    ['lag-rising', 1, { 'postgres-lag-settles': 'fail' }],
    ['lag-unsteady', 3, { 'postgres-lag-settles': 'unknown' }],
    ['replay-paused', 1, { 'postgres-lag-settles': 'fail' }],
    ['replay-paused-idle', 1, { 'postgres-lag-settles': 'fail' }],
    ['replication-stopped', 1, stopped],
    [
      'standby-down',
      1,
      {
        ...stopped,
        'postgres-roles [secondary]': 'fail',
        // Nobody needs this direction before a failover, so it is only a warning.
        'ha-ports-reachable [5432 primary->secondary]': 'fail',
      },
    ],
    ['other-cluster', 1, { 'postgres-streaming': 'fail' }],
    ['wal-senders-ten', 1, { 'max-wal-senders': 'fail' }],
    [
      'cluster-hosts-empty',
      1,
      { 'cluster-hosts-name-the-secondary': 'fail', 'replication-port-check [primary]': 'unknown' },
    ],
    ['port-check-fails', 1, { 'replication-port-check [secondary]': 'fail' }],
    ['files-differ', 0, { 'files-in-sync': 'fail' }],
    ['motd-in-rsync', 1, { 'keys-exchanged [secondary->primary]': 'fail', 'files-in-sync': 'fail' }],
    ['one-way-keys', 1, { 'keys-exchanged [primary->secondary]': 'fail' }],
    ['secondary-login-page', 0, { 'secondary-takes-no-traffic': 'fail' }],
    [
      'two-masters',
      1,
      {
        ...stopped,
        'secondary-in-replica-mode': 'fail',
        'one-master': 'fail',
        'postgres-roles [secondary]': 'fail',
      },
    ],
  ])('%s ends with %i and changes exactly what it should', async (scenario, exitCode, expected) => {
    const check = await playOnce(scenario);
    expect(await changesFrom(playOnce('protected'), check)).toEqual(expected);
    expect(check.report.run.exitCode).toBe(exitCode);
    expect(check.logins).toEqual({ primary: 1, secondary: 1 });
  });

  it.each<[string, (number | null)[], RegExp]>([
    ['protected', [0, 0, 0, 0, 0], /^primary postgres_lag_bytes: 0 bytes .*written meanwhile/],
    [
      'lag-falling',
      [768, 640, 512, 384, 256],
      /256 MiB \(\d+ bytes\), falling at every one of 5 samples.*reaches zero/,
    ],
    [
      'lag-rising',
      [256, 384, 512, 640, 768],
      /768 MiB \(\d+ bytes\), risen by 512 MiB \(536870912 bytes\) and never fallen in 5 samples/,
    ],
    ['lag-unsteady', [640, 768, 512, 384, 256], /neither falling nor rising/],
    [
      'replay-paused',
      [512, 512, 512, 512, 512],
      /^secondary: paused, expected running replay; .*512 MiB \(\d+ bytes\) at every one .*does not move/,
    ],
    ['replay-paused-idle', [0, 0, 0, 0, 0], /paused, expected running replay/],
    ['replication-stopped', [null, null, null, null, null], /"unknown" instead of a number/],
  ])('%s: the lag of every sample is in the finding', async (scenario, mebibytes, message) => {
    const check = await playOnce(scenario);
    const finding = check.report.findings.find(({ rule }) => rule === 'alation/postgres-lag-settles');
    const series = (finding?.samples ?? []).map(({ label, property, values }) => ({
      ...{ label, property },
      mebibytes: values.map(({ value }) => value && value / 1024 ** 2),
    }));
    const page = { label: 'primary', property: 'postgres_lag_bytes', mebibytes };
    // PostgreSQL's own number is asked beside the page; it has none of who is not attached.
    const own = { ...page, property: 'lagBytes' };
    expect(series).toEqual(mebibytes.includes(null) ? [page] : [page, own]);
    expect(finding?.message ?? '').toMatch(message);
  });

  it('tells the files that differ, and what a copy would move', async () => {
    const words = wordsOf(await playOnce('files-differ'), 'files-in-sync');
    expect(words).toContain('3 files (12 MiB (12582912 bytes)) of 18231 (41 GiB (44023414784 bytes))');
    expect(words).toMatch(/^secondary: \/data1\/site_data\/logo\.png, .*nlp\.json, expected no differences;/);
    expect(words).toContain('older differences: 3; younger than two minutes: 1');
  });

  it.each([
    [
      'replication-stopped',
      /expected a sender that the Secondary's receiver confirms; secondary: none, expected a server that receives; attached to the Primary: nobody;/,
    ],
    [
      'other-cluster',
      /^differs: primary 7300000000000000001 and secondary 7300000000000000002, expected one cluster on both hosts/,
    ],
    [
      'standby-down',
      /expected a sender that the Secondary's receiver confirms.*; the Secondary's server: psql: .* No such file or directory$/,
    ],
  ])('%s: says on which side the stream is not', async (scenario, message) => {
    expect(wordsOf(await playOnce(scenario), 'postgres-streaming')).toMatch(message);
  });

  it('finds everything wrong that a scenario makes wrong', async () => {
    const check = await playOnce('unprotected');
    expect(new Set(keysOf(check, 'pass').map((key) => key.replace(/ .*/, '')))).toEqual(
      new Set(['two-machines', 'host-access', 'network-quality', 'runner-reaches-hosts']),
    );
    expect(check.report.run.exitCode).toBe(1);
  });

  it('fails on a pair that was never set up', async () => {
    const check = await playOnce('healthy', { phase: 'verify' });
    expect(keysOf(check, 'fail')).toEqual(
      expect.arrayContaining([
        'primary-in-master-mode',
        'secondary-in-replica-mode',
        'one-master',
        'postgres-lag-known',
      ]),
    );
    expect(check.report.run.exitCode).toBe(1);
  });
});

describe('failover against the embedded pair', { timeout: 60_000 }, () => {
  it('lets a pair be failed over that loses nothing, and says what comes first', async () => {
    const check = await playOnce('failover-ready');
    expect(check.report.summary).toMatchObject({ fail: 0, unknown: 0, error: 0 });
    expect(check.report.run).toMatchObject({
      phase: 'failover',
      exitCode: 0,
      next: expect.stringContaining('Fence primary (10.11.2.60) first'),
    });
  });

  it('warns of what would be lost', async () => {
    const check = await playOnce('failover-would-lose');
    expect(await changesFrom(playOnce('failover-ready'), check)).toEqual({ 'lag-before-failover': 'fail' });
    expect(wordsOf(check, 'lag-before-failover')).toMatch(/^primary: 4 MiB \(4194304 bytes\)/);
    expect(check.report.run.exitCode).toBe(0);
  });

  it('compares what each has by itself where the Secondary is not attached', async () => {
    const words = wordsOf(await playOnce('replication-stopped', { phase: 'failover' }), 'lag-before-failover');
    // 3/5A0081C0 was written, 3/3A000060 received.
    expect(words).toMatch(/^512 MiB \(536904032 bytes\) apart: .*expected the same WAL on both/);
  });

  it('does not take a lag that falls for a Secondary that is ready', async () => {
    const check = await playOnce('lag-falling', { phase: 'failover' });
    expect(await changesFrom(playOnce('failover-ready'), check)).toEqual({
      'postgres-lag-settles': 'unknown',
      'lag-before-failover': 'fail',
    });
    expect(wordsOf(check, 'lag-before-failover')).toMatch(
      /^secondary: 256 MiB \(268435456 bytes\), expected little that is received and not yet replayed;/,
    );
    expect(check.report.run.exitCode).toBe(3);
  });

  it('lets the Secondary alone speak where the Primary is dead', async () => {
    const check = await playOnce('primary-dead');
    expect(keysOf(check, 'fail')).toEqual([]);
    expect(keysOf(check, 'pass')).toEqual([
      'host-access [secondary]',
      'address-on-interface [secondary]',
      'secondary-in-replica-mode',
      'postgres-roles [secondary]',
    ]);
    expect(new Set(Object.values(await changesFrom(playOnce('failover-ready'), check)))).toEqual(new Set(['unknown']));
    const words = wordsOf(check, 'lag-before-failover');
    for (const told of ['has received up to 3/5A0081C0', 'has replayed up to 3/5A006F00'])
      expect(words).toContain(`; secondary ${told}; `);
    expect(words).toMatch(/; the last transaction that secondary replayed is 5 min \(310000 ms\) old$/);
    expect(check.report.run).toMatchObject({
      exitCode: 3,
      next: expect.stringContaining('Fence primary (10.11.2.60) first'),
    });
    expect(check.logins).toEqual({ primary: 0, secondary: 1 });
  });
});

it('plays every scenario there is of these phases', () => {
  expect(unplayed(['verify', 'failover'])).toEqual([]);
});
