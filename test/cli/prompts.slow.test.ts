import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSecrets } from '../../src/cli/secrets.js';
import { UsageError } from '../../src/core/errors.js';
import type { Evidence } from '../../src/core/model.js';
import {
  allowSudo,
  forSshd,
  forSudo,
  knownHosts,
  type Login,
  makeKey,
  makeLogin,
  removeLogin,
  type Sshd,
  startSshd,
} from '../collect/transport/sshd.js';
import { host } from '../collect/transport/support.js';
import { lacking } from '../needs.js';
import { program } from './run.js';
import { type Job, runAtTerminal, type Shown } from './terminal.js';

const whyNot = lacking(...forSshd, ...forSudo, 'python3', 'setsid');

describe('makeSecrets', () => {
  it('misses the variable of a host before anybody is asked', () => {
    const named = host({ name: 'db-a', sudoPasswordEnv: 'PFT_NOT_SET' });
    const words = 'hosts.db-a.sudoPasswordEnv: there is no variable PFT_NOT_SET in the environment';
    expect(() => makeSecrets(undefined, [host(), named])).toThrow(
      new UsageError(words, 'read -rs PFT_NOT_SET && export PFT_NOT_SET'),
    );
  });

  it("takes a host's own variable before that of all hosts", async () => {
    Object.assign(process.env, { PFT_OWN: 'own-password', PFT_ALL: 'common-password' });
    const own = host({ name: 'db-a', sudoPasswordEnv: 'PFT_OWN' });
    const other = host({ name: 'db-b' });
    const secrets = makeSecrets('PFT_ALL', [own, other]);
    expect(await Promise.all([own, other].map(secrets.sudoPassword))).toEqual(['own-password', 'common-password']);
    expect(secrets.given()).toEqual(['own-password', 'common-password']);
  });
});

describe.skipIf(whyNot)(`prompts${whyNot}`, { timeout: 60_000 }, () => {
  let sshd: Sshd;
  let logins: Login[];
  let folder: string;
  const releases: (() => void)[] = [];
  beforeAll(async () => {
    logins = [makeLogin(), makeLogin()];
    releases.push(...logins.map((login) => allowSudo(login, 'USER ALL=(ALL) ALL')));
    sshd = await startSshd();
    folder = mkdtempSync(join(tmpdir(), 'pairflight-prompts-'));
  });
  afterAll(async () => {
    for (const release of releases) release();
    for (const login of logins ?? []) removeLogin(login);
    await sshd?.stop();
    if (folder) rmSync(folder, { recursive: true });
  });

  /** Collects what two hosts let root and the login do, with the inventory on stdin. */
  async function collect(
    job: Partial<Job>,
    identity = sshd.userKey,
    more: string[] = [],
  ): Promise<Shown & { evidence: string }> {
    const evidence = join(folder, 'evidence.json');
    rmSync(evidence, { force: true });
    const reach = ['--identity', identity, '--known-hosts', knownHosts(sshd), ...more];
    const words: string[] = [
      process.execPath,
      program,
      'collect',
      '-',
      '--only',
      'alation/host-access',
      '-o',
      evidence,
      ...reach,
    ];
    const env = { PATH: process.env.PATH ?? '', HOME: folder, TERM: 'xterm', ...job.env };
    const shown = await runAtTerminal({ stdin: inventory(), answers: [], stderr: 'pipe', folder, words, ...job, env });
    const text = existsSync(evidence) ? readFileSync(evidence, 'utf8') : '';
    for (const said of [shown.screen, shown.stdout, shown.stderr, text, sshd.log()]) {
      for (const { password } of logins) expect(said).not.toContain(password);
    }
    return { ...shown, evidence: text };
  }

  function inventory(more: string[] = ['', ''], name = '127.0.0.1'): string {
    const one = (login: Login, at: number) =>
      `  ${at === 0 ? 'primary' : 'secondary'}: { address: 127.0.0.${at + 1}, ssh: { host: ${name}, port: ${sshd.port}, user: ${login.name} }${more[at]} }`;
    return `hosts:\n${logins.map(one).join('\n')}\n`;
  }
  const typed = (at: number) => `${logins[at]?.password}\r`;

  /** Who root is on each host, as the evidence tells. */
  function roots(evidence: string): string[] {
    const { steps } = JSON.parse(evidence) as Evidence;
    return steps.flatMap((step) =>
      step.probe === 'access' && step.params.as === 'root' ? step.outputs.flat().map((one) => one.stdout.trim()) : [],
    );
  }

  it('come to the terminal when the inventory is on stdin and the outputs are pipes', async () => {
    const answers: Job['answers'] = [
      ['\\[sudo\\] password on primary: ', typed(0)],
      ['\\[sudo\\] password on secondary: ', typed(1)],
    ];
    const shown = await collect({ answers });
    expect({ code: shown.code, stderr: shown.stderr, stdout: shown.stdout }).toEqual({
      code: 0,
      stderr: '',
      stdout: '',
    });
    expect(shown.prompts.map(({ prompt }) => prompt).sort()).toEqual(
      answers.map(([prompt]) => prompt.replaceAll('\\', '')),
    );
    expect(shown.prompts.map(({ echo }) => echo)).toEqual([false, false]);
    expect(shown.echoAfter).toBe(true);
    expect(roots(shown.evidence)).toEqual(['root', 'root']);
  });

  it('are not written over by the progress of the other host', async () => {
    const answers: Job['answers'] = [['\\[sudo\\] password on \\w+: ', typed(0)]];
    const shown = await collect({
      answers,
      stderr: 'terminal',
      stdin: inventory(['', ', sudoPasswordEnv: PFT_B']),
      env: { PFT_B: logins[1]?.password ?? '' },
    });
    expect(shown.code).toBe(0);
    expect(shown.screen).toContain('connecting');
    // Between the prompt and the end of its line there is nothing: neither a frame of the spinner nor a count.
    const after = shown.screen.split('[sudo] password on primary: ')[1] ?? '';
    expect(
      after
        .split('\n')[0]
        ?.replace(/\x1b\[[\d;?]*[A-Za-z]/g, '')
        .trim(),
    ).toBe('');
    expect(roots(shown.evidence)).toEqual(['root', 'root']);
  });

  it.each([
    ['Ctrl-C', '\x03', 130],
    ['an interrupt from elsewhere', 'signal SIGINT', 130],
    ['the wish to end', 'signal SIGTERM', 143],
  ])('end the run at %s, and leave the terminal as it was', async (_name, answer, code) => {
    const shown = await collect({ answers: [['\\[sudo\\] password on \\w+: ', answer]] });
    expect(shown.prompts).toHaveLength(1);
    expect(shown).toMatchObject({ code, stderr: '', echoAfter: true });
    expect(JSON.parse(shown.evidence)).toMatchObject({ run: { interrupted: true } });
    expect(roots(shown.evidence)).toEqual(['', '']);
  });

  it("are not needed where each host's password is in a variable of its own, or in that of all", async () => {
    const env = { PFT_A: logins[0]?.password ?? '', PFT_ALL: logins[1]?.password ?? '' };
    const shown = await collect({ stdin: inventory([', sudoPasswordEnv: PFT_A', '']), env }, undefined, [
      '--sudo-password-env',
      'PFT_ALL',
    ]);
    expect(shown).toMatchObject({ code: 0, prompts: [], screen: '' });
    expect(roots(shown.evidence)).toEqual(['root', 'root']);
  });

  it('are replaced by a mistake that is told when a variable is not there', async () => {
    const shown = await collect({ stdin: inventory([', sudoPasswordEnv: PFT_A', ', sudoPasswordEnv: PFT_A']) });
    expect(shown).toMatchObject({ code: 2, prompts: [] });
    expect(shown.stderr).toMatch(
      /^pairflight: hosts\.\w+\.sudoPasswordEnv: there is no variable PFT_A in the environment\n +try: read -rs PFT_A && export PFT_A\n$/,
    );
  });

  it('ask once for the passphrase of a key that both hosts accept', async () => {
    const key = join(sshd.folder, 'prompted_key');
    makeKey(key, 'ed25519', 'open sesame');
    appendFileSync(join(sshd.folder, 'authorized_keys'), readFileSync(`${key}.pub`));
    const env = { PFT_A: logins[0]?.password ?? '', PFT_B: logins[1]?.password ?? '' };
    const stdin = inventory([', sudoPasswordEnv: PFT_A', ', sudoPasswordEnv: PFT_B']);
    const shown = await collect({ stdin, env, answers: [['Passphrase of \\S+: ', 'open sesame\r']] }, key);
    expect(shown).toMatchObject({ code: 0, prompts: [{ prompt: `Passphrase of ${key}: `, echo: false }] });
    expect(shown.screen + shown.evidence).not.toContain('open sesame');
    expect(roots(shown.evidence)).toEqual(['root', 'root']);
  });

  it('ask once for the password of a jump host, and do not give it that of the hosts', async () => {
    const jump = await startSshd(['PubkeyAuthentication no']);
    try {
      const config = join(folder, 'ssh_config');
      const way = `Host db\n  HostName 127.0.0.1\n  ProxyJump ${logins[0]?.name}@127.0.0.2:${jump.port}\n`;
      // The jump host listens on 127.0.0.1 alone: its own entry says so.
      const known = `Host 127.0.0.2\n  HostName 127.0.0.1\n  UserKnownHostsFile ${knownHosts(jump)}\n`;
      writeFileSync(config, `${way}${known}Host *\n  UserKnownHostsFile ${knownHosts(sshd)}\n`);
      const evidence = join(folder, 'evidence.json');
      const env = {
        PAIRFLIGHT_SSH_PASSWORD: 'for-the-hosts-alone',
        PFT_A: logins[0]?.password ?? '',
        PFT_B: logins[1]?.password ?? '',
      };
      const stdin = inventory([', sudoPasswordEnv: PFT_A', ', sudoPasswordEnv: PFT_B'], 'db');
      const prompt = `Password of ${logins[0]?.name}@127.0.0.1 port ${jump.port} (jump host): `;
      const pattern = 'Password of \\S+ port \\d+ \\(jump host\\): ';
      const words = [process.execPath, program, 'collect', '-', '--only', 'alation/host-access', '-o', evidence];
      const reach = ['--identity', sshd.userKey, '--ssh-config', config];
      const all = { PATH: process.env.PATH ?? '', HOME: folder, TERM: 'xterm', ...env };
      const shown = await runAtTerminal({
        stdin,
        answers: [[pattern, typed(0)]],
        env: all,
        folder,
        words: [...words, ...reach],
      });
      expect(shown).toMatchObject({ code: 0, stderr: '', prompts: [{ prompt, echo: false }] });
      // Once for the run, whatever hosts are behind it.
      expect(jump.log().match(/Accepted (?!key )/g)).toHaveLength(1);
      expect(jump.log()).not.toMatch(/Failed (password|keyboard)/);
      const saved = readFileSync(evidence, 'utf8');
      expect(roots(saved)).toEqual(['root', 'root']);
      expect(shown.screen + saved).not.toContain(logins[0]?.password);
    } finally {
      await jump.stop();
    }
  });

  it('come without progress on a terminal that has no width', async () => {
    const answers: Job['answers'] = [['\\[sudo\\] password on (primary|secondary): ', '\x03']];
    const shown = await collect({ answers, stderr: 'terminal', columns: 0 });
    expect(shown).toMatchObject({ code: 130, echoAfter: true });
    expect(shown.screen).not.toContain('connecting');
  });

  it('stay away where there is no terminal: the host says what it wants', async () => {
    const words = ['collect', '-', '--only', 'alation/host-access', '-o', '-', '--identity', sshd.userKey];
    const child = spawnSync('setsid', ['-w', process.execPath, program, ...words, '--known-hosts', knownHosts(sshd)], {
      input: inventory(),
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: folder },
    });
    expect(child.status).toBe(0);
    const { steps } = JSON.parse(child.stdout) as Evidence;
    const denied = steps
      .filter((step) => step.probe === 'access' && step.params.as === 'root')
      .flatMap((step) => step.outputs.flat());
    expect(denied.map((one) => one.problem)).toEqual(['denied', 'denied']);
    expect(denied[0]?.stderr).toContain('a password is required');
  });
});
