/** Rendered files that stand for files of hosts: what each format tells, and what it must leave open. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/model.js';
import type { RenderedFile } from '../../src/declared/files.js';
import { withPromises } from '../../src/judge/promised.js';
import { parseInventory } from '../../src/plan/inventory.js';
import { scopeOf } from '../../src/plan/scope.js';
import { planSteps } from '../../src/plan/steps.js';
import { fixture, said } from '../probes/support.js';
import { judgeDeclared } from './declared.js';

const named = (host: string, path: string, text: string): RenderedFile => ({
  host,
  path,
  file: `${host}.rendered`,
  bytes: Buffer.from(text),
});
const verdictOf = ({ findings }: Report, key: string) => findings.find((one) => one.key.endsWith(`/${key}`))?.verdict;
const findingIn = ({ findings }: Report, key: string) => findings.find((one) => one.key.endsWith(`/${key}`));

describe('postgresql.conf', () => {
  const inventory =
    'product: postgresql\nrelease: "15"\nhosts:\n  primary: { address: 10.0.0.1 }\n  standby: { address: 10.0.0.2 }\n';
  const target = targetForPhase('verify', inventory);
  const path = '/etc/postgresql/15/main/postgresql.conf';
  const limits =
    'max_connections = 100\nmax_worker_processes = 8\nmax_wal_senders = 10\nmax_prepared_transactions = 0\nmax_locks_per_transaction = 64\n';
  const safe =
    "fsync = on\nfull_page_writes = on\nwal_level = replica\narchive_mode = on\nmax_replication_slots = 10\nrecovery_target_timeline = latest\nlisten_addresses = '*'\n";
  ('\nrecovery_target_timeline = latest\n');
  const judged = (primary: string, standby: string, folder = path) =>
    judgeDeclared(undefined, {
      target,
      failOn: 'warning',
      files: [named('primary', folder, primary), named('standby', folder, standby)],
    });
  const reportOf = (primary: string, standby: string) => judged(primary, standby).report;

  it('answers the rules on settings, and nothing else', () => {
    const report = reportOf(limits + safe, limits + safe);
    const answered = report.findings
      .filter(({ verdict }) => verdict === 'pass')
      .map(({ rule }) => rule.replace('postgresql/', ''));
    expect(answered).toEqual(
      expect.arrayContaining(['crash-safety', 'next-start-limits', 'ready-to-be-primary', 'target-timeline']),
    );
    // Each that passes rests on the server's configuration alone.
    for (const rule of target.scope.rules.filter(({ id }) => answered.includes(id.replace('postgresql/', ''))))
      expect(['configuration', 'next', 'slots']).toEqual(expect.arrayContaining(Object.keys(rule.facts)));
    expect(report.findings.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
  });

  it('fails a standby that would not start beside its primary', () => {
    const report = reportOf(limits.replace('100', '300') + safe, limits + safe);
    expect(findingIn(report, 'next-start-limits')).toMatchObject({
      verdict: 'fail',
      told: ['at the next start: max_connections 100, primary 300'],
    });
    expect(report.run).toMatchObject({ gate: 'failed', exitCode: 1 });
    // What is known to be below decides, whatever the rest is left to.
    expect(verdictOf(reportOf('max_connections = 300', 'max_connections = 100'), 'next-start-limits')).toBe('fail');
  });

  it('leaves a limit open that one of the files does not set', () => {
    const open = reportOf(limits, limits.replace(/max_wal_senders.*\n/, ''));
    expect(findingIn(open, 'next-start-limits')).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining('cannot be told by what is declared alone'),
    });
    expect(open.run.gate).not.toBe('declared');
  });

  it('leaves open what a file that is included may set, and says which', () => {
    const report = reportOf(limits + safe, `${limits + safe}include_dir 'conf.d'\n`);
    const finding = findingIn(report, 'crash-safety [standby]');
    expect(finding).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining("include_dir 'conf.d' in line 13 may set it"),
    });
    expect(verdictOf(report, 'crash-safety [primary]')).toBe('pass');
    expect(verdictOf(report, 'ready-to-be-primary')).toBe('unknown');
  });

  it('takes the last of several lines, which the finding says', () => {
    const report = reportOf(`fsync = on\nfull_page_writes = on\nfsync = off\n`, safe);
    expect(findingIn(report, 'crash-safety [primary]')?.message).toContain(
      'off (the key stands in the file several times, and the last counts)',
    );
  });

  it('says of each value where it stands, and what a file alone cannot tell', () => {
    const value = reportOf(safe, safe).declared?.values.find(({ property }) => property === 'settings.fsync');
    expect(value).toMatchObject({
      value: 'on',
      from: 'primary.rendered line 1',
      note: expect.stringContaining('postgresql.auto.conf'),
    });
  });

  it('knows no version but that of the release that was named', () => {
    const without = targetForPhase('verify', inventory.replace('release: "15"\n', ''));
    const { report } = judgeDeclared(undefined, {
      target: without,
      files: [named('primary', path, safe), named('standby', path, safe)],
    });
    expect(findingIn(report, 'target-timeline')).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining('give --release'),
    });
  });

  it('stands once for a host, whatever its folder is called', () => {
    const twice = [named('primary', path, safe), named('primary', '/other/postgresql.conf', safe)];
    expect(() => judgeDeclared(undefined, { target, files: twice })).toThrow(
      /stands for a file that another option stands for already/,
    );
    expect(verdictOf(judged(safe, safe, '/data/postgresql.conf').report, 'crash-safety [primary]')).toBe('pass');
  });

  it('is held against the server afterwards, setting by setting, and the version against nothing', () => {
    const { scope, evidence } = judged(safe.replace('archive_mode = on', 'archive_mode = off'), safe);
    const step = planSteps(scope).find(
      ({ probe, subject }) =>
        probe === 'postgres-configuration' && subject.kind === 'host' && subject.host === 'primary',
    );
    if (!step) throw new Error('the configuration is not asked');
    const { declared: _, ...hosts } = scope;
    const real = {
      ...evidence,
      baseline: evidence,
      steps: [{ ...step, outputs: [[said(fixture('postgres-15/primary-configuration'))]] }],
    };
    const promises = withPromises(hosts, real, []).filter(
      ({ subject }) => subject.kind === 'host' && subject.host === 'primary',
    );
    const of = (name: string) => promises.find(({ key }) => key.includes(name))?.verdict;
    // The server has four slots where ten were declared.
    expect(['fsync', 'archive_mode', 'max_replication_slots'].map((name) => of(`settings.${name}`))).toEqual([
      'pass',
      'pass',
      'fail',
    ]);
    expect(of('settings.wal_level')).toBeDefined();
    expect(of('version')).toBeUndefined();
  });

  const lines = fc.array(
    fc.tuple(
      fc.constantFrom(
        'fsync',
        'full_page_writes',
        'wal_log_hints',
        'max_connections',
        'wal_level',
        'archive_mode',
        'max_replication_slots',
      ),
      fc.constantFrom('on', 'off', '10', '20', 'replica'),
    ),
    { maxLength: 8 },
  );
  const poorer = fc.oneof(
    fc.record({
      how: fc.constant('gone' as const),
      name: fc.constantFrom('fsync', 'max_connections', 'wal_level', 'archive_mode'),
    }),
    fc.record({ how: fc.constant('include' as const) }),
    fc.record({ how: fc.constant('broken' as const) }),
    fc.record({ how: fc.constant('none' as const), name: fc.constantFrom('fsync', 'max_connections', 'wal_level') }),
  );

  it('never tells better of a server of which it tells less', () => {
    const text = (all: [string, string][]) =>
      all.length === 0 ? '# empty\n' : `${all.map((one) => one.join(' = ')).join('\n')}\n`;
    fc.assert(
      fc.property(lines, lines, poorer, fc.boolean(), (primary, standby, change, first) => {
        const less = (all: [string, string][]) => {
          if (change.how === 'gone') return text(all.filter(([name]) => name !== change.name));
          if (change.how === 'none') return `${text(all)}${change.name} = nothing-known\n`;
          return `${text(all)}${change.how === 'include' ? "include 'other.conf'" : 'what is this ?'}\n`;
        };
        const before = reportOf(text(primary), text(standby));
        const after = reportOf(first ? less(primary) : text(primary), first ? text(standby) : less(standby));
        for (const { key, verdict } of before.findings) {
          if (verdict === 'pass' || verdict === 'skip') continue;
          expect([key, after.findings.find((one) => one.key === key)?.verdict]).not.toEqual([key, 'pass']);
        }
        if (before.run.exitCode !== 0) expect(after.run.exitCode).not.toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['pg_hba.conf', /no rule reads this file; .* of primary they ask for .* and a postgresql\.conf in any folder$/],
    ['postgresql.auto.conf', /the server itself writes this file/],
    ['other.conf', /no rule of this run asks for it/],
  ])('%s is refused, with the reason', (name, why) => {
    expect(() => judgeDeclared(undefined, { target, files: [named('primary', `/etc/${name}`, '')] })).toThrow(why);
  });
});

it('a file of the product whose form is not known is refused as such', () => {
  const files = [named('primary', '/opt/alation/alation.conf', '')];
  expect(() => judgeDeclared(undefined, { files })).toThrow(
    /the form of the product's configuration files is not documented/,
  );
});

describe('a YAML file with a placeholder', () => {
  const inventory = `product: alien4cloud
release: "3.7.0"
hosts:
  one: { role: instance, address: 10.0.0.1 }
  two: { role: instance, address: 10.0.0.2 }
  consul: { role: consul, address: 10.0.0.3 }
  search: { role: elasticsearch, address: 10.0.0.4 }
  proxy: { role: proxy, address: 10.0.0.5 }
`;
  const path = '/opt/alien4cloud/alien4cloud/config/alien4cloud-config.yml';
  const text = (host: number, alien: string) =>
    `directories:\n  alien: ${alien}\nha:\n  ha_enabled: true\n  instanceIp: 10.0.0.${host}\nelasticSearch: { client: true, hosts: "10.0.0.4:9300", resetData: false, replica_count: 1 }\n`;
  const reportOf = (alien: string) =>
    judgeDeclared(undefined, {
      inventory,
      files: [named('one', path, text(1, alien)), named('two', path, text(2, alien))],
    }).report;

  it('leaves the key unknown and the others as they are', () => {
    const [plain, placeholder] = [reportOf('/shared/runtime'), reportOf('${user.home}/.alien')];
    const changed = plain.findings.flatMap(({ key, verdict }) => {
      const then = placeholder.findings.find((one) => one.key === key);
      return then?.verdict === verdict ? [] : [[key.replace('alien4cloud/', ''), verdict, then?.verdict]];
    });
    expect(changed).toEqual([['config-agrees', 'pass', 'unknown']]);
    expect(verdictOf(placeholder, 'ha-enabled-everywhere [one]')).toBe('pass');
    expect(findingIn(placeholder, 'config-agrees')?.message).toContain(
      'directories.alien: a placeholder that only the program can fill in (line 2, column 3)',
    );
  });
});

function targetForPhase(phase: string, inventory: string) {
  return scopeOf(parseInventory(inventory, 'pairflight.yaml'), { phases: [phase] });
}
