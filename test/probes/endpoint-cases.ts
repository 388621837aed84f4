/** Every way in which an endpoint can be asked: the question, and what its answer means. */
import type { EndpointQuestion } from '../../src/probes/http/curl.js';
import type { Servers } from './endpoint-servers.js';

/** What is asked of the servers, and what has to be read: a value, or why there is none. */
export interface Case {
  ask(servers: Servers): EndpointQuestion;
  exit: number;
  value?: object;
  why?: { message: RegExp; problem?: string };
}

const plain =
  (path: string, more: object = {}) =>
  ({ ports }: Servers) => ({ url: `http://localhost:${ports.plain}/${path}`, ...more });
const secure =
  (port: keyof Servers['ports'], more: (servers: Servers) => object = ({ authority }) => ({ ca: authority.ca })) =>
  (servers: Servers) => ({ url: `https://localhost:${servers.ports[port]}/object`, ...more(servers) });
const signedBy =
  (name: string) =>
  ({ authority: { ca, folder } }: Servers) => ({ ca, cert: `${folder}/${name}.crt`, key: `${folder}/${name}.key` });

const success = { state: 'answered', kind: 'success', status: 200 };
const error = { state: 'answered', kind: 'error' };
const none = { kind: 'none', form: 'none' };
const json = (value: unknown) => ({ ...success, form: 'json', json: value });
const object = json({ status: 'yellow', nodes: 2 });
const says = (path: string, value: object): Case => ({ ask: plain(path), exit: 0, value });
const distrusts = (port: keyof Servers['ports'], distrust: string, more?: (servers: Servers) => object): Case => ({
  ...{ ask: secure(port, more), exit: 60 },
  value: { state: 'untrusted', ...none, distrust },
});

/** By name; a capture of each has that name. */
export const cases: Record<string, Case> = {
  object: says('object', object),
  list: says('list', json([{ LockIndex: 3, Value: 'MTAuMC4wLjE6ODA4OA==' }])),
  'empty-list': says('empty-list', json([])),
  word: says('word', json('10.0.0.1:8300')),
  'empty-word': says('empty-word', json('')),
  number: says('number', json(5)),
  true: says('true', json(true)),
  null: says('null', json(null)),
  text: says('text', { ...success, form: 'text', text: 'pong' }),
  page: says('page', { ...success, form: 'html', text: '<!doctype html><title>x</title>' }),
  nothing: says('nothing', { ...error, status: 404, form: 'empty' }),
  denied: says('denied', { ...error, status: 403, form: 'text', text: 'Permission denied' }),
  down: says('down', { ...error, status: 503, form: 'json', json: { status: 'DOWN' } }),
  broken: says('broken', { ...error, status: 500, form: 'html', text: '<html>oops</html>' }),
  long: says('long', { ...success, form: 'text', text: 'x'.repeat(4096), cut: true }),
  away: says('away', {
    ...{ state: 'answered', kind: 'redirect', status: 302, form: 'text', text: 'moved' },
    location: 'https://elsewhere.example/login?next=a%20b',
  }),
  followed: { ask: plain('moved', { redirects: 1 }), exit: 0, value: object },
  loop: { ask: plain('loop', { redirects: 3 }), exit: 47, why: { message: /leads elsewhere, .* redirects further/ } },
  // Nobody refused what was asked for.
  gone: {
    ask: plain('gone', { redirects: 1 }),
    exit: 7,
    why: { message: /leads elsewhere, /, problem: 'unreachable' },
  },
  slow: { ask: plain('slow'), exit: 28, why: { message: /did not answer in time/, problem: 'timeout' } },
  hangup: { ask: plain('hangup'), exit: 52, why: { message: /empty reply/ } },
  half: { ask: plain('half'), exit: 18, why: { message: /broke off/, problem: 'truncated' } },
  refused: {
    ask: ({ ports }) => ({ url: `http://127.0.0.1:${ports.free}/` }),
    ...{ exit: 7, value: { state: 'refused', ...none } },
  },
  // Too long for a name: nobody is asked for it.
  unresolved: {
    ask: () => ({ url: `http://${'x'.repeat(64)}.invalid/` }),
    ...{ exit: 6, value: { state: 'unresolved', ...none } },
  },
  'no-http': { ask: ({ ports }) => ({ url: `http://127.0.0.1:${ports.old}/` }), exit: 1, why: { message: /in HTTP/ } },
  nginx: { ask: plain('nginx'), exit: 0, why: { message: /asked in plain, and expects TLS/ } },
  tls: {
    ask: ({ ports }) => ({ url: `http://localhost:${ports.tls}/` }),
    exit: 52,
    why: { message: /TLS \(https\)\?/ },
  },
  'no-tls': { ask: secure('plain'), exit: 35, why: { message: /over TLS, and does not speak it/ } },
  secure: { ask: secure('tls'), exit: 0, value: object },
  'system-ca': distrusts('tls', 'issuer', () => ({})),
  strange: distrusts('strange', 'issuer'),
  expired: distrusts('expired', 'date'),
  misnamed: distrusts('misnamed', 'name'),
  'no-ca': {
    ask: secure('tls', () => ({ ca: '/no/such/ca' })),
    exit: 77,
    why: { message: /not asked: the file of cert/ },
  },
  'no-cert': {
    ask: secure('tls', ({ authority: { ca } }) => ({ ca, cert: '/no/such/cert' })),
    ...{ exit: 58, why: { message: /not asked: the client certificate/ } },
  },
  mutual: { ask: secure('mutual12', signedBy('client')), exit: 0, value: object },
  'mutual-13': { ask: secure('mutual13', signedBy('client')), exit: 0, value: object },
  locked: {
    ask: secure('mutual13', (servers) => ({
      ...signedBy('client')(servers),
      key: `${servers.authority.folder}/client.key.locked`,
    })),
    ...{ exit: 58, why: { message: /not asked: the client certificate or its key/ } },
  },
  unasked: { ask: secure('mutual12'), exit: 35, why: { message: /wants a client certificate/, problem: 'denied' } },
  'unasked-13': {
    ask: secure('mutual13'),
    exit: 56,
    why: { message: /wants a client certificate/, problem: 'denied' },
  },
  // A server of Node breaks off without a word.
  stranger: { ask: secure('mutual12', signedBy('strange')), exit: 35, why: { message: /failed in its TLS handshake/ } },
};
