/** A session over a master, with a played client: its own words and the host's come over one stream, in any order. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import type { Master } from '../../../../src/collect/transport/openssh/master.js';
import { openSession } from '../../../../src/collect/transport/openssh/session.js';

const path = process.env.PATH;
let folder: string | undefined;
afterEach(() => {
  process.env.PATH = path;
  if (folder) rmSync(folder, { recursive: true });
});

function playClient(script: string): void {
  folder = mkdtempSync(join(tmpdir(), 'pairflight-client-'));
  writeFileSync(join(folder, 'ssh'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'ssh'), 0o755);
  process.env.PATH = `${folder}${delimiter}${path}`;
}

const master = { socket: '/nowhere', lost: undefined, gone: new Promise<void>(() => {}) } as unknown as Master;
const OPENED = 'debug1: mux_client_request_session: master session id: 2\\r\\n';

describe('a session over a master', () => {
  it.each([
    ['after it', `printf '${OPENED}' >&2; printf 'a prompt' >&2`],
    ['before it', `printf 'a prompt' >&2; sleep 0.1; printf '${OPENED}' >&2`],
    ['in two pieces', `printf 'a ' >&2; printf '${OPENED}' >&2; printf 'prompt' >&2`],
  ])('hands over what the host says beside the word of the client: %s', async (_where, script) => {
    playClient(`${script}; cat; exit 3`);
    const channel = await openSession(master, 'true', { timeoutMs: 5_000, hidden: [], count: () => {} });
    const said = [text(channel.stdout), text(channel.stderr)];
    channel.stdin.end('what it reads');
    expect(await Promise.all(said)).toEqual(['what it reads', 'a prompt']);
    expect(await channel.closed).toBe(3);
  });

  it('is given what it reads first before the client has said that there is a session', async () => {
    playClient(`read -r first; printf '${OPENED}' >&2; echo "$first"`);
    const how = { timeoutMs: 5_000, hidden: [], count: () => {}, first: 'what it reads first\n' };
    const channel = await openSession(master, 'true', how);
    expect(await text(channel.stdout)).toBe('what it reads first\n');
  });
});
