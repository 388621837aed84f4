/** Runs the built program at a terminal of its own, with a person who answers there. */
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { program } from './run.js';

const terminal = fileURLToPath(new URL('../collect/transport/terminal.py', import.meta.url));

/** What the terminal and the streams beside it showed. */
export interface Shown {
  code: number;
  screen: string;
  stdout: string;
  stderr: string;
  prompts: { prompt: string; echo: boolean }[];
  echoAfter: boolean;
}

/** A run at a terminal. */
export interface Job {
  stdin: string | null;
  /** Pattern of a prompt, and what is typed then. */
  answers: [pattern: string, typed: string][];
  /** Each answer is typed once, and the next one after it. */
  once?: boolean;
  stdout?: 'terminal' | 'pipe';
  stderr?: 'terminal' | 'pipe';
  columns?: number;
  env?: Record<string, string>;
  folder: string;
  words: string[];
}

/** Runs any program as a job says. */
export function runAtTerminal(job: Job): Promise<Shown> {
  return new Promise((resolve, reject) => {
    const child = spawn('python3', [terminal], { stdio: ['pipe', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    child.on('error', reject).on('close', () => {
      try {
        resolve(JSON.parse(text) as Shown);
      } catch (error) {
        reject(error);
      }
    });
    child.stdin.end(JSON.stringify(job));
  });
}

/** Runs pairflight in an otherwise empty folder; each answer is typed once, when its pattern shows, and the next after it. */
export async function atTerminal(
  words: string[],
  answers: [pattern: string, typed: string][],
  { files = {}, columns = 80 }: { files?: Record<string, string>; columns?: number } = {},
): Promise<Shown & { folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'pairflight-cli-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const shown = await runAtTerminal({
    stdin: null,
    once: true,
    stderr: 'terminal',
    answers,
    columns,
    folder,
    words: [process.execPath, program, ...words],
    env: { PATH: process.env.PATH ?? '', HOME: folder, TERM: 'xterm' },
  });
  return { ...shown, folder };
}
