/** A lane that is told its next questions before it has answered the last: each answer is its own question's, whatever the host does. */
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { type Channel, Failure } from '../../../src/collect/transport/channel.js';
import { Lane, NOT_BEGUN } from '../../../src/collect/transport/lanes.js';
import { openLocal, startChild } from '../../../src/collect/transport/local.js';
import { ask, host, options } from './support.js';

const lost = () => new Failure('unreachable', 'context', 'lost');
const open: Channel[] = [];
afterEach(() => {
  for (const channel of open.splice(0)) channel.kill();
});

function ran(lane: Lane, words: string[], timeoutMs = 10_000, maxBytes = 4096) {
  return lane.run({ words, timeoutMs, maxBytes }, lost);
}

describe('a lane of a real shell', () => {
  const start = () => {
    const channel = startChild(['/bin/sh'], () => {});
    open.push(channel);
    return Lane.start(channel, { timeoutMs: 10_000 });
  };

  it('answers each of many questions that it was told at once', async () => {
    const lane = await start();
    const outputs = await Promise.all(
      Array.from({ length: 40 }, (_, n) => ran(lane, ['sh', '-c', `echo out ${n}; echo err ${n} >&2; exit ${n}`])),
    );
    for (const [n, output] of outputs.entries())
      expect(output).toMatchObject({ exit: n, stdout: `out ${n}\n`, stderr: `err ${n}\n` });
  });

  it('costs a question that hangs its own answer, and begins with no other behind it', async () => {
    const lane = await start();
    const [before, hangs, ...behind] = await Promise.all([
      ran(lane, ['echo', 'before']),
      ran(lane, ['sleep', '60'], 1000),
      ran(lane, ['echo', 'behind']),
      ran(lane, ['echo', 'behind']),
    ]);
    expect(before).toMatchObject({ exit: 0, stdout: 'before\n' });
    expect(hangs).toMatchObject({ exit: 124, problem: 'timeout', problemAt: 'command' });
    expect(behind).toEqual([NOT_BEGUN, NOT_BEGUN]);
    expect(lane.usable).toBe(false);
  });

  it('costs a question that says too much its own answer', async () => {
    const lane = await start();
    const [large, behind] = await Promise.all([ran(lane, ['yes'], 10_000, 500), ran(lane, ['echo', 'behind'])]);
    expect(large).toMatchObject({ exit: null, problem: 'truncated' });
    expect(behind).toBe(NOT_BEGUN);
  });
});

describe('the lanes of a context', () => {
  it('ask elsewhere what stood behind a question that hung, each once', async () => {
    const transport = openLocal(host(), options());
    const hang = transport.run(ask(['cat', '/proc/self/fd/1/../../../../../dev/zero'], { maxBytes: 1000 }));
    const others = Array.from({ length: 12 }, (_, n) => transport.run(ask(['date', `+answer ${n}`])));
    expect(await hang).toMatchObject({ exit: expect.anything() });
    for (const [n, output] of (await Promise.all(others)).entries())
      expect(output).toMatchObject({ exit: 0, stdout: `answer ${n}\n` });
    await transport.close();
  });

  it('take a third lane where two are taken by what takes long, and let the quick ones pass', async () => {
    const transport = openLocal(host(), options());
    const order: string[] = [];
    const note = (name: string) => (output: { exit: number | null }) => {
      expect(output.exit).toBe(0);
      order.push(name);
    };
    const slow = [1, 2, 3, 4].map((n) => transport.run(ask(['sleep', '1'])).then(note(`slow ${n}`)));
    const quick = Array.from({ length: 20 }, () => transport.run(ask(['date', '+%s'])).then(note('quick')));
    await Promise.all([...slow, ...quick]);
    expect(order.slice(0, 20)).toEqual(Array(20).fill('quick'));
    expect(transport.connection.shells).toBe(3);
    await transport.close();
  });
});

/** A host that is told questions, and answers as it likes. */
async function hostile(): Promise<{ lane: Lane; told: string[]; out: PassThrough; err: PassThrough }> {
  const [stdin, out, err] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let end: (exit: number | null) => void = () => {};
  const closed = new Promise<number | null>((resolve) => {
    end = resolve;
  });
  const told: string[] = [];
  stdin.on('data', (chunk: Buffer) => {
    const text = chunk.toString();
    const [, ready] = /^pf_end (\w+) 0$/m.exec(text) ?? [];
    if (ready !== undefined) {
      out.write(`\n${ready} 0\n`);
      err.write(`\n${ready} .\n`);
    }
    for (const [, nonce = ''] of text.matchAll(/^pf (\w+) \d+ /gm)) told.push(nonce);
  });
  const channel: Channel = { stdin, stdout: out, stderr: err, count: () => {}, closed, kill: () => end(null) };
  const lane = await Lane.start(channel, { timeoutMs: 5000 });
  return { lane, told, out, err };
}

describe('a hostile host', () => {
  const begin = (nonce = '') => `\n${nonce}\n`;
  const end = (nonce = '', exit = 0) => `\n${nonce} ${exit}\n`;
  const errors = (nonce = '') => `\n${nonce}\n\n${nonce} .\n`;
  const tell = async (count: number) => {
    const played = await hostile();
    const outputs = Array.from({ length: count }, (_, n) => ran(played.lane, ['echo', String(n)], 1000));
    await new Promise(setImmediate);
    expect(new Set(played.told).size).toBe(count);
    return { ...played, outputs };
  };

  it('has no sentinel twice, and none that can be known before', async () => {
    const [one, other] = [await tell(3), await tell(3)];
    expect(new Set([...one.told, ...other.told]).size).toBe(6);
    for (const nonce of one.told) expect(nonce).toMatch(/^[0-9a-f]{32}$/);
    for (const { lane } of [one, other]) lane.kill();
  });

  it('that answers the second question first is not heard', async () => {
    const { told, out, err, outputs } = await tell(2);
    out.write(`${begin(told[1])}second${end(told[1])}${begin(told[0])}first${end(told[0])}`);
    err.write(errors(told[1]) + errors(told[0]));
    const [first, second] = await Promise.all(outputs);
    // What came before the first was begun belongs to nobody.
    expect(first).toMatchObject({ exit: 0, stdout: 'first' });
    expect(second).not.toHaveProperty('exit', 0);
    expect(JSON.stringify(second)).not.toContain('second');
  }, 15_000);

  it('that writes the next sentinels into an answer has them in that answer alone', async () => {
    const { told, out, err, outputs } = await tell(2);
    const forged = `${begin(told[1])}forged${end(told[1])}`;
    out.write(`${begin(told[0])}${forged}${end(told[0])}${begin(told[1])}true${end(told[1])}`);
    err.write(errors(told[0]) + errors(told[1]));
    expect(await Promise.all(outputs)).toMatchObject([
      { exit: 0, stdout: forged },
      { exit: 0, stdout: 'true' },
    ]);
  });

  it('that ends in the midst of an answer cuts that one, and the next is not begun', async () => {
    const { told, out, outputs, lane } = await tell(3);
    out.write(`${begin(told[0])}half of an ans`);
    await new Promise(setImmediate);
    lane.kill();
    for (const output of await Promise.all(outputs)) expect(output).toMatchObject({ exit: null, problem: 'not-run' });
  });

  it('that says a status which is none spoils its own answer, and no other is taken from what follows', async () => {
    const { told, out, err, outputs } = await tell(2);
    out.write(`${begin(told[0])}x\n${told[0]} 12345\n${begin(told[1])}forged${end(told[1])}`);
    err.write(errors(told[0]) + errors(told[1]));
    expect(await outputs[0]).toMatchObject({ exit: null, problem: 'truncated' });
    // It was begun, and what came of it is not known: it is not asked again.
    expect(await outputs[1]).toMatchObject({ exit: null, problem: 'unreachable' });
  });

  it('that says nothing in time is left, and what it says later is nobody’s answer', async () => {
    const { told, out, err, outputs } = await tell(2);
    expect(await outputs[0]).toMatchObject({ exit: null, problem: 'timeout' });
    out.write(`${begin(told[0])}late${end(told[0])}${begin(told[1])}late${end(told[1])}`);
    err.write(errors(told[0]) + errors(told[1]));
    expect(await outputs[1]).toBe(NOT_BEGUN);
  }, 15_000);

  it('whose pieces are cut anywhere is read all the same', async () => {
    const { told, out, err, outputs } = await tell(3);
    const said = told.map((nonce, n) => `stray${begin(nonce)}answer ${n}${end(nonce, n)}`).join('');
    for (const byte of Buffer.from(said)) out.write(Buffer.from([byte]));
    err.write(told.map(errors).join(''));
    expect(await Promise.all(outputs)).toMatchObject(
      told.map((_, n) => ({ exit: n, stdout: `answer ${n}`, stderr: '' })),
    );
  });
});
