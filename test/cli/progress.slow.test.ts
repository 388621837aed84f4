/** Progress as the built program shows it: on a terminal, and nowhere else. */
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/model.js';
import { lacking } from '../needs.js';
import { Screen } from './progress/screen.js';
import { pairflight, program, tidy } from './run.js';
import { type Job, runAtTerminal, type Shown } from './terminal.js';

const why = lacking('python3');

/** What stands on a terminal of that width in the end. */
function standing(screen: string, columns: number): string {
  const shown = new Screen(columns, true);
  shown.write(screen);
  return shown.text;
}

describe.skipIf(why)(`progress${why}`, { timeout: 60_000 }, () => {
  let folder: string;
  let silent: Server;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pairflight-progress-'));
    silent = createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    silent.close();
    rmSync(folder, { recursive: true });
  });
  afterEach(tidy);

  /** Two names for a port that takes connections and says nothing. */
  function inventory(): string {
    const { port } = silent.address() as AddressInfo;
    const ssh = `ssh: { host: 127.0.0.1, port: ${port}, user: ops }`;
    return `hosts:\n  primary: { address: 10.0.0.1, ${ssh} }\n  secondary: { address: 10.0.0.2, ${ssh} }\n`;
  }

  function run(words: string[], job: Partial<Job> = {}): Promise<Shown> {
    const env = { PATH: process.env.PATH ?? '', HOME: folder, TERM: 'xterm', ...job.env };
    const all: Omit<Job, 'words'> = {
      stdin: '',
      answers: [],
      stdout: 'terminal',
      stderr: 'terminal',
      columns: 80,
      folder,
      ...job,
      env,
    };
    return runAtTerminal({ ...all, words: [process.execPath, program, ...words] });
  }

  it.each([60, 80, 200])('shows both hosts, and leaves the report alone on %i columns', async (columns) => {
    const { code, screen } = await run(['demo', 'healthy', '--no-color'], { columns });
    expect(code).toBe(0);
    expect(screen).toMatch(/primary +0\/\d+ {2}connecting/);
    expect(screen).toMatch(/secondary +0\/\d+ {2}connecting/);
    expect(screen).not.toContain('\x1b[?25l');
    const report = screen.slice(screen.lastIndexOf('\x1b') + 3);
    expect(report).toMatch(/^PASSED/);
    expect(report).not.toMatch(/connecting|^(primary|secondary) +\d+\//m);
    const alone = new Screen(columns, true);
    alone.write(report);
    expect(standing(screen, columns)).toBe(alone.text);
  });

  it('leaves nothing behind at Ctrl-C, and the report is written', async () => {
    const { code, screen, stdout } = await run(['preflight', '-', '--report', 'json'], {
      stdin: inventory(),
      stdout: 'pipe',
      answers: [['secondary +0/\\d+  connecting to ops@127.0.0.1 port \\d+ +0:01', '\x03']],
    });
    expect(code).toBe(130);
    expect(screen).toContain('^C');
    expect(screen).not.toContain('\x1b[?25l');
    expect(standing(screen, 80)).toBe('');
    expect((JSON.parse(stdout) as Report).run).toMatchObject({ interrupted: true, gate: 'incomplete' });
  });

  it('follows the width of the terminal', async () => {
    const { code, screen } = await run(['preflight', '-', '--report', 'json'], {
      stdin: inventory(),
      stdout: 'pipe',
      answers: [
        ['secondary +0/\\d+  connecting to ops@127.0.0.1 port \\d+ +0:01', 'columns 36'],
        ['secon\\S+ +0/\\d+  connecting to \\w*\\.\\.\\.', '\x03'],
      ],
    });
    expect(code).toBe(130);
    const [wide = '', narrow = ''] = screen.split(/(?=\r\x1b\[J)/);
    const widest = (text: string) =>
      Math.max(...text.split('\n').map((line) => line.replace(/\x1b\[\??\d*[A-Za-z]|\r|\^C/g, '').length));
    expect(widest(wide)).toBeGreaterThan(50);
    expect(widest(narrow)).toBeGreaterThan(20);
    expect(widest(narrow)).toBeLessThan(36);
  });

  it.each([
    ['TERM=dumb', { TERM: 'dumb' }],
    ['CI=true', { CI: 'true' }],
  ])('stays away with %s', async (_, env: Record<string, string>) => {
    const { code, screen } = await run(['demo', 'healthy', '--no-color'], { env });
    expect(code).toBe(0);
    expect(screen).not.toContain('\x1b');
    expect(screen).not.toContain('connecting');
    expect(screen).toMatch(/^PASSED/);
  });
});

describe('progress that is no terminal', () => {
  afterEach(tidy);

  it('is nothing at all', async () => {
    const { code, stderr } = await pairflight(['demo', 'healthy'], { env: { TERM: 'xterm' } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
