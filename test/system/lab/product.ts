/** The product's files on a host: a chroot, with twins of the product's commands. */
import { chownSync, copyFileSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LabHost } from './host.js';

const twin = (name: string) => fileURLToPath(new URL(`./twins/${name}`, import.meta.url));

/** The script of legacy releases that exchanges keys, as the product's shell sees it. */
export const keyExchangeScript = '/opt/alation/ops/actions/unjailed_key_exchange';

/** The users of the product's shell, with their numeric ids. */
export const productUsers = { alation: 4201, alationadmin: 4202 };

/** Secrets planted where a careless tool meets them; none may ever stand in an output. */
export const secrets = ['PLANTED-process-argument', 'S3cr3t-analytics', 'S3cr3t-rosemeta', 'S3cr3t-cluster'];

const [, analyticsSecret, rosemetaSecret, clusterSecret] = secrets;

/** The product's configuration on a host that has not been paired. */
export function defaultConf(address: string): Record<string, string> {
  return {
    'alation.cluster.replication_mode': 'standalone',
    'alation.cluster.hosts': '[]',
    'alation.cluster.protected_instance': 'True',
    'alation.cluster.override_ip': address,
    'alation.cluster.enable_override_ip': 'False',
    'alation.cluster.pg_repl_in_line': 'True',
    'alation.cluster.replication_mode_token': `${clusterSecret}`,
    'alation.install.base_url': 'https://catalog.example.com/?a=b',
    'alation.feature_flags.enable_pgbackrest': 'False',
    'alation.feature_flags.enable_backup_v2': 'False',
    'pgsql.config.max_wal_senders': '4',
    'pgsql.password': `${rosemetaSecret}`,
    'alation_analytics-v2.pgsql.password': `${analyticsSecret}`,
    site_id: '7',
  };
}

/** How the twins behave: start-up of alation_conf in seconds, and whether a full key also matches as a substring. */
export interface TwinOptions {
  confDelay: number;
  confAlwaysSubstring: boolean;
}

export function writeTwinOptions(host: LabHost, options: TwinOptions): void {
  const text = `conf_delay=${options.confDelay}\nconf_substring=${options.confAlwaysSubstring ? 1 : ''}\n`;
  host.write(`${host.layout.chroot}/opt/alation/env/var/options`, text);
}

/** The file of a host with the ports that its replication_port_check tries; the path is the host's. */
export function checkedPorts(host: LabHost): string {
  return `${host.layout.chroot}/opt/alation/env/var/checked_ports`;
}

/** Writes the product's tree. Before `boot`. */
export function writeProduct(host: LabHost, conf: Record<string, string>, options: TwinOptions): void {
  const { chroot, root } = host.layout;
  const put = (file: string, text: string, mode = 0o644, uid = 0) => host.write(chroot + file, text, { mode, uid });
  if (root !== chroot) symlinkSync(relative('/opt/alation', chroot), host.path(root));
  writeVersion(host, host.layout.build);
  put('/.disk1_cache', '/data\n');
  put('/.disk2_cache', '/backup\n');
  writeChrootSystem(host);
  writeConf(host, conf);
  writeTwinOptions(host, options);
  host.write(checkedPorts(host), '22 5432\n');
  for (const file of ['calls', 'traps']) put(`/opt/alation/env/var/${file}`, '', 0o666);
  mkdirSync(host.path(`${chroot}/opt/alation/env/bin`), { recursive: true });
  for (const name of ['alation_conf', 'alation_supervisor', 'replication_port_check']) install(host, name, name);
  for (const name of ['alation_action', 'replication_helper', 'alation_ypireti']) install(host, 'trap', name);
  const trap = readFileSync(twin('trap'), 'utf8').replaceAll(' >>/', ` >>${root}/`);
  host.write('/etc/init.d/alation', trap, { mode: 0o755 });
  // Run from outside of the product's shell, as the init script is; releases after 4.7 have it no more.
  if (/^(3|4\.[0-7])\./.test(host.layout.build)) put(keyExchangeScript, trap, 0o755);
}

function install(host: LabHost, source: string, name: string): void {
  copyFileSync(twin(source), host.path(`${host.layout.chroot}/opt/alation/env/bin/${name}`));
}

/** Writes the file that tells the build, in the lines that the product's own has. */
export function writeVersion(host: LabHost, build: string): void {
  const [major, minor, patch, number] = build.split('.');
  const lines = [
    '# -*- coding: utf-8 -*-',
    "ALATION_RELEASE_NAME = 'lab 2021.4'",
    `ALATION_MAJOR_VERSION = ${major}`,
    `ALATION_MINOR_VERSION = ${minor}`,
    `ALATION_PATCH_VERSION = ${patch}`,
    `ALATION_BUILD_VERSION = ${number}`,
    'ALATION_BUILD_BRANCH = "release=10"',
    '',
  ];
  host.write(`${host.layout.chroot}/opt/alation/django/main/alation_version.py`, lines.join('\n'));
}

/** Writes what `alation_conf` answers from. */
export function writeConf(host: LabHost, conf: Record<string, string>): void {
  const lines = Object.entries(conf).map(([key, value]) => `${key} = ${value}\n`);
  host.write(`${host.layout.chroot}/opt/alation/env/var/conf`, lines.join(''), { mode: 0o644 });
}

function writeChrootSystem(host: LabHost): void {
  const { chroot } = host.layout;
  const users = Object.entries(productUsers);
  const etc = (file: string, lines: string[]) => host.write(`${chroot}/etc/${file}`, `${lines.join('\n')}\n`);
  etc('passwd', ['root:x:0:0::/root:/bin/bash', ...users.map(([n, id]) => `${n}:x:${id}:${id}::/home/${n}:/bin/bash`)]);
  etc('group', ['root:x:0:', 'tty:x:5:', ...users.map(([name, id]) => `${name}:x:${id}:`)]);
  etc('shadow', ['root:*:20000::::::', ...users.map(([name]) => `${name}:*:20000::::::`)]);
  etc('nsswitch.conf', ['passwd: files', 'group: files', 'shadow: files', 'hosts: files']);
  const su = ['auth sufficient pam_rootok.so', 'account required pam_permit.so', 'session required pam_permit.so'];
  // `su -` asks PAM for the service su-l.
  for (const service of ['su', 'su-l']) etc(`pam.d/${service}`, su);
  etc('pam.d/other', ['auth required pam_deny.so', 'account required pam_deny.so', 'session required pam_deny.so']);
  etc('login.defs', ['ENV_PATH PATH=/usr/local/bin:/usr/bin:/bin', 'ENV_SUPATH PATH=/usr/sbin:/usr/bin:/sbin:/bin']);
  etc('hosts', ['127.0.0.1 localhost']);
  etc('profile', ['[ ! -f /etc/noise ] || cat /etc/noise', 'PATH=/usr/local/bin:/usr/bin:/bin; export PATH']);
  etc('noise', ['Authorized use only. This shell belongs to the Alation application.']);
  mkdirSync(host.path(`${chroot}/etc/alternatives`));
  symlinkSync(realpathSync('/usr/bin/awk'), host.path(`${chroot}/etc/alternatives/awk`));
  for (const [name, uid] of users) {
    host.write(`${chroot}/home/${name}/.bash_profile`, 'PATH=/opt/alation/env/bin:$PATH\n', { uid });
    chownSync(host.path(`${chroot}/home/${name}`), uid, uid);
  }
  mkdirSync(host.path(`${chroot}/root`), { mode: 0o700 });
}
