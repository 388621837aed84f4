// Twin of the product's web server, started on a host with SITE as JSON (see pair/website.ts). The monitor answers from
// the twin's configuration and, at each request, from the server's own pg_stat_replication.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';

const site = JSON.parse(process.env.SITE);
process.title = 'nginx: master process';

const confValue = (key) => {
  const start = `alation.cluster.${key} = `;
  const line = readFileSync(site.conf, 'utf8')
    .split('\n')
    .find((text) => text.startsWith(start));
  return line?.slice(start.length) ?? '';
};

/** Address to lag of what is attached to the server and streams. */
function lags() {
  const [program, ...words] = site.psql;
  return new Promise((resolve) => {
    execFile(program, words, (error, stdout) => {
      const rows = stdout.split('\n').filter((row) => row !== '');
      resolve(error ? {} : Object.fromEntries(rows.map((row) => row.split('|'))));
    });
  });
}

async function monitored() {
  const mode = site.mode ?? confValue('replication_mode');
  if (mode === 'standalone') return '{"replication_mode": "standalone"}';
  const addresses = confValue('hosts').match(/\d+(\.\d+){3}/g) ?? [];
  const measured = await lags();
  const told = (address) => ({ postgres_lag_bytes: site.lag ?? measured[address] ?? 'unknown' });
  const entries = addresses.map((address) => [address, told(address)]);
  return JSON.stringify({ ...Object.fromEntries(entries), replication_mode: mode });
}

const page = (title, text) =>
  `<!DOCTYPE html>\n<html><head><title>${title}</title></head>\n<body>${text}</body></html>\n`;

const fields = Array.from({ length: 120 }, (_, index) => `<li><a href="/catalog/${index}/">Source ${index}</a></li>`);

const pages = {
  async monitor(path) {
    if (path === '/monitor/replication') return { status: 301, location: '/monitor/replication/' };
    if (path === '/monitor/replication/') return { type: 'application/json', text: site.whole ?? (await monitored()) };
    return pages.login(path);
  },
  standby: () => ({ status: 503, text: page('Standby', '<p>This server is a standby and takes no traffic.</p>') }),
  login(path) {
    if (path !== '/login/') return { status: 302, location: `/login/?next=${encodeURIComponent(path)}` };
    const form = '<form method="post" action="/login/"><input name="email"><input name="password" type="password">';
    return { text: page('Log in', `${form}<button>Log in</button></form><ul>${fields.join('\n')}</ul>`) };
  },
};

async function answer(request, response) {
  const { status = 200, location, type = 'text/html', text = '' } = await pages[site.page](request.url.split('?')[0]);
  response.writeHead(status, { 'Content-Type': type, ...(location && { Location: location }) });
  response.end(text);
}

function redirect(request, response) {
  const host = site.away ?? (request.headers.host ?? '').replace(/:\d+$/, '');
  const to = `${site.certificate ? 'https' : 'http'}://${host}`;
  response.writeHead(301, { Location: to + request.url });
  response.end();
}

let starting = 1;
const started = () => {
  starting -= 1;
  if (starting === 0) console.log('ready');
};
if (site.certificate) {
  starting += 1;
  createSecureServer(site.certificate, answer).listen(443, '0.0.0.0', started);
}
createServer(site.away || site.certificate ? redirect : answer).listen(80, '0.0.0.0', started);
