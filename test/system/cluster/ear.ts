/** Web servers of the test run that listen in another network namespace: the socket is made there and handed over. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https, { type ServerOptions } from 'node:https';
import net, { type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./ear-child.cjs', import.meta.url));

/** A listener and what answers on it. */
export interface Ear {
  port: number;
  close(): Promise<void>;
}

/** Answers one request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Makes a listening socket in the network namespace of process `holder`; without one, in the runner's own. */
async function socketIn(holder: number | undefined, port: number, address: string): Promise<Server> {
  if (holder === undefined) {
    const server = net.createServer();
    server.listen(port, address);
    await once(server, 'listening');
    return server;
  }
  const child = fork(script, [address, `${port}`], {
    execPath: 'setpriv',
    execArgv: ['--pdeathsig', 'KILL', 'nsenter', '--target', `${holder}`, '--net', '--', process.execPath],
    env: { PATH: process.env.PATH },
  });
  return new Promise((resolve, reject) => {
    child.once('message', (said: { error?: string }, server) => {
      if (server instanceof net.Server) resolve(server);
      else reject(new Error(`cluster: ${address}:${port} cannot be listened on: ${said.error}`));
    });
    child.once('error', reject);
    child.once(
      'exit',
      (code) => code && reject(new Error(`cluster: the process for ${address}:${port} ended with ${code}`)),
    );
  });
}

/** Starts a web server at an address of the namespace of process `holder`; with `tls` it speaks HTTPS. */
export async function listen(
  at: { holder?: number | undefined; address: string; port: number },
  handler: Handler,
  tls?: ServerOptions,
): Promise<Ear> {
  const answer: Handler = async (request, response) => {
    try {
      await handler(request, response);
    } catch (error) {
      response.writeHead(500, { 'Content-Type': 'text/plain' });
      response.end(`the stand-in failed: ${error instanceof Error ? error.stack : error}`);
    }
  };
  const web = tls ? https.createServer(tls, answer) : http.createServer(answer);
  const ear = await socketIn(at.holder, at.port, at.address);
  const open = new Set<Socket>();
  ear.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => open.delete(socket));
    web.emit('connection', socket);
  });
  return {
    port: (ear.address() as net.AddressInfo).port,
    async close() {
      const closed = once(ear, 'close');
      ear.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** Reads a request's body. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Answers with JSON, in one line and without a line end, as the products do. */
export function sendJson(response: ServerResponse, status: number, value: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'Content-Type': type });
  response.end(JSON.stringify(value));
}
