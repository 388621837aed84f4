import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/core/model.js';
import { changesFrom, keysOf, playOnce, unplayed } from './findings.js';
import type { Played } from './run.js';

const LOST = 3;

/** What proven on request only, and was not asked for. */
const unproven = ['ha-ports-proven [5432 primary->secondary]', 'ha-ports-proven [5432 secondary->primary]'];

const changes = (check: Played, from = playOnce('healthy')) => changesFrom(from, check);

describe('preflight against the embedded pair', { timeout: 60_000 }, () => {
  it('finds nothing wrong with a healthy pair, by one login each', async () => {
    const check = await playOnce('healthy');
    expect(check.report.summary).toMatchObject({ fail: 0, error: 0 });
    expect(keysOf(check, 'unknown')).toEqual(unproven);
    expect(check.report.run.exitCode).toBe(0);
    expect(check.logins).toEqual({ primary: 1, secondary: 1 });
  });

  it.each<[string, number, Record<string, Verdict>]>([
    ['build-differs', 1, { 'same-version': 'fail' }],
    ['clones', 0, { 'not-clones': 'fail' }],
    ['firewall-reset', 1, { 'ha-ports-reachable [5432 secondary->primary]': 'fail' }],
    ['not-standalone', 1, { 'standalone-mode [secondary]': 'fail' }],
    ['sudo-commands', 0, {}],
    ['talkative-login', 0, {}],
    [
      'wrong-disk-cache',
      1,
      {
        'data-disk-cache [secondary]': 'fail',
        'data-partition-same-size': 'fail',
      },
    ],
    // Where nothing is, nothing else is judged: one finding says what is wrong.
    [
      'missing-data-disk',
      1,
      {
        'data-disk-cache [secondary]': 'fail',
        'data-partition-same-size': 'skip',
        'data-and-backup-on-separate-devices [secondary]': 'skip',
        'backup-space-ratio [secondary]': 'skip',
        'roles-not-swapped': 'skip',
        'secondary-data-at-risk': 'skip',
      },
    ],
    ['other-disks', 0, {}],
    ['both-hold-data', 1, { 'roles-not-swapped': 'fail', 'secondary-data-at-risk': 'fail' }],
    [
      'default',
      1,
      {
        'install-space-same-size': 'fail',
        'same-kernel': 'fail',
        'ha-ports-reachable [5432 secondary->primary]': 'fail',
        'ha-ports-proven [5432 secondary->primary]': 'fail',
      },
    ],
    [
      'one-disk',
      1,
      {
        'data-partition-same-size': 'fail',
        'backup-partition-same-size': 'fail',
        'data-and-backup-on-separate-devices [secondary]': 'fail',
        'backup-space-ratio [secondary]': 'fail',
      },
    ],
    [
      'named-address',
      1,
      {
        'addresses-are-ipv4 [secondary]': 'fail',
        'address-on-interface [secondary]': 'fail',
        // What listens for a name cannot be read, so a refusal proves nothing.
        'ha-ports-reachable [5432 primary->secondary]': 'unknown',
      },
    ],
    [
      'sudo-refused',
      3,
      {
        'host-access [secondary]': 'unknown',
        'same-version': 'unknown',
        'data-partition-same-size': 'unknown',
        'backup-partition-same-size': 'unknown',
        'data-disk-cache [secondary]': 'unknown',
        'backup-disk-cache [secondary]': 'unknown',
        'services-started [secondary]': 'unknown',
        'standalone-mode [secondary]': 'unknown',
        'data-and-backup-on-separate-devices [secondary]': 'unknown',
        'backup-space-ratio [secondary]': 'unknown',
        'roles-not-swapped': 'unknown',
        'secondary-data-at-risk': 'unknown',
      },
    ],
  ])('%s ends with %i and changes exactly what it should', async (scenario, exitCode, expected) => {
    const check = await playOnce(scenario);
    expect(await changes(check)).toEqual(expected);
    expect(check.report.run.exitCode).toBe(exitCode);
    expect(check.logins).toEqual({ primary: 1, secondary: 1 });
  });

  it.each([
    ['test-instance', 'pass'],
    ['small-test-instance', 'fail'],
  ])('%s: a third host is compared with the Primary alone', async (scenario, verdict) => {
    const check = await playOnce(scenario);
    expect(await changes(check)).toEqual({ 'test-instance-similar': verdict });
    expect(check.report.run.exitCode).toBe(0);
    expect(check.logins).toEqual({ primary: 1, secondary: 1, test: 1 });
  });

  it('enters root and the product shell with a sudo password', async () => {
    const check = await playOnce('sudo-password', { sudoPassword: 'open-sesame' });
    expect(await changes(check)).toEqual({});
    expect(check.logins).toEqual({ primary: 1, secondary: 1 });
  });

  it.each([undefined, 'wrong'])('leaves unknown what needs root when the sudo password is %s', async (sudoPassword) => {
    const check = await playOnce('sudo-password', { sudoPassword });
    expect(new Set(Object.values(await changes(check)))).toEqual(new Set(['unknown']));
    expect(check.report.run.exitCode).toBe(3);
  });

  it('keeps what a talkative login says apart from the answers', async () => {
    expect((await playOnce('talkative-login')).noise[1]).toContain('Authorised use only');
  });

  it('judges an old release by its own paths', async () => {
    const check = await playOnce('old-3.12');
    expect(check.report.product.build).toBe('3.12.4.30211');
    expect(check.report.summary).toMatchObject({ error: 0 });
    expect(keysOf(check, 'unknown').filter((key) => !unproven.includes(key))).toEqual([
      'ha-ports-proven [27017 primary->secondary]',
      'ha-ports-proven [27017 secondary->primary]',
    ]);
    expect(keysOf(check, 'fail')).toEqual([]);
    expect(keysOf(check, 'skip')).toEqual([
      'test-instance-similar',
      'secondary-data-at-risk',
      'primary-protection-kept',
      'backup-v2-kept',
    ]);
    expect(check.report.run.exitCode).toBe(0);
  });

  it('compares nothing when both names lead to one machine', async () => {
    const check = await playOnce('one-machine');
    const { 'two-machines': guard, ...rest } = await changes(check);
    expect(guard).toBe('fail');
    expect(new Set(Object.values(rest))).toEqual(new Set(['unknown']));
    const compared = check.report.findings.filter(
      ({ subject, verdict }) => subject.kind !== 'host' && verdict === 'pass',
    );
    expect(compared).toEqual([]);
    expect(check.report.run.exitCode).toBe(1);
  });

  it.each(['changed-host-key', 'secondary-down'])(
    '%s: no finding that needs the Secondary passes',
    async (scenario) => {
      const check = await playOnce(scenario);
      expect(new Set(Object.values(await changes(check)))).toEqual(new Set(['unknown']));
      // Of the Secondary its address alone is judged, and that the loopback it is reached by answers; two are the Primary's.
      expect(keysOf(check, 'pass').filter((key) => !key.endsWith('[primary]'))).toEqual([
        'addresses-are-ipv4 [secondary]',
        'backup-recent',
        'runner-reaches-hosts [secondary]',
        'primary-protection-kept',
      ]);
      expect(check.report.run.exitCode).toBe(LOST);
      expect(check.logins).toEqual({ primary: 1, secondary: 0 });
    },
  );

  it('finds everything wrong that a scenario makes wrong', async () => {
    const check = await playOnce('everything-wrong');
    expect(new Set(keysOf(check, 'pass').map((key) => key.replace(/ .*/, '')))).toEqual(
      new Set(['two-machines', 'host-access', 'addresses-are-ipv4', 'network-quality', 'runner-reaches-hosts']),
    );
    expect(check.report.run.exitCode).toBe(1);
  });
});

describe('the gate before replication against the embedded pair', { timeout: 60_000 }, () => {
  it('lets a pair go on that is ready for it', async () => {
    const check = await playOnce('before-adding');
    expect(check.report.summary).toMatchObject({ fail: 0, error: 0 });
    expect(keysOf(check, 'unknown')).toEqual(unproven);
    expect(check.report.run).toMatchObject({ exitCode: 0, next: expect.stringContaining('everything on secondary') });
  });

  it('stops a pair whose data the next step would delete', async () => {
    const check = await playOnce('before-adding-wrong');
    expect(await changes(check, playOnce('before-adding'))).toEqual({
      'primary-protected': 'fail',
      'secondary-unprotected': 'fail',
      'primary-in-master-mode': 'fail',
      'secondary-still-standalone': 'fail',
      'keys-exchanged [primary->secondary]': 'fail',
      'keys-exchanged [secondary->primary]': 'fail',
      'override-ip [primary]': 'fail',
      'roles-not-swapped': 'fail',
      'secondary-data-at-risk': 'fail',
      'backup-recent': 'fail',
    });
    expect(check.report.run.exitCode).toBe(1);
  });

  it('stops a pair on which nothing is set up yet', async () => {
    const check = await playOnce('healthy', { phase: 'pre-replication' });
    expect(keysOf(check, 'fail')).toEqual(['secondary-unprotected', 'primary-in-master-mode']);
    expect(keysOf(check, 'unknown').filter((key) => !unproven.includes(key))).toEqual([
      'keys-exchanged [primary->secondary]',
      'keys-exchanged [secondary->primary]',
      'override-ip [primary]',
      'override-ip [secondary]',
    ]);
    expect(check.report.run.exitCode).toBe(1);
  });
});

it('plays every scenario there is of these phases', () => {
  expect(unplayed(['preflight', 'pre-replication'])).toEqual([]);
});
