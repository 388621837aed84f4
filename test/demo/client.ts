/** A plain ssh2 client that speaks the lane's protocol to a played host. */
import { readFileSync } from 'node:fs';
import ssh2, { type Client } from 'ssh2';
import { preamble } from '../../src/core/shell/preamble.js';
import { quoteWords } from '../../src/core/shell/words.js';
import type { DemoHost, RunningDemo } from '../../src/demo/index.js';

/** Logs in with the pair's key. */
export function logIn(pair: RunningDemo, host: DemoHost, user = host.user): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on('ready', () => resolve(client)).on('error', reject);
    client.connect({ host: '127.0.0.1', port: host.port, username: user, privateKey: readFileSync(pair.identityFile) });
  });
}

/** What a command line came to. */
export interface Ended {
  stdout: string;
  stderr: string;
  exit: number | null;
}

/** Runs a command line with this stdin; `answerTo` writes it only once that text has appeared on stderr. */
export function execute(client: Client, line: string, stdin = '', answerTo?: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    client.exec(line, (error, channel) => {
      if (error) return reject(error);
      const ended: Ended = { stdout: '', stderr: '', exit: null };
      channel.on('data', (chunk: Buffer) => {
        ended.stdout += chunk.toString();
      });
      channel.stderr.on('data', (chunk: Buffer) => {
        ended.stderr += chunk.toString();
        if (answerTo !== undefined && ended.stderr.includes(answerTo) && channel.writable) channel.end(stdin);
      });
      channel.on('exit', (code: number) => {
        ended.exit = code;
      });
      channel.on('close', () => resolve(ended));
      if (answerTo === undefined) channel.end(stdin);
      return undefined;
    });
  });
}

/** The nonce of every lane that `lane` opens. */
export const NONCE = '0123456789abcdef0123456789abcdef';

/** Opens a shell by this line, feeds it commands, and gives everything that it wrote. */
export function lane(client: Client, line: string, commands: string[][]): Promise<Ended> {
  const framed = commands.map((words, index) => `pf ${index + 1} 5 ${quoteWords(words)}\n`).join('');
  return execute(client, line, preamble(NONCE) + framed);
}

/** One command's frame: what stood between the end of the frame before it and its own end. */
export function frameOf({ stdout, stderr }: Ended, n: number): Ended {
  const outs = stdout.split(new RegExp(`\\n${NONCE} (\\d+ \\d+)\\n`));
  const errs = stderr.split(new RegExp(`\\n${NONCE} (\\d+)\\n`));
  const [number, exit] = (outs[2 * n + 1] ?? '').split(' ');
  if (number !== String(n) || errs[2 * n + 1] !== String(n))
    throw new Error(`no frame ${n} in ${JSON.stringify(stdout)}`);
  return { stdout: outs[2 * n] ?? '', stderr: errs[2 * n] ?? '', exit: Number(exit) };
}

export type { Client };
