import { statSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Ran, run } from './command.js';
import { describeLab } from './describe-lab.js';
import * as faults from './faults.js';
import type { LabHost } from './host.js';
import { type Lab, startLab } from './lab.js';
import * as obstacles from './obstacles.js';
import { secrets } from './product.js';
import { login } from './system.js';

describeLab('the lab', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab();
  });
  afterEach(() => lab.reset());
  afterAll(() => lab?.close());

  function ssh(host: LabHost, command: string, input = ''): Promise<Ran> {
    const strict = ['BatchMode=yes', 'StrictHostKeyChecking=yes', 'UpdateHostKeys=no', 'ConnectTimeout=5'];
    const known = [...strict, `UserKnownHostsFile=${lab.knownHosts}`, 'GlobalKnownHostsFile=/dev/null'];
    const options = known.flatMap((option) => ['-o', option]);
    const target = ['-F', '/dev/null', '-i', lab.identityFile, `${login.name}@${host.address}`, command];
    return run(['ssh', ...options, ...target], { input });
  }

  function inShell(host: LabHost, command: string, user = 'alation'): Promise<Ran> {
    return ssh(host, `sudo -n chroot ${host.layout.root} /bin/su - ${user} -c '${command}' </dev/null`);
  }

  const tcp = (from: LabHost, to: string, port: number) =>
    ssh(from, `timeout 2 bash -c ': </dev/tcp/${to}/${port}' 2>&1; echo "exit $?"`).then((ran) => ran.stdout);

  it('lets the runner in as ec2-user on both hosts, each of which is itself', async () => {
    for (const host of lab.hosts) {
      const ran = await ssh(host, 'id -un; hostname; cat /etc/machine-id; cat /proc/sys/kernel/random/boot_id');
      const own = [login.name, `${host.name}.pflab`, host.machineId, host.bootId];
      expect(ran.stdout.trim().split('\n'), ran.stderr).toEqual(own);
      expect(ran.stderr).toBe('');
    }
    expect(lab.primary.bootId).not.toBe(lab.secondary.bootId);
  });

  it('counts accepted logins, and only those', async () => {
    const before = lab.acceptedLogins(lab.primary);
    await ssh(lab.primary, 'true');
    await run([
      'ssh',
      '-F',
      '/dev/null',
      '-o',
      'BatchMode=yes',
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      'UserKnownHostsFile=/dev/null',
      '-o',
      'PubkeyAuthentication=no',
      `${login.name}@${lab.primary.address}`,
      'true',
    ]);
    expect(lab.acceptedLogins(lab.primary) - before).toBe(1);
  });

  it('shows no process of one host on the other', async () => {
    const list = async () => (await Promise.all(lab.hosts.map((host) => ssh(host, 'ps -ef')))).map((ran) => ran.stdout);
    const marked = lab.primary.exec(['perl', '-e', '$0 = "only-on-the-primary"; sleep 20']);
    await vi.waitFor(async () => expect((await list())[0]).toContain('only-on-the-primary'), {
      timeout: 15_000,
      interval: 300,
    });
    expect((await list())[1]).not.toContain('only-on-the-primary');
    await marked;
  });

  it('shows the product its processes, arguments and all', async () => {
    for (const host of lab.hosts) {
      const { stdout } = await ssh(host, 'ps -eo comm,args --no-headers');
      for (const name of ['desktop.ServerServer', 'taskserver.TaskServer', 'authserver.AuthServer']) {
        expect(stdout).toMatch(new RegExp(`^java +java .*--db-password=PLANTED.* alation\\.${name}$`, 'm'));
      }
      expect(stdout).toContain('supervisord -c');
    }
    await faults.stopProcesses(lab.secondary, 'TaskServer');
    expect((await ssh(lab.secondary, 'ps -ef')).stdout).not.toContain('TaskServer');
    await lab.reset();
    expect((await ssh(lab.secondary, 'ps -ef')).stdout).toContain('TaskServer');
  });

  it('has file systems of the sizes asked for', async () => {
    const { stdout } = await ssh(
      lab.secondary,
      'for p in /opt/alation /data /backup; do sudo -n blockdev --getsize64 $(findmnt -no SOURCE $p); done',
    );
    expect(stdout.trim().split('\n').map(Number)).toEqual([12, 20, 30].map((gib) => gib * 2 ** 30));
  });

  describe('the product shell', () => {
    it('answers alation_conf as documented, after its noise, for both users', async () => {
      for (const user of ['alation', 'alationadmin']) {
        const ran = await inShell(lab.primary, 'alation_conf alation.cluster.replication_mode', user);
        expect(ran.code, ran.stderr).toBe(0);
        expect(ran.stdout).toBe(
          'Authorized use only. This shell belongs to the Alation application.\nalation.cluster.replication_mode = standalone\n',
        );
        expect(ran.stderr).toBe('');
      }
    });

    it('has its own boot id view and finds its commands by the login profile alone', async () => {
      expect((await inShell(lab.primary, 'cat /proc/sys/kernel/random/boot_id')).stdout).toContain(lab.primary.bootId);
      const bare = await ssh(
        lab.primary,
        `sudo -n chroot ${lab.primary.layout.root} /bin/sh -c 'alation_conf site_id'`,
      );
      expect(bare.code).toBe(127);
    });

    it('matches short keys, and prints secrets in clear', async () => {
      const { stdout } = await inShell(lab.primary, 'alation_conf pgsql');
      expect(stdout).toContain('pgsql.config.max_wal_senders = 4');
      expect(stdout).toContain('alation_analytics-v2.pgsql.password = S3cr3t-analytics');
      expect(secrets.some((secret) => stdout.includes(secret))).toBe(true);
    });

    it('fails for a key that is not there, and records only calls that would change something', async () => {
      expect((await inShell(lab.primary, 'alation_conf no.such.key')).code).toBe(1);
      expect(lab.traps(lab.primary)).toEqual([]);
      await inShell(lab.primary, 'alation_conf alation.cluster.replication_mode -s master');
      await inShell(lab.primary, 'alation_action cluster_enter_standalone_mode');
      await ssh(lab.primary, 'sudo -n /etc/init.d/alation shell');
      await inShell(lab.secondary, 'alation_supervisor status; replication_port_check');
      expect(lab.traps(lab.primary)).toEqual([
        'alation: alation_conf alation.cluster.replication_mode -s master',
        'alation: alation_action cluster_enter_standalone_mode',
        'root: alation shell',
      ]);
      expect(lab.traps(lab.secondary)).toEqual([]);
      expect(lab.calls(lab.secondary)).toHaveLength(2);
    });
  });

  describe('the network', () => {
    it('joins the hosts and leads nowhere else', async () => {
      expect(await tcp(lab.primary, lab.secondary.address, 5432)).toBe('exit 0\n');
      expect(await tcp(lab.secondary, lab.primary.address, 22)).toBe('exit 0\n');
      expect(await tcp(lab.primary, lab.secondary.address, 5433)).toContain('Connection refused');
      expect(await tcp(lab.primary, '192.0.2.1', 22)).toContain('Network is unreachable');
    });

    it('blocks one port in one direction', async () => {
      await obstacles.block(lab.primary, lab.secondary, 5432, 'drop');
      expect(await tcp(lab.primary, lab.secondary.address, 5432)).toBe('exit 124\n');
      expect(await tcp(lab.secondary, lab.primary.address, 5432)).toBe('exit 0\n');
      await lab.reset();
      await obstacles.block(lab.primary, lab.secondary, 5432, 'reset');
      expect(await tcp(lab.primary, lab.secondary.address, 5432)).toContain('Connection refused');
      await lab.reset();
      await obstacles.block(lab.primary, lab.secondary, 5432, 'unreachable');
      expect(await tcp(lab.primary, lab.secondary.address, 5432)).toMatch(/No route to host|unreachable/);
      await lab.reset();
      expect(await tcp(lab.primary, lab.secondary.address, 5432)).toBe('exit 0\n');
    });
  });

  describe('the proof that nothing was written', () => {
    it('is silent after reading', async () => {
      for (const host of lab.hosts) {
        await ssh(host, 'sudo -n cat /etc/shadow >/dev/null; df; ps -ef; sudo -n ls -R /data /opt/alation >/dev/null');
        await inShell(host, 'alation_conf alation.cluster.hosts');
        expect(lab.changedFiles(host)).toEqual([]);
      }
    });

    const writes: [string, string[]][] = [
      ['touch /tmp/x', ['/tmp', '/tmp/x']],
      ['touch /tmp/x; rm /tmp/x', ['/tmp']],
      ['sudo -n touch /data/x', ['/data', '/data/x']],
      ['touch ~/.bashrc', ['/home/ec2-user/.bashrc']],
      ['echo >/dev/shm/x', ['/dev/shm', '/dev/shm/x']],
      ['sudo -n touch /run/x', ['/run', '/run/x']],
      ['sudo -n chmod 700 /opt/alation/alation/opt', ['/opt/alation/alation-10.0.0.147420/opt']],
      ['sudo -n rm /etc/motd', ['/etc/motd']],
      ['touch /var/tmp/x', ['/var/tmp', '/var/tmp/x']],
    ];
    it.each(writes)('sees `%s`', async (command, paths) => {
      const ran = await ssh(lab.secondary, command);
      expect(ran.code, ran.stderr).toBe(0);
      expect(lab.changedFiles(lab.secondary)).toEqual(expect.arrayContaining(paths));
      expect(lab.changedFiles(lab.primary)).toEqual([]);
      await lab.secondary.exec([
        'sh',
        '-c',
        'rm -f /tmp/x /data/x /dev/shm/x /run/x /var/tmp/x; chmod 755 /opt/alation/alation/opt',
      ]);
    });
  });

  describe('faults, and their end', () => {
    it('another build', async () => {
      faults.setBuild(lab.secondary, '10.0.0.147421');
      const read =
        'readlink -f /opt/alation/alation; cat /opt/alation/alation/opt/alation/django/main/alation_version.py';
      expect((await ssh(lab.secondary, read)).stdout).toMatch(
        /alation-10\.0\.0\.147421\n[\s\S]*BUILD_VERSION = 147421/,
      );
      expect((await inShell(lab.secondary, 'alation_conf site_id')).stdout).toContain('site_id = 7');
      await lab.reset();
      expect((await ssh(lab.secondary, read)).stdout).toMatch(
        /alation-10\.0\.0\.147420\n[\s\S]*BUILD_VERSION = 147420/,
      );
    });

    it('another configuration, another disk cache', async () => {
      faults.setConf(lab.primary, 'alation.cluster.replication_mode', 'master');
      faults.setDiskCache(lab.primary, 1, '/mnt/data');
      expect((await inShell(lab.primary, 'alation_conf replication_mode')).stdout).toContain(
        'replication_mode = master',
      );
      expect((await ssh(lab.primary, 'cat /opt/alation/alation/.disk1_cache')).stdout).toBe('/mnt/data\n');
      await lab.reset();
      expect((await inShell(lab.primary, 'alation_conf replication_mode')).stdout).toContain('= standalone');
    });

    it('sudo refused, sudo with a password', async () => {
      faults.setSudoers(lab.secondary, '');
      expect((await ssh(lab.secondary, 'sudo -n true')).code).toBe(1);
      await lab.reset();
      faults.sudoWithPassword(lab.secondary);
      lab.baseline();
      expect((await ssh(lab.secondary, 'sudo -n true')).code).toBe(1);
      expect((await ssh(lab.secondary, 'sudo -S -p "" id -u', `${login.password}\n`)).stdout).toBe('0\n');
      expect(lab.changedFiles(lab.secondary)).toEqual([]);
      await lab.reset();
      expect((await ssh(lab.secondary, 'sudo -n true')).code).toBe(0);
    });

    it('sshd stopped, host keys changed', async () => {
      await faults.stopSshd(lab.primary);
      expect((await ssh(lab.primary, 'true')).stderr).toContain('Connection refused');
      await lab.reset();
      await faults.changeHostKeys(lab.primary);
      expect((await ssh(lab.primary, 'true')).stderr).toContain('REMOTE HOST IDENTIFICATION HAS CHANGED');
      await lab.reset();
      expect((await ssh(lab.primary, 'true')).code).toBe(0);
    });

    it('shells that talk, programs that are not there or never end', async () => {
      faults.shellsTalk(lab.primary, 'good morning');
      await obstacles.hideProgram(lab.primary, 'timeout');
      await obstacles.replaceProgram(lab.primary, 'df', 'exec sleep 3600');
      expect((await ssh(lab.primary, 'timeout 1 true')).stdout).toContain('good morning');
      expect((await ssh(lab.primary, 'timeout 1 true')).code).toBe(127);
      expect((await inShell(lab.primary, 'timeout 1 true')).code).toBe(0);
      expect((await ssh(lab.primary, 'df & sleep 0.3; kill $! && echo hung')).stdout).toContain('hung');
      await lab.reset();
      expect((await ssh(lab.primary, 'timeout 1 df / >/dev/null')).code).toBe(0);
    });

    it('less memory', async () => {
      await obstacles.cover(lab.secondary, '/proc/meminfo', 'MemTotal:        1000000 kB\n');
      expect((await ssh(lab.secondary, 'cat /proc/meminfo')).stdout).toBe('MemTotal:        1000000 kB\n');
      await lab.reset();
      expect((await ssh(lab.secondary, 'cat /proc/meminfo')).stdout).toContain('MemFree');
    });
  });

  it('writes an inventory that only its owner may read', () => {
    const file = lab.inventory({ hosts: { secondary: { ssh: { host: lab.primary.address } } } });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describeLab('a lab of an older release', () => {
  it('has the product under /usr/local/alation up to 3.12, and sizes of its own', async () => {
    const lab = await startLab({ build: '3.12.5.1234', secondary: { disks: { '/data': '8G', '/backup': '9G' } } });
    try {
      const enter = ['chroot', '/usr/local/alation', '/bin/su', '-', 'alation', '-c'];
      expect((await lab.primary.exec([...enter, 'alation_conf site_id'])).stdout).toContain('site_id = 7');
      expect((await lab.secondary.exec(['mountpoint', '-q', '/opt/alation'])).code).not.toBe(0);
      const size = await lab.secondary.exec(['sh', '-c', 'blockdev --getsize64 "$(findmnt -no SOURCE /data)"']);
      expect(size.stdout).toBe(`${8 * 2 ** 30}\n`);
      for (const host of lab.hosts) expect(lab.changedFiles(host)).toEqual([]);
    } finally {
      await lab.close();
    }
  });
});
