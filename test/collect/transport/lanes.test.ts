import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Channel, Failure } from '../../../src/collect/transport/channel.js';
import { Lane, NOT_BEGUN } from '../../../src/collect/transport/lanes.js';
import { startChild } from '../../../src/collect/transport/local.js';
import type { Output } from '../../../src/core/model.js';
import { anyCharacter } from '../../any-character.js';
import { lacking } from '../../needs.js';

const SHELLS: [name: string, ...words: string[]][] = [
  ['sh', '/bin/sh'],
  ['bash', 'bash'],
  ['dash', 'dash'],
  ['busybox ash', 'busybox', 'sh'],
  ['ksh', 'ksh'],
];

// busybox has `timeout` built in, so a PATH without it would not do: a function hides it in every shell.
const NO_TIMEOUT = 'timeout() { return 1; }\n';

/** A shell that hears no alarm: it cannot guard a command by itself. */
const deaf = (words: readonly string[]) => ['/bin/sh', '-c', 'trap "" USR1; exec "$@"', 'deaf', ...words];

/** The ids of the processes that have a variable in their environment. */
function processesWith(variable: string): string[] {
  return readdirSync('/proc').filter((id) => {
    try {
      return /^\d+$/.test(id) && readFileSync(`/proc/${id}/environ`, 'utf8').split('\0').includes(variable);
    } catch {
      return false;
    }
  });
}

const open: Channel[] = [];
afterAll(() => {
  for (const channel of open.splice(0)) channel.kill();
});

const lost = () => new Failure('unreachable', 'host', 'lost');
async function start(words: readonly string[], timeoutMs = 10_000, first = ''): Promise<Lane> {
  const channel = startChild(words, () => {});
  open.push(channel);
  channel.stdin.write(first);
  return Lane.start(channel, { timeoutMs });
}
const limits = { timeoutMs: 10_000, maxBytes: 1 << 20 };
async function run(lane: Lane, words: string[], timeoutMs = 10_000, maxBytes = 1 << 20): Promise<Output> {
  const output = await lane.run({ words, timeoutMs, maxBytes }, lost);
  if (output === NOT_BEGUN) throw new Error('the lane ended before it began with the command');
  return output;
}

for (const [index, [name, ...words]] of SHELLS.entries()) {
  const why = lacking(words[0] ?? '');
  for (const [how, shell, first] of [
    ['its own guard', words, ''],
    ['timeout', deaf(words), ''],
    ['a watchdog for each', deaf(words), NO_TIMEOUT],
  ] as const) {
    const startShell = () => start(shell, 10_000, first);
    describe.skipIf(why)(`a lane of ${name} under ${how}${why}`, { concurrent: true }, () => {
      it('gives any words to the command as they are', async () => {
        const lane = await startShell();
        // Words as Unicode text, and short ones out of the characters that shells care about.
        const nasty = fc.string({ unit: fc.constantFrom(...'\'"\\$`!\n\t *?~#&|;<>(){}[]=%é漢-'), maxLength: 12 });
        const text = fc
          .string({ unit: anyCharacter, maxLength: 20 })
          .filter((s) => !s.includes('\0') && !/\p{Surrogate}/u.test(s));
        await fc.assert(
          fc.asyncProperty(fc.array(fc.oneof(nasty, text), { maxLength: 4 }), async (args) => {
            const output = await run(lane, ['printf', '%s\\0', 'first', ...args]);
            expect(output).toMatchObject({ exit: 0, stdout: ['first', ...args, ''].join('\0'), stderr: '' });
          }),
          { numRuns: 60 },
        );
      });

      it('keeps stdout, stderr and the exit status apart and exact', async () => {
        const lane = await startShell();
        const script = 'printf "\\n out\\n\\n"; printf "err" >&2; exit 3';
        expect(await run(lane, ['sh', '-c', script])).toMatchObject({ exit: 3, stdout: '\n out\n\n', stderr: 'err' });
        expect(await run(lane, ['true'])).toMatchObject({ exit: 0, stdout: '', stderr: '' });
      });

      it('names commands that are missing, not allowed, or killed', async () => {
        const lane = await startShell();
        expect(await run(lane, ['no-such-program'])).toMatchObject({ problem: 'not-found', problemAt: 'command' });
        expect(await run(lane, ['/etc/passwd'])).toMatchObject({ problem: 'denied', problemAt: 'command' });
        const killed = await run(lane, ['sh', '-c', 'kill -KILL $$']);
        expect(killed).toMatchObject({ exit: 137 });
        expect(killed.problem).toBeUndefined();
      });

      it('leaves nothing for a command to read', async () => {
        const lane = await startShell();
        expect(await run(lane, ['cat'])).toMatchObject({ exit: 0, stdout: '' });
      });

      it('carries bytes that are no text, and characters that arrive in pieces', async () => {
        const lane = await startShell();
        expect((await run(lane, ['printf', 'a\\000\\377b'])).stdout).toBe('a\0\ufffdb');
        const halves = await run(lane, ['sh', '-c', "printf '\\303'; sleep 0.05; printf '\\251'"]);
        expect(halves.stdout).toBe('é');
      });

      it('ends a command at its limit, also one that ignores the first signal', async () => {
        const stubborn = "trap '' TERM; while :; do sleep 0.2; done";
        for (const argv of [
          ['sleep', '30'],
          ['sh', '-c', stubborn],
        ]) {
          const lane = await startShell();
          expect(await run(lane, argv, 1000)).toMatchObject({ problem: 'timeout', problemAt: 'command' });
          expect(lane.usable).toBe(false);
        }
      });

      it('cuts an answer that is larger than allowed and ends its shell', async () => {
        const lane = await startShell();
        const output = await run(lane, ['yes', 'é'], 10_000, 3000);
        expect(output).toMatchObject({ exit: null, problem: 'truncated', problemAt: 'command' });
        expect(output.stdout).toBe('é\n'.repeat(1000));
        expect(lane.usable).toBe(false);
      });

      it('takes an answer of exactly the allowed size', async () => {
        const lane = await startShell();
        const output = await run(lane, ['printf', '%s', 'x'.repeat(500)], 10_000, 500);
        expect(output).toMatchObject({ exit: 0, stdout: 'x'.repeat(500) });
        expect(await run(lane, ['printf', '%s', 'x'.repeat(501)], 10_000, 500)).toMatchObject({ problem: 'truncated' });
      });
    });
  }

  describe.skipIf(why)(`a watchdog for each of ${name}${why}`, { concurrent: true }, () => {
    it('leaves no sleeper behind when the command ends early', async ({ expect }) => {
      const mark = `PFT_MARK=${process.pid}.${index}`;
      const lane = await start(['env', mark, ...deaf(words)], 10_000, NO_TIMEOUT);
      for (let n = 0; n < 40; n++) await run(lane, ['true'], 60_000);
      await run(lane, ['sleep', '0.1'], 60_000);
      // Everything that the lane ever started carries the mark; the lane's own shell is what must remain.
      // A sleeper that was killed may take a moment to go; one that was forgotten stays for most of a second.
      await expect.poll(() => processesWith(mark), { timeout: 300, interval: 20 }).toHaveLength(1);
    });
  });
}

describe('a lane', { concurrent: true }, () => {
  it('keeps what the shell says before it listens apart from the first answer', async () => {
    const lane = await start(['/bin/sh', '-c', 'echo Welcome; echo Quota exceeded >&2; exec /bin/sh']);
    expect(lane.noise).toBe('Welcome\n\nQuota exceeded\n');
    expect((await run(lane, ['echo', 'hello'])).stdout).toBe('hello\n');
  });

  it('drops what a process that was left behind writes between two commands', async () => {
    const lane = await start(['/bin/sh']);
    await run(lane, ['sh', '-c', '(sleep 0.1; echo stray) & exit 0']);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await run(lane, ['echo', 'mine'])).stdout).toBe('mine\n');
  });

  it.each([
    ['refused', 'echo not for you >&2; exit 1', 'denied', 'not for you'],
    ['missing', 'exec /no/such/shell', 'not-found', '/no/such/shell'],
    ['a lack of a directory', 'chroot /no/such/root /bin/sh', 'not-found', '/no/such/root'],
    ['nothing but a word on stdout', 'echo This account is closed; exit 1', 'denied', 'This account is closed'],
    ['silence', 'exit 1', 'denied', 'status 1'],
  ])('says that the entry was %s', async (_name, script, problem, message) => {
    const refusal = await start(['/bin/sh', '-c', script]).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Failure);
    expect(refusal).toMatchObject({ problem, problemAt: 'context', message: expect.stringContaining(message) });
  });

  it('says that the entry did not listen in time, or never stopped talking', async () => {
    await expect(start(['sleep', '30'], 200)).rejects.toMatchObject({ problem: 'timeout', problemAt: 'context' });
    await expect(start(['yes'])).rejects.toMatchObject({ problem: 'truncated', problemAt: 'context' });
  });

  it('ends a running command as not run when it is killed, and as lost when its shell ends', async () => {
    const lane = await start(['/bin/sh']);
    const running = run(lane, ['sleep', '30'], 3000);
    lane.kill();
    expect(await running).toMatchObject({ exit: null, problem: 'not-run' });
    const other = await start(['/bin/sh']);
    const output = await other.run({ words: ['sh', '-c', 'kill -KILL $PPID'], ...limits, quick: true }, lost);
    expect(output).toMatchObject({ exit: null, problem: 'unreachable', problemAt: 'host' });
  });

  it('does not wait for ever for a host that no longer answers', { timeout: 20_000 }, async () => {
    const lane = await start(deaf(['/bin/sh']));
    // The shell itself is stopped, and has nobody who would wake it, so that its own limit cannot help.
    const output = await run(lane, ['sh', '-c', 'kill -STOP $(cut -d" " -f4 /proc/$PPID/stat)'], 1000);
    expect(output).toMatchObject({ exit: null, problem: 'timeout', problemAt: 'command' });
    expect(lane.usable).toBe(false);
  });
});
