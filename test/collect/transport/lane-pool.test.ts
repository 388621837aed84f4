/** The lanes of a context: what is told a host before it has answered anything, and in which order. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Channel } from '../../../src/collect/transport/channel.js';
import { Hold } from '../../../src/collect/transport/hold.js';
import { LanePool } from '../../../src/collect/transport/lane-pool.js';
import { SessionLimit } from '../../../src/collect/transport/session-limit.js';
import { findRootWay } from '../../../src/collect/transport/sudo.js';

const limits = { timeoutMs: 20_000, maxBytes: 4096 };

/** A host whose shells listen, or do not even that, and never answer a question; `told` has, for each shell, what it was told. */
function silent(listens = true) {
  const told: string[][] = [];
  const opened: { line: string; first: string }[] = [];
  const channels: { stdout: PassThrough; stderr: PassThrough; end: () => void }[] = [];
  const open = async (line: string, first = ''): Promise<Channel> => {
    opened.push({ line, first });
    const questions: string[] = [];
    told.push(questions);
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    let end: (exit: number | null) => void = () => {};
    const closed = new Promise<number | null>((resolve) => {
      end = resolve;
    });
    const [, ready] = /^pf_end (\w+) 0$/m.exec(first) ?? [];
    if (listens) {
      stdout.write(`\n${ready} 0\n`);
      stderr.write(`\n${ready} .\n`);
    }
    channels.push({ stdout, stderr, end: () => end(126) });
    stdin.on('data', (chunk: Buffer) =>
      questions.push(
        ...chunk
          .toString()
          .split('\n')
          .filter((text) => text !== ''),
      ),
    );
    return { stdin, stdout, stderr, count: () => {}, closed, kill: () => end(null) };
  };
  const limit = new SessionLimit(9);
  const [connector, hold] = [{ open, lost: undefined }, new Hold()];
  const host = { connector, limit, hold, startTimeoutMs: 10_000, noise: () => {} };
  return { host, told, opened, channels, pool: new LanePool(host, { line: () => '/bin/sh' }) };
}

/** Until all has been told that is told without an answer. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
}

const wordsIn = (told: readonly string[] = []) => told.map((text) => /'(id|sudo|date|sleep)'/.exec(text)?.[1]);

describe('while contexts are being entered', () => {
  const words = (...names: string[]) => names.map((name) => ({ ...limits, words: [name, '1'] }));
  const quick = words(...Array<string>(5).fill('date'));

  it('many quick questions wait, and what is urgent or takes long does not', async () => {
    const { host, pool, told } = silent();
    host.hold.begin();
    const asked = quick.map((one) => pool.run(one));
    asked.push(pool.run({ ...limits, words: ['id'] }, true), ...words('sleep').map((one) => pool.run(one)));
    await settled();
    expect(told.map(wordsIn)).toEqual([['id', 'sleep']]);
    host.hold.lift();
    await settled();
    expect(told.map(wordsIn)).toEqual([['id', 'sleep'], quick.map(() => 'date')]);
    pool.close();
    await Promise.all(asked);
  });

  it('a few quick questions go before what takes long, in one shell', async () => {
    const { host, pool, told } = silent();
    host.hold.begin();
    const asked = [...quick.slice(1), ...words('sleep')].map((one) => pool.run(one));
    await settled();
    expect(told.map(wordsIn)).toEqual([['date', 'date', 'date', 'date', 'sleep']]);
    pool.close();
    await Promise.all(asked);
  });

  it('a context is entered even where nothing but quick questions wait for it', async () => {
    const { host, pool, told } = silent();
    host.hold.begin();
    const asked = quick.map((one) => pool.run(one));
    await pool.entered;
    expect(told.map(wordsIn)).toEqual([[]]);
    await host.hold.liftAfter(pool.entered);
    await settled();
    expect(told.map(wordsIn)).toEqual([quick.map(() => 'date')]);
    pool.close();
    await Promise.all(asked);
  });

  it('nothing waits where somebody else waits for a session', async () => {
    const { host, pool, told } = silent();
    host.hold.begin();
    while (host.limit.tryAcquire());
    host.limit.release();
    const asked = quick.map((one) => pool.run(one));
    await settled();
    expect(told.map(wordsIn)).toEqual([[]]);
    const other = host.limit.acquire();
    await settled();
    expect(told.map(wordsIn)).toEqual([quick.map(() => 'date')]);
    pool.close();
    await Promise.all([other, ...asked]);
  });

  it('a context that cannot be entered is not waited for', async () => {
    const { host, pool, channels } = silent(false);
    const asked = pool.run({ ...limits, words: ['date'] });
    await settled();
    for (const { end } of channels) end();
    await Promise.all([pool.begun, host.hold.liftAfter(pool.entered)]);
    expect(await asked).toMatchObject({ problem: 'denied', problemAt: 'context' });
  });
});

describe('a host that has answered nothing yet', () => {
  it('was told with the wish for a shell what the shell is told first', async () => {
    const { pool, opened } = silent();
    const asked = pool.run({ ...limits, words: ['date'] });
    await settled();
    expect(opened).toEqual([{ line: '/bin/sh', first: expect.stringMatching(/^pf_end \w{32} 0$/m) }]);
    pool.close();
    await asked;
  });

  it('was told the questions with the first words, before its shell has shown what it is', async () => {
    const { pool, told } = silent(false);
    const asked = [pool.run({ ...limits, words: ['date'] }), pool.run({ ...limits, words: ['id'] })];
    await settled();
    expect(told.map(wordsIn)).toEqual([['date', 'id']]);
    pool.close();
    for (const output of await Promise.all(asked)) expect(output).toMatchObject({ exit: null, problem: 'not-run' });
  });

  it('is believed no answer where its shell says that it is another, whatever it answers before', async () => {
    const { pool, told, channels } = silent(false);
    const asked = [pool.run({ ...limits, words: ['date'] }), pool.run({ ...limits, words: ['id'] })];
    await settled();
    const [first] = channels;
    const nonces = told[0]?.map((text) => /^pf (\w+) /.exec(text)?.[1]);
    for (const nonce of nonces ?? []) first?.stdout.write(`\n${nonce}\nforged\n${nonce} 0\n`);
    for (const nonce of nonces ?? []) first?.stderr.write(`\n${nonce}\n\n${nonce} .\n`);
    first?.stderr.write('this is another shell\n');
    first?.end();
    for (const output of await Promise.all(asked))
      expect(output).toMatchObject({ exit: null, stdout: '', problem: 'denied', problemAt: 'context' });
    expect(told).toHaveLength(1);
  });

  it('was told what takes long behind what is quick, in the same shell, and nothing behind that', async () => {
    const { pool, told } = silent();
    const quick = pool.run({ ...limits, words: ['date'] });
    const slow = pool.run({ ...limits, words: ['sleep', '1'] });
    await settled();
    const late = pool.run({ ...limits, words: ['id'] });
    await settled();
    expect(told.map(wordsIn)).toEqual([['date', 'sleep'], ['id']]);
    pool.close();
    await Promise.all([quick, slow, late]);
  });

  it('was told nothing behind or before what reads an input', async () => {
    const { pool, told } = silent();
    const quick = pool.run({ ...limits, words: ['date'] });
    const reads = pool.run({ ...limits, words: ['sleep', '1'], input: 'a secret' });
    await settled();
    expect(wordsIn(told[0])).toEqual(['date']);
    pool.close();
    await Promise.all([quick, reads]);
  });

  it.each([
    ['ops', [['id', 'sudo']]],
    ['root', [['id']]],
    [undefined, [['id']]],
  ])(
    'was asked for the way to root first, for sudo at once only where the login is called otherwise: %s',
    async (user, wanted) => {
      const { host, pool, told } = silent();
      const slow = pool.run({ ...limits, words: ['sleep', '1'] });
      const way = pool.hurry(() => findRootWay(pool, host, async () => undefined, user));
      await settled();
      expect(told.map(wordsIn)).toEqual(wanted);
      pool.close();
      await Promise.all([slow, way]);
    },
  );
});
