/** One session over a master: a client of its own, whose input and output are those of the command line. */
import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type Channel, Failure, SessionRefused } from '../channel.js';
import { wordsOf } from './client-failure.js';
import { sessionWords } from './command-lines.js';
import type { Master } from './master.js';
import { environment, SSH } from './program.js';

/** What the client says before the session is there; more than this is not the client. */
const MAX_SAID = 64 * 1024;
const SOON_MS = 300;
/** The client's word; what the host said meanwhile is written by its master, and may stand before it, on the same line. */
const OPENED = /debug1: mux_\w+: master session id: \d+\r?\n/;
const REFUSED = /session request failed: (.*)/;

/** What a session needs beside its master. */
export interface SessionHow {
  timeoutMs: number;
  /** What it reads first: the client is given it at once, and sends it as soon as there is a session. */
  first?: string | undefined;
  hidden: readonly string[];
  count(bytes: number): void;
}

/**
 * Starts a command line on a session of its own. The client says when the session is open; from then on what it hands over is
 * the host's.
 * @throws Failure when the host is lost or does not answer in time; SessionRefused when it allows no further session just now
 */
export async function openSession(master: Master, commandLine: string, how: SessionHow): Promise<Channel> {
  if (master.lost) throw master.lost;
  const child = spawn(SSH, sessionWords(master.socket, commandLine, master.sendEnv), {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C at a terminal ends the run in order, and does not reach it first.
    detached: true,
    env: environment(how.hidden, { SSH_ASKPASS_REQUIRE: 'never' }),
  });
  // A session that has ended no longer reads: that is told by `closed`, not by a broken pipe.
  child.stdin.on('error', () => {});
  if (how.first !== undefined) child.stdin.write(how.first);
  // A client that ends at once would otherwise take along what nobody has read yet.
  const stdout = child.stdout.pipe(new PassThrough());
  const stderr = new PassThrough();
  let finish: (exit: number | null) => void = () => {};
  const closed = new Promise<number | null>((resolve) => {
    finish = resolve;
  });
  child.once('error', () => finish(null));
  // Whoever hears that the client has ended has heard its last words: a refusal of sudo's is told by nothing else.
  const heard = Promise.all([stdout, stderr].map((stream) => finished(stream, { writable: false }).catch(() => {})));
  child.once('close', async (exit) => {
    await soon(heard);
    // 255 is what the client says of itself; the same status of a command cannot be told from it.
    if (exit !== 255) return finish(exit);
    await soon(master.gone);
    finish(null);
  });
  const kill = () => {
    finish(null);
    for (const stream of [child.stdin, child.stdout, child.stderr, stdout, stderr]) stream.destroy();
    child.kill();
  };
  try {
    const rest = await opened(child.stderr, closed, how.timeoutMs, master);
    if (rest.length > 0) stderr.write(rest);
    child.stderr.pipe(stderr);
  } catch (error) {
    kill();
    throw error;
  }
  return { stdin: child.stdin, stdout, stderr, count: how.count, closed, kill };
}

/** Waits for the client's word that the session is open; resolves to what the host has said by then. */
function opened(
  from: NodeJS.ReadableStream,
  closed: Promise<unknown>,
  timeoutMs: number,
  master: Master,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let said = Buffer.alloc(0);
    const done = (settle: () => void) => {
      clearTimeout(timer);
      from.off('data', take);
      from.pause();
      settle();
    };
    const late = () => new Failure('timeout', 'context', 'the host did not open a session in time');
    const timer = setTimeout(() => done(() => reject(late())), timeoutMs);
    const take = (chunk: Buffer) => {
      said = Buffer.concat([said, chunk]);
      const text = said.toString('latin1');
      const mark = OPENED.exec(text);
      if (mark) {
        const host = [said.subarray(0, mark.index), said.subarray(mark.index + mark[0].length)];
        return done(() => resolve(Buffer.concat(host)));
      }
      const refused = REFUSED.exec(text)?.[1];
      if (refused !== undefined) return done(() => reject(new SessionRefused(refused.trim())));
      if (said.length > MAX_SAID) done(() => reject(gone(text)));
    };
    const gone = (text: string) =>
      master.lost ?? new Failure('unreachable', 'host', `ssh opened no session: ${wordsOf(text) || 'it said nothing'}`);
    from.on('data', take);
    void closed.then(async () => {
      await soon(master.gone);
      done(() => reject(gone(said.toString('utf8'))));
    });
  });
}

/** Waits for what happens at about the same time as the end of a session: the end of its master, the reading of its last words. */
async function soon(happens: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, SOON_MS);
  });
  await Promise.race([happens, enough]);
  clearTimeout(timer);
}
