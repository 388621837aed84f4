/** One played host: an SSH server on loopback (ssh2's own) that accepts one key for one user. */
import type { AddressInfo } from 'node:net';
import ssh2, { type AuthContext, type Connection, type ParsedKey, type ServerChannel } from 'ssh2';
import { LOGIN, type Meaning, meaningOfLine, type Stage } from './command-line.js';
import { PlayedShell } from './shell.js';

/** sshd's default of sessions for each connection. */
const MAX_SESSIONS = 10;

/** A server that runs. `port` is refused while the scenario's sshd is stopped. */
export interface PlayedServer {
  port: number;
  /** Authenticated logins so far. */
  logins(): number;
  close(): Promise<void>;
}

/** Starts a host's server on a free port of 127.0.0.1. */
export async function serve(stage: Stage, hostKey: string, accepted: ParsedKey): Promise<PlayedServer> {
  let logins = 0;
  const clients = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [hostKey], ident: 'OpenSSH_9.6' }, (client) => {
    clients.add(client);
    // Small answers follow each other: waiting to fill a packet would only slow them down.
    if ('setNoDelay' in client && typeof client.setNoDelay === 'function') client.setNoDelay(true);
    client.on('authentication', (context) => authenticate(context, accepted));
    client.on('ready', () => {
      logins += 1;
      serveSessions(client, stage);
    });
    client.on('close', () => clients.delete(client));
    // A client that hangs up is no fault of the played host's.
    client.on('error', () => client.end());
  });
  const port = await listen(server);
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()));
  if (stage.machine.sshd === 'stopped') await stop();
  return {
    port,
    logins: () => logins,
    close: async () => {
      for (const client of clients) client.end();
      if (stage.machine.sshd !== 'stopped') await stop();
    },
  };
}

function listen(server: ssh2.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function authenticate(context: AuthContext, accepted: ParsedKey): void {
  if (context.method !== 'publickey') {
    context.reject(['publickey']);
    return;
  }
  const { key, signature, blob, hashAlgo } = context;
  const known = context.username === LOGIN.user && accepted.getPublicSSH().equals(key.data);
  // Without a signature the client only asks whether the key would do.
  const proven = !signature || (blob !== undefined && accepted.verify(blob, signature, hashAlgo) === true);
  if (known && proven) context.accept();
  else context.reject(['publickey']);
}

function serveSessions(client: Connection, stage: Stage): void {
  let open = 0;
  client.on('session', (accept, reject) => {
    if (open >= MAX_SESSIONS) {
      reject();
      return;
    }
    open += 1;
    const session = accept();
    session.on('close', () => {
      open -= 1;
    });
    session.on('exec', (acceptExec, _, { command }) => play(stage, command, acceptExec()));
  });
}

/** Plays one command line on its channel. */
function play(stage: Stage, line: string, channel: ServerChannel): void {
  channel.on('error', () => channel.destroy());
  const meaning = meaningOfLine(stage, line);
  // Profile scripts talk before any command; a login shell prints them itself.
  if (meaning.kind !== 'shell' || meaning.as !== 'login') channel.write(stage.machine.noise);
  proceed(stage, meaning, channel);
}

function proceed(stage: Stage, meaning: Meaning, channel: ServerChannel): void {
  const finish = (exit: number) => {
    channel.exit(exit);
    channel.end();
  };
  if (meaning.kind === 'reads') {
    readLine(stage, meaning, channel);
    return;
  }
  if (meaning.kind === 'answer') {
    const { stdout, stderr, exit, delayMs } = meaning.answer;
    const timer = setTimeout(() => {
      channel.write(stdout);
      channel.stderr.write(stderr);
      finish(exit);
    }, delayMs);
    channel.on('close', () => clearTimeout(timer));
    return;
  }
  channel.write(meaning.noise);
  const shell = new PlayedShell(stage, meaning.as, {
    stdout: (text) => channel.write(text),
    stderr: (text) => channel.stderr.write(text),
    ended: finish,
  });
  channel.on('data', (chunk: Buffer) => shell.write(chunk));
  channel.on('end', () => shell.end());
  channel.on('close', () => shell.kill());
}

/** Reads one line, with its prompt on stderr; what follows the line is the command's own input. */
function readLine(stage: Stage, asking: Meaning & { kind: 'reads' }, channel: ServerChannel): void {
  let typed = Buffer.alloc(0);
  const stopListening = () => {
    channel.off('data', take);
    channel.off('end', none);
  };
  const none = () => {
    stopListening();
    proceed(stage, asking.withLine(undefined), channel);
  };
  const take = (chunk: Buffer) => {
    typed = Buffer.concat([typed, chunk]);
    const end = typed.indexOf('\n');
    if (end < 0) return;
    stopListening();
    // Taken back before the next reader listens, so that no input is lost between the two.
    channel.pause();
    if (typed.length > end + 1) channel.unshift(typed.subarray(end + 1));
    proceed(stage, asking.withLine(typed.toString('utf8', 0, end)), channel);
    channel.resume();
  };
  channel.on('data', take);
  channel.on('end', none);
  channel.stderr.write(asking.prompt);
}
