import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveTarget } from '../../../src/collect/transport/ssh-target.js';
import { host, options } from './support.js';

const folder = mkdtempSync(join(tmpdir(), 'pairflight-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function target(config: string, ssh: Parameters<typeof host>[0] = { ssh: { host: 'alias' } }, more = {}) {
  const file = join(folder, 'config');
  writeFileSync(file, config);
  return resolveTarget(host({ connection: 'ssh', ...ssh }), options({ sshConfigFile: file, ...more }));
}

describe('resolveTarget', () => {
  it('takes what the configuration says of an alias', () => {
    const got = target(`
Host other
  User nobody
host ALIAS alias
  hostname db1.example
  PORT 2222
  User ops
  IdentityFile ~/.ssh/%r-%h
  IdentityFile "/keys/with space"
  IdentitiesOnly yes
  UserKnownHostsFile /a/known ~/known2
  HostKeyAlias db1
Host *
  User late
  IdentityFile /third
`);
    expect(got).toMatchObject({
      hostname: 'db1.example',
      port: 2222,
      user: 'ops',
      configuredIdentities: [join(homedir(), '.ssh/ops-db1.example'), '/keys/with space', '/third'],
      identitiesOnly: true,
      userKnownHosts: ['/a/known', join(homedir(), 'known2')],
      knownAs: { host: 'db1', port: 22 },
    });
  });

  it('lets the inventory win over the configuration, and the command line over both', () => {
    const config = 'Host alias\n  User ops\n  Port 2222\n  UserKnownHostsFile /a\n  IdentityFile /cfg\n';
    const ssh = { host: 'alias', user: 'me', port: 22, identityFile: '~/id' };
    const got = target(config, { ssh }, { knownHostsFile: '/mine' });
    expect(got).toMatchObject({
      user: 'me',
      port: 22,
      chosenIdentity: join(homedir(), 'id'),
      userKnownHosts: ['/mine'],
    });
    expect(target(config, { ssh }, { identityFile: '/cli' }).chosenIdentity).toBe('/cli');
  });

  it('falls back to the address, port 22 and our own name', () => {
    expect(target('', { ssh: {}, address: '10.1.2.3' })).toMatchObject({
      hostname: '10.1.2.3',
      port: 22,
      user: userInfo().username,
      knownAs: { host: '10.1.2.3', port: 22 },
    });
  });

  it('reads included files where they stand, and sections in them only for a host that is meant', () => {
    writeFileSync(join(folder, 'one.conf'), 'Port 2201\nHost alias\n  User inside\n');
    const include = `Include ${folder}/*.conf`;
    expect(target(`${include}\nPort 9\n`)).toMatchObject({ port: 2201, user: 'inside' });
    expect(target(`Host elsewhere\n  ${include}\nHost *\n  Port 9\n`)).toMatchObject({
      port: 9,
      user: userInfo().username,
    });
    expect(target(`Host ali*\n  ${include}\nHost *\n  Port 9\n`)).toMatchObject({ port: 2201, user: 'inside' });
  });

  it('never executes what a Match asks for', () => {
    const proof = join(folder, 'executed');
    expect(target(`Match exec "touch ${proof}"\n  Port 1\nMatch !exec "touch ${proof}"\n  Port 2\n`).port).toBe(22);
    expect(existsSync(proof)).toBe(false);
  });

  it('says which file cannot be read or understood', () => {
    const missing = () => resolveTarget(host(), options({ sshConfigFile: '/no/such/config' }));
    expect(missing).toThrow(/SSH configuration \/no\/such\/config cannot be read/);
    expect(() => target('Host "open\n')).toThrow(/is not valid/);
  });
});
