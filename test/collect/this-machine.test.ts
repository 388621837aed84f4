/** What is asked of this machine itself: echo requests where they are permitted, its facts, and collecting both. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { collect } from '../../src/collect/collector.js';
import { answerOfThisMachine, type ThisMachineAsk } from '../../src/collect/this-machine.js';
import type { Ask, Output, Step } from '../../src/core/model.js';
import { pingFromHere } from '../../src/probes/ports/ping.js';
import { brought, hostOf, said, TableTransport } from '../support.js';

const ping = (to: string, count = 2): ThisMachineAsk => ({ kind: 'ping', to, count, timeoutMs: 300 });
const absent = async () => {
  throw Object.assign(new Error("Cannot find package 'net-ping'"), { code: 'ERR_MODULE_NOT_FOUND' });
};

/** A net-ping whose requests come to what the test says, in their order. */
const sessionOf = (replies: (Error | null | 'never')[]) => {
  const told = { closed: 0, asked: [] as string[], listeners: 0 };
  const session = {
    on: () => {
      told.listeners += 1;
    },
    pingHost: (address: string, done: (error: Error | null) => void) => {
      const reply = replies[told.asked.length] ?? null;
      told.asked.push(address);
      if (reply !== 'never') setImmediate(() => done(reply));
    },
    close: () => {
      told.closed += 1;
    },
  };
  return { told, load: async () => ({ createSession: () => session }) };
};

describe('echo requests from here', () => {
  it('without net-ping, or without its compiled part, are a program that is not there', async () => {
    expect(await answerOfThisMachine(ping('127.0.0.1'), absent)).toMatchObject({
      exit: null,
      problem: 'not-found',
      problemAt: 'command',
      stderr: 'net-ping is not installed',
    });
    const broken = async () => {
      throw new Error("Cannot find module './build/Release/raw.node'");
    };
    expect(await answerOfThisMachine(ping('127.0.0.1'), broken)).toMatchObject({ problem: 'not-found' });
  });

  it('without the right to a raw socket are denied', async () => {
    const load = async () => ({
      createSession: () => {
        throw new Error('Operation not permitted');
      },
    });
    const output = await answerOfThisMachine(ping('127.0.0.1'), load);
    expect(output).toMatchObject({ exit: null, problem: 'denied', problemAt: 'command' });
    expect(output.stderr).toContain('Operation not permitted');
  });

  it('to a name that does not resolve give no count', async () => {
    const output = await answerOfThisMachine(ping('no-such-host.invalid'), sessionOf([]).load);
    expect(output).toMatchObject({ exit: 1, stdout: '' });
    expect(() => pingFromHere.read([output], {})).toThrow(/does not resolve/);
  });

  it.each<[string, (Error | null | 'never')[], object]>([
    ['all answered', [null, null, null], { sent: 3, received: 3 }],
    ['one lost', [null, new Error('Request timed out'), null], { sent: 3, received: 2 }],
    ['all lost', [new Error('x'), new Error('x'), new Error('x')], { sent: 3, received: 0 }],
    ['one whose socket never calls back', [null, 'never', null], { sent: 3, received: 2 }],
  ])('%s', async (_, replies, counts) => {
    const { told, load } = sessionOf(replies);
    const output = await answerOfThisMachine(ping('127.0.0.1', 3), load);
    expect(JSON.parse(output.stdout)).toMatchObject(counts);
    expect(told).toEqual({ closed: 1, asked: ['127.0.0.1', '127.0.0.1', '127.0.0.1'], listeners: 1 });
    expect(JSON.parse(output.stdout).ms === undefined).toBe(replies.every((reply) => reply !== null));
  });

  const permitted = async () => (await answerOfThisMachine(ping('127.0.0.1', 1))).problem === undefined;
  it("over the real package are counted, and several at once do not take each other's replies", async ({ skip }) => {
    if (!(await permitted())) skip('net-ping may not be used here');
    const outputs = await Promise.all(
      ['127.0.0.1', '127.0.0.9', 'localhost'].map((to) => answerOfThisMachine(ping(to))),
    );
    for (const { stdout } of outputs) expect(JSON.parse(stdout)).toMatchObject({ sent: 2, received: 2 });
  });
});

describe('facts of this machine', () => {
  it.each(['cpu', 'mem', 'kernel'] as const)(
    '%s without systeminformation is a program that is not there',
    async (call) => {
      expect(await answerOfThisMachine({ kind: 'sysinfo', call }, absent)).toMatchObject({
        problem: 'not-found',
        stderr: 'systeminformation is not installed',
      });
    },
  );

  it('name the architecture as uname does', async () => {
    const { stdout } = await answerOfThisMachine({ kind: 'sysinfo', call: 'kernel' });
    expect(JSON.parse(stdout)).toEqual({
      release: execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim(),
      machine: execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim(),
    });
  });
});

describe('collecting', () => {
  const step = (host: string, ask: Ask, probe = 'x'): Step => ({
    id: `${host} ${JSON.stringify(ask)}`,
    probe,
    params: {},
    subject: { kind: 'host', host },
    asks: [{ host, ask }],
    wantedBy: [],
  });
  const local = { ...hostOf('primary', '10.0.0.1'), connection: 'local' as const };
  const open = (host: { name: string }) => Promise.resolve(new TableTransport(host.name, () => said('')));
  const outputsOf = (result: { steps: { outputs: Output[][] }[] }) =>
    result.steps.map(({ outputs }) => outputs[0]?.[0]?.stdout);

  it('asks this machine each different question once, and opens no transport for them', async () => {
    const asked: ThisMachineAsk[] = [];
    const here = async (ask: ThisMachineAsk) => {
      asked.push(ask);
      return said(JSON.stringify(ask));
    };
    const asks: ThisMachineAsk[] = [ping('10.0.0.1'), ping('10.0.0.2'), ping('10.0.0.1')];
    const facts: ThisMachineAsk[] = [
      { kind: 'sysinfo', call: 'cpu' },
      { kind: 'sysinfo', call: 'mem' },
    ];
    const steps = [...asks.map((ask) => step('here', ask)), ...facts.map((ask) => step('primary', ask))];
    let opened = 0;
    const result = await collect(brought, [local], steps, {
      open: (host) => {
        opened += 1;
        return open(host);
      },
      here,
      secrets: () => [],
    });
    expect(outputsOf(result)).toEqual([...asks, ...facts].map((ask) => JSON.stringify(ask)));
    expect(asked).toHaveLength(4);
    expect(opened).toBe(0);
  });

  it('never takes another host for this machine', async () => {
    const steps = [step('primary', { kind: 'sysinfo', call: 'cpu' })];
    await expect(collect(brought, [hostOf('primary', '10.0.0.1')], steps, { open, secrets: () => [] })).rejects.toThrow(
      /take primary for this machine/,
    );
  });

  it('asks nothing of this machine in an ended run', async () => {
    const ending = new AbortController();
    ending.abort();
    const result = await collect(brought, [local], [step('here', ping('10.0.0.1'))], {
      open,
      here: async () => said('asked'),
      signal: ending.signal,
      secrets: () => [],
    });
    expect(result.steps[0]?.outputs[0]?.[0]?.problem).toBe('not-run');
  });
});
