/** `reach`: the way to each host, and what came of trying it. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDemo, startDemo } from '../../src/demo/index.js';
import { packDir } from '../../src/pack/load.js';
import { lacking } from '../needs.js';
import { pairflight } from './run.js';

const why = lacking('ssh');
describe.skipIf(why)(`reach${why}`, { timeout: 60_000 }, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pairflight-reach-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const inventory = (ssh: object) =>
    JSON.stringify({
      product: 'alation',
      hosts: { primary: { address: '10.0.0.1', ssh }, secondary: { address: '10.0.0.2', connection: 'local' } },
    });
  const config = (text: string) => {
    const file = join(folder, 'config');
    writeFileSync(file, text);
    return file;
  };

  it('says where a name leads, by what and why, and connects to nobody', async () => {
    const file = config(
      `Host db-a\n  HostName db.example\n  Port 2222\n  ProxyJump ops@jump.example\n  UserKnownHostsFile /k\n`,
    );
    const stdin = inventory({ host: 'db-a', user: 'ops' });
    const { code, stdout, stderr } = await pairflight(['reach', '-', '--ssh-config', file], { stdin });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      [
        'primary: ops@db.example port 2222, by openssh (the SSH configuration sets proxyjump, userknownhostsfile)',
        '  by the jump host ops@jump.example',
        '  known_hosts: /k',
        'secondary: this machine (connection: local)',
        '',
      ].join('\n'),
    );
  });

  it('says it as JSON, and takes the way that is asked for', async () => {
    const stdin = inventory({ host: 'db-a', user: 'ops', port: 23, transport: 'openssh' });
    const { stdout } = await pairflight(['reach', '-', '--json', '--ssh-config', 'none', '--known-hosts', '/k'], {
      stdin,
    });
    expect(JSON.parse(stdout)).toEqual([
      {
        host: 'primary',
        by: 'openssh',
        why: '--transport openssh',
        login: { hostname: 'db-a', port: 23, user: 'ops' },
        jumps: [],
        ssh: 'ssh -F none -l ops -p 23 db-a',
        knownHosts: ['/k'],
      },
      { host: 'secondary', by: 'local' },
    ]);
    const plain = await pairflight(['reach', '-', '--ssh-config', 'none', '--transport', 'ssh2'], { stdin });
    expect(plain.stdout).toContain('primary: ops@db-a port 23, by ssh2 (--transport ssh2)');
  });

  it.each([
    ['an unknown word', 'Host db-a\n  Prot 1\n', [], /config: line 2: Bad configuration option: prot/],
    [
      'more than ssh2 follows',
      'ProxyJump j\n',
      ['--transport', 'ssh2'],
      /primary: --transport ssh2, but the SSH configuration sets proxyjump; .* --transport openssh does/,
    ],
    ['a circle', 'ProxyJump j\n', [], /jumphost loop via j|leads in a circle: ops@db-a by/],
  ])('ends with 2 for %s', async (_name, text, more, words) => {
    const stdin = inventory({ host: 'db-a', user: 'ops' });
    const { code, stderr } = await pairflight(['reach', '-', '--ssh-config', config(text), ...more], { stdin });
    expect(code).toBe(2);
    expect(stderr).toMatch(words);
  });

  it.each(['ssh2', 'openssh'])(
    'enters every context by %s, and says in whose name it is answered',
    async (transport) => {
      const pair = await startDemo(loadDemo(packDir('alation')), 'healthy');
      try {
        const words = ['reach', '-', '--try', '--ssh-config', 'none', '--transport', transport];
        const stdin = JSON.stringify(pair.inventory);
        const { code, stdout } = await pairflight([...words, '--known-hosts', pair.knownHosts], { stdin });
        expect(stdout).toMatch(/^ {2}entered in \d+\.\d s: login \(demo\), root \(root\), alation \(alation\)$/m);
        expect(code).toBe(0);
        const other = join(folder, 'known_hosts');
        copyFileSync(pair.knownHosts, other);
        writeFileSync(other, readFileSync(other, 'utf8').split('\n').slice(1).join('\n'));
        const refused = await pairflight([...words, '--known-hosts', other], { stdin });
        expect(refused.code).toBe(3);
        expect(refused.stdout).toMatch(/^ {2}unreachable as login after \d+\.\d s: the host key of .* is not known/m);
        expect(refused.stdout).toMatch(/^ {2}try: ssh -F none -l demo -p \d+ \S+ id -un$/m);
      } finally {
        await pair.close();
      }
    },
  );

  it('names the context that could not be entered', async () => {
    const pair = await startDemo(loadDemo(packDir('alation')), 'sudo-refused');
    try {
      const words = ['reach', '-', '--try', '--ssh-config', 'none', '--known-hosts', pair.knownHosts];
      const { code, stdout } = await pairflight(words, { stdin: JSON.stringify(pair.inventory) });
      expect(code).toBe(3);
      expect(stdout).toMatch(
        /^ {2}denied as root after \d+\.\d s: .*; entered: login \(demo\)\n {2}try: ssh .* sudo -n true$/m,
      );
    } finally {
      await pair.close();
    }
  });
});
