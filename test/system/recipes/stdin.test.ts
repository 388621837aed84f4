/** `-` as the inventory, in every command that takes one: JSON and YAML, early and late, and where a mistake stands in it. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { pairflight, tidy } from '../../cli/run.js';
import { lacking } from '../../needs.js';

afterAll(tidy);

const commands = [
  ['preflight'],
  ['verify'],
  ['check', '--phase', 'pre-replication'],
  ['plan'],
  ['collect', '-o', 'evidence.json'],
  ['bundle', '-o', 'bundle.tar.gz'],
];
const host = (address: string) => ({ address, ssh: { host: '127.0.0.1', port: 1 } });
const pair = {
  hosts: { primary: host('10.0.0.1'), secondary: host('10.0.0.2') },
  settings: { lagEveryMs: 100 },
};

describe.each(commands)('%s', (...words) => {
  const [command = '', ...options] = words;

  it('takes an inventory from standard input', async () => {
    const { code, stderr } = await pairflight([command, '-', ...options], { stdin: JSON.stringify(pair) });
    // Nobody listens on that port, and the run has come as far as that.
    expect({ code, stderr }).toMatchObject({ code: command === 'plan' ? 0 : 3 });
  });

  it.each([
    [
      'an unknown key',
      '{\n  "hosts": {\n    "primary": { "adress": "10.0.0.1" }\n  }\n}',
      '<stdin>:3:18: hosts.primary: unknown key "adress"',
    ],
    ['another type', '{"hosts":3}', '<stdin>:1:2: hosts: must be object, not 3'],
    ['JSON that is cut off', '{"hosts":{"primary":', '<stdin>:1:'],
    ['nothing', '\n', '<stdin>: nothing came; did the command before the pipe fail?'],
  ])('tells %s with its place, and exit code 2', async (_, stdin, message) => {
    const { code, stderr } = await pairflight([command, '-', ...options], { stdin });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`pairflight: ${message}`) });
  });
});

describe('what JSON may look like', () => {
  const text = JSON.stringify(pair);
  it.each([
    ['on one line', text],
    ['indented by tabs', JSON.stringify(pair, null, '\t')],
    ['with returns', JSON.stringify(pair, null, 2).replaceAll('\n', '\r\n')],
    ['behind a byte order mark', `\ufeff${text}`],
    ['with escapes', text.replaceAll('primary', '\\u0070rimary').replaceAll('.', '\\u002e')],
  ])('%s', async (_, stdin) => {
    const { code, stdout } = await pairflight(['plan', '-', '--json'], { stdin });
    expect(code).toBe(0);
    expect(stdout).toBe((await pairflight(['plan', '-', '--json'], { stdin: text })).stdout);
  });
});

/** Gives the program a pipe that does not block, and writes into it only after a while. */
const late = `
import fcntl, os, subprocess, sys, time
out, into = os.pipe()
fcntl.fcntl(out, fcntl.F_SETFL, fcntl.fcntl(out, fcntl.F_GETFL) | os.O_NONBLOCK)
child = subprocess.Popen(sys.argv[2:], stdin=out)
for piece in (sys.argv[1][:20], sys.argv[1][20:]):
    time.sleep(0.5)
    os.write(into, piece.encode())
os.close(into)
sys.exit(child.wait())
`;

const why = lacking('python3');
it.skipIf(why)(`waits for what comes late, in pieces, through a pipe that does not block${why}`, async () => {
  const program = fileURLToPath(new URL('../../../bin/pairflight.js', import.meta.url));
  const child = spawn('python3', ['-c', late, JSON.stringify(pair), process.execPath, program, 'plan', '-']);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('Plan of') });
});
