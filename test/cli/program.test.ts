/** The built program: what it prints, where, and how it ends. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/model.js';
import { pairflight, shell, spawned, tidy } from './run.js';

afterAll(tidy);

describe('pairflight', () => {
  it('tells its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(await spawned(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([['--help'], ['preflight', '--help'], ['rules', '--help'], ['demo', '--help']])(
    'helps: %s',
    async (...words) => {
      const { code, stdout, stderr } = await pairflight(words);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/pairflight/);
    },
  );

  it('completes commands and options in a shell', async () => {
    expect((await spawned(['completion'])).stdout).toContain('_pairflight_yargs_completions');
    const scriptFor = async (shell: string) => (await spawned(['completion', shell])).stdout.split('\n')[0];
    expect([await scriptFor('bash'), await scriptFor('zsh')]).toEqual([
      '###-begin-pairflight-completions-###',
      '#compdef pairflight',
    ]);
    const offered = async (...words: string[]) =>
      (await spawned(['--get-yargs-completions', 'pairflight', ...words])).stdout.split('\n');
    expect(await offered('')).toEqual(expect.arrayContaining(['preflight', 'verify', 'bundle', 'diff']));
    expect(await offered('verify', '--w')).toEqual(expect.arrayContaining(['--wait', '--baseline', '--fail-on-new']));
    expect(await offered('rules', '')).toEqual(expect.arrayContaining(['list', 'show', 'coverage', 'test']));
  });

  it.each<[string, number, string[]]>([
    ['default', 0, ['schema', 'diff']],
    ['default', 1, ['evaluate', 'e.json', '--report', 'json']],
    ['default', 2, ['evaluate', 'e.jsn']],
    ['sudo-refused', 3, ['evaluate', 'e.json']],
  ])('is as a process what it is when it is called: %s, exit code %i', async (scenario, code, words) => {
    const { folder } = await pairflight(['demo', scenario, '--evidence', 'e.json']);
    const files = { 'e.json': readFileSync(join(folder, 'e.json'), 'utf8') };
    const [own, called] = [await spawned(words, { files }), await pairflight(words, { files })];
    expect(own).toEqual({ ...called, folder: own.folder });
    expect(own.code).toBe(code);
  });

  it('survives a reader that has seen enough', async () => {
    expect(
      await shell('$PF rules list --product alation | head -1; $PF demo healthy --report json | head -c 10'),
    ).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  it('runs the cases of its rules', async () => {
    expect(await shell('$PF rules test')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+ cases of \d+ rules, 0 failed, 0 gaps\n$/),
    });
  });

  it.each(['inventory', 'pack', 'rules', 'cases', 'evidence', 'report', 'diff'])(
    'publishes the schema %s',
    async (name) => {
      const { code, stdout } = await pairflight(['schema', name]);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ title: expect.any(String) });
    },
  );
});

describe('demo', () => {
  it.each([
    ['healthy', 0],
    ['default', 1],
    ['sudo-refused', 3],
    ['one-machine', 1],
    ['build-differs', 1],
    ['not-standalone', 1],
    ['firewall-reset', 1],
    ['wrong-disk-cache', 1],
    ['changed-host-key', 3],
    ['secondary-down', 3],
    ['clones', 0],
    ['old-3.12', 0],
    ['talkative-login', 0],
    ['sudo-commands', 0],
    ['everything-wrong', 1],
  ])('%s ends with %i in every format', async (scenario, exit) => {
    const { code, folder, stdout, stderr } = await pairflight([
      'demo',
      scenario,
      '--report',
      'table',
      '--report',
      'json=r.json',
      '--report',
      'junit=r.xml',
      '--evidence',
      'e.json',
    ]);
    expect({ code, stderr }).toEqual({ code: exit, stderr: '' });
    const report = JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8')) as Report;
    expect(report.run.exitCode).toBe(exit);
    expect(report.steps.logins).toBeLessThanOrEqual(2);
    expect(stdout).not.toContain('\u001b');
    for (const name of ['r.json', 'r.xml', 'e.json']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    // A replay gives the findings byte for byte, and the same code.
    const again = await pairflight(['evaluate', join(folder, 'e.json'), '--report', 'json']);
    expect(again.code).toBe(exit);
    expect(JSON.stringify((JSON.parse(again.stdout) as Report).findings)).toBe(JSON.stringify(report.findings));
    // The list of findings comes from the rules.
    const cases = readFileSync(join(folder, 'r.xml'), 'utf8').match(/<testcase /g) ?? [];
    expect(cases).toHaveLength(report.findings.length);
  });

  it('tells the root cause once and what it blocks', async () => {
    const { stdout } = await pairflight(['demo', 'sudo-refused']);
    expect(stdout).toMatch(
      /secondary: sudo was refused: sudo: a password is required\nblocker +next: pairflight reach --try .*and \d+ more findings/s,
    );
    expect(stdout.split('sudo was refused')).toHaveLength(2);
    const whole = await pairflight(['demo', 'sudo-refused', '--all']);
    expect(whole.stdout).toMatch(/secondary: sudo was refused: sudo: a password is required; \d+ findings blocked/);
  });

  it('asks for nothing that plan does not show', async () => {
    const { folder } = await pairflight(['demo', 'healthy', '--evidence', 'e.json', '--report', 'json=r.json']);
    const evidence = JSON.parse(readFileSync(join(folder, 'e.json'), 'utf8')) as {
      steps: { asks: { ask: { argv?: string[] } }[] }[];
    };
    const { stdout } = await pairflight([
      'plan',
      '--json',
      '--primary',
      '127.0.0.1,address=10.11.2.60',
      '--secondary',
      '127.0.0.1,address=10.11.2.61',
    ]);
    const planned = new Set(
      (JSON.parse(stdout) as typeof evidence).steps.flatMap((step) => step.asks.map(({ ask }) => JSON.stringify(ask))),
    );
    const ran = evidence.steps.flatMap((step) => step.asks.map(({ ask }) => JSON.stringify(ask)));
    expect(ran.filter((ask) => !planned.has(ask))).toEqual([]);
  });
});

describe('plan', () => {
  const two = ['--primary', 'ops@a,address=10.0.0.1', '--secondary', 'b,address=10.0.0.2'];

  it('asks nobody, and asks about every release that is still possible', async () => {
    const { code, stdout } = await pairflight(['plan', ...two]);
    expect(code).toBe(0);
    expect(stdout).toContain('cat /usr/local/alation/.disk1_cache');
    expect(stdout).toContain('cat /opt/alation/alation/.disk1_cache');
  });

  it('says what ssh is asked on this machine and that it may run something; without a configuration neither', async () => {
    const { stdout } = await pairflight(['plan', ...two]);
    expect(stdout).toMatch(
      /-T -G -- <name> {4}\(.*may resolve names and run Match exec, as ssh does.*connects to nobody/,
    );
    expect(stdout).toContain('unless --ssh-config none');
    const none = await pairflight(['plan', ...two, '--ssh-config', 'none']);
    expect(none.code).toBe(0);
    expect(none.stdout).not.toMatch(/ -G |ssh -V|Match exec|On this machine the transport/);
    const asked = async (...more: string[]) =>
      JSON.parse((await pairflight(['plan', '--json', ...two, ...more])).stdout).transport.onThisMachine.length;
    expect([await asked(), await asked('--ssh-config', 'none')]).toEqual([4, 0]);
  });

  it('says nothing of ssh where no host is reached by it', async () => {
    const stdin =
      'hosts: { primary: { address: 10.0.0.1, connection: local }, secondary: { address: 10.0.0.2, connection: local } }\n';
    const { code, stdout } = await pairflight(['plan', '-'], { stdin });
    expect({ code, said: /ssh -V/.test(stdout) }).toEqual({ code: 0, said: false });
  });

  it('leaves out what a named release rules out', async () => {
    const { stdout } = await pairflight(['plan', ...two, '--release', '2021.4']);
    // Where the build is read from is looked at in every layout: the named release may be wrong.
    expect(stdout).not.toContain('/usr/local/alation/.disk1_cache');
    expect(stdout).not.toContain("chroot' '/usr/local/alation'");
    expect(stdout).not.toContain('27017');
  });

  it('reads an inventory from stdin', async () => {
    const stdin =
      'hosts: { primary: { address: 10.0.0.1 }, secondary: { address: 10.0.0.2 } }\nsettings: { root: /mnt/d }\n';
    const { code, stdout } = await pairflight(['plan', '-'], { stdin });
    expect({ code, asked: stdout.includes('cat /mnt/d/.disk1_cache') }).toEqual({ code: 0, asked: true });
  });
});

describe('this machine behind both names', () => {
  it('is one machine, and nothing that compares hosts passes', async () => {
    const files = {
      'pairflight.yaml':
        'hosts:\n  primary: { address: 127.0.0.1, connection: local }\n  secondary: { address: 127.0.0.2, connection: local }\n',
    };
    const { code, stdout } = await pairflight(['preflight', '--report', 'json'], { files });
    const { findings } = JSON.parse(stdout) as Report;
    expect(code).toBe(1);
    expect(findings.find((finding) => finding.rule === 'alation/two-machines')?.verdict).toBe('fail');
    expect(
      findings
        .filter((finding) => finding.verdict === 'pass' && finding.subject.kind !== 'host')
        .map((finding) => finding.key),
    ).toEqual([]);
  });
});
