import { describe, expect, it } from 'vitest';
import { loadDemo } from '../../src/demo/index.js';
import type { Verdict } from '../../src/model.js';
import { packDir } from '../../src/packs.js';
import { type Played, playPreflight } from './run.js';

const LOST = 3;
const healthy = playPreflight('healthy');

function verdictsOf({ report }: Played): Map<string, Verdict> {
  return new Map(report.findings.map(({ key, verdict }) => [key, verdict]));
}

/** What differs from the healthy pair, by the findings' keys without the pack's name. */
async function changes(played: Played): Promise<Record<string, Verdict>> {
  const before = verdictsOf(await healthy);
  const changed = [...verdictsOf(played)].filter(([key, verdict]) => before.get(key) !== verdict);
  return Object.fromEntries(changed.map(([key, verdict]) => [key.replace(/^\w+\//, ''), verdict]));
}

describe('preflight against the embedded pair', { timeout: 60_000 }, () => {
  it('finds nothing wrong with a healthy pair, by one login each', async () => {
    const { report, logins } = await healthy;
    expect(report.summary).toMatchObject({ fail: 0, unknown: 0, error: 0 });
    expect(report.run.exitCode).toBe(0);
    expect(logins).toEqual({ primary: 1, secondary: 1 });
  });

  it.each<[string, number, Record<string, Verdict>]>([
    ['build-differs', 1, { 'same-version': 'fail' }],
    ['clones', 0, { 'not-clones': 'fail' }],
    ['firewall-reset', 1, { 'ha-ports-reachable [5432 secondary->primary]': 'fail' }],
    ['not-standalone', 1, { 'standalone-mode [secondary]': 'fail' }],
    ['sudo-commands', 0, {}],
    ['talkative-login', 0, {}],
    ['wrong-disk-cache', 1, { 'data-disk-cache [secondary]': 'fail', 'data-partition-same-size': 'unknown' }],
    [
      'default',
      1,
      {
        'install-space-same-size': 'fail',
        'same-kernel': 'fail',
        'ha-ports-reachable [5432 secondary->primary]': 'fail',
        'backup-disk-cache [secondary]': 'unknown',
        'backup-partition-same-size': 'unknown',
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
      },
    ],
  ])('%s ends with %i and changes exactly what it should', async (scenario, exitCode, expected) => {
    const played = await playPreflight(scenario);
    expect(await changes(played)).toEqual(expected);
    expect(played.report.run.exitCode).toBe(exitCode);
    expect(played.logins).toEqual({ primary: 1, secondary: 1 });
  });

  it('enters root and the product shell with a sudo password', async () => {
    const played = await playPreflight('sudo-password', 'open-sesame');
    expect(await changes(played)).toEqual({});
    expect(played.logins).toEqual({ primary: 1, secondary: 1 });
  });

  it.each([undefined, 'wrong'])('leaves unknown what needs root when the sudo password is %s', async (password) => {
    const played = await playPreflight('sudo-password', password);
    expect(new Set(Object.values(await changes(played)))).toEqual(new Set(['unknown']));
    expect(played.report.run.exitCode).toBe(3);
  });

  it('keeps what a talkative login says apart from the answers', async () => {
    expect((await playPreflight('talkative-login')).noise[1]).toContain('Authorised use only');
  });

  it('judges an old release by its own paths', async () => {
    const { report } = await playPreflight('old-3.12');
    expect(report.summary).toMatchObject({ fail: 0, unknown: 0, error: 0, skip: 0 });
    expect(report.product.build).toBe('3.12.4.30211');
  });

  it('compares nothing when both names lead to one machine', async () => {
    const played = await playPreflight('one-machine');
    const { 'two-machines': guard, ...rest } = await changes(played);
    expect(guard).toBe('fail');
    expect(new Set(Object.values(rest))).toEqual(new Set(['unknown']));
    const compared = played.report.findings.filter(
      ({ subject, verdict }) => subject.kind !== 'host' && verdict === 'pass',
    );
    expect(compared).toEqual([]);
    expect(played.report.run.exitCode).toBe(1);
  });

  it.each(['changed-host-key', 'secondary-down'])(
    '%s: no finding that needs the Secondary passes',
    async (scenario) => {
      const played = await playPreflight(scenario);
      expect(new Set(Object.values(await changes(played)))).toEqual(new Set(['unknown']));
      const passed = played.report.findings.filter(({ verdict }) => verdict === 'pass').map(({ key }) => key);
      expect(passed.filter((key) => !/\[primary\]$|addresses-are-ipv4/.test(key))).toEqual([]);
      expect(played.report.run.exitCode).toBe(LOST);
      expect(played.logins).toEqual({ primary: 1, secondary: 0 });
    },
  );

  it('finds everything wrong where everything is', async () => {
    const { report } = await playPreflight('everything-wrong');
    const passed = report.findings
      .filter(({ verdict }) => verdict === 'pass')
      .map(({ rule }) => rule.replace(/^\w+\//, ''));
    expect(new Set(passed)).toEqual(new Set(['two-machines', 'host-access', 'addresses-are-ipv4']));
    expect(report.run.exitCode).toBe(1);
  });

  it('has no scenario that is not played here', () => {
    const played =
      /build-differs|clones|firewall-reset|not-standalone|sudo-(commands|refused|password)|talkative-login|wrong-disk-cache|default|healthy|old-3\.12|one-machine|changed-host-key|secondary-down|everything-wrong/;
    const names = loadDemo(packDir('alation')).scenarios.map(({ name }) => name);
    expect(names.filter((name) => !played.test(name))).toEqual([]);
  });
});
