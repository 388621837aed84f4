/** Servers on loopback that answer in every way that an endpoint can. */
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { Authority, texts } from './authority.js';

const say =
  (text: string, status = 200) =>
  (response: ServerResponse) =>
    response.writeHead(status, { 'set-cookie': 'session=SECRET' }).end(text);
const to = (place: string) => (response: ServerResponse) => response.writeHead(302, { location: place }).end('moved');

const pages: Record<string, (response: ServerResponse) => unknown> = {
  '/object': say('{"status":"yellow","nodes":2}'),
  '/list': say('[{"LockIndex":3,"Value":"MTAuMC4wLjE6ODA4OA=="}]\n'),
  '/empty-list': say('[]'),
  '/word': say('"10.0.0.1:8300"'),
  '/empty-word': say('""'),
  '/number': say('5'),
  '/true': say('true'),
  '/null': say('null'),
  '/text': say('pong'),
  '/page': say('<!doctype html><title>x</title>'),
  '/nothing': say('', 404),
  '/denied': say('Permission denied', 403),
  '/down': say('{"status":"DOWN"}', 503),
  '/broken': say('<html>oops</html>', 500),
  '/moved': to('/object'),
  '/away': to('https://elsewhere.example/login?next=a%20b'),
  '/loop': to('/loop'),
  '/gone': to('http://127.0.0.1:9/'),
  '/slow': () => undefined,
  '/long': say('x'.repeat(5000)),
  '/hangup': (response) => response.socket?.destroy(),
  '/half': (response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('{"a":');
    setTimeout(() => response.socket?.destroy(), 20);
  },
  // What nginx says on its port of TLS to whom asks in plain.
  '/nginx': say('<title>400 The plain HTTP request was sent to HTTPS port</title>', 400),
};

const answer: RequestListener = ({ url = '', method, headers }, response) => {
  if (url === '/echo') return void response.end(JSON.stringify({ method, headers }));
  (pages[url] ?? say('not here', 404))(response);
};

/** The ports of the servers, by what they are, and the files of their authority. */
export interface Servers {
  ports: Record<
    'plain' | 'tls' | 'expired' | 'misnamed' | 'strange' | 'mutual12' | 'mutual13' | 'old' | 'free',
    number
  >;
  authority: Authority;
  end(): Promise<void>;
}

const open = new Map<Server, Set<Socket>>();

/** Starts all of them. */
export async function startServers(): Promise<Servers> {
  const authority = new Authority();
  const own = texts(authority.sign('localhost', 'localhost'));
  const { cert: ca } = texts({ cert: authority.ca, key: authority.ca });
  const mutual = { ...own, ca, requestCert: true, rejectUnauthorized: true };
  const servers: Record<Exclude<keyof Servers['ports'], 'free'>, Server> = {
    plain: createServer(answer),
    tls: createTlsServer(own, answer),
    expired: createTlsServer(texts(authority.sign('expired', 'localhost', -1)), answer),
    misnamed: createTlsServer(texts(authority.sign('misnamed', 'elsewhere.example')), answer),
    strange: createTlsServer(texts(authority.strange('strange', 'localhost')), answer),
    mutual12: createTlsServer({ ...mutual, maxVersion: 'TLSv1.2' }, answer),
    mutual13: createTlsServer({ ...mutual, minVersion: 'TLSv1.3' }, answer),
    // Speaks, but not HTTP.
    old: createTcpServer((socket) => socket.on('error', () => {}).end('220 ready\r\n')),
  };
  const free = createTcpServer();
  for (const server of Object.values(servers)) {
    const sockets = new Set<Socket>();
    open.set(server, sockets);
    server.on('connection', (socket: Socket) => void sockets.add(socket));
  }
  const listening = await Promise.all(
    Object.entries({ ...servers, free }).map(async ([name, server]) => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return [name, (server.address() as AddressInfo).port] as const;
    }),
  );
  await closed(free);
  return {
    ports: Object.fromEntries(listening) as Servers['ports'],
    authority,
    end: async () => {
      await Promise.all(Object.values(servers).map(closed));
      authority.end();
    },
  };
}

/** Ends a server and whoever is still connected to it. */
function closed(server: Server): Promise<unknown> {
  const ended = new Promise((resolve) => server.close(resolve));
  for (const socket of open.get(server) ?? []) socket.destroy();
  return ended;
}
