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

/** What the nonce of each command begins with; its number follows. */
export const NONCE = '0123456789abcdef0123456789abcdef';

/** Opens a shell by this line, feeds it commands, and gives everything that it wrote. */
export function lane(client: Client, line: string, commands: string[][]): Promise<Ended> {
  const framed = commands.map((words, index) => `pf ${NONCE}${index + 1} 5 ${quoteWords(words)}\n`).join('');
  return execute(client, line, preamble(`${NONCE}0`) + framed);
}

/** One command's frame: what stood between its sentinels; that of number 0 has none at its beginning. */
export function frameOf({ stdout, stderr }: Ended, n: number): Ended {
  const begin = n === 0 ? '^' : `\\n${NONCE}${n}\\n`;
  const out = new RegExp(`${begin}([\\s\\S]*?)\\n${NONCE}${n} (\\d+)\\n`).exec(stdout);
  const err = new RegExp(`${begin}([\\s\\S]*?)\\n${NONCE}${n} \\.\\n`).exec(stderr);
  if (!out || !err) throw new Error(`no frame ${n} in ${JSON.stringify(stdout)}`);
  return { stdout: out[1] ?? '', stderr: err[1] ?? '', exit: Number(out[2]) };
}

export type { Client };
