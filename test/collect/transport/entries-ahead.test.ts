/** Shells that wait to become those of contexts: each is used by its own context, or ended, and its place in the limit is given back. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Channel, Failure, SessionRefused } from '../../../src/collect/transport/channel.js';
import { EntriesAhead } from '../../../src/collect/transport/entries-ahead.js';
import { Hold } from '../../../src/collect/transport/hold.js';
import { LanePool } from '../../../src/collect/transport/lane-pool.js';
import { SessionLimit } from '../../../src/collect/transport/session-limit.js';
import { waitingLine } from '../../../src/core/shell/contexts.js';

/** A host that opens a session for each line, but those for which there is an error. */
function opening(most: number, refuse: (line: string) => Error | undefined = () => undefined) {
  const opened = new Map<string, { read: string; killed: boolean }>();
  const open = async (line: string): Promise<Channel> => {
    const error = refuse(line);
    if (error) throw error;
    const session = { read: '', killed: false };
    opened.set(line, session);
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    stdin.on('data', (chunk: Buffer) => {
      session.read += chunk.toString();
    });
    let end: (exit: number | null) => void = () => {};
    const closed = new Promise<number | null>((resolve) => {
      end = resolve;
    });
    const kill = () => {
      session.killed = true;
      end(null);
    };
    return { stdin, stdout, stderr, count: () => {}, closed, kill };
  };
  const limit = new SessionLimit(most);
  return { limit, connector: { open, lost: undefined }, opened };
}

const free = (limit: SessionLimit) => {
  let count = 0;
  while (limit.tryAcquire()) count++;
  for (let each = 0; each < count; each++) limit.release();
  return count;
};

async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
}

/** The login's own session is open. */
const begun = Promise.resolve();
const entry = (name: string) => (mark: string) => `enter ${name} ${mark}`;

describe('entries that are opened ahead', () => {
  it('wait, are told nothing, and become the first shell of their own context', async () => {
    const { connector, limit, opened } = opening(9);
    const ahead = new EntriesAhead(connector, limit);
    for (const name of ['one', 'two', 'one']) ahead.open(name, entry(name), begun);
    await settled();
    expect([...opened.keys()]).toEqual([
      expect.stringMatching(/^exec \/bin\/sh -c 'read -r pf_go && exec "\$@"' sh enter one \w{32}$/),
      expect.stringMatching(/ sh enter two \w{32}$/),
    ]);
    expect([...opened.values()]).toEqual(Array(2).fill({ read: '', killed: false }));
    expect(free(limit)).toBe(7);
    const host = { connector, limit, hold: new Hold(), startTimeoutMs: 10_000, noise: () => {} };
    const pool = new LanePool(host, { line: entry('two'), ahead: () => ahead.take('two') });
    const asked = pool.run({ words: ['date'], timeoutMs: 1000, maxBytes: 100 });
    await settled();
    expect(opened.size).toBe(2);
    const [mark] = /\w{32}$/.exec([...opened.keys()][1] ?? '') ?? [];
    // The line that is waited for, and then what a shell is told first, with the mark of that one.
    expect([...opened.values()][1]?.read).toMatch(new RegExp(`^\n\n\n\\[ "\\$PF_ENTRY" = ${mark} \\]`));
    expect(await ahead.take('two')).toBeUndefined();
    ahead.drop();
    pool.close();
    await asked;
  });

  it("come behind the login's own session", async () => {
    const { connector, limit, opened } = opening(9);
    const ahead = new EntriesAhead(connector, limit);
    let begin = () => {};
    const later = new Promise<void>((resolve) => {
      begin = resolve;
    });
    ahead.open('one', entry('one'), later);
    await settled();
    expect([opened.size, free(limit)]).toEqual([0, 8]);
    begin();
    await settled();
    expect(opened.size).toBe(1);
    ahead.drop();
  });

  it('are ended where nobody takes them, and give their places back', async () => {
    const { connector, limit, opened } = opening(9);
    const ahead = new EntriesAhead(connector, limit);
    for (const name of ['one', 'two']) ahead.open(name, entry(name), begun);
    ahead.drop();
    await settled();
    expect([...opened.values()]).toEqual(Array(2).fill({ read: '', killed: true }));
    expect(free(limit)).toBe(9);
    expect(await ahead.take('one')).toBeUndefined();
  });

  it('give way to whoever needs a session', async () => {
    const { connector, limit, opened } = opening(1);
    const ahead = new EntriesAhead(connector, limit);
    ahead.open('one', entry('one'), begun);
    ahead.open('two', entry('two'), begun);
    await settled();
    expect(opened.size).toBe(1);
    await limit.acquire();
    expect([...opened.values()]).toEqual([{ read: '', killed: true }]);
  });

  it('are none where the host allows no further session, which then bounds them all', async () => {
    const { connector, limit } = opening(9, () => new SessionRefused('open failed'));
    const ahead = new EntriesAhead(connector, limit);
    await limit.acquire();
    ahead.open('one', entry('one'), begun);
    expect(await ahead.take('one')).toBeUndefined();
    expect(free(limit)).toBe(0);
  });

  it('are none where the host is lost, and the context says so itself', async () => {
    const { connector, limit } = opening(9, () => new Failure('unreachable', 'host', 'lost'));
    const ahead = new EntriesAhead(connector, limit);
    ahead.open('one', entry('one'), begun);
    const host = { connector, limit, hold: new Hold(), startTimeoutMs: 10_000, noise: () => {} };
    const pool = new LanePool(host, { line: entry('one'), ahead: () => ahead.take('one') });
    const output = await pool.run({ words: ['date'], timeoutMs: 1000, maxBytes: 100 });
    expect(output).toMatchObject({ exit: null, problem: 'unreachable', problemAt: 'host' });
    expect(free(limit)).toBe(9);
  });

  it('stand in one word for the shell that waits', () => {
    expect(waitingLine("sudo -n 'x y'")).toBe(`exec /bin/sh -c 'read -r pf_go && exec "$@"' sh sudo -n 'x y'`);
  });
});
