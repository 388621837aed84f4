/** Endpoints of a scenario, asked by curl on a played host: every way in which the endpoint probe tells an answer from none. */
import { expect, it } from 'vitest';
import { HOST, played } from './played.js';

const play = () =>
  played(`
product: shop
scenarios:
  all:
    description: a host, and what it asks over HTTP
    hosts:
      alpha:${HOST.replaceAll('\n', '\n  ')}
        address: 10.0.0.1
        listeners: { admin: "127.0.0.1:8500", web: "0.0.0.0:80" }
        web: { /own: "\\"me\\"" }
        reach: { "10.0.0.32:9200": filtered, "10.0.0.33:9200": unreachable }
        files:
          /etc/ca.pem: x
          /etc/secret.pem: { text: x, mode: "0600" }
    endpoints:
      es-1:
        role: search
        address: 10.0.0.31
        via: alpha
        ports: [9200, 9443]
        tls: { "9443": /etc/ca.pem }
        web:
          /health: [{ json: { status: green } }, { status: 503, body: gone }]
          /list: { list: { a: { id: 1 }, b: 2 } }
          /empty: { status: 404, body: "" }
          /away: { location: /health }
          /round: { location: /round }
          /hidden: { header: "X-Token: open-sesame", json: found, without: { json: [] } }
          /refused: { header: "X-Token: open-sesame", json: found }
      es-2: { role: search, address: 10.0.0.32, via: alpha, ports: [9200] }
      es-3: { role: search, address: 10.0.0.33, via: alpha, ports: [9200] }
`);

const header = { name: 'X-Token', env: 'SHOP_TOKEN' };
const ES = 'http://10.0.0.31:9200';

it.each<[string, object, object]>([
  ['its own agent', { url: 'http://localhost:8500/own' }, { state: 'answered', status: 200, form: 'json', json: 'me' }],
  ['its own address', { url: 'http://10.0.0.1/own' }, { state: 'answered', json: 'me' }],
  ['what listens on the loopback alone', { url: 'http://10.0.0.1:8500/own' }, { state: 'refused' }],
  ['a page', { url: `${ES}/health` }, { state: 'answered', kind: 'success', json: { status: 'green' } }],
  ['a list', { url: `${ES}/list` }, { json: [{ id: 1 }, 2] }],
  ['an empty answer', { url: `${ES}/empty` }, { kind: 'error', status: 404, form: 'empty' }],
  ['no page', { url: `${ES}/none` }, { status: 404, form: 'html' }],
  ['a redirect', { url: `${ES}/away` }, { kind: 'redirect', status: 302, location: `${ES}/health` }],
  ['a redirect that is followed', { url: `${ES}/away`, redirects: 1 }, { status: 200, json: { status: 'green' } }],
  ['a port that nobody listens on', { url: 'http://10.0.0.31:9300/' }, { state: 'refused', kind: 'none' }],
  ['a port that is filtered', { url: 'http://10.0.0.32:9200/' }, { state: 'filtered' }],
  ['a name that nobody knows', { url: 'http://es.shop/' }, { state: 'unresolved' }],
  [
    'TLS that is trusted',
    { url: 'https://10.0.0.31:9443/list', ca: '/etc/ca.pem' },
    { state: 'answered', status: 200 },
  ],
  ['TLS that is not', { url: 'https://10.0.0.31:9443/list' }, { state: 'untrusted', distrust: 'issuer' }],
  ['a page for who has a token', { url: `${ES}/hidden`, header }, { status: 200, json: [] }],
  ['a page that is refused without one', { url: `${ES}/refused`, header }, { status: 403, form: 'withheld' }],
])('%s', (_, params, expected) => {
  expect(play().value('endpoint', params, 'alpha')).toMatchObject(expected);
});

it.each<[string, object, RegExp]>([
  ['a way that is not there', { url: 'http://10.0.0.33:9200/' }, /cannot be connected to/],
  ['an address of nobody', { url: 'http://10.9.9.9/' }, /cannot be connected to/],
  ['a circle', { url: `${ES}/round`, redirects: 3 }, /redirects further than it is followed/],
  ['TLS asked of a plain port', { url: 'https://10.0.0.31:9200/' }, /is asked over TLS, and does not speak it/],
  ['a port of TLS asked in plain', { url: 'http://10.0.0.31:9443/' }, /is asked in plain, and expects TLS/],
  ['a CA file that is not there', { url: 'https://10.0.0.31:9443/', ca: '/etc/none' }, /certificate authorities/],
  ['a CA file that root alone reads', { url: 'https://10.0.0.31:9443/', ca: '/etc/secret.pem' }, /authorities/],
  [
    'a client certificate that root alone reads',
    { url: 'https://10.0.0.31:9443/', ca: '/etc/ca.pem', cert: '/etc/secret.pem' },
    /the client certificate or its key cannot be used/,
  ],
])('gives no value of %s', (_, params, why) => {
  expect(play().whyNot('endpoint', params, 'alpha')).toMatch(why);
});

it('gives the page to who sends the header, and to nobody else', () => {
  const { value } = play();
  expect(value('endpoint', { url: `${ES}/hidden`, header }, 'alpha', 'open-sesame')).toMatchObject({ json: 'found' });
  expect(value('endpoint', { url: `${ES}/refused`, header }, 'alpha', 'sesame')).toMatchObject({ status: 403 });
});

it('changes its answer from turn to turn', () => {
  const { value } = play();
  const health = () => value('endpoint', { url: `${ES}/health` }, 'alpha').status;
  expect([health(), health(), health()]).toEqual([200, 503, 503]);
});
