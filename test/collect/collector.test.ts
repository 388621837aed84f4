import { describe, expect, it } from 'vitest';
import { collect } from '../../src/collect/collector.js';
import type { Observer, RoundObserver } from '../../src/collect/observer.js';
import type { ExecAsk, Step } from '../../src/core/model.js';
import { Questions } from '../../src/plan/questions.js';
import { planSteps } from '../../src/plan/steps.js';
import { brought, healthy, healthyHere, hostOf, said, scopeOf, TableTransport } from '../support.js';

const hosts = [hostOf('primary', '10.0.0.1'), hostOf('secondary', '10.0.0.2')];
const steps = planSteps(scopeOf(brought));

function transports(answer = healthy) {
  const opened = new Map<string, TableTransport>();
  const open = (host: { name: string }) => {
    const transport = new TableTransport(host.name, answer);
    opened.set(host.name, transport);
    return Promise.resolve(transport);
  };
  return { opened, how: { open, here: healthyHere, secrets: () => [] as string[] } };
}

const words = (ask: ExecAsk) => JSON.stringify([ask.as, ask.enter, ask.argv]);

describe('collecting', () => {
  it('asks exactly what the plan holds, each question once, each host on its own transport', async () => {
    const { opened, how } = transports();
    await collect(brought, hosts, steps, how);
    for (const host of ['primary', 'secondary']) {
      const planned = new Set(
        steps.flatMap((step) =>
          step.asks.flatMap((one) => (one.host === host && one.ask.kind === 'exec' ? [words(one.ask)] : [])),
        ),
      );
      const asked = opened.get(host)?.asked.map(words) ?? [];
      expect(asked.length).toBe(planned.size);
      expect(new Set(asked)).toEqual(planned);
    }
  });

  it('keeps the order of the plan, an output for each ask, and closes every transport', async () => {
    const { opened, how } = transports();
    const result = await collect(brought, hosts, steps, how);
    expect(result.steps.map((step) => step.id)).toEqual(steps.map((step) => step.id));
    for (const step of result.steps) expect(step.outputs.map((outputs) => outputs.length)).toEqual([step.asks.length]);
    expect([...opened.values()].map((transport) => transport.closed)).toEqual([1, 1]);
    expect(result.connections.map((one) => [one.host, one.logins])).toEqual([
      ['primary', 1],
      ['secondary', 1],
    ]);
  });

  it('a host of which nothing is asked is not even opened', async () => {
    const { opened, how } = transports();
    const result = await collect(brought, [...hosts, hostOf('test', '10.0.0.3')], steps, how);
    expect([...opened.keys()]).toEqual(['primary', 'secondary']);
    expect(result.connections).toHaveLength(2);
  });

  it('two questions that differ in their secret header alone are two questions', () => {
    const step = (env: string | undefined): Step => {
      const ask: ExecAsk = {
        kind: 'exec',
        argv: ['curl', '-K', '-'],
        as: 'login',
        effect: 'read',
        timeoutMs: 1,
        maxBytes: 1,
      };
      const stdin = env === undefined ? {} : { stdin: { line: 'header = "X: {secret}"', env } };
      return {
        id: String(env),
        probe: 'endpoint',
        params: {},
        subject: { kind: 'host', host: 'primary' },
        asks: [{ host: 'primary', ask: { ...ask, ...stdin } }],
        wantedBy: [],
      };
    };
    expect(new Questions([step('A'), step('B'), step(undefined), step('A')]).of()).toHaveLength(3);
  });

  it("one host's silence does not touch the other's answers", async () => {
    const gone = said('', { exit: null, problem: 'unreachable', problemAt: 'host', stderr: 'no route' });
    const all = await collect(brought, hosts, steps, transports().how);
    const half = await collect(
      brought,
      hosts,
      steps,
      transports((host, ask) => (host === 'secondary' ? gone : healthy(host, ask))).how,
    );
    const of = (result: typeof all, host: string) =>
      result.steps
        .filter((step) => step.asks[0]?.host === host && step.asks[0].ask.kind === 'exec')
        .map((step) => step.outputs);
    expect(of(half, 'primary')).toEqual(of(all, 'primary'));
    for (const [outputs = []] of of(half, 'secondary'))
      for (const output of outputs) expect(output.problem).toBe('unreachable');
  });

  it('an ended run asks nothing more: what is left is not-run, never a value', async () => {
    const ending = new AbortController();
    ending.abort();
    const { opened, how } = transports();
    const result = await collect(brought, hosts, steps, { ...how, signal: ending.signal });
    expect([...opened.values()].flatMap((transport) => transport.asked)).toEqual([]);
    for (const step of result.steps) {
      for (const [index, output] of (step.outputs[0] ?? []).entries())
        if (step.asks[index]?.ask.kind === 'exec') expect(output.problem).toBe('not-run');
    }
  });

  /** Who counts, of each host, what was announced, asked and answered. */
  function counting() {
    const counts = new Map<string, { announced: number; asked: number; answered: number }>();
    const of = (host: string) => {
      const count = counts.get(host) ?? { announced: 0, asked: 0, answered: 0 };
      counts.set(host, count);
      return count;
    };
    const observer: Observer = {
      round: ({ questions }) => {
        for (const { host, ask, sample } of questions.of())
          if (ask.kind !== 'connection') of(host).announced += sample.times;
      },
      asked: ({ host }) => {
        of(host).asked += 1;
        expect(of(host).asked).toBeGreaterThan(of(host).answered);
      },
      answered: ({ host }) => {
        of(host).answered += 1;
        expect(of(host).answered).toBeLessThanOrEqual(of(host).asked);
      },
    };
    return { counts, observer };
  }

  it.each([
    ['', false],
    [', even when the run was ended', true],
  ])('tells who watches of as many questions and answers as it announced%s', async (_, ended) => {
    const { counts, observer } = counting();
    const ending = new AbortController();
    if (ended) ending.abort();
    await collect(brought, hosts, steps, { ...transports().how, observer, signal: ending.signal });
    expect([...counts.keys()]).toEqual(['primary', 'secondary', 'here']);
    for (const { announced, asked, answered } of counts.values()) {
      expect(announced).toBeGreaterThan(0);
      expect([asked, answered]).toEqual([announced, announced]);
    }
  });

  it('lets who watches see a connection as it is just now', async () => {
    let connectionTo: RoundObserver['connectionTo'] = () => undefined;
    const seen: (number | undefined)[] = [];
    const observer: Observer = {
      round: (round) => {
        connectionTo = round.connectionTo;
        seen.push(connectionTo('primary')?.logins);
      },
      asked: () => {},
      answered: ({ host }) => void (host === 'primary' && seen.push(connectionTo(host)?.logins)),
    };
    await collect(brought, hosts, steps, { ...transports().how, observer });
    expect(seen[0]).toBeUndefined();
    expect(seen.at(-1)).toBe(1);
  });
});

describe('a step that may write is refused before anything is asked', () => {
  const step = (argv: [string, ...string[]], probe = 'file'): Step => ({
    id: 'x',
    probe,
    params: {},
    subject: { kind: 'host', host: 'primary' },
    asks: [{ host: 'primary', ask: { kind: 'exec', argv, as: 'root', effect: 'read', timeoutMs: 1, maxBytes: 1 } }],
    wantedBy: [],
  });
  it.each([
    [step(['rm', '-rf', '/x'])],
    [step(['cat', '-n', '/x'])],
    [step(['alation_action', 'x'], 'conf')],
    [step(['alation_conf', 'k', '-s', 'x'], 'conf')],
    [step(['sh', '-c', 'id'], 'conf')],
    [step(['nonesuch'], 'nonesuch')],
  ])('%j', async (bad) => {
    const { opened, how } = transports();
    await expect(collect(brought, hosts, [...steps, bad], how)).rejects.toThrow(/was refused/);
    expect(opened.size).toBe(0);
  });
});

it('passwords that were given are in nothing that is kept', async () => {
  const secret = 'correct horse';
  const { how } = transports((host, ask) => ({ ...healthy(host, ask), stderr: `sudo: ${secret}` }));
  const result = await collect(brought, hosts, steps, { ...how, secrets: () => [secret] });
  expect(JSON.stringify(result)).not.toContain(secret);
});
