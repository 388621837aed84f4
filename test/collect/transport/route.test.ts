import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { routeTo } from '../../../src/collect/transport/route.js';
import { host, options } from './support.js';

const folder = mkdtempSync(join(tmpdir(), 'pairflight-route-'));
afterAll(() => rmSync(folder, { recursive: true }));

function route(config: string, more = {}) {
  const file = join(folder, 'config');
  writeFileSync(file, `${config}\nHost *\n  User me\n`);
  const target = host({ connection: 'ssh', ssh: { host: 'db-a' } });
  return routeTo(target, options({ sshConfigFile: file, ...more }));
}
const logins = (config: string) => route(config).map(({ user, hostname, port }) => `${user}@${hostname}:${port}`);
const command = (line: string) => route(`Host db-a\n  HostName 10.0.0.1\n  Port 2200\n  ${line}`)[0].proxy.command;

describe('routeTo', () => {
  it.each([
    ['no jump host', 'Host db-a\n  User ops', ['ops@db-a:22']],
    ['a name', 'Host db-a\n  ProxyJump bastion', ['me@bastion:22', 'me@db-a:22']],
    ['a whole login', 'Host db-a\n  ProxyJump ops@bastion:2222', ['ops@bastion:2222', 'me@db-a:22']],
    ['a user of a domain', 'Host db-a\n  ProxyJump ops@corp@bastion', ['ops@corp@bastion:22', 'me@db-a:22']],
    ['an address', 'Host db-a\n  ProxyJump [fe80::1]:2222', ['me@fe80::1:2222', 'me@db-a:22']],
    ['a URI', 'Host db-a\n  ProxyJump ssh://ops@bastion:2222/', ['ops@bastion:2222', 'me@db-a:22']],
    ['two', 'Host db-a\n  ProxyJump one,ops@two:2', ['me@one:22', 'ops@two:2', 'me@db-a:22']],
    [
      'tokens',
      'Host db-a\n  HostName 10.0.0.1\n  ProxyJump %r@jump-%n-%h',
      ['me@jump-db-a-10.0.0.1:22', 'me@10.0.0.1:22'],
    ],
    ['an alias', 'Host j\n  HostName j.lan\n  User o\n  Port 9\nHost db-a\n  ProxyJump j', ['o@j.lan:9', 'me@db-a:22']],
    [
      'a login that wins over the alias',
      'Host j\n  HostName j.lan\n  User o\n  Port 9\nHost db-a\n  ProxyJump x@j:1',
      ['x@j.lan:1', 'me@db-a:22'],
    ],
    [
      'a jump host behind another',
      'Host db-a\n  ProxyJump inner\nHost inner\n  ProxyJump outer',
      ['me@outer:22', 'me@inner:22', 'me@db-a:22'],
    ],
    [
      'a second jump host, whose own way does not count',
      'Host db-a\n  ProxyJump outer,inner\nHost inner\n  ProxyJump elsewhere',
      ['me@outer:22', 'me@inner:22', 'me@db-a:22'],
    ],
    ['none', 'Host db-a\n  ProxyJump NONE\nHost *\n  ProxyJump bastion', ['me@db-a:22']],
    ['none, before a ProxyCommand', 'Host db-a\n  ProxyJump none\n  ProxyCommand nc', ['me@db-a:22']],
    ['a ProxyCommand of none, before it', 'Host db-a\n  ProxyCommand none\n  ProxyJump bastion', ['me@db-a:22']],
  ])('%s', (_name, config, expected) => {
    expect(logins(config)).toEqual(expected);
  });

  it("takes a jump host's identity from its own entry, and the known_hosts file of the command line for all", () => {
    const config = 'Host j\n  IdentityFile /keys/j\nHost db-a\n  ProxyJump j\n  IdentityFile /keys/db';
    const [jump, target] = route(config, { identityFile: '/keys/cli', knownHostsFile: '/known' });
    expect(jump).toMatchObject({ chosenIdentity: undefined, configuredIdentities: ['/keys/j'] });
    expect(target).toMatchObject({ chosenIdentity: '/keys/cli' });
    expect([jump.userKnownHosts, target?.userKnownHosts]).toEqual([['/known'], ['/known']]);
  });

  it('knows who can be dialled from here', () => {
    const direct = (config: string) => route(config).map((one) => one.direct);
    expect(direct('')).toEqual([true]);
    expect(direct('Host db-a\n  ProxyJump a,b')).toEqual([true, false, false]);
    expect(direct('Host db-a\n  ProxyJump a\nHost a\n  ProxyCommand nc %h %p')).toEqual([false, false]);
  });

  it('finds the command of the first host only', () => {
    const config = 'Host db-a\n  ProxyJump outer,inner\nHost outer inner\n  ProxyCommand connect %n';
    expect(route(config)[0].proxy.command).toBe('connect outer');
  });

  it.each([
    ['itself', 'Host *\n  ProxyJump bastion', /leads in a circle: me@db-a by me@bastion by me@bastion$/],
    [
      'a host further on',
      'Host db-a\n  ProxyJump b\nHost b\n  ProxyJump db-a',
      /in a circle: me@db-a by me@b by me@db-a$/,
    ],
  ])('refuses a way that leads by %s', (_name, config, words) => {
    expect(() => route(config)).toThrow(words);
  });

  it.each(['', 'a,,b', 'a:0', 'a:99999', 'a:b', '@a', 'a b', '[a', 'ssh://'])('refuses the jump host "%s"', (spec) => {
    expect(() => route(`Host db-a\n  ProxyJump "x",${spec}`)).toThrow(
      /ProxyJump .* which is not \[user@\]host\[:port\]/,
    );
  });
});

describe('a ProxyCommand', () => {
  it('is the rest of the line with its tokens replaced', () => {
    expect(command('ProxyCommand nc -X 5 %h %p')).toBe('nc -X 5 10.0.0.1 2200');
    expect(command('ProxyCommand ssh -W "%h:%p" -l %r j 2>/dev/null')).toBe(
      'ssh -W "10.0.0.1:2200" -l me j 2>/dev/null',
    );
    expect(command("ProxyCommand sh -c 'printf %%s %n'")).toBe("sh -c 'printf %s db-a'");
    expect(command('ProxyCommand None')).toBeUndefined();
    expect(command('ProxyCommand one\n  ProxyJump two\n  ProxyCommand three')).toBe('one');
  });

  it.each(['%x', '%d', 'a %'])('refuses the token in "%s"', (line) => {
    expect(() => command(`ProxyCommand ${line}`)).toThrow(/has no meaning there; right is %h, %n, %p, %r or %%/);
  });

  it.each(['-oProxyCommand=x', '$(id)', 'a;b', 'a`b', "a'b"])('gives no shell the name "%s"', (name) => {
    const target = host({ connection: 'ssh', ssh: { host: name } });
    const file = join(folder, 'unsafe');
    writeFileSync(file, 'ProxyCommand nc %h %p\n');
    expect(() => routeTo(target, options({ sshConfigFile: file }))).toThrow(/must not be given the name/);
  });

  it('is refused where it hands over a socket', () => {
    expect(() => command('ProxyCommand nc -F %h %p\n  ProxyUseFdpass yes')).toThrow(/ProxyUseFdpass is not supported/);
    expect(command('ProxyCommand nc %h %p\n  ProxyUseFdpass no')).toBe('nc 10.0.0.1 2200');
  });
});
