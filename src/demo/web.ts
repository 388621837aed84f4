/** curl on a played host, and the pages that the played hosts' web servers serve. */
import { type Answer, says } from './answer.js';
import { sayingOf } from './askings.js';
import type { Machine } from './machine.js';
import { addressesOf, listensOn } from './network.js';
import type { Runner } from './runner.js';
import type { PlayedPage } from './services.js';

const NO_PAGE: PlayedPage = { status: 404, body: '<html><title>404 Not Found</title></html>\n' };

/** `curl ... --max-redirs N ... -w FORMAT URL`, which follows redirects; whoever listens on the port serves the pages of its host. */
export function curl(words: string[], { machine, hosts, asking }: Runner): Answer {
  const most = Number(words[words.indexOf('--max-redirs') + 1]);
  let url = new URL(words.at(-1) ?? '');
  let tried = '';
  for (let redirects = 0; ; redirects += 1) {
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
    const { owner, address } = ownerOf(url.hostname, machine, hosts);
    tried += `*   Trying ${address}:${port}...\n`;
    const ended = (exit: number, status: number, from: string, body = '') => ({
      ...says(
        body + trailer(words, { http_code: String(status).padStart(3, '0'), num_redirects: redirects, from, url }),
      ),
      exit,
    });
    if (!owner || !listensOn(owner, address, port)) {
      const said = `curl: (7) Failed to connect to ${url.hostname} port ${port}: Connection refused\n`;
      return { ...ended(7, 0, ''), stderr: `${tried}${said}` };
    }
    const page = pageOf(owner, url.pathname, asking);
    if (page.location === undefined)
      return { ...ended(0, page.status ?? 200, address, page.body ?? ''), stderr: tried };
    if (!(redirects < most))
      return { ...ended(47, 302, address), stderr: `${tried}curl: (47) Maximum (${most}) redirects followed\n` };
    url = new URL(page.location, url);
  }
}

/** `localhost` is the host that asks, and so is any address of its own; everybody else is known by address. */
function ownerOf(name: string, machine: Machine, hosts: readonly Machine[]) {
  if (name === 'localhost' || name === '127.0.0.1') return { owner: machine, address: '127.0.0.1' };
  const owner = [machine, ...hosts].find((host) => host.address === name || addressesOf(host).includes(name));
  return { owner, address: name };
}

function pageOf({ web = {} }: Machine, path: string, asking: number): PlayedPage {
  const page = Object.hasOwn(web, path) ? web[path] : undefined;
  const said = page === undefined ? NO_PAGE : sayingOf(page, asking);
  return typeof said === 'string' ? { body: said } : said;
}

/** What `-w` asks for, behind the body. */
function trailer(words: string[], told: { http_code: string; num_redirects: number; from: string; url: URL }): string {
  const { from, url, ...numbers } = told;
  const values: Record<string, string | number> = { ...numbers, remote_ip: from, url_effective: url.href };
  const format = words[words.indexOf('-w') + 1] ?? '';
  return format.replaceAll('\\n', '\n').replace(/%\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}
