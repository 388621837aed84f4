/** Commands that a shell guards by itself: each keeps its answer, status, limit and size, and nothing stays behind, whatever the command does. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Channel, Failure } from '../../../src/collect/transport/channel.js';
import { Lane, NOT_BEGUN } from '../../../src/collect/transport/lanes.js';
import { openLocal, startChild } from '../../../src/collect/transport/local.js';
import type { Output } from '../../../src/core/model.js';
import { lacking } from '../../needs.js';
import { ask, host, options } from './support.js';

const SHELLS: [name: string, ...words: string[]][] = [
  ['bash', 'bash'],
  ['bash as sh', 'bash', '--posix'],
  ['dash', 'dash'],
  ['busybox ash', 'busybox', 'sh'],
  ['ksh', 'ksh'],
];

/** The command lines of the processes that have a variable in their environment. */
function processesWith(variable: string): string[] {
  return readdirSync('/proc').flatMap((id) => {
    try {
      if (!/^\d+$/.test(id) || !readFileSync(`/proc/${id}/environ`, 'utf8').split('\0').includes(variable)) return [];
      return [readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()];
    } catch {
      return [];
    }
  });
}

const open: Channel[] = [];
afterAll(() => {
  for (const channel of open.splice(0)) channel.kill();
});

const lost = () => new Failure('unreachable', 'context', 'lost');
let started = 0;

/** A lane, and what it has running: `mark` stands in the environment of all that it starts. */
async function start(words: readonly string[], first = '') {
  const mark = `PFT_QUICK=${process.pid}.${started++}`;
  const channel = startChild(['env', mark, ...words], () => {});
  open.push(channel);
  channel.stdin.write(first);
  const lane = await Lane.start(channel, { timeoutMs: 20_000 });
  const run = (argv: string[], { timeoutMs = 10_000, maxBytes = 1 << 20, quick = true } = {}) =>
    lane.run({ words: argv, timeoutMs, maxBytes, quick }, lost);
  const running = () => processesWith(mark);
  return { channel, lane, run, running };
}

const answer = async (asked: Promise<Output | typeof NOT_BEGUN>): Promise<Output> => {
  const output = await asked;
  if (output === NOT_BEGUN) throw new Error('the lane ended before it began with the command');
  return output;
};

describe.each(SHELLS)('a shell, %s, that guards its commands', (...words) => {
  const [, ...shell] = words;
  const why = lacking(shell[0] ?? '');
  describe.skipIf(why)(`by itself${why}`, { concurrent: true, timeout: 60_000 }, () => {
    it('keeps stdout, stderr and the status apart and exact, in turn with commands that take long', async ({
      expect,
    }) => {
      const { run, lane } = await start(shell);
      const script = (n: number) => `printf '\\n out ${n}\\n\\n'; printf 'err ${n}' >&2; exit ${n}`;
      const asked = Array.from({ length: 20 }, (_, n) => run(['sh', '-c', script(n)], { quick: n % 5 !== 4 }));
      for (const [n, output] of (await Promise.all(asked)).entries())
        expect(output).toMatchObject({ exit: n, stdout: `\n out ${n}\n\n`, stderr: `err ${n}` });
      expect(lane.usable).toBe(true);
    });

    it('names commands that are missing, not allowed, or killed, and says nothing of its own', async ({ expect }) => {
      const { run } = await start(shell);
      expect(await run(['no-such-program'])).toMatchObject({ exit: 127, problem: 'not-found', problemAt: 'command' });
      expect(await run(['/etc/passwd'])).toMatchObject({ exit: 126, problem: 'denied', problemAt: 'command' });
      expect(await run(['cat'])).toMatchObject({ exit: 0, stdout: '', stderr: '' });
      const killed = await answer(run(['sh', '-c', 'kill -KILL $$']));
      expect(killed).toMatchObject({ exit: 137, stdout: '', stderr: '' });
      expect(killed.problem).toBeUndefined();
    });

    it('ends one that hangs, is stopped, or does not listen, and leaves nothing of it', async ({ expect }) => {
      const hangs = ['exec sleep 61', 'kill -STOP $$; exec sleep 60', "trap '' TERM; while :; do sleep 0.1; done"];
      await Promise.all(
        hangs.map(async (script) => {
          const { run, lane, running } = await start(shell);
          const asked = [
            run(['echo', 'before']),
            run(['sh', '-c', script], { timeoutMs: 1000 }),
            run(['echo', 'behind']),
          ];
          const [before, hung, behind] = await Promise.all(asked);
          expect(before).toMatchObject({ exit: 0, stdout: 'before\n' });
          expect(hung).toMatchObject({ exit: 124, problem: 'timeout', problemAt: 'command', stderr: '' });
          expect(behind).toBe(NOT_BEGUN);
          expect(lane.usable).toBe(false);
          await expect.poll(running, { timeout: 10_000 }).toEqual([]);
        }),
      );
    });

    it('ends what a script has started with it', async ({ expect }) => {
      const { run, running } = await start(shell);
      const script = '(sleep 62 | cat) & x=$(sleep 63 | cat); echo "$x"; wait';
      const hung = await run(['/bin/sh', '-c', script], { timeoutMs: 1000 });
      expect(hung).toMatchObject({ exit: 124, problem: 'timeout', problemAt: 'command', stdout: '' });
      await expect.poll(running, { timeout: 10_000 }).toEqual([]);
    });

    it('ends what takes long, and what that has started, though none of it listens', async ({ expect }) => {
      const { run, running } = await start(shell);
      const script = "trap '' TERM; sleep 64 & x=$(sleep 65 | cat); wait";
      const hung = await run(['/bin/sh', '-c', script], { timeoutMs: 1000, quick: false });
      expect(hung).toMatchObject({ exit: 124, problem: 'timeout', problemAt: 'command', stdout: '' });
      await expect.poll(running, { timeout: 10_000 }).toEqual([]);
    });

    it('cuts one that says too much, and leaves nothing of it', async ({ expect }) => {
      const { run, running } = await start(shell);
      const [large, behind] = await Promise.all([run(['yes'], { maxBytes: 3000 }), run(['echo', 'behind'])]);
      expect(large).toMatchObject({ exit: null, problem: 'truncated', problemAt: 'command' });
      expect(behind).toBe(NOT_BEGUN);
      await expect.poll(running, { timeout: 10_000 }).toEqual([]);
    });

    it('gives each the whole of its own limit, whatever was asked before it', async ({ expect }) => {
      const { run } = await start(shell);
      const asked = [
        run(['sleep', '1.4'], { timeoutMs: 2000 }),
        run(['sleep', '1.2'], { timeoutMs: 2000 }),
        run(['sleep', '2.6'], { timeoutMs: 20_000 }),
        run(['sleep', '30'], { timeoutMs: 1000 }),
      ];
      const outputs = await Promise.all(asked);
      expect(outputs).toMatchObject([{ exit: 0 }, { exit: 0 }, { exit: 0 }, { exit: 124, problem: 'timeout' }]);
      for (const output of outputs) expect(output).toMatchObject({ stdout: '', stderr: '' });
    });

    it('goes on when its watchdog has alarmed it for nothing', async ({ expect }) => {
      const { run } = await start(shell);
      expect(await run(['true'], { timeoutMs: 1000 })).toMatchObject({ exit: 0 });
      // The alarm for the first comes while the shell has nothing to do, and again while one runs that takes long.
      await new Promise((resolve) => setTimeout(resolve, 3500));
      expect(await run(['echo', 'next'], { timeoutMs: 1000 })).toMatchObject({ exit: 0, stdout: 'next\n', stderr: '' });
      const slow = await run(['sh', '-c', 'sleep 3; echo slow'], { quick: false });
      expect(slow).toMatchObject({ exit: 0, stdout: 'slow\n', stderr: '' });
    });

    it('is not misled by a command that alarms it', async ({ expect }) => {
      const { run } = await start(shell);
      const script = 'kill -USR1 $PPID; sleep 0.5; kill -USR1 $PPID; sleep 0.5; echo done; exit 5';
      expect(await run(['sh', '-c', script])).toMatchObject({ exit: 5, stdout: 'done\n', stderr: '' });
      expect(await run(['echo', 'next'])).toMatchObject({ exit: 0, stdout: 'next\n' });
    });

    it('takes its watchdog and its command along when it ends', async ({ expect }) => {
      const [idle, busy, dead] = await Promise.all([start(shell), start(shell), start(shell)]);
      for (const { run } of [idle, busy]) await run(['true'], { timeoutMs: 60_000 });
      await dead.run(['true'], { timeoutMs: 3000 });
      await expect.poll(() => idle.running().length, { timeout: 10_000 }).toBeGreaterThan(1);
      idle.channel.stdin.end();
      await expect.poll(idle.running, { timeout: 10_000 }).toEqual([]);
      const cut = busy.run(['sleep', '60'], { timeoutMs: 60_000 });
      await expect.poll(() => busy.running().includes('sleep 60'), { timeout: 10_000 }).toBe(true);
      busy.lane.kill();
      expect(await cut).toMatchObject({ exit: null, problem: 'not-run' });
      await expect.poll(busy.running, { timeout: 10_000 }).toEqual([]);
      // Its shell is killed outright: the watchdog finds that out, and alarms nobody.
      const last = dead.run(['sh', '-c', 'kill -KILL $PPID']);
      expect(await last).toMatchObject({ exit: null, problem: 'unreachable' });
      await expect.poll(dead.running, { timeout: 30_000, interval: 500 }).toEqual([]);
    });

    it('does not keep what a command has closed or left open from the next', async ({ expect }) => {
      const { run } = await start(shell);
      expect(await run(['sh', '-c', 'exec >&- 2>&-; exit 3'])).toMatchObject({ exit: 3, stdout: '', stderr: '' });
      expect(await run(['echo', 'next'])).toMatchObject({ exit: 0, stdout: 'next\n' });
    });
  });
});

describe('a shell that cannot be alarmed', () => {
  it('leaves the limit to timeout', { timeout: 30_000 }, async () => {
    const { run } = await start(['/bin/sh', '-c', "trap '' USR1; exec /bin/sh"]);
    expect(await run(['echo', 'one'])).toMatchObject({ exit: 0, stdout: 'one\n' });
    expect(await run(['sleep', '30'], { timeoutMs: 1000 })).toMatchObject({ exit: 124, problem: 'timeout' });
  });
});

const whyNoFifo = lacking('mkfifo');
describe.skipIf(whyNoFifo)(`a transport whose shell is told many at once${whyNoFifo}`, () => {
  it('loses the answers of those that hang or say too much, and no other', { timeout: 60_000 }, async () => {
    const room = mkdtempSync(join(tmpdir(), 'pairflight-guarded-'));
    const fifo = join(room, 'nobody writes here');
    execFileSync('mkfifo', [fifo]);
    const transport = openLocal(host(), options());
    try {
      const asked = Array.from({ length: 12 }, (_, n) => {
        const answered = transport.run(ask(['date', `+answer ${n}`]));
        if (n === 3) return [answered, transport.run(ask(['cat', fifo], { timeoutMs: 1000 }))];
        if (n === 7) return [answered, transport.run(ask(['cat', '/dev/zero'], { maxBytes: 1000 }))];
        return [answered];
      });
      for (const [n, [answered, spoiled]] of asked.entries()) {
        expect(await answered).toMatchObject({ exit: 0, stdout: `answer ${n}\n`, stderr: '' });
        if (n === 3) expect(await spoiled).toMatchObject({ exit: 124, problem: 'timeout', problemAt: 'command' });
        if (n === 7) expect(await spoiled).toMatchObject({ exit: null, problem: 'truncated', problemAt: 'command' });
      }
      // One lane after the other: each that was spoiled took its own with it.
      expect(transport.connection.shells).toBe(3);
      // Where two lanes are idle, what takes long does not wait for one that hangs.
      await Promise.all([1, 2].map(() => transport.run(ask(['sleep', '1']))));
      const order: string[] = [];
      await Promise.all([
        transport.run(ask(['cat', fifo], { timeoutMs: 2000 })).then(() => order.push('hung')),
        transport.run(ask(['sleep', '0.2'])).then(() => order.push('slow')),
      ]);
      expect(order).toEqual(['slow', 'hung']);
    } finally {
      await transport.close();
      rmSync(room, { recursive: true });
    }
  });
});
