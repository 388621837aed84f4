import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describePair } from './describe-lab.js';
import { setConf } from './faults.js';
import type { Lab } from './lab.js';
import * as connection from './pair/connection-faults.js';
import * as faults from './pair/faults.js';
import { beQuiet } from './pair/hanging.js';
import * as load from './pair/load.js';
import { curl, psql } from './pair/shell.js';
import { copySite } from './pair/site-data.js';
import * as standby from './pair/standby-faults.js';
import { attached, until, walPosition } from './pair/streaming.js';
import { borrowPair, handBack } from './shared.js';

const mebi = 1024 * 1024;

describePair("a replicating pair's web ports", () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await borrowPair();
  });
  afterEach(() => lab.reset());
  afterAll(() => handBack(lab));

  const unwritten = () => expect(lab.hosts.flatMap((host) => lab.changedFiles(host))).toEqual([]);

  const monitor = async () => (await curl(lab.primary, '-L', 'http://localhost/monitor/replication')).stdout;

  /** The monitor's lag of the Secondary: its word, as it stands there. */
  async function lag(): Promise<unknown> {
    const told = JSON.parse(await monitor());
    return told[lab.secondary.address]?.postgres_lag_bytes;
  }

  it('tells the lag of the configured Secondary, behind the redirect to the slash form', async () => {
    const bare = await curl(
      lab.primary,
      '-o',
      '/dev/null',
      '-w',
      '%{http_code} %{redirect_url}',
      'http://localhost/monitor/replication',
    );
    expect(bare.stdout).toBe('301 http://localhost/monitor/replication/');
    const form = `{"${lab.secondary.address}":{"postgres_lag_bytes":"0"},"replication_mode":"master"}`;
    expect(await monitor()).toBe(form);
    expect((await curl(lab.secondary, `http://${lab.primary.address}/monitor/replication/`)).stdout).toBe(form);
    expect((await curl(lab.secondary, 'http://localhost/')).code).toBe(7);
    unwritten();
  });

  it('follows a paused replay, under writes and idle, and its end', async () => {
    await beQuiet(lab);
    await standby.pauseReplay(lab);
    await load.writeLoad(lab, 20);
    await until(lab, 'the load has arrived', async () => Number(await lag()) >= 20 * mebi);
    const idle = [await lag(), await lag(), await lag()];
    expect(new Set(idle).size).toBe(1);
    expect(await attached(lab)).toEqual({ state: 'streaming', lagBytes: Number(idle[0]) });
    await load.startLoad(lab, 4096);
    for (let before = Number(idle[0]), rises = 0; rises < 3; rises++) {
      await until(lab, 'the lag rises', async () => Number(await lag()) > before);
      before = Number(await lag());
    }
    await load.stopLoad(lab);
    await standby.resumeReplay(lab);
    await until(lab, 'the lag is gone', async () => (await lag()) === '0');
    const position = await walPosition(lab);
    expect(await lag()).toBe('0');
    expect(await walPosition(lab)).toBe(position);
  });

  it('follows a replay that catches up slowly', async () => {
    await standby.delayReplay(lab, 4);
    await load.startLoad(lab, 4096);
    await until(lab, 'a lag has grown', async () => Number(await lag()) > 12 * mebi);
    await load.stopLoad(lab);
    const seen = [Number(await lag())];
    await until(lab, 'the lag is gone', async () => seen.push(Number(await lag())) > 0 && seen.at(-1) === 0);
    expect(new Set(seen).size).toBeGreaterThan(2);
    expect(seen.toSorted((a, b) => b - a)).toEqual(seen);
  });

  it('says unknown once the standby is stopped, and a number when it is back', async () => {
    await standby.stopStandby(lab);
    expect(await monitor()).toBe(
      `{"${lab.secondary.address}":{"postgres_lag_bytes":"unknown"},"replication_mode":"master"}`,
    );
    expect((await psql(lab.secondary, 'SELECT 1')).stderr).toContain('No such file or directory');
    await standby.startStandby(lab);
    await until(lab, 'a lag is told', async () => (await lag()) === '0');
    unwritten();
  });

  it('says unknown once a firewall has cut the replication, and nothing else is cut', async () => {
    await connection.cutReplication(lab);
    expect(await lag()).toBe('unknown');
    expect(
      (await psql(lab.secondary, "SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'")).stdout,
    ).toBe('0\n');
    expect((await copySite(lab, '--dry-run', '--itemize-changes')).code).toBe(0);
    await connection.healReplication(lab);
    expect(await lag()).toBe('0');
  });

  it('has other forms', async () => {
    await faults.answerWith(lab.primary, { page: 'monitor', lag: 'unknown' });
    expect(await lag()).toBe('unknown');
    await faults.answerWith(lab.primary, { page: 'monitor', mode: 'slave' });
    expect(JSON.parse(await monitor()).replication_mode).toBe('slave');
    await lab.reset();
    setConf(lab.primary, 'alation.cluster.replication_mode', 'standalone');
    expect(await monitor()).toBe('{"replication_mode": "standalone"}');
    await lab.reset();
    faults.emptyHosts(lab);
    expect(await monitor()).toBe('{"replication_mode":"master"}');
    await lab.reset();
    expect(await lag()).toBe('0');
  });

  it('stands behind https with a certificate that nobody signed', async () => {
    await faults.answerWith(lab.primary, { page: 'monitor', secure: true });
    const url = 'http://localhost/monitor/replication';
    expect((await curl(lab.primary, '-L', url)).code).toBe(60);
    const seen = await curl(lab.primary, '-L', '-k', '-w', '\n%{url_effective} %{num_redirects} %{remote_ip}', url);
    const [told = '', way] = seen.stdout.split('\n');
    expect(JSON.parse(told)).toMatchObject({ replication_mode: 'master' });
    expect(way).toBe('https://localhost/monitor/replication/ 2 127.0.0.1');
  });

  it('leads to another host', async () => {
    await faults.answerWith(lab.primary, { page: 'monitor', away: lab.secondary.address });
    await faults.answerWith(lab.secondary, { page: 'monitor', mode: 'master', lag: '0' });
    const seen = await curl(lab.primary, '-L', '-w', '%{remote_ip}', 'http://localhost/monitor/replication');
    expect(seen.stdout).toContain('"replication_mode":"master"');
    expect(seen.stdout).toMatch(new RegExp(`}${lab.secondary.address}$`));
  });

  it('may answer on the Secondary with a standby page, or with all pages', async () => {
    const status = async (path: string) =>
      (await curl(lab.secondary, '-o', '/dev/null', '-w', '%{http_code}', `http://localhost${path}`)).stdout;
    await faults.answerWith(lab.secondary, { page: 'standby' });
    expect([await status('/'), await status('/monitor/replication/')]).toEqual(['503', '503']);
    await faults.answerWith(lab.secondary, { page: 'login' });
    expect([await status('/'), await status('/login/')]).toEqual(['302', '200']);
    await faults.answerWith(lab.primary, undefined);
    expect((await curl(lab.primary, 'http://localhost/')).code).toBe(7);
  });
});
