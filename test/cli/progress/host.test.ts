/** What the line of a host tells while it is asked. */
import { describe, expect, it } from 'vitest';
import { HostProgress, type HostView, namesOf } from '../../../src/cli/progress/host.js';
import type { Ask, Connection, Host, Sampling, Step } from '../../../src/core/model.js';
import { type Question, Questions } from '../../../src/plan/questions.js';
import { planSteps } from '../../../src/plan/steps.js';
import { brought, hostOf, scopeOf } from '../../support.js';

const host: Host = { ...hostOf('primary', '10.11.2.60'), ssh: { user: 'ec2-user', port: 22 } };

function step(probe: string, params: object, { timeoutMs = 10_000, sample, listen }: Kind = {}): Step {
  const argv: [string, ...string[]] = [probe, JSON.stringify(params)];
  const effect = listen ? 'listen' : 'read';
  return {
    id: probe,
    probe,
    params: { ...params },
    subject: listen ? { kind: 'pair', from: 'secondary', to: 'primary' } : { kind: 'host', host: 'primary' },
    asks: [{ host: 'primary', ask: { kind: 'exec', argv, as: 'root', effect, timeoutMs, maxBytes: 1 } }],
    ...(sample && { sample }),
    wantedBy: [],
  };
}

interface Kind {
  timeoutMs?: number;
  sample?: Sampling;
  listen?: boolean;
}

/** A host in a round of these steps, in the middle of which the connection is as the test says. */
function begin(steps: Step[], over: Partial<Connection> | null = { logins: 1 }, took = new Map<string, number>()) {
  const questions = new Questions(steps);
  const connection =
    over === null ? undefined : { host: 'primary', kind: 'ssh', logins: 0, shells: 0, bytes: 0, ...over };
  const progress = new HostProgress(
    host,
    questions.of(),
    { names: namesOf(steps, questions), took },
    () => connection,
    0,
  );
  const of = (at: number): Question => {
    const question = questions.of(steps.slice(at, at + 1))[0];
    if (!question) throw new Error(`there is no step ${at}`);
    return question;
  };
  return { progress, of, all: questions.of() };
}

const told = ({ done, total, doing, limit }: HostView) => `${done}/${total} ${[doing, limit].join(' ').trim()}`;
const disk = step('disk-usage', { path: '/opt/x', as: 'root' }, { timeoutMs: 120_000 });
const file = (path: string) => step('file', { path, as: 'root' });
const ordinary = ['/a', '/b', '/c', '/d', '/e', '/f'].map(file);

describe('the line of a host', () => {
  it.each<[string, Partial<Connection> | null, string]>([
    ['has no connection yet', null, '0/1 connecting to ec2-user@10.11.2.60 port 22'],
    ['is dialled', { logins: 0 }, '0/1 connecting to ec2-user@10.11.2.60 port 22'],
    ['has shown its key', { hostKey: { type: 'x', sha256: 'y' } }, '0/1 logging in to ec2-user@10.11.2.60 port 22'],
    ['has let us in', { logins: 1 }, '0/1 file /a'],
    ['answers nothing', { problem: problem('unreachable') }, '0/1 not reachable'],
    ['lets nobody in', { problem: problem('denied') }, '0/1 no login'],
  ])('that %s', (_, over, line) => {
    const { progress, of } = begin([file('/a')], over);
    progress.put(of(0), 0);
    const view = progress.view(1_000);
    expect(told(view)).toBe(line);
    expect(JSON.stringify(view)).not.toContain('said by a host');
  });

  function problem(kind: 'unreachable' | 'denied'): NonNullable<Connection['problem']> {
    return { problem: kind, problemAt: 'host', message: 'said by a host' };
  }

  it('names the oldest question that is not answered, and how long it may take once that matters', () => {
    const { progress, of, all } = begin([file('/a'), file('/b'), disk]);
    for (const question of all) progress.put(question, 0);
    expect(told(progress.view(2_900))).toBe('0/3 file /a');
    expect(told(progress.view(3_000))).toBe('0/3 file /a (up to 10 s)');
    progress.answered(of(1), 100, 3_000);
    progress.answered(of(0), 3_100, 3_100);
    expect(told(progress.view(3_200))).toBe('2/3 disk-usage /opt/x (up to 2 min)');
    progress.answered(of(2), 5_000, 9_000);
    expect(progress.view(30_000)).toMatchObject({ doing: 'done', elapsedMs: 9_000, left: undefined });
  });

  it('counts the samples, and tells when the next is due', () => {
    const sampled = step('lag', {}, { sample: { times: 5, everyMs: 5_000 } });
    const { progress, of } = begin([sampled]);
    progress.put(of(0), 0);
    expect(told(progress.view(0))).toBe('0/5 lag, sample 1 of 5');
    progress.answered(of(0), 300, 500);
    expect(told(progress.view(1_200))).toBe('1/5 sample 1 of 5, next in 4 s');
    expect(progress.view(1_200).left).toEqual({ ms: 4_000 + 15_000 + 300, least: false });
    progress.put(of(0), 5_200);
    expect(told(progress.view(5_300))).toBe('1/5 lag, sample 2 of 5');
  });

  it('waits for the others before it listens, and says ACTIVE then', () => {
    const { progress, of } = begin([
      file('/a'),
      step('port-proof', { ports: [22, 5432] }, { listen: true, timeoutMs: 20_000 }),
    ]);
    progress.put(of(0), 0);
    progress.answered(of(0), 10, 10);
    expect(told(progress.view(20))).toBe('1/2 waiting for the others');
    progress.put(of(1), 30);
    expect(told(progress.view(40))).toBe('1/2 ACTIVE port-proof 22, 5432 <- secondary (up to 20 s)');
  });

  it('foresees what takes long as soon as the other host, or an earlier round, has told', () => {
    const took = new Map<string, number>();
    const one = begin([...ordinary, disk], undefined, took);
    const two = begin([...ordinary, disk], undefined, took);
    for (const { progress, all, of } of [one, two]) {
      for (const question of all) progress.put(question, 0);
      for (const at of [0, 1, 2, 3, 4, 5]) progress.answered(of(at), 100, 100 * (at + 1));
    }
    expect(two.progress.view(1_000).left).toBeUndefined();
    one.progress.answered(one.of(6), 30_000, 31_000);
    expect(two.progress.view(1_000).left).toEqual({ ms: 29_600, least: false });
  });

  it('takes what a user allows every command for the ordinary limit', () => {
    const patient = ordinary.map(({ probe, params }) => step(probe, params, { timeoutMs: 120_000 }));
    const { progress, all } = begin(patient);
    for (const question of all) progress.put(question, 0);
    expect(told(progress.view(1_000))).toBe('0/6 file /a');
  });
});

describe('the name of a question', () => {
  it('comes from the plan, and every question has one', () => {
    const steps = planSteps(scopeOf(brought));
    const questions = new Questions(steps);
    const names = namesOf(steps, questions);
    expect([...names.keys()].sort()).toEqual(
      questions
        .of()
        .map(({ key }) => key)
        .sort(),
    );
    const all = [...names.values()];
    for (const name of all) expect(name).toMatch(/^(ACTIVE )?[a-z][a-z-]*( |$)/);
    expect(all).toEqual(
      expect.arrayContaining([
        'filesystem named in /opt/alation/alation/.disk1_cache',
        'boot-id',
        'tcp-reach 22, 5432, 27017 -> secondary',
      ]),
    );
  });

  it('tells of which other host it is, where another is asked', () => {
    const elsewhere: Step = { ...file('/a'), subject: { kind: 'host', host: 'balancer' } };
    expect([...namesOf([elsewhere], new Questions([elsewhere])).values()]).toEqual(['file /a -> balancer']);
  });

  it('is that of the first step which asks it', () => {
    const ask: Ask = { kind: 'exec', argv: ['id'], as: 'login', effect: 'read', timeoutMs: 1, maxBytes: 1 };
    const steps = ['first', 'second'].map((probe) => ({ ...file('/a'), probe, asks: [{ host: 'primary', ask }] }));
    expect([...namesOf(steps, new Questions(steps)).values()]).toEqual(['first /a']);
  });
});
