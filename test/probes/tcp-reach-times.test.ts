/** How long a connect took, as each tool measures it; and a dash where the host has no clock that is fine enough. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reachScript, tcpReach } from '../../src/probes/ports/reach.js';
import { programPath as at, lacking, pythonPath } from '../needs.js';
import { read, said } from './support.js';

const room = mkdtempSync(join(tmpdir(), 'reach-times-'));
const server = createServer((socket) => socket.destroy());
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(room, { recursive: true, force: true });
});

/** A folder that is the whole PATH; a `date` that is given as text prints it. */
function pathOf(name: string, tool: Record<string, string | undefined>, date?: string): string {
  const folder = join(room, name.replaceAll(' ', '-'));
  mkdirSync(folder);
  const programs = { timeout: at('timeout'), true: at('true'), tr: at('tr'), ...tool };
  for (const [program, target] of Object.entries(programs)) if (target) symlinkSync(target, join(folder, program));
  if (date === 'real') symlinkSync(at('date') ?? '', join(folder, 'date'));
  else if (date) writeFileSync(join(folder, 'date'), `#!/bin/sh\necho '${date}'\n`, { mode: 0o755 });
  return folder;
}

function connect(PATH: string): Promise<{ state: string; ms?: number } | undefined> {
  const argv = ['-c', reachScript, 'tcp-reach', '127.0.0.1', '4', String(port)];
  return new Promise((resolve, reject) => {
    execFile('/bin/sh', argv, { env: { PATH, LC_ALL: 'C' } }, (error, stdout) => {
      if (error) reject(error);
      else
        resolve(
          (
            read(tcpReach, [said(stdout)], { ports: [port], address: '127.0.0.1' }) as {
              ports: { state: string; ms?: number }[];
            }
          ).ports[0],
        );
    });
  });
}

const tools: Record<string, () => Record<string, string | undefined>> = {
  bash: () => ({ bash: at('bash') }),
  python3: () => ({ python3: pythonPath() }),
  perl: () => ({ perl: at('perl') }),
  nc: () => ({ nc: at('nc.openbsd') }),
};

describe.each(Object.keys(tools))('%s', (tool) => {
  const why = lacking(tool === 'nc' ? 'nc.openbsd' : tool);
  const own = () => tools[tool]?.() ?? {};

  it.skipIf(why)(`measures in milliseconds${why}`, async () => {
    const found = await connect(pathOf(`${tool} date`, own(), 'real'));
    expect(found).toEqual({ port, state: 'open', ms: expect.any(Number) });
    expect(found?.ms).toBeLessThan(4000);
  });

  it.skipIf(why)(`without date is as it is, and says only what it can measure itself${why}`, async () => {
    const found = await connect(pathOf(`${tool} bare`, own()));
    expect(found).toEqual(tool === 'nc' ? { port, state: 'open' } : { port, state: 'open', ms: expect.any(Number) });
  });
});

describe('nc beside a date that', () => {
  const why = lacking('nc.openbsd');
  it.skipIf(why).each([
    ['prints the letter', '1767225600%N'],
    ['leaves it out', '1767225600'],
    ['prints nothing of use', 'usage: date'],
  ])(`%s has no time${why}`, async (what, date) => {
    expect(await connect(pathOf(`nc ${what}`, tools.nc?.() ?? {}, date))).toEqual({ port, state: 'open' });
  });
});
