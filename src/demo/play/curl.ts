/** curl on a played host, in the forms in which the engine asks with it. */

import type { Reach } from '../file/machine.js';
import type { Answer } from './answer.js';
import { allows } from './permissions.js';
import type { Runner } from './runner.js';
import { meet, pageAt } from './web.js';

interface Told {
  http_code: string;
  num_redirects: number;
  remote_ip: string;
  url_effective: string;
  redirect_url: string;
  time_namelookup: string;
  time_connect: string;
}

/** How a transfer ended: curl's exit status, and what it said beside the body. */
interface Ended {
  exit: number;
  stderr: string;
  body?: string;
}

const NO_CONNECTION: Record<Exclude<Reach, 'open'>, { exit: number; why: string; said: string }> = {
  refused: { exit: 7, why: 'Connection refused', said: "Couldn't connect to server" },
  unreachable: { exit: 7, why: 'No route to host', said: "Couldn't connect to server" },
  filtered: { exit: 28, why: '', said: 'Connection timeout after 5001 ms' },
  unresolved: { exit: 6, why: '', said: 'Could not resolve host' },
};

/** `curl [-k] [-L --max-redirs N] [--cacert F] [--cert F --key F] [-K -] -w FORMAT URL`; whoever listens there serves its pages. */
export function curl(words: string[], runner: Runner): Answer {
  const behind = (option: string) => (words.includes(option) ? words[words.indexOf(option) + 1] : undefined);
  const follows = words.includes('-L');
  const most = follows ? Number(behind('--max-redirs')) : 0;
  const told: Told = {
    ...{ http_code: '000', num_redirects: 0, remote_ip: '', url_effective: '', redirect_url: '' },
    ...{ time_namelookup: '0.000021', time_connect: '0.000000' },
  };
  const stderr: string[] = [];
  const ends = ({ exit, stderr: said, body = '' }: Ended): Answer => {
    const trailer = (behind('-w') ?? '')
      .replaceAll('\\n', '\n')
      .replace(/%\{(\w+)\}/g, (_, name: keyof Told) => String(told[name] ?? ''));
    return { stdout: body + trailer, stderr: [...stderr, said].join(''), exit, delayMs: 0 };
  };
  for (let url = new URL(words.at(-1) ?? ''); ; told.num_redirects += 1) {
    told.url_effective = url.href;
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
    const { address, server, reach } = meet(url.hostname, port, runner);
    if (reach !== 'unresolved') stderr.push(`*   Trying ${address}:${port}...\n`);
    if (reach !== 'open' || !server)
      return ends(notConnected(reach === 'open' ? 'unreachable' : reach, url, address, port));
    stderr.push(`* Connected to ${url.hostname} (${address}) port ${port} (#0)\n`);
    Object.assign(told, { remote_ip: address, time_connect: '0.000412' });
    const refused = distrust(url, server.tls?.[port], words.includes('-k'), behind, runner);
    if (refused) return ends(refused);
    if (url.protocol === 'http:' && server.tls?.[port] !== undefined) {
      told.http_code = '400';
      return ends({ exit: 0, stderr: '', body: 'Client sent an HTTP request to an HTTPS server.\n' });
    }
    const { status, body, location } = pageAt(server, url.pathname, headersIn(behind('-K'), runner.input), runner.turn);
    told.http_code = String(status);
    if (location === undefined) return ends({ exit: 0, stderr: '', body });
    const next = new URL(location, url);
    if (!follows) {
      told.redirect_url = next.href;
      return ends({ exit: 0, stderr: '', body });
    }
    if (told.num_redirects >= most)
      return ends({ exit: 47, stderr: `curl: (47) Maximum (${most}) redirects followed\n` });
    url = next;
  }
}

function notConnected(reach: Exclude<Reach, 'open'>, url: URL, address: string, port: number): Ended {
  const { exit, why, said } = NO_CONNECTION[reach];
  const failed = why === '' ? '' : `* connect to ${address} port ${port} failed: ${why}\n`;
  const words = exit === 7 ? `Failed to connect to ${url.hostname} port ${port} after 0 ms: ${said}` : said;
  return { exit, stderr: `${failed}curl: (${exit}) ${words}${exit === 6 ? `: ${url.hostname}` : ''}\n` };
}

/** Why TLS fails; `authority` is the file, on who asks, by which the server's certificate is trusted. */
function distrust(
  url: URL,
  authority: string | undefined,
  insecure: boolean,
  behind: (option: string) => string | undefined,
  runner: Runner,
): Ended | undefined {
  if (url.protocol !== 'https:') return undefined;
  const ended = (exit: number, said: string): Ended => ({ exit, stderr: `curl: (${exit}) ${said}\n` });
  const [ca, cert] = [behind('--cacert'), behind('--cert')];
  if (ca !== undefined && !allows(ca, 'r', runner)) return ended(77, `error setting certificate file: ${ca}`);
  if (cert !== undefined && !allows(cert, 'r', runner))
    return ended(
      58,
      `could not load PEM client certificate from ${cert}, (no key found, wrong pass phrase, or wrong file format?)`,
    );
  if (authority === undefined) return ended(35, 'error:0A00010B:SSL routines::wrong version number');
  return insecure || ca === authority
    ? undefined
    : ended(60, 'SSL certificate problem: unable to get local issuer certificate');
}

/** The headers of a configuration that is read from standard input. */
function headersIn(file: string | undefined, input: string): string[] {
  if (file !== '-') return [];
  return [...input.matchAll(/^header = "(.*)"$/gm)].map(([, header = '']) => header);
}
