import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openLocal } from '../../../src/collect/transport/local.js';
import type { Transport, TransportOptions } from '../../../src/collect/transport/transport.js';
import { contextEntry } from '../../../src/core/shell/contexts.js';
import { lacking } from '../../needs.js';
import {
  allowSudo,
  forSshd,
  forSudo,
  knownHosts,
  type Login,
  makeLogin,
  removeLogin,
  type Sshd,
  startSshd,
} from './sshd.js';
import { ask, host, openLater, options, WAYS } from './support.js';

const asRoot = { as: 'root' };
const inside = (...enter: [string, ...string[]]) => ({ as: 'product', enter });
/** Enters as a product does, by a login shell: here in the root that we are in. */
const SU = inside('chroot', '/', '/bin/su', '-', 'nobody', '-s', '/bin/sh', '-c', '{shell}');

describe('contextEntry', () => {
  it('says word for word how a context is entered', () => {
    const shell = 'env LC_ALL=C PYTHONDONTWRITEBYTECODE=1 PF_ENTRY=<nonce> /bin/sh';
    expect(contextEntry('login')).toEqual({ shell: `exec ${shell}`, each: '<command>' });
    expect(contextEntry('root')).toEqual({ shell: `sudo -n ${shell}`, each: 'sudo -n <command>' });
    expect(contextEntry('p', ['chroot', '/opt/x', '/bin/su', '-', 'svc', '-c', '{shell}'])).toEqual({
      shell: `sudo -n 'chroot' '/opt/x' '/bin/su' '-' 'svc' '-c' 'exec ${shell}'`,
      each: "sudo -n 'chroot' '/opt/x' '/bin/su' '-' 'svc' '-c' '<command>'",
    });
  });
});

const notRoot = lacking('root', 'su');
describe.skipIf(notRoot)(`the local transport as root${notRoot}`, () => {
  const transport = openLocal(host(), options());
  afterAll(() => transport.close());

  it('uses the same shells for login and root', async () => {
    expect(await transport.run(ask(['id', '-u'], asRoot))).toMatchObject({ exit: 0, stdout: '0\n' });
    expect(await transport.run(ask(['id', '-u']))).toMatchObject({ exit: 0, stdout: '0\n' });
    expect(transport.connection).toMatchObject({ kind: 'local', shells: 1, logins: 0 });
  });

  it("enters a product's context and keeps every word intact there", async () => {
    const argv: [string, ...string[]] = ['printf', '%s|', 'a b', "it's", '$HOME', 'é\n`x`'];
    expect(await transport.run(ask(argv, SU))).toMatchObject({ exit: 0, stdout: "a b|it's|$HOME|é\n`x`|" });
    expect(await transport.run(ask(['id', '-un'], SU))).toMatchObject({ stdout: 'nobody\n' });
  });

  it("believes a context's shell only where it is that user's", async () => {
    const who = (user: string) => transport.run(ask(['id', '-un'], { ...SU, user }));
    const uid = (await transport.run(ask(['id', '-u', 'nobody']))).stdout.trim();
    for (const user of ['nobody', uid]) expect(await who(user)).toMatchObject({ exit: 0, stdout: 'nobody\n' });
    for (const user of ['daemon', 'root', 'pft-no-such-user', "it's", '$(id -un)', '-u', '']) {
      const output = await who(user);
      expect(output).toMatchObject({ exit: null, problem: 'denied', problemAt: 'context', stdout: '' });
      expect(output.stderr).toContain(`the shell that was asked for as ${user} is not ${user}'s`);
    }
  });

  it('asks a context that cannot be entered once, and gives the same answer ever after', async () => {
    const gone = inside('chroot', '/no/such/root', '/bin/su', '-', 'svc', '-c', '{shell}');
    const before = transport.connection.shells;
    for (const output of await Promise.all([1, 2, 3].map(() => transport.run(ask(['true'], gone))))) {
      expect(output).toMatchObject({ exit: null, problem: 'not-found', problemAt: 'context' });
      expect(output.stderr).toContain('/no/such/root');
    }
    expect(transport.connection.shells).toBe(before + 1);
    const stranger = inside('/bin/su', '-', 'pft-no-such-user', '-c', '{shell}');
    expect(await transport.run(ask(['true'], stranger))).toMatchObject({ problem: 'denied', problemAt: 'context' });
  });

  it('runs three slow commands of one context side by side, and no more', async () => {
    const other = openLocal(host(), options());
    const spans = await Promise.all([1, 2, 3, 4, 5].map(() => other.run(ask(['sleep', '0.3']))));
    expect(spans.map((output) => output.exit)).toEqual([0, 0, 0, 0, 0]);
    expect(other.connection.shells).toBe(3);
    await other.close();
  });

  it('needs one shell for a few quick ones', async () => {
    const other = openLocal(host(), options());
    const quick = await Promise.all([1, 2, 3].map((n) => other.run(ask(['date', `+${n}`]))));
    expect(quick.map((output) => output.stdout)).toEqual(['1\n', '2\n', '3\n']);
    expect(other.connection.shells).toBe(1);
    await other.close();
  });

  it('ends everything as not run when it is closed', async () => {
    const other = openLocal(host(), options());
    const product = inside('chroot', '/', '/bin/sh', '-c', '{shell}');
    await other.run(ask(['true'], product));
    const running = [{}, product].flatMap((where) => [1, 2, 3].map(() => other.run(ask(['sleep', '20'], where))));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await other.close();
    for (const output of await Promise.all(running)) expect(output).toMatchObject({ exit: null, problem: 'not-run' });
  });
});

const whyNot = lacking(...forSshd, ...forSudo, 'bash');
describe.skipIf(whyNot).each(WAYS)(`sudo over %s${whyNot}`, { timeout: 60_000 }, (way) => {
  let sshd: Sshd;
  let login: Login;
  let release = () => {};
  beforeAll(async () => {
    login = makeLogin('/bin/bash');
    sshd = await startSshd();
  });
  afterAll(async () => {
    release();
    if (login) removeLogin(login);
    await sshd?.stop();
  });

  /** Runs with one sudoers rule, and hands over the transport, which is closed afterwards. */
  async function under(
    rule: string,
    use: (transport: Transport) => Promise<void>,
    more: Partial<TransportOptions> = {},
  ): Promise<void> {
    release = rule === '' ? () => {} : allowSudo(login, rule);
    const target = host({ connection: 'ssh', ssh: { port: sshd.port, user: login.name } });
    const files = { identityFile: sshd.userKey, knownHostsFile: knownHosts(sshd) };
    const transport = openLater(target, options({ ...files, transport: way, ...more }));
    try {
      await use(transport);
    } finally {
      await transport.close();
      release();
    }
  }

  it('becomes root without a password where sudo allows it', async () => {
    await under('USER ALL=(ALL) NOPASSWD: ALL', async (transport) => {
      expect(await transport.run(ask(['id', '-u'], asRoot))).toMatchObject({ exit: 0, stdout: '0\n' });
      expect(await transport.run(ask(['id', '-un'], SU))).toMatchObject({ exit: 0, stdout: 'nobody\n' });
      expect(await transport.run(ask(['id', '-un']))).toMatchObject({ exit: 0, stdout: `${login.name}\n` });
      expect(transport.connection.logins).toBe(1);
    });
  });

  it('enters contexts by shells that were opened while sudo was asked, and by no others', async () => {
    await under('USER ALL=(ALL) NOPASSWD: ALL', async (transport) => {
      const asks = [
        ['id', '-u'],
        ['id', '-un'],
        ['cat', '/proc/self/loginuid'],
      ].flatMap((argv) => [asRoot, SU].map((where) => transport.run(ask(argv as [string, ...string[]], where))));
      for (const output of await Promise.all(asks)) expect(output).toMatchObject({ exit: 0, stderr: '' });
      expect(transport.connection).toMatchObject({ logins: 1, shells: 3 });
    });
  });

  it.each([1, 2, 3])('has every answer where the host allows no more than %i sessions', async (most) => {
    const narrow = await startSshd([`MaxSessions ${most}`]);
    const release = allowSudo(login, 'USER ALL=(ALL) NOPASSWD: ALL');
    try {
      const target = host({ connection: 'ssh', ssh: { port: narrow.port, user: login.name } });
      const files = { identityFile: narrow.userKey, knownHostsFile: knownHosts(narrow) };
      const transport = openLater(target, options({ ...files, transport: way }));
      const wheres = [{}, asRoot, SU].flatMap((where) => Array.from({ length: 6 }, () => where));
      const who = await Promise.all(wheres.map((where) => transport.run(ask(['id', '-un'], where))));
      const long = await Promise.all([{}, asRoot, SU].map((where) => transport.run(ask(['sleep', '0'], where))));
      expect(who.map(({ stdout, problem }) => stdout.trim() || problem)).toEqual(
        [login.name, 'root', 'nobody'].flatMap((name) => Array.from({ length: 6 }, () => name)),
      );
      for (const output of long) expect(output).toMatchObject({ exit: 0 });
      expect(transport.connection.logins).toBe(1);
      await transport.close();
    } finally {
      release();
      await narrow.stop();
    }
  });

  it('answers with the password, which appears nowhere', async () => {
    const asked: string[] = [];
    const sudoPassword = async () => {
      asked.push('sudo');
      return login.password;
    };
    const use = async (transport: Transport) => {
      const outputs = await Promise.all([
        transport.run(ask(['id', '-u'], asRoot)),
        transport.run(ask(['sh', '-c', 'tr "\\0" " " </proc/$PPID/cmdline; env; cat /proc/[0-9]*/cmdline'], asRoot)),
        transport.run(ask(['id', '-un'], SU)),
      ]);
      expect(outputs[0]).toMatchObject({ exit: 0, stdout: '0\n', stderr: '' });
      expect(outputs[2]).toMatchObject({ exit: 0, stdout: 'nobody\n' });
      expect(asked).toEqual(['sudo']);
      expect(JSON.stringify([outputs, transport.connection])).not.toContain(login.password);
    };
    await under('USER ALL=(ALL) ALL', use, { sudoPassword });
  });

  it('tries a wrong password once for the whole host', async () => {
    const sudoPassword = async () => 'not-my-password';
    const use = async (transport: Transport) => {
      const asks = [asRoot, asRoot, SU, SU].map((where) => transport.run(ask(['id', '-u'], where)));
      for (const output of await Promise.all(asks)) {
        expect(output).toMatchObject({ exit: null, problem: 'denied', problemAt: 'context' });
        expect(output.stderr).toMatch(/1 incorrect password attempt|no password was provided/);
        expect(output.stderr).not.toContain('not-my-password');
      }
      // The login lane, one channel for the attempt, and for each context a shell that waited, and was told nothing.
      expect(transport.connection.shells).toBeLessThanOrEqual(4);
      expect(transport.connection.problem).toBeUndefined();
    };
    await under('USER ALL=(ALL) ALL', use, { sudoPassword });
  });

  it('asks a host without any right twice, not once for each command', async () => {
    const calls = join(login.home, 'calls');
    writeFileSync(calls, '');
    chmodSync(calls, 0o666);
    // A sudo in front of the real one counts how often it is asked.
    const real = '/usr/bin/sudo';
    const counting = `#!/bin/sh\necho "$*" >>${calls}\nexec ${real} "$@"\n`;
    writeFileSync(join(login.home, 'sudo'), counting, { mode: 0o755 });
    writeFileSync(join(login.home, '.bashrc'), 'PATH=$HOME:$PATH\n');
    await under('', async (transport) => {
      const outputs = await Promise.all(Array.from({ length: 6 }, () => transport.run(ask(['id', '-u'], asRoot))));
      for (const output of outputs) {
        expect(output).toMatchObject({ exit: null, problem: 'denied', problemAt: 'context' });
        expect(output.stderr).toContain('password is required');
      }
      expect(readFileSync(calls, 'utf8')).toBe('-n true\n-n -l\n');
    });
    writeFileSync(join(login.home, '.bashrc'), '');
  });

  it('runs single commands where sudo refuses a shell, and names the refused ones', async () => {
    await under('USER ALL=(root) NOPASSWD: /usr/bin/cat /etc/shadow', async (transport) => {
      const allowed = await transport.run(ask(['/usr/bin/cat', '/etc/shadow'], asRoot));
      expect(allowed).toMatchObject({ exit: 0, stderr: '' });
      expect(allowed.stdout).toContain(`${login.name}:`);
      const refused = await transport.run(ask(['/usr/bin/cat', '/etc/sudoers'], asRoot));
      expect(refused).toMatchObject({ exit: null, stdout: '', problem: 'denied', problemAt: 'context' });
      expect(await transport.run(ask(['/usr/bin/cat', '/etc/shadow'], asRoot))).toMatchObject({ exit: 0 });
      expect(transport.connection.problem).toBeUndefined();
    });
  });

  it("runs single commands in a product's context too", async () => {
    const rule = 'USER ALL=(root) NOPASSWD: /usr/sbin/chroot / /bin/su - nobody -s /bin/sh -c id -un';
    await under(rule, async (transport) => {
      expect(await transport.run(ask(['id', '-un'], SU))).toMatchObject({ exit: 0, stdout: 'nobody\n' });
      expect(await transport.run(ask(['id', '-u'], SU))).toMatchObject({ problem: 'denied', problemAt: 'context' });
    });
  });

  it('believes single commands only where the user answers who was asked for', async () => {
    const allowed = (...lines: string[]) =>
      `USER ALL=(root) NOPASSWD: ${lines.map((line) => `/usr/sbin/chroot / /bin/su - nobody -s /bin/sh -c ${line}`).join(', ')}`;
    const echo = (transport: Transport, user: string) => transport.run(ask(['echo', 'it'], { ...SU, user }));
    await under(allowed('id -un', 'echo it'), async (transport) => {
      expect(await echo(transport, 'nobody')).toMatchObject({ exit: 0, stdout: 'it\n' });
      const other = await echo(transport, 'daemon');
      expect(other).toMatchObject({ exit: null, problem: 'denied', problemAt: 'context', stdout: '' });
      expect(other.stderr).toBe('a command that was to run as daemon was run as "nobody"');
    });
    await under(allowed('echo it'), async (transport) => {
      const unasked = await echo(transport, 'nobody');
      expect(unasked).toMatchObject({ exit: null, problem: 'denied', problemAt: 'context', stdout: '' });
      expect(unasked.stderr).toContain(
        '"id -un" does not answer there by itself, so nobody knows whether nobody would: ',
      );
    });
    // A list may let sudo become another user than root where nobody is named.
    const operator = 'Defaults:USER runas_default=daemon\nUSER ALL=(daemon) NOPASSWD: /usr/bin/id, /usr/bin/uname';
    await under(operator, async (transport) => {
      const output = await transport.run(ask(['uname'], asRoot));
      expect(output).toMatchObject({ exit: null, problem: 'denied', problemAt: 'context', stdout: '' });
      expect(output.stderr).toBe('a command that was to run as root was run as "daemon"');
    });
  });

  it('runs single commands with a password', async () => {
    const sudoPassword = async () => login.password;
    const use = async (transport: Transport) => {
      const output = await transport.run(ask(['/usr/bin/cat', '/etc/shadow'], asRoot));
      expect(output).toMatchObject({ exit: 0, stderr: '' });
      expect(output.stdout).toContain(`${login.name}:`);
      expect(await transport.run(ask(['id'], asRoot))).toMatchObject({ problem: 'denied', problemAt: 'context' });
    };
    await under('USER ALL=(root) /usr/bin/cat /etc/shadow', use, { sudoPassword });
  });

  it('keeps the words of a sudo that wants a terminal', async () => {
    await under('Defaults:USER requiretty\nUSER ALL=(ALL) NOPASSWD: ALL', async (transport) => {
      const output = await transport.run(ask(['id'], asRoot));
      expect(output).toMatchObject({ exit: null, problem: 'denied', problemAt: 'context' });
      expect(output.stderr).toContain('you must have a tty');
    });
  });

  describe('where another shell stands in the place of the one that was asked for', () => {
    const everything = 'USER ALL=(ALL) NOPASSWD: ALL';
    const profile = (file: string, text: string) => writeFileSync(join(login.home, file), text);
    afterEach(() => profile('.bashrc', ''));

    it.each(['exec $SHELL -l', 'exec /bin/sh', 'exec bash --posix -i'])(
      'because the profile ends in %s, nobody answers in the name of root',
      async (line) => {
        profile('.bashrc', `${line}\n`);
        await under(everything, async (transport) => {
          for (const where of [asRoot, SU]) {
            const output = await transport.run(ask(['id', '-un'], where));
            expect(output).toMatchObject({ exit: null, problem: 'denied', problemAt: 'context' });
            expect(output.stderr).toContain('another shell answers in the place of the one that was asked for');
          }
        });
      },
    );

    it.each(['ForceCommand /bin/bash -l', 'ForceCommand /bin/sh'])('because of %s', async (line) => {
      const forced = await startSshd([line]);
      const release = allowSudo(login, everything);
      try {
        const target = host({ connection: 'ssh', ssh: { port: forced.port, user: login.name } });
        const files = { identityFile: forced.userKey, knownHostsFile: knownHosts(forced) };
        const transport = openLater(target, options({ ...files, transport: way }));
        const output = await transport.run(ask(['id', '-un'], asRoot));
        expect(output).toMatchObject({ exit: null, problem: 'denied', problemAt: 'context' });
        await transport.close();
      } finally {
        release();
        await forced.stop();
      }
    });

    it('in a context alone, the others answer', async () => {
      const service = makeLogin('/bin/bash');
      try {
        writeFileSync(join(service.home, '.bash_profile'), 'exec /bin/sh\n');
        const enter = inside('/bin/su', '-', service.name, '-c', '{shell}');
        await under(everything, async (transport) => {
          expect(await transport.run(ask(['id', '-un'], enter))).toMatchObject({
            problem: 'denied',
            problemAt: 'context',
          });
          expect(await transport.run(ask(['id', '-un'], asRoot))).toMatchObject({ exit: 0, stdout: 'root\n' });
        });
      } finally {
        removeLogin(service);
      }
    });

    it('that is said to be root by sudo, and is not', async () => {
      // What stands first in the path takes the place of sudo.
      writeFileSync(join(login.home, 'sudo'), '#!/bin/sh\nshift\nexec "$@"\n', { mode: 0o755 });
      profile('.bashrc', 'PATH=$HOME:$PATH\n');
      await under('', async (transport) => {
        const output = await transport.run(ask(['id', '-un'], asRoot));
        expect(output).toMatchObject({ exit: null, problem: 'denied', problemAt: 'context' });
        expect(output.stderr).toContain('is not root');
      });
      rmSync(join(login.home, 'sudo'));
    });

    it('does not keep a profile from reading a line of its own', async () => {
      profile('.bashrc', 'read -r x\n');
      await under(everything, async (transport) => {
        const who = [asRoot, SU].map((where) => transport.run(ask(['id', '-un'], where)));
        expect((await Promise.all(who)).map(({ stdout }) => stdout)).toEqual(['root\n', 'nobody\n']);
      });
    });
  });

  describe('sudo that takes its time, or asks again', () => {
    /** A sudo in front of the real one; the password goes to whoever reads first. */
    async function behind(
      script: string,
      use: (transport: Transport) => Promise<void>,
      shell = '/bin/sh',
      rule = 'USER ALL=(ALL) ALL',
      more: Partial<TransportOptions> = {},
    ): Promise<string> {
      const heard = join(login.home, 'heard');
      writeFileSync(heard, '');
      chmodSync(heard, 0o666);
      const body = script.replaceAll('HEARD', heard);
      writeFileSync(join(login.home, 'sudo'), `#!${shell}\n${body}`, { mode: 0o755 });
      writeFileSync(join(login.home, '.bashrc'), 'PATH=$HOME:$PATH\n');
      try {
        await under(rule, use, { sudoPassword: async () => login.password, ...more });
        return readFileSync(heard, 'utf8');
      } finally {
        writeFileSync(join(login.home, '.bashrc'), '');
        rmSync(join(login.home, 'sudo'));
      }
    }

    it('gets nothing but the password, however late it asks', async () => {
      const late = 'case $1 in -n) exec /usr/bin/sudo "$@" ;; esac\nsleep 2\nexec /usr/bin/sudo "$@"\n';
      await behind(late, async (transport) => {
        expect(await transport.run(ask(['id', '-u'], asRoot))).toMatchObject({ exit: 0, stdout: '0\n' });
      });
    });

    it('leads to a shell that gives way to another: denied, and not just late', async () => {
      const service = makeLogin('/bin/bash');
      writeFileSync(join(service.home, '.bash_profile'), 'exec $SHELL\n');
      const sudoPassword = async () => login.password;
      const use = async (transport: Transport) => {
        const enter = inside('/bin/su', '-', service.name, '-c', '{shell}');
        const output = await transport.run(ask(['id', '-un'], enter));
        expect(output).toMatchObject({ exit: null, problem: 'denied', problemAt: 'context' });
        expect(output.stderr).toContain('something else waited for input in its place');
        expect(output.stderr).not.toContain(login.password);
      };
      try {
        await under('USER ALL=(ALL) ALL', use, { sudoPassword, connectTimeoutMs: 1000 });
      } finally {
        removeLogin(service);
      }
    });

    it('hears no secret that a single command is to read before that command is there', async () => {
      // It takes the password, asks a second time, and never runs anything.
      const greedy = `case "$5$1" in true* | env* | id* | -n*) exec /usr/bin/sudo "$@" ;; esac
printf %s "$4" >&2; IFS= read -r first; echo "$first" >>HEARD
printf %s "$4" >&2; while IFS= read -r -t 4 more; do echo "more: $more" >>HEARD; done; exit 1
`;
      const variables = { value: () => 'pft-secret-word', names: () => ['SHOP_TOKEN'] };
      const heard = await behind(
        greedy,
        async (transport) => {
          const stdin = { line: 'header = "X: {secret}"', env: 'SHOP_TOKEN' };
          const output = await transport.run(ask(['/usr/bin/cat', '-'], { ...asRoot, stdin, timeoutMs: 2000 }));
          expect(output).toMatchObject({ exit: null, problemAt: expect.stringMatching(/command|context/) });
        },
        '/bin/bash',
        'USER ALL=(ALL) /usr/bin/cat -',
        { variables },
      );
      expect(heard).toBe(`${login.password}\n`);
    });

    it('is told nothing when it never asks', async () => {
      const mute = 'case $1 in -n) exec /usr/bin/sudo "$@" ;; esac\nexec cat >>HEARD\n';
      const use = async (transport: Transport) => {
        expect(await transport.run(ask(['id', '-u'], asRoot))).toMatchObject({ exit: null, problemAt: 'context' });
      };
      expect(await behind(mute, use, '/bin/sh', undefined, { connectTimeoutMs: 1000 })).toBe('');
    });

    it.each([
      ['asks a second time', 'printf %s "$4" >&2'],
      ['looks for what was sent beside it', ':'],
      ['says the prompt only on the wrong stream', 'printf %s "$4"'],
    ])('hears the password and nothing else before the shell is there, where it %s', async (_what, then) => {
      // Its own password is not asked for again: what it reads is all that was written up to now.
      const played = `case $1 in -n) exec /usr/bin/sudo "$@" ;; esac
if [ "$5" = true ]; then exec /usr/bin/sudo "$@"; fi
sleep 1; printf %s "$4" >&2; IFS= read -r first; echo "$first" >>HEARD
${then}; while IFS= read -r -t 1 more; do echo "more: $more" >>HEARD; done
printf '#!/bin/sh\\necho "$FIRST"\\n' >"$HOME/answer"; chmod 700 "$HOME/answer"
shift 4; FIRST=$first SUDO_ASKPASS=$HOME/answer exec /usr/bin/sudo -A "$@"
`;
      const heard = await behind(
        played,
        async (transport) => {
          expect(await transport.run(ask(['id', '-u'], asRoot))).toMatchObject({ exit: 0, stdout: '0\n' });
          expect(JSON.stringify(transport.connection)).not.toContain('PF_ENTRY');
          expect(transport.connection.noise ?? '').not.toMatch(/[0-9a-f]{32}/);
        },
        '/bin/bash',
      );
      expect(heard).toBe(`${login.password}\n`);
    });

    it('is asked by nobody where it lets the shell in without a password', async () => {
      const once = 'case $5 in true) exec /usr/bin/sudo "$@" ;; esac\necho asked >>HEARD\nexec /usr/bin/sudo "$@"\n';
      const rule = 'USER ALL=(ALL) ALL\nUSER ALL=(ALL) NOPASSWD: /usr/bin/env';
      await behind(
        once,
        async (transport) => {
          expect(await transport.run(ask(['id', '-u'], asRoot))).toMatchObject({ exit: 0, stdout: '0\n' });
        },
        '/bin/sh',
        rule,
      );
    });

    it('finds nobody who listens for its prompt once the shell has answered', async () => {
      const nonce = 'case $1 in -n) exec /usr/bin/sudo "$@" ;; esac\necho "$4" >>HEARD\nexec /usr/bin/sudo "$@"\n';
      await behind(nonce, async (transport) => {
        expect(await transport.run(ask(['id', '-u'], asRoot))).toMatchObject({ exit: 0 });
        const echo = `cat ${login.home}/heard >&2; read -r line; echo "heard: $line"`;
        const output = await transport.run(ask(['sh', '-c', echo], asRoot));
        expect(output).toMatchObject({ exit: 0, stdout: 'heard: \n' });
        expect(JSON.stringify(output)).not.toContain(login.password);
        expect(await transport.run(ask(['echo', 'next'], asRoot))).toMatchObject({ exit: 0, stdout: 'next\n' });
      });
    });

    it('is known by the words of sudo-rs as well', async () => {
      const rs =
        'case "$*" in\n  "-n true") echo "sudo: interactive authentication is required" >&2; exit 1 ;;\nesac\nexec /usr/bin/sudo "$@"\n';
      await behind(rs, async (transport) => {
        expect(await transport.run(ask(['id', '-u'], asRoot))).toMatchObject({ exit: 0, stdout: '0\n' });
      });
      const never = `echo "I'm sorry ops. I'm afraid I can't do that" >&2; exit 1\n`;
      await behind(never, async (transport) => {
        expect(await transport.run(ask(['id', '-u'], asRoot))).toMatchObject({ exit: null, problem: 'denied' });
      });
    });
  });
});
