import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Evidence, Report } from '../../../src/core/model.js';
import { describeLab } from './describe-lab.js';
import type { LabHost } from './host.js';
import type { Lab } from './lab.js';
import { replaceProgram } from './obstacles.js';
import { pairflightWords } from './pairflight.js';
import { harmTo, type Played, play } from './scenario.js';
import { borrowLab, handBack } from './shared.js';

const SIGINT_BIT = 1n << 1n;

describeLab('a preflight that is interrupted', () => {
  let lab: Lab;
  let healthy: Played;
  let running: ChildProcess | undefined;

  beforeAll(async () => {
    lab = await borrowLab();
    healthy = await play(lab);
  });
  afterEach(async () => {
    running?.kill('SIGKILL');
    await lab.reset();
  });
  afterAll(() => handBack(lab));

  /** Looks again and again until it is so; no test rests on how long that takes. */
  async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    for (let tries = 0; tries < 600; tries++) {
      const found = await look();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`in vain waited for ${what}`);
  }

  /** The host's processes that a run of ours started, by their command lines. */
  async function ours(host: LabHost): Promise<string[]> {
    const { stdout } = await host.exec(['ps', '-eo', 'pid=,args=']);
    return stdout.split('\n').filter((line) => /sshd-session|sshd: ec2-user|\/bin\/sh$|sleep 3600|\bdf\b/.test(line));
  }

  const hung = (host: LabHost) => async () =>
    (await ours(host)).some((line) => line.includes('sleep 3600')) ? true : undefined;

  function start(...args: string[]): { child: ChildProcess; stdout: () => string; ended: Promise<unknown[]> } {
    const words = ['preflight', lab.inventory(), '--known-hosts', lab.knownHosts, ...args];
    const [program = '', ...rest] = pairflightWords(words);
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } });
    running = child;
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    return { child, stdout: () => Buffer.concat(chunks).toString(), ended: once(child, 'close') };
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s ends with %i, reports what it knows and leaves nothing on the hosts', async (signal, code) => {
    await replaceProgram(lab.secondary, 'df', 'exec sleep 3600');
    lab.baseline();
    const evidence = `${lab.folder}/interrupted.json`;
    const { child, stdout, ended } = start('--report', 'json', '--evidence', evidence);
    await until('a hung df', hung(lab.secondary));
    // What has to go is there before: sshd's session, our shells, the hung command.
    for (const part of [/sshd/, /\/bin\/sh$/, /sleep 3600/])
      expect(await ours(lab.secondary)).toContainEqual(expect.stringMatching(part));
    child.kill(signal);
    expect(await ended).toEqual([code, null]);
    const report = JSON.parse(stdout()) as Report;
    expect(report.run.interrupted).toBe(true);
    const { interrupted } = (JSON.parse(readFileSync(evidence, 'utf8')) as Evidence).run;
    expect(interrupted).toBe(true);
    const verdictOf = (key: string) => report.findings.find((finding) => finding.key === key)?.verdict;
    expect(verdictOf('alation/install-space-same-size')).toBe('unknown');
    expect(report.findings.map((finding) => finding.key)).toEqual(Object.keys(healthy.verdicts));
    for (const host of lab.hosts) {
      await until(`nothing of ours on ${host.name}`, async () => ((await ours(host)).length === 0 ? true : undefined));
    }
    expect(harmTo(lab)).toEqual([]);
  });

  it('twice ends at once', async () => {
    await replaceProgram(lab.secondary, 'df', 'exec sleep 3600');
    const { child, ended } = start('--report', 'json');
    await until('a hung df', hung(lab.secondary));
    // A host that answers nothing any more: the orderly end has to wait for it.
    const sessions = (await ours(lab.secondary))
      .filter((line) => /sshd/.test(line))
      .map((line) => line.trim().split(' ')[0] ?? '');
    expect(sessions).not.toEqual([]);
    await lab.secondary.exec(['kill', '-STOP', ...sessions]);
    try {
      child.kill('SIGINT');
      // The first one has been taken when the program no longer catches the second.
      await until('the first SIGINT to be taken', () => {
        const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? '0';
        return (BigInt(`0x${caught}`) & SIGINT_BIT) === 0n ? true : undefined;
      });
      child.kill('SIGINT');
      expect(await ended).toEqual([null, 'SIGINT']);
    } finally {
      await lab.secondary.exec(['kill', '-CONT', ...sessions]);
    }
    for (const host of lab.hosts) {
      await until(`nothing of ours on ${host.name}`, async () => ((await ours(host)).length === 0 ? true : undefined));
    }
  });
});
