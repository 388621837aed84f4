/** The product's files and process on an instance, and the user that it runs as. */
import { chmodSync, chownSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Daemon } from '../lab/daemon.js';
import type { LabHost } from '../lab/host.js';
import { login } from '../lab/system.js';
import type { Certificates } from './certificates.js';
import { configFile, configurationOf, home, secrets, user } from './configuration.js';

const script = readFileSync(fileURLToPath(new URL('../lab/twins/process.pl', import.meta.url)), 'utf8');

/** Adds the user of the product, with the same numeric id on every machine that shares its files. Before `boot`. */
export function addUser(host: LabHost): void {
  const { name, uid } = user;
  const add = (file: string, line: string) => host.rewrite(file, `${host.read(file).trimEnd()}\n${line}\n`);
  add('/etc/passwd', `${name}:x:${uid}:${uid}::/home/${name}:/bin/sh`);
  add('/etc/group', `${name}:x:${uid}:`);
  // A star is no password; a login by key stays possible.
  add('/etc/shadow', `${name}:*:20000::::::`);
}

/** The file that carries the release in its name. */
export function warFile(release: string): string {
  return `${home}/alien4cloud-ui-${release}.war`;
}

/** Files of the operator's own, with which curl may ask Consul over TLS. */
export const operatorTls = {
  ca: `/home/${login.name}/consul/ca.pem`,
  cert: `/home/${login.name}/consul/client.pem`,
  key: `/home/${login.name}/consul/client.key`,
};

/** Writes the product's tree, and what its operator has beside it. Before `boot`. */
export function writeProduct(host: LabHost, release: string, searchNodes: readonly string[], tls: Certificates): void {
  const { uid } = user;
  host.write(warFile(release), 'PK', { uid });
  host.write(configFile, configurationOf(host.address, searchNodes), { mode: 0o640, uid });
  for (const name of ['server-keystore.jks', 'server-truststore.jks']) {
    const file = host.path(`${home}/config/ssl/${name}`);
    mkdirSync(dirname(file), { recursive: true });
    copyFileSync(tls.store, file);
    chmodSync(file, 0o600);
    chownSync(file, uid, uid);
  }
  for (const folder of ['', '/config', '/config/ssl']) chownSync(host.path(home + folder), uid, uid);
  const operators = {
    [operatorTls.ca]: tls.ca,
    [operatorTls.cert]: tls.client.cert,
    [operatorTls.key]: tls.client.key,
  };
  for (const [file, source] of Object.entries(operators))
    host.write(file, readFileSync(source, 'utf8'), { mode: 0o600, uid: login.uid });
  const unit = ['[Service]', `User=${user.name}`, `WorkingDirectory=${home}`, `ExecStart=${home}/alien4cloud.sh`, ''];
  host.write('/etc/systemd/system/a4c.service', unit.join('\n'));
}

/** Starts what `ps` shows of the product; the answers come from elsewhere. */
export async function startProcess(host: LabHost, release: string): Promise<void> {
  const classpath = `config/:alien4cloud-ui-${release}.war`;
  const words = [
    'java',
    '-server',
    '-Xmx2g',
    `-Dldap.password=${secrets[4]}`,
    '-cp',
    classpath,
    'org.springframework.boot.loader.WarLauncher',
  ];
  const filler = 'x'.repeat(words.join(' ').length - 'perl - '.length);
  const env = [`SHOW=${words.join(',')}`, `RUN_AS=${user.uid}`, 'PORT=0'];
  const daemon = new Daemon(host.inside(['env', '-i', '-C', home, 'PATH=/usr/bin', ...env, 'perl', '-', filler]));
  daemon.stdin.end(script);
  host.processes.set('java', daemon);
  await daemon.prints('ready');
}
