/** Steps that are sampled, and rounds that share their connections. */
import { describe, expect, it } from 'vitest';
import { Collector, collect } from '../../src/collect/collector.js';
import type { Collecting } from '../../src/collect/options.js';
import { systemClock } from '../../src/core/clock.js';
import type { ExecAsk, Output, Sampling, Step } from '../../src/core/model.js';
import type { Question } from '../../src/plan/questions.js';
import { planText } from '../../src/plan/text.js';
import { VirtualClock } from '../judge/wait/virtual-clock.js';
import { brought, healthyHere, hostOf, said, scopeOf, TableTransport } from '../support.js';

const hosts = [hostOf('primary', '10.0.0.1'), hostOf('secondary', '10.0.0.2')];

/** A step that reads files of one host. */
function step(id: string, files: string[], sample?: Sampling, host = 'primary'): Step {
  return {
    id,
    probe: 'file',
    params: {},
    subject: { kind: 'host', host },
    asks: files.map((file) => ({
      host,
      ask: { kind: 'exec', argv: ['cat', file], as: 'login', effect: 'read', timeoutMs: 1000, maxBytes: 1000 },
    })),
    ...(sample && { sample }),
    wantedBy: ['alation/x'],
  };
}

/** Hosts that tell how often they were asked for a file, and when; each answer takes `takesMs`. */
function asking(clock = new VirtualClock(), takesMs = 0, over: Partial<Collecting> = {}) {
  const asked: { file: string; at: number }[] = [];
  const opened: TableTransport[] = [];
  const answer = (_: string, { argv }: ExecAsk): Output => {
    const [, file = ''] = argv;
    asked.push({ file, at: clock.now() });
    return said(`${asked.filter((one) => one.file === file).length}`, { durationMs: takesMs });
  };
  const how: Collecting = {
    open: async (host) => {
      const transport = new TableTransport(host.name, answer);
      opened.push(transport);
      const run = transport.run.bind(transport);
      if (takesMs > 0) transport.run = async (ask) => clock.sleep(takesMs).then(() => run(ask));
      return transport;
    },
    here: healthyHere,
    secrets: () => [],
    clock,
    ...over,
  };
  return { asked, opened, how };
}

const words = (outputs: Output[][]) => outputs.map((sample) => sample.map((output) => output.stdout || output.problem));

describe('a sampled step', () => {
  const five: Sampling = { times: 5, everyMs: 5000 };

  it('is asked at once and then in equal steps, each sample with an output for each ask', async () => {
    const { asked, how } = asking();
    const { steps } = await collect(brought, hosts, [step('lag', ['/a', '/b'], five)], how);
    expect(words(steps[0]?.outputs ?? [])).toEqual([1, 2, 3, 4, 5].map((n) => [`${n}`, `${n}`]));
    for (const file of ['/a', '/b'])
      expect(asked.filter((one) => one.file === file).map(({ at }) => at)).toEqual([0, 5000, 10_000, 15_000, 20_000]);
  });

  it('keeps its beginnings apart from the first, however long the answers take', async () => {
    const { asked, how } = asking(new VirtualClock(), 2000);
    await collect(brought, hosts, [step('lag', ['/a'], five)], how);
    expect(asked.map(({ at }) => at - 2000)).toEqual([0, 5000, 10_000, 15_000, 20_000]);
  });

  it('keeps its beginnings apart as they really were: a shell that is busy comes first', async () => {
    const clock = new VirtualClock();
    const { asked, how } = asking(clock);
    const open: Collecting['open'] = async (host) => {
      const transport = await how.open(host);
      const run = transport.run.bind(transport);
      let first = true;
      transport.run = async (ask) => {
        if (first) await clock.sleep(3000);
        first = false;
        return run(ask);
      };
      return transport;
    };
    await collect(brought, hosts, [step('lag', ['/a'], { times: 3, everyMs: 5000 })], { ...how, open });
    expect(asked.map(({ at }) => at)).toEqual([3000, 8000, 13_000]);
  });

  it('is never asked twice at a time: an answer that is late moves the next question', async () => {
    const { asked, how } = asking(new VirtualClock(), 7000);
    await collect(brought, hosts, [step('lag', ['/a'], { times: 3, everyMs: 5000 })], how);
    expect(asked.map(({ at }) => at - 7000)).toEqual([0, 7000, 14_000]);
  });

  it('waits for no other question', async () => {
    const clock = new VirtualClock();
    const { asked, how } = asking(clock);
    const open: Collecting['open'] = async (host) => {
      const transport = await how.open(host);
      const run = transport.run.bind(transport);
      transport.run = (ask) => (ask.argv[1] === '/slow' ? clock.sleep(60_000).then(() => run(ask)) : run(ask));
      return transport;
    };
    await collect(brought, hosts, [step('slow', ['/slow']), step('lag', ['/a'], five)], { ...how, open });
    expect(asked.map(({ file, at }) => [file, at])).toEqual([
      ...[0, 5000, 10_000, 15_000, 20_000].map((at) => ['/a', at]),
      ['/slow', 60_000],
    ]);
  });

  it('shares its answers: a step that asks the same once takes the last one', async () => {
    const { asked, how } = asking();
    const plan = [step('once', ['/a']), step('lag', ['/a', '/b'], five), step('again', ['/a'], five)];
    const { steps } = await collect(brought, hosts, plan, how);
    expect(asked.filter(({ file }) => file === '/a')).toHaveLength(5);
    expect(steps.map(({ outputs }) => words(outputs).map(([first]) => first))).toEqual([
      ['5'],
      ['1', '2', '3', '4', '5'],
      ['1', '2', '3', '4', '5'],
    ]);
  });

  it('is asked on its own schedule where another samples the same otherwise', async () => {
    const { asked, how } = asking();
    const plan = [step('lag', ['/a'], five), step('seldom', ['/a'], { times: 2, everyMs: 3000 })];
    const { steps } = await collect(brought, hosts, plan, how);
    expect(asked).toHaveLength(7);
    expect(steps.map(({ outputs }) => outputs.length)).toEqual([5, 2]);
  });

  it('is told sample by sample to who watches', async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const note = (what: string) => (question: Question) =>
      void seen.push(`${clock.now()} ${what} ${question.sample.times}`);
    const observer = { round: () => {}, asked: note('asked'), answered: note('answered') };
    const { how } = asking(clock, 2000, { observer });
    await collect(brought, hosts, [step('lag', ['/a'], { times: 3, everyMs: 5000 })], how);
    expect(seen).toEqual([0, 5000, 10_000].flatMap((at) => [`${at} asked 3`, `${at + 2000} answered 3`]));
  });

  it('that is interrupted ends at once; what was not asked is not-run, and no sample vanishes', async () => {
    const ending = new AbortController();
    let sleeps = 0;
    const clock = { now: () => 0, sleep: async () => void (++sleeps === 2 && ending.abort()) };
    const { asked, opened, how } = asking(undefined, 0, { signal: ending.signal, clock });
    const { steps } = await collect(brought, hosts, [step('lag', ['/a'], five)], how);
    expect(words(steps[0]?.outputs ?? [])).toEqual([['1'], ['2'], ['not-run'], ['not-run'], ['not-run']]);
    expect({ asked: asked.length, sleeps }).toEqual({ asked: 2, sleeps: 2 });
    expect(opened.map((transport) => transport.closed)).toEqual([1]);
  });
});

describe('the plan shows how often a step is asked', () => {
  const scope = scopeOf(brought);
  const plan = [step('lag', ['/a'], { times: 5, everyMs: 5000 }), step('once', ['/a', '/b'])];
  it.each([
    ['/a', 'cat /a    (1 s; sampled 5 times, 5 s apart)'],
    ['/b', 'cat /b    (1 s)'],
  ])('%s', (file, line) => {
    const lines = planText(scope, plan).split('\n');
    expect(lines.filter((one) => one.includes(`cat ${file}`)).map((one) => one.trim())).toEqual([line]);
  });
});

it("the machine's own clock wakes whoever sleeps when the run is ended", async () => {
  const ending = new AbortController();
  const sleeping = systemClock.sleep(3_600_000, ending.signal);
  ending.abort();
  await expect(sleeping).resolves.toBeUndefined();
  await expect(systemClock.sleep(3_600_000, ending.signal)).resolves.toBeUndefined();
});

describe('rounds over the same connections', () => {
  const plan = [step('a', ['/a']), step('b', ['/b'], undefined, 'secondary')];
  const gone = said('', { exit: null, problem: 'unreachable', problemAt: 'host', stderr: 'the connection was lost' });

  it('log in once, and count that once', async () => {
    const { opened, how } = asking();
    const collector = new Collector(brought, hosts, how);
    await collector.round(plan);
    await collector.round(plan.slice(0, 1));
    const last = await collector.round(plan);
    await collector.close();
    expect(opened.map((transport) => [transport.connection.host, transport.closed])).toEqual([
      ['primary', 1],
      ['secondary', 1],
    ]);
    expect(last.connections.map(({ logins }) => logins)).toEqual([1, 1]);
  });

  it.each([
    ['a host that could not be reached', gone, 2],
    ['a host that did not answer', { ...gone, problem: 'timeout' as const }, 2],
    ['a shell that ended', { ...gone, problemAt: 'context' as const }, 2],
    ['a login that was refused', { ...gone, problem: 'denied' as const }, 1],
    ['sudo that was refused', { ...gone, problem: 'denied' as const, problemAt: 'context' as const }, 1],
    ['a command that took too long', { ...gone, problem: 'timeout' as const, problemAt: 'command' as const }, 1],
  ])('are made anew after %s, or left as they are', async (_, answer, times) => {
    const opened: TableTransport[] = [];
    const open: Collecting['open'] = async (host) => {
      const transport = new TableTransport(host.name, (name) => (name === 'secondary' ? answer : said('x')));
      opened.push(transport);
      return transport;
    };
    const collector = new Collector(brought, hosts, { open, secrets: () => [] });
    await collector.round(plan);
    const { connections } = await collector.round(plan);
    await collector.close();
    const of = (host: string) => opened.filter((transport) => transport.connection.host === host);
    expect([of('primary').length, of('secondary').length]).toEqual([1, times]);
    // Each login that was made is told, also those of connections that are gone.
    expect(connections.map(({ host, logins, shells, bytes }) => [host, logins, shells, bytes])).toEqual([
      ['primary', 1, 2, 100],
      ['secondary', times, times * 2, times * 100],
    ]);
    expect(opened.every((transport) => transport.closed === 1)).toBe(true);
  });

  it('make one attempt for each host and round', async () => {
    let opened = 0;
    const open: Collecting['open'] = async (host) => {
      opened++;
      return new TableTransport(host.name, () => gone);
    };
    const collector = new Collector(brought, hosts, { open, secrets: () => [] });
    const many = [step('a', ['/a', '/b', '/c'], { times: 3, everyMs: 0 }), step('d', ['/d'])];
    for (const round of [1, 2, 3]) {
      await collector.round(many);
      expect(opened).toBe(round);
    }
  });

  it('have one key for their tokens: what was a secret in two rounds can be compared', async () => {
    const collector = new Collector(brought, hosts, asking().how);
    const rounds = [await collector.round(plan), await collector.round(plan)];
    expect(new Set(rounds.map(({ tokenKeyId }) => tokenKeyId)).size).toBe(1);
  });
});
