import { readdirSync, readlinkSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Ran, run } from './command.js';
import { describePair } from './describe-lab.js';
import { setFile } from './faults.js';
import type { LabHost } from './host.js';
import type { Lab } from './lab.js';
import * as obstacles from './obstacles.js';
import * as connection from './pair/connection-faults.js';
import * as faults from './pair/faults.js';
import * as load from './pair/load.js';
import { startPair } from './pair/pair.js';
import { serverFile, serverLog } from './pair/server.js';
import { inShell, psql } from './pair/shell.js';
import { changeFiles, copySite } from './pair/site-data.js';
import * as standby from './pair/standby-faults.js';
import { attached, caughtUp, walPosition } from './pair/streaming.js';
import { borrowPair, handBack } from './shared.js';
import { login } from './system.js';

describePair('a replicating pair', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await borrowPair();
  });
  afterEach(() => lab.reset());
  afterAll(() => handBack(lab));

  const ssh = (host: LabHost, command: string) => {
    const strict = ['BatchMode=yes', 'StrictHostKeyChecking=yes', 'UpdateHostKeys=no', 'ConnectTimeout=5'];
    const known = [...strict, `UserKnownHostsFile=${lab.knownHosts}`, 'GlobalKnownHostsFile=/dev/null'];
    const options = ['-F', '/dev/null', ...known.flatMap((option) => ['-o', option]), '-i', lab.identityFile];
    return run(['ssh', ...options, `${login.name}@${host.address}`, command]);
  };

  const unwritten = () => expect(lab.hosts.flatMap((host) => lab.changedFiles(host))).toEqual([]);

  it('streams from the Primary to the Secondary, with nothing behind', async () => {
    const query =
      'SELECT client_addr, state, pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) FROM pg_stat_replication';
    expect((await psql(lab.primary, query)).stdout).toBe(`${lab.secondary.address}|streaming|0\n`);
    expect((await psql(lab.primary, 'SELECT pg_is_in_recovery()')).stdout).toBe('f\n');
    expect((await psql(lab.secondary, 'SELECT pg_is_in_recovery()')).stdout).toBe('t\n');
    for (const host of lab.hosts) {
      expect((await psql(host, 'SHOW max_wal_senders')).stdout).toBe('4\n');
      expect(serverLog(host)).not.toMatch(/ (ERROR|FATAL|PANIC): /);
    }
    await psql(lab.primary, 'CREATE TABLE arrived AS SELECT 42 AS answer');
    await caughtUp(lab);
    expect((await psql(lab.secondary, 'SELECT answer FROM arrived')).stdout).toBe('42\n');
    await psql(lab.primary, 'DROP TABLE arrived');
    unwritten();
  });

  it('is configured as the set-up leaves it', async () => {
    const cluster = async (host: LabHost, word: string) =>
      (await inShell(host, `alation_conf alation.cluster.${word}`)).stdout.trim().split(' = ')[1];
    const told = lab.hosts.map((host) =>
      Promise.all(
        ['replication_mode', 'hosts', 'protected_instance', 'override_ip'].map((word) => cluster(host, word)),
      ),
    );
    const [primary, secondary] = lab.hosts.map((host) => host.address);
    expect(await Promise.all(told)).toEqual([
      ['master', `['${secondary}/24']`, 'True', primary],
      ['slave', `['${primary}/24']`, 'False', secondary],
    ]);
    faults.secondMaster(lab);
    expect(await cluster(lab.secondary, 'replication_mode')).toBe('master');
  });

  describe('replication_port_check', () => {
    const check = (host: LabHost) => inShell(host, 'replication_port_check');

    it('passes on both hosts and names the peer', async () => {
      for (const [host, peer] of [lab.hosts, lab.hosts.toReversed()] as [LabHost, LabHost][]) {
        const ran = await check(host);
        expect(ran.code, ran.stdout).toBe(0);
        expect(ran.stdout).toContain(`host ${peer.address}`);
        expect(ran.stdout).not.toContain('FAILED');
      }
      unwritten();
    });

    it('fails for a port on which nothing listens', async () => {
      faults.failPortCheck(lab.primary);
      const ran = await check(lab.primary);
      expect(ran.code).toBe(1);
      expect(ran.stdout).toMatch(/port 22: OK\n.*port 5432: OK\n.*port 6543: FAILED/);
      expect((await check(lab.secondary)).code).toBe(0);
    });

    it('fails for what really is in the way, in the direction that it is', async () => {
      await obstacles.block(lab.secondary, lab.primary, 22, 'reset');
      expect((await check(lab.primary)).code).toBe(0);
      const ran = await check(lab.secondary);
      expect([ran.code, ran.stdout]).toEqual([
        1,
        expect.stringContaining(`port 22: FAILED (no connection to ${lab.primary.address})`),
      ]);
    });

    it('has nothing to check without hosts', async () => {
      faults.emptyHosts(lab);
      expect(await check(lab.primary)).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to check') });
    });
  });

  describe('the files', () => {
    const rehearse = () => copySite(lab, '--dry-run', '--itemize-changes');

    /** Names of files in what rsync itemizes, without folders. */
    const named = (ran: Ran) => (ran.stdout.match(/(?<=^[<>]f\S+ ).*$/gm) ?? []).sort();

    it('are in sync', async () => {
      expect(await rehearse()).toMatchObject({ code: 0, stdout: '', stderr: '' });
      const stats = await copySite(lab, '--dry-run', '--stats');
      expect(stats.stdout).toMatch(/Number of files: 31 \(reg: 25, dir: 6\)/);
      unwritten();
    });

    it('are out of sync, by the names that differ and no others', async () => {
      const names = changeFiles(lab, { added: 2, changed: 3, fresh: 1 });
      lab.baseline();
      const ran = await rehearse();
      expect(names).toHaveLength(6);
      expect(named(ran)).toEqual(names);
      unwritten();
      const old = await lab.primary.exec([
        'find',
        '/data/site_data',
        '-type',
        'f',
        '-mmin',
        '+2',
        '-newermt',
        '2 days ago',
      ]);
      expect(old.stdout.trim().split('\n')).toHaveLength(5);
      await lab.reset();
      expect(await rehearse()).toMatchObject({ code: 0, stdout: '' });
    });

    it('cannot be copied past a greeting, or with a key that is refused', async () => {
      faults.greetCopying(lab);
      expect(await rehearse()).toMatchObject({ code: 2, stderr: expect.stringContaining('is your shell clean?') });
      await lab.reset();
      faults.refuseKey(lab.primary);
      const refused = await rehearse();
      // ssh's end, or the silence that it leaves: rsync tells what it notices first.
      expect([255, 12]).toContain(refused.code);
      expect(refused.stderr).toContain('Permission denied');
      await lab.reset();
      expect((await rehearse()).code).toBe(0);
    });
  });

  it('takes another max_wal_senders, where the standby can live with it', async () => {
    const values = async () => [
      (await inShell(lab.secondary, 'alation_conf pgsql.config.max_wal_senders')).stdout.trim(),
      (await psql(lab.secondary, 'SHOW max_wal_senders')).stdout.trim(),
    ];
    await standby.setMaxWalSenders(lab, 10);
    expect(await values()).toEqual(['pgsql.config.max_wal_senders = 10', '10']);
    await caughtUp(lab);
    await lab.reset();
    await standby.setMaxWalSenders(lab, 3);
    expect(await values()).toEqual(['pgsql.config.max_wal_senders = 3', '']);
    expect(serverLog(lab.secondary)).toContain('recovery aborted because of insufficient parameter settings');
    await lab.reset();
    expect(await values()).toEqual(['pgsql.config.max_wal_senders = 4', '4']);
  });

  it.each([{ silent: false }, { silent: true }])('survives its Primary, powered off: %o', async (how) => {
    await load.writeLoad(lab, 1);
    await caughtUp(lab);
    const last = await walPosition(lab);
    await connection.powerOff(lab, how);
    const [fromHere, fromPeer] = await Promise.all([
      ssh(lab.primary, 'true'),
      lab.secondary.exec(['timeout', '5', 'bash', '-c', `: </dev/tcp/${lab.primary.address}/22`]),
    ]);
    expect(fromHere).toMatchObject({ code: 255, stderr: expect.stringMatching(/No route to host|timed out/) });
    expect(fromPeer.code).not.toBe(0);
    expect((await ssh(lab.secondary, 'echo alive')).stdout).toBe('alive\n');
    const alone = `SELECT pg_is_in_recovery(), pg_wal_lsn_diff(pg_last_wal_receive_lsn(), '0/0'), pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')`;
    expect((await psql(lab.secondary, alone)).stdout).toBe(`t|${last}|${last}\n`);
    await lab.reset();
    expect((await ssh(lab.primary, 'echo alive')).stdout).toBe('alive\n');
    // A server notes what runs every fifteen seconds, in a few bytes that take a moment.
    await expect.poll(() => attached(lab)).toEqual({ state: 'streaming', lagBytes: 0 });
  });

  describe('the proof that nothing was written', () => {
    it('leaves out what the servers write, and only that', async () => {
      await load.writeLoad(lab, 20);
      await psql(lab.primary, 'CREATE TABLE t AS SELECT generate_series(1, 1000); CHECKPOINT');
      unwritten();
      await psql(lab.primary, 'DROP TABLE t');
      await lab.primary.exec(['touch', '/data/pgsql/13/data/x', '/data/pgsql/base/x']);
      expect(lab.changedFiles(lab.primary)).toEqual([
        '/data/pgsql/13/data',
        '/data/pgsql/13/data/x',
        '/data/pgsql/base',
        '/data/pgsql/base/x',
      ]);
      await lab.primary.exec(['rm', '/data/pgsql/13/data/x', '/data/pgsql/base/x']);
    });

    it('sees a changed configuration of a server, and a removed standby signal', () => {
      setFile(lab.secondary, serverFile(lab.secondary, 'postgresql.conf'), '# nothing\n');
      lab.secondary.remove(serverFile(lab.secondary, 'standby.signal'));
      expect(lab.changedFiles(lab.secondary)).toEqual([
        '/data/pgsql/13/data',
        '/data/pgsql/13/data/postgresql.conf',
        '/data/pgsql/13/data/standby.signal',
      ]);
      lab.secondary.write(serverFile(lab.secondary, 'standby.signal'), '', { mode: 0o600, uid: 4201 });
    });
  });
});

describePair('a pair that is closed', () => {
  it('leaves no process behind, servers and loads included', async () => {
    const lab = await startPair({ build: '3.12.5.1234', disks: { '/data': '4G', '/backup': '4G' } });
    const spaces = lab.hosts.map((host) => readlinkSync(`/proc/${host.init}/ns/pid`));
    const living = () =>
      readdirSync('/proc').filter((pid) => {
        try {
          return /^\d+$/.test(pid) && spaces.includes(readlinkSync(`/proc/${pid}/ns/pid`));
        } catch {
          return false; // it has just ended
        }
      });
    await load.startLoad(lab);
    expect(living().length).toBeGreaterThan(20);
    await lab.close();
    // The kernel ends what was in the hosts when their first process is gone, and takes a moment.
    await expect.poll(living, { timeout: 10_000 }).toEqual([]);
  });
});
