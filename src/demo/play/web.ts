/** The web servers of a scenario: who is met at an address, and which page is given. */
import type { PlayedEndpoint, PlayedPage, PlayedWeb } from '../file/machine.js';
import { sayingOf } from './changing-answers.js';
import { addressesOf, type Listening, listensOn, reachOf } from './network.js';
import type { Runner } from './runner.js';

/** Whoever owns an address: a played host, or an endpoint. */
interface WebServer extends Listening {
  web?: PlayedWeb;
  tls?: Record<string, string>;
}

/** A page as it goes over the wire. */
interface Sent {
  status: number;
  body: string;
  location?: string;
}

const NO_PAGE: PlayedPage = { status: 404, body: '<html><title>404 Not Found</title></html>\n' };
const FORBIDDEN: PlayedPage = { status: 403, body: 'Permission denied' };

/** Who is met, and what a connection comes to; `localhost` is the host that asks, and so is any address of its own. */
export function meet(name: string, port: number, { machine, hosts, endpoints }: Runner) {
  const own: string[] = ['localhost', machine.address, ...addressesOf(machine)];
  if (own.includes(name) || name.startsWith('127.')) {
    const address = name === 'localhost' ? '127.0.0.1' : name;
    const server: WebServer = machine;
    return { address, server, reach: listensOn(machine, address, port) ? ('open' as const) : ('refused' as const) };
  }
  const others: WebServer[] = [...hosts, ...endpoints.map(listening)];
  const server = others.find(({ address }) => address === name);
  const resolved = server !== undefined || /^[0-9.]+$/.test(name);
  return { address: name, server, reach: resolved ? reachOf(machine, others, name, port) : ('unresolved' as const) };
}

function listening(endpoint: PlayedEndpoint): WebServer {
  const listeners = endpoint.ports.map((port) => [String(port), `${endpoint.address}:${port}`]);
  return { ...endpoint, listeners: Object.fromEntries(listeners) };
}

/** The page at a path, for who sends these headers; it may change from turn to turn. */
export function pageAt({ web = {} }: WebServer, path: string, headers: readonly string[], turn: number): Sent {
  const found = Object.hasOwn(web, path) ? web[path] : undefined;
  const said = found === undefined ? NO_PAGE : sayingOf(found, turn);
  if (typeof said === 'string') return { status: 200, body: said };
  const { header, without = FORBIDDEN } = said;
  return sent(header === undefined || headers.includes(header) ? said : without);
}

function sent({ status, body, list, json = list && Object.values(list), location }: PlayedPage): Sent {
  const text = body ?? (json === undefined ? '' : `${JSON.stringify(json)}\n`);
  return location === undefined
    ? { status: status ?? 200, body: text }
    : { status: status ?? 302, body: text, location };
}
