/** Web servers of the test run that listen in another network namespace: the socket is made there and handed over. */
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https, { type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { socketIn } from './namespace-worker.js';

/** A listener and what answers on it. */
export interface Ear {
  port: number;
  close(): Promise<void>;
}

/** Answers one request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

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
    port: (ear.address() as AddressInfo).port,
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
