/** The standard input of a command: it arrives whole in every shell, and stands in no argument, no environment and no file. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { makeSecrets } from '../../../src/cli/secrets.js';
import { type Channel, Failure } from '../../../src/collect/transport/channel.js';
import { inputOf, type SecretVariables, unfitSecret } from '../../../src/collect/transport/input.js';
import { Lane, NOT_BEGUN } from '../../../src/collect/transport/lanes.js';
import { openLocal, startChild } from '../../../src/collect/transport/local.js';
import { UsageError } from '../../../src/core/errors.js';
import type { Output, Step } from '../../../src/core/model.js';
import { lacking } from '../../needs.js';
import { ask, host, options } from './support.js';

const SHELLS: [name: string, ...words: string[]][] = [
  ['sh', '/bin/sh'],
  ['bash', 'bash', '--posix'],
  ['dash', 'dash'],
  ['busybox ash', 'busybox', 'sh'],
  ['ksh', 'ksh'],
];
const NO_TIMEOUT = 'timeout() { return 1; }\n';

const open: Channel[] = [];
afterAll(() => {
  for (const channel of open.splice(0)) channel.kill();
});

async function start(words: readonly string[], first = ''): Promise<Lane> {
  const channel = startChild(words, () => {});
  open.push(channel);
  channel.stdin.write(first);
  return Lane.start(channel, { timeoutMs: 10_000 });
}
const lost = () => new Failure('unreachable', 'host', 'lost');
async function run(lane: Lane, words: string[], input?: string, timeoutMs = 10_000): Promise<Output> {
  const output = await lane.run({ words, timeoutMs, maxBytes: 1 << 20, input }, lost);
  if (output === NOT_BEGUN) throw new Error('the lane ended before it began with the command');
  return output;
}

const SECRET = 'pft-5f0c6a3b-e1d2-4c0f';
const LINE = `header = "X-Token: ${SECRET}"\n`;

for (const [name, ...words] of SHELLS) {
  const [program = ''] = words;
  for (const [how, first] of [
    ['timeout', ''],
    ['the watchdog', NO_TIMEOUT],
  ] as const) {
    const why = lacking(program);
    describe.skipIf(why)(`a lane of ${name} under ${how}${why}`, { concurrent: true }, () => {
      it('gives a command its input as it is, and the next one none', async () => {
        const lane = await start(words, first);
        const nasty = fc.string({ unit: fc.constantFrom(...'\'"\\$`!\n\t *?~#&|;<>(){}[]=%-nae01é漢'), maxLength: 30 });
        await fc.assert(
          fc.asyncProperty(nasty, async (input) => {
            expect(await run(lane, ['cat'], input)).toMatchObject({ exit: 0, stdout: input, stderr: '' });
            expect(await run(lane, ['cat'])).toMatchObject({ exit: 0, stdout: '', stderr: '' });
          }),
          { numRuns: 25 },
        );
      });

      it('keeps exit status, stderr and the next command apart from an input that nobody reads', async () => {
        const lane = await start(words, first);
        const long = `${'x'.repeat(200_000)}\n`;
        const status = await run(lane, ['sh', '-c', 'echo said >&2; exit 3'], long);
        expect(status).toMatchObject({ exit: 3, stdout: '' });
        expect(status.stderr).toMatch(/^said\n/);
        expect(await run(lane, ['echo', 'next'])).toMatchObject({ exit: 0, stdout: 'next\n', stderr: '' });
        expect(await run(lane, ['no-such-program'], LINE)).toMatchObject({ problem: 'not-found' });
      });

      it('ends a command that goes on after its input at its limit', async () => {
        const lane = await start(words, first);
        const output = await run(lane, ['sh', '-c', 'cat; sleep 30'], LINE, 1000);
        expect(output).toMatchObject({ problem: 'timeout', problemAt: 'command' });
        expect(lane.usable).toBe(false);
      });
    });

    const whyUntraced = lacking(program, 'strace');
    it.skipIf(whyUntraced)(
      `${name} under ${how} starts no program with it, and opens no file to hold it${whyUntraced}`,
      async () => {
        const room = mkdtempSync(join(tmpdir(), 'pairflight-trace-'));
        try {
          const trace = join(room, 'trace');
          const lane = await start(
            ['strace', '-f', '-v', '-s', '100000', '-e', 'trace=execve,openat', '-o', trace, ...words],
            first,
          );
          expect(await run(lane, ['cat'], LINE)).toMatchObject({ exit: 0, stdout: LINE });
          lane.kill();
          const calls = readFileSync(trace, 'utf8');
          // Not the trace itself in a failure's message: it holds this machine's environment.
          expect(/execve\(.*"cat"\]/.test(calls)).toBe(true);
          expect(calls.includes(SECRET)).toBe(false);
          const written = [...calls.matchAll(/openat\(\w+, "([^"]*)", [^)\n]*O_(?:WRONLY|RDWR)/g)].map(
            ([, file]) => file,
          );
          expect(written.filter((file) => file !== '/dev/null' && file !== '/dev/tty')).toEqual([]);
        } finally {
          rmSync(room, { recursive: true });
        }
      },
    );
  }
}

const whyNoBash = lacking('bash');
describe.skipIf(whyNoBash)(`a shell without a printf of its own${whyNoBash}`, () => {
  it('is given no input, and goes on', async () => {
    const lane = await start(['bash'], 'enable -n printf\n');
    const refused = await run(lane, ['cat'], LINE);
    expect(refused).toMatchObject({ exit: null, stdout: '', problem: 'not-run', problemAt: 'command' });
    expect(refused.stderr).toContain('no printf of its own');
    expect(await run(lane, ['echo', 'next'])).toMatchObject({ exit: 0, stdout: 'next\n' });
    expect(await run(lane, ['cat'], LINE)).toMatchObject({ problem: 'not-run' });
  });

  it('is not taken in by a function of that name', async () => {
    const lane = await start(['bash'], 'printf() { command echo function; env >&2; }\n').catch(
      (error: unknown) => error,
    );
    // Such a shell cannot even say that it listens.
    expect(lane).toBeInstanceOf(Failure);
  });
});

const variables = (value: string | undefined, names: string[] = []): SecretVariables => ({
  value: () => value,
  names: () => names,
});
const stdin = { line: 'header = "X-Token: {secret}"', env: 'SHOP_TOKEN' };

describe('the local transport', () => {
  it('puts the secret into the line, whatever it holds', async () => {
    for (const secret of [SECRET, '$& $1 `id` $(id) %s']) {
      const transport = openLocal(host(), options({ variables: variables(secret) }));
      expect((await transport.run(ask(['cat'], { stdin }))).stdout).toBe(`header = "X-Token: ${secret}"\n`);
      await transport.close();
    }
  });

  it('gives an empty input where the variable is not set', async () => {
    const transport = openLocal(host(), options({ variables: variables(undefined) }));
    expect(await transport.run(ask(['cat'], { stdin }))).toMatchObject({ exit: 0, stdout: '' });
    await transport.close();
  });

  it('runs nothing where the value cannot be sent, and does not say it', async () => {
    const transport = openLocal(host(), options({ variables: variables('two\nlines') }));
    const output = await transport.run(ask(['cat'], { stdin }));
    expect(output).toMatchObject({ exit: null, stdout: '', problem: 'not-run', problemAt: 'command' });
    expect(output.stderr).toBe('the value of SHOP_TOKEN has a line break; a secret is sent as one line');
    expect(transport.connection.shells).toBe(0);
    await transport.close();
  });

  it('starts no program that inherits the variables', async () => {
    process.env.PFT_SHOP_TOKEN = SECRET;
    const transport = openLocal(host(), options({ variables: variables(SECRET, ['PFT_SHOP_TOKEN']) }));
    const { stdout } = await transport.run(ask(['env'], { stdin }));
    expect(stdout).toContain('PATH=');
    expect(stdout).not.toContain(SECRET);
    await transport.close();
    delete process.env.PFT_SHOP_TOKEN;
  });
});

describe('a secret', () => {
  it.each([
    ['a\nb-c-d', /line break/],
    ['abcd\r', /line break/],
    ['ab\0cd', /not printable ASCII/],
    ['schlüssel', /not printable ASCII/],
    ['ab"cd', /quote/],
    ["ab'cd", /quote/],
    ['ab\\cd', /backslash/],
    [' abcd', /blank/],
    ['abcd ', /blank/],
    ['abc', /shorter/],
    ['x'.repeat(8193), /longer/],
  ])('%j cannot be sent', (secret, why) => {
    expect(unfitSecret(secret)).toMatch(why);
    expect(unfitSecret(secret)).not.toContain(secret.trim());
    expect(inputOf({ stdin }, variables(secret))).toBeInstanceOf(Failure);
  });

  it.each(['abcd', 'Bearer eyJhbGciOi.e30.x_-', 'Basic dXNlcjpwYXNz', '{secret}', 'x'.repeat(8192)])(
    '%j can',
    (secret) => {
      expect(unfitSecret(secret)).toBeUndefined();
      expect(inputOf({ stdin }, variables(secret))).toBe(`header = "X-Token: ${secret}"\n`);
    },
  );
});

describe('the secrets of a run', () => {
  const steps = (env: string): Step[] => [
    {
      ...{ id: 'a', probe: 'endpoint', params: {}, subject: { kind: 'host', host: 'a' }, wantedBy: [] },
      asks: [
        { host: 'a', ask: ask(['curl'], { stdin: { ...stdin, env } }) },
        { host: 'a', ask: ask(['id']) },
      ],
    },
  ];

  it('are refused by the name of their variable before anything is asked', () => {
    process.env.PFT_BAD_TOKEN = 'two\nlines';
    expect(() => makeSecrets(undefined).expect(steps('PFT_BAD_TOKEN'))).toThrow(
      new UsageError(
        'PFT_BAD_TOKEN: the value of this variable of the environment has a line break; a secret is sent as one line',
        'read -rs PFT_BAD_TOKEN && export PFT_BAD_TOKEN',
      ),
    );
    delete process.env.PFT_BAD_TOKEN;
  });

  it('are known once they are expected, each once', () => {
    Object.assign(process.env, { PFT_GOOD_TOKEN: SECRET, PFT_EMPTY_TOKEN: '' });
    const secrets = makeSecrets('PATH');
    expect(secrets.variables.names()).toEqual(['PATH', 'PAIRFLIGHT_SSH_PASSWORD']);
    for (const env of ['PFT_GOOD_TOKEN', 'PFT_EMPTY_TOKEN', 'PFT_UNSET_TOKEN', 'PFT_GOOD_TOKEN'])
      secrets.expect(steps(env));
    expect(secrets.given()).toEqual([SECRET]);
    expect(secrets.variables.names()).toEqual(expect.arrayContaining(['PFT_GOOD_TOKEN', 'PFT_UNSET_TOKEN']));
    expect(['PFT_GOOD_TOKEN', 'PFT_EMPTY_TOKEN', 'PFT_UNSET_TOKEN'].map(secrets.variables.value)).toEqual([
      SECRET,
      undefined,
      undefined,
    ]);
    delete process.env.PFT_GOOD_TOKEN;
    delete process.env.PFT_EMPTY_TOKEN;
  });
});
