import { existsSync, readFileSync, statSync } from 'node:fs';
import ssh2 from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import { readDemo } from '../../src/demo/file/scenarios.js';
import { type DemoHost, drawKey, type RunningDemo, startDemo } from '../../src/demo/index.js';
import { type Client, execute, frameOf, lane, logIn, NONCE } from './client.js';

const TEXT = `
product: x
scenarios:
  base:
    description: d
    every:
      architecture: x86_64
      kernelRelease: "6.1"
      processors: 2
      memory: 4 GiB
      filesystems: { /: { device: /dev/sda1, number: "8:1", type: ext4, deviceBytes: 10 GiB, freeBytes: 4 GiB } }
      files: { /srv/real/note: "hello\\n", /etc/secret: { text: s, mode: "0600" } }
      links: { /srv/now: /srv/real }
      commands: { slow: { stdout: late, delayMs: 60000 }, grow: ["1\\n", { stdout: "2\\n", exit: 4 }], "say ...": { stdout: "said\\n", stderr: "aside\\n", exit: 3 } }
      contexts:
        shop:
          enter: [chroot, /srv/real, /bin/su, "-", shop, -c, "{shell}"]
          user: shop
          uid: 77
          root: /srv/real
          noise: "shop is open\\n"
          commands: { stock: ["7 left\\n", "6 left\\n"] }
    hosts:
      a: { address: 10.0.0.1, bootId: 7c1f0a52-3d0e-4b8e-9a57-2f6f0c1a9d11, machineId: 5f0c6a3be1d24c0f9a7d8b3c2e1f4a60, interfaces: { eth0: 10.0.0.1/24 }, listeners: { ssh: "0.0.0.0:22" } }
      b: { address: 10.0.0.2, bootId: 7c1f0a52-3d0e-4b8e-9a57-2f6f0c1a9d12, machineId: 5f0c6a3be1d24c0f9a7d8b3c2e1f4a61, interfaces: { eth0: 10.0.0.2/24 }, listeners: { web: "127.0.0.1:80" } }
  refused: { description: d, extends: base, every: { sudo: refused } }
  password: { description: d, extends: base, every: { sudo: password, sudoPassword: right } }
  commands: { description: d, extends: base, every: { sudo: commands } }
  noisy: { description: d, extends: base, every: { noise: "welcome\\n" } }
  other-key: { description: d, extends: base, hosts: { a: { hostKey: new, knownHostKey: old }, b: { hostKey: new } } }
  down: { description: d, extends: base, hosts: { b: { sshd: stopped } } }
`;

const LOGIN = 'exec env LC_ALL=C PYTHONDONTWRITEBYTECODE=1 PF_ENTRY=0a1b /bin/sh';
const ROOT = 'sudo -n env LC_ALL=C PYTHONDONTWRITEBYTECODE=1 PF_ENTRY=0a1b /bin/sh';
const SHOP = `sudo -n 'chroot' '/srv/real' '/bin/su' '-' 'shop' '-c' '${LOGIN}'`;

let pair: RunningDemo;
let client: Client | undefined;

async function open(scenario: string): Promise<Client> {
  pair = await startDemo(readDemo(TEXT, 'demo.yaml'), scenario);
  client = await logIn(pair, hostOf('a'));
  return client;
}

function hostOf(name: string): DemoHost {
  const host = pair.hosts[name];
  if (!host) throw new Error(`no host ${name}`);
  return host;
}

afterEach(async () => {
  client?.end();
  client = undefined;
  await pair.close();
});

describe('a played host', () => {
  it.each([
    ['login', LOGIN, 'demo', '1000'],
    ['root', ROOT, 'root', '0'],
    ['the product shell', SHOP, 'shop', '77'],
    ['the product shell, unquoted', SHOP.replaceAll("'", '').replace(LOGIN, `'${LOGIN}'`), 'shop', '77'],
  ])('opens a shell as %s and frames its answers', async (_, line, user, uid) => {
    const all = await lane(await open('base'), line, [
      ['id', '-un'],
      ['id', '-u'],
      ['say', 'a\nb'],
      ['no such', 'thing'],
    ]);
    expect(frameOf(all, 0).exit).toBe(0);
    expect(frameOf(all, 1)).toEqual({ stdout: `${user}\n`, stderr: '', exit: 0 });
    expect(frameOf(all, 2)).toEqual({ stdout: `${uid}\n`, stderr: '', exit: 0 });
    if (user !== 'shop') expect(frameOf(all, 3)).toEqual({ stdout: 'said\n', stderr: 'aside\n', exit: 3 });
    expect(frameOf(all, 4)).toEqual({ stdout: '', stderr: 'sh: no such: not found\n', exit: 127 });
    expect(all.exit).toBe(0);
  });

  it('knows the commands of a context only inside it, and its root is / there', async () => {
    const shell = await open('base');
    const inside = await lane(shell, SHOP, [['stock'], ['cat', '/note']]);
    expect(frameOf(inside, 0).stdout).toBe('shop is open\n');
    expect(frameOf(inside, 1).stdout).toBe('7 left\n');
    expect(frameOf(inside, 2).stdout).toBe('hello\n');
    expect(frameOf(await lane(shell, ROOT, [['stock']]), 1).exit).toBe(127);
  });

  it.each<[string[], string, string, number]>([
    [['cat', '/srv/now/note'], 'hello\n', '', 0],
    [['cat', '/srv/now/note', '/none'], 'hello\n', 'cat: /none: No such file or directory\n', 1],
    [['cat', '/etc/secret'], '', 'cat: /etc/secret: Permission denied\n', 1],
    [['cat', '/srv'], '', 'cat: /srv: Is a directory\n', 1],
    [['readlink', '-f', '/srv/now/note'], '/srv/real/note\n', '', 0],
    [['readlink', '-f', '/none/at/all'], '', '', 1],
    [['stat', '-L', '-c', '%s %a %F', '/srv/now/note'], '6 644 regular file\n', '', 0],
    [['df', '-P', '-k', '/none'], '', 'df: /none: No such file or directory\n', 1],
    [['env', 'A=b', 'uname', '-m'], 'x86_64\n', '', 0],
    [['uname', '--all'], '', "uname: unrecognized option '--all'\n", 2],
    [['nproc'], '2\n', '', 0],
    [['sudo', '-n', 'id', '-u'], '0\n', '', 0],
    [
      ['chroot', '/srv/real', '/bin/true'],
      '',
      "chroot: cannot change root directory to '/srv/real': Operation not permitted\n",
      125,
    ],
    [['sh', '-c', 'id -un'], 'demo\n', '', 0],
    [
      ['/bin/sh', '-c', 'any script', 'tcp-reach', '10.0.0.1', '4', '22', '23'],
      'via bash\n22 0 1 \n23 1 1 10.0.0.1: line 1: connect: Connection refused 10.0.0.1: line 1: /dev/tcp/10.0.0.1/23: Connection refused\nend\n',
      '',
      0,
    ],
  ])('answers %j', async (words, stdout, stderr, exit) => {
    expect(frameOf(await lane(await open('base'), LOGIN, [words]), 1)).toEqual({ stdout, stderr, exit });
  });

  it('goes on in a list of answers at each turn, in every shell of a context alike, and stays at its last', async () => {
    const shell = await open('base');
    const first = await lane(shell, LOGIN, [['grow'], ['true'], ['grow']]);
    expect([frameOf(first, 1), frameOf(first, 3)]).toEqual([
      { stdout: '1\n', stderr: '', exit: 0 },
      { stdout: '2\n', stderr: '', exit: 4 },
    ]);
    expect(frameOf(await lane(shell, LOGIN, [['grow']]), 1).stdout).toBe('2\n');
    expect(frameOf(await lane(shell, ROOT, [['grow']]), 1).stdout).toBe('1\n');
    const inside = await lane(shell, SHOP, [['stock'], ['stock']]);
    expect([frameOf(inside, 1).stdout, frameOf(inside, 2).stdout]).toEqual(['7 left\n', '6 left\n']);
  });

  it('begins anew with each pair', async () => {
    for (const _ of [1, 2]) {
      client?.end();
      await pair?.close();
      expect(frameOf(await lane(await open('base'), LOGIN, [['grow']]), 1).stdout).toBe('1\n');
    }
  });

  it('ends a command at its time limit, as timeout does', async () => {
    const shell = await open('base');
    const all = await execute(shell, LOGIN, `pf_end ${NONCE}0 0\npf ${NONCE}1 0 slow\n`);
    expect(frameOf(all, 1)).toEqual({ stdout: '', stderr: '', exit: 124 });
  });

  it('says what profile scripts say before the shell listens', async () => {
    const all = await lane(await open('noisy'), LOGIN, [['true']]);
    expect(frameOf(all, 0).stdout).toBe('welcome\n');
    expect(frameOf(all, 1).stdout).toBe('');
  });
});

describe('sudo of a played host', () => {
  const required = { stdout: '', stderr: 'sudo: a password is required\n', exit: 1 };

  it.each(['refused', 'password', 'commands'])('asks for a password where it is %s', async (scenario) => {
    const shell = await open(scenario);
    expect(await execute(shell, 'sudo -n true')).toEqual(required);
    expect(await execute(shell, ROOT)).toEqual(required);
  });

  it('allows single commands where it refuses a shell', async () => {
    const shell = await open('commands');
    expect((await execute(shell, 'sudo -n -l')).exit).toBe(0);
    expect((await execute(shell, "sudo -n 'cat' '/etc/secret'")).stdout).toBe('s');
    expect(
      await execute(shell, "sudo -n 'chroot' '/srv/real' '/bin/su' '-' 'shop' '-c' ''\\''stock'\\'''"),
    ).toMatchObject({ stdout: '7 left\n', exit: 0 });
  });

  it("opens a shell behind the right password, and what follows it is the shell's", async () => {
    const shell = await open('password');
    const line = ROOT.replace('-n', '-k -S -p ask-me');
    const all = await execute(shell, line, `right\npf_end ${NONCE}0 0\npf ${NONCE}1 5 id -u\n`, 'ask-me');
    expect(all.stderr.startsWith('ask-me')).toBe(true);
    expect(frameOf(all, 1)).toMatchObject({ stdout: '0\n', exit: 0 });
  });

  it('refuses a wrong password, and asks again in vain', async () => {
    const wrong = await execute(await open('password'), 'sudo -k -S -p ask-me true', 'wrong\n', 'ask-me');
    expect(wrong.exit).toBe(1);
    expect(wrong.stderr).toContain('Sorry, try again.');
    expect(wrong.stderr.split('ask-me')).toHaveLength(3);
  });

  it('refuses even the right password where the login has no right', async () => {
    const refused = await execute(await open('refused'), 'sudo -k -S -p ask-me true', 'open-sesame\n', 'ask-me');
    expect(refused).toMatchObject({ exit: 1, stderr: expect.stringContaining('may not run sudo') });
  });
});

describe('a played pair', () => {
  it('accepts its own key for its own user alone, and counts logins', async () => {
    await open('base');
    expect(pair.logins).toEqual({ a: 1, b: 0 });
    await expect(logIn(pair, hostOf('a'), 'root')).rejects.toThrow(/authentication methods failed/);
    const stranger = new ssh2.Client();
    const refused = new Promise((resolve, reject) => stranger.on('ready', () => resolve('in')).on('error', reject));
    const { private: privateKey } = drawKey();
    stranger.connect({ host: '127.0.0.1', port: hostOf('a').port, username: 'demo', privateKey });
    await expect(refused).rejects.toThrow(/authentication methods failed/);
    expect(pair.logins).toEqual({ a: 1, b: 0 });
  });

  it('opens no more sessions than sshd does', async () => {
    const shell = await open('base');
    const opened: Promise<unknown>[] = [];
    const channels = Array.from(
      { length: 11 },
      () => new Promise<boolean>((resolve) => shell.exec(LOGIN, (error) => resolve(!error))),
    );
    opened.push(...channels);
    expect((await Promise.all(opened)).filter(Boolean)).toHaveLength(10);
  });

  it('names its keys in known_hosts, and a host may show another one', async () => {
    await open('base');
    const keys = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[2]);
    expect(new Set(keys(readFileSync(pair.knownHosts, 'utf8'))).size).toBe(2);
    expect(hostOf('a').hostKeySha256).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(hostOf('a').hostKeySha256).not.toBe(hostOf('b').hostKeySha256);
    client?.end();
    await pair.close();
    await open('other-key');
    expect(hostOf('a').hostKeySha256).toBe(hostOf('b').hostKeySha256);
    expect(new Set(keys(readFileSync(pair.knownHosts, 'utf8'))).size).toBe(2);
  });

  it('leaves nothing behind, and its key is private', async () => {
    await open('base');
    expect(statSync(pair.identityFile).mode & 0o777).toBe(0o600);
    client?.end();
    await pair.close();
    expect(existsSync(pair.identityFile)).toBe(false);
    await expect(logIn({ ...pair, identityFile: '/dev/null' }, hostOf('a'))).rejects.toThrow();
  });

  it('refuses connections to a host whose server is stopped', async () => {
    await open('down');
    await expect(logIn(pair, hostOf('b'))).rejects.toThrow(/ECONNREFUSED/);
  });

  it('gives an inventory that leads to it', async () => {
    await open('base');
    expect(pair.inventory).toEqual({
      product: 'x',
      hosts: {
        a: {
          role: 'a',
          address: '10.0.0.1',
          ssh: { host: '127.0.0.1', port: hostOf('a').port, user: 'demo', identityFile: pair.identityFile },
        },
        b: {
          role: 'b',
          address: '10.0.0.2',
          ssh: { host: '127.0.0.1', port: hostOf('b').port, user: 'demo', identityFile: pair.identityFile },
        },
      },
    });
  });
});
