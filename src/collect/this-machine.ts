/** Answers what is asked of the machine that pairflight runs on: echo requests, and its own facts. Never rejects. */
import { lookup } from 'node:dns/promises';
import { machine } from 'node:os';
import type { Output, PingAsk, SysinfoAsk } from '../core/model.js';
import { ended, failed, startNow } from './transport/answer.js';
import { Failure } from './transport/channel.js';

/** A question that no host answers. */
export type ThisMachineAsk = PingAsk | SysinfoAsk;

/** Loads a package that may not be there. */
export type Load = (name: string) => Promise<unknown>;

const loadPackage: Load = async (name) => {
  const loaded = (await import(name)) as { default?: unknown };
  return loaded.default ?? loaded;
};

/** The answer to one question; both packages are loaded only when something is asked of them. */
export async function answerOfThisMachine(ask: ThisMachineAsk, load: Load = loadPackage): Promise<Output> {
  const start = startNow();
  try {
    const said = ask.kind === 'ping' ? await ping(ask, load) : await sysinfo(ask, load);
    return ended(0, `${JSON.stringify(said)}\n`, '', start, Number.POSITIVE_INFINITY);
  } catch (error) {
    if (error instanceof Failure) return failed(error, start);
    return ended(1, '', `${error instanceof Error ? error.message : String(error)}\n`, start, Number.POSITIVE_INFINITY);
  }
}

interface Systeminformation {
  cpu(): Promise<{ cores: number }>;
  mem(): Promise<{ total: number }>;
  osInfo(): Promise<{ kernel: string }>;
}

/** The facts in the units of the probes that ask for them: equal to what the same machine says over SSH. */
async function sysinfo({ call }: SysinfoAsk, load: Load): Promise<unknown> {
  const system = (await loaded('systeminformation', load)) as Systeminformation;
  if (call === 'cpu') return { count: (await system.cpu()).cores };
  if (call === 'mem') return { bytes: (await system.mem()).total };
  // Its own word for the architecture is Node's (x64); uname's is asked of the kernel.
  return { release: (await system.osInfo()).kernel, machine: machine() };
}

interface Session {
  on(event: 'error', listener: (error: Error) => void): void;
  pingHost(address: string, done: (error: Error | null) => void): void;
  close(): void;
}

interface NetPing {
  createSession(options: { retries: number; timeout: number; sessionId: number }): Session;
}

/** Each session hears the replies of all: only their ids tell them apart. */
let sessions = Math.floor(Math.random() * 0xfff0);

/** `ms` is the average of what came back, to a tenth; a request that could not be sent counts as lost. */
async function ping(
  { to, count, timeoutMs }: PingAsk,
  load: Load,
): Promise<{ sent: number; received: number; ms?: number }> {
  const netPing = (await loaded('net-ping', load)) as NetPing;
  const { address } = await lookup(to, { family: 4 }).catch(() => {
    throw new Error(`${to}: the name does not resolve to an IPv4 address`);
  });
  const session = openSession(netPing, timeoutMs);
  try {
    const times: number[] = [];
    for (let sent = 0; sent < count; sent++) {
      const took = await echo(session, address, timeoutMs);
      if (took !== undefined) times.push(took);
    }
    const average = times.reduce((sum, ms) => sum + ms, 0) / times.length;
    return { sent: count, received: times.length, ...(times.length > 0 ? { ms: Math.round(average * 10) / 10 } : {}) };
  } finally {
    session.close();
  }
}

function openSession(netPing: NetPing, timeoutMs: number): Session {
  try {
    sessions = (sessions % 0xfff0) + 1;
    const session = netPing.createSession({ retries: 0, timeout: timeoutMs, sessionId: sessions });
    session.on('error', () => {});
    return session;
  } catch (error) {
    throw new Failure(
      'denied',
      'command',
      `net-ping may not open a raw socket here: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** Milliseconds until the reply; undefined when there was none. A socket that fails never calls back: its time is over then too. */
function echo(session: Session, address: string, timeoutMs: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const start = performance.now();
    const late = setTimeout(() => resolve(undefined), timeoutMs + 500);
    session.pingHost(address, (error) => {
      clearTimeout(late);
      resolve(error ? undefined : performance.now() - start);
    });
  });
}

async function loaded(name: string, load: Load): Promise<unknown> {
  try {
    return await load(name);
  } catch {
    throw new Failure('not-found', 'command', `${name} is not installed`);
  }
}
