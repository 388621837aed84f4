/** A ProxyCommand: a program whose input and output are the way to a host. */
import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import type { Way } from './proxy.js';

const MAX_SAID = 1000;
/** How long a command may go on after its output or the run has ended. */
const PATIENCE_MS = 1_000;

/**
 * Starts the command as OpenSSH does: the shell gives way to it. It runs in a session of its own, so that it ends with
 * everything it started, and Ctrl-C, which ends the run in order, does not reach it first.
 */
export function startProxyCommand(line: string): Way {
  const child = spawn('/bin/sh', ['-c', `exec ${line}`], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let said = '';
  let end: string | undefined;
  const kill = (signal: NodeJS.Signals) => {
    if (end !== undefined || child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It has ended just now.
    }
  };
  const stream = new Duplex({
    // What has no end to read has none to write to.
    allowHalfOpen: false,
    read: () => void child.stdout.resume(),
    // A command that no longer reads is told by its end.
    write: (chunk, _encoding, done) => void child.stdin.write(chunk, () => done()),
    final: (done) => void child.stdin.end(() => done()),
    destroy: (error, done) => {
      kill('SIGTERM');
      for (const one of [child.stdin, child.stdout, child.stderr]) one.destroy();
      done(error);
    },
  });
  child.stdin.on('error', () => {});
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-MAX_SAID);
  });
  child.stdout.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) child.stdout.pause();
  });
  child.stdout.on('end', () => setTimeout(() => kill('SIGTERM'), PATIENCE_MS).unref());
  const closed = new Promise<void>((resolve) => {
    const finish = (how: string) => {
      end ??= how;
      if (!stream.destroyed) stream.push(null);
      resolve();
    };
    child.on('error', (error) => finish(`could not be started: ${error.message}`));
    child.on('close', (status, signal) => finish(signal ? `was ended by ${signal}` : `ended with status ${status}`));
  });
  return {
    stream,
    trouble: () => {
      const words = said.trim().replace(/\s+/g, ' ');
      if (end === undefined && words === '') return undefined;
      return `the ProxyCommand ${[end, words && `said: ${words}`].filter(Boolean).join(' and ')}`;
    },
    close: async () => {
      stream.destroy();
      const last = setTimeout(() => kill('SIGKILL'), PATIENCE_MS);
      await closed;
      clearTimeout(last);
    },
  };
}
