/** What a host's own web server answers, asked on the host itself, so that no other host can answer in its place. */
import { Unreadable } from '../errors.js';
import type { JsonSchema, Output } from '../model.js';
import {
  closed,
  command,
  contextName,
  defineProbe,
  firstLine,
  hostAddress,
  neverRan,
  parseJson,
  ran,
  refusal,
  wholeNumber,
} from './define.js';
import { localAddresses } from './network.js';

interface Params {
  url: string;
  address: string;
  as?: string;
}

/** A URL without what curl expands in it (`[1-9]`, `{a,b}`), without credentials, and never an option. */
export const plainUrl: JsonSchema = {
  type: 'string',
  pattern: '^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/?&=%:+,-]*)?$',
  maxLength: 2048,
};

/** Begins the line that curl writes behind the body; a body may hold such a line too, so only the last one counts. */
const MARK = 'pairflight-http';

/**
 * The words before the URL. Every option is as old as curl 7.29: `--proto` 7.20.2, `--noproxy` 7.19.4, and `remote_ip` 7.29.
 * `-q` comes first, or curl reads the user's own options. `-v` names each address that curl tried: after a redirect elsewhere
 * and back, the last one alone would look like this host.
 */
export const CURL_WORDS = [
  ...['-q', '-v', '-sS', '-k', '-L', '--proto', '=http,https', '--proto-redir', '=http,https', '--max-redirs', '3'],
  ...['--noproxy', '*', '--connect-timeout', '5', '--max-time', '20', '-o', '-'],
  ...['-w', `\\n${MARK} %{http_code} %{num_redirects} %{remote_ip} %{url_effective}\\n`],
] as const;

const MAX_TEXT = 4096;

/** An HTTP error is an answer. `text` is cut to 4096 characters; an array or a bare word of JSON is text. */
export const http = defineProbe<Params, unknown>({
  id: 'http',
  title: "What the host's own web server answers to a GET, asked on the host itself (curl)",
  on: 'host',
  params: closed({ url: plainUrl, address: hostAddress, as: contextName }, ['as']),
  value: closed(
    {
      state: { enum: ['answered', 'refused'] },
      kind: { enum: ['success', 'redirect', 'error', 'none'] },
      status: { type: 'integer', minimum: 100, maximum: 599 },
      url: { type: 'string' },
      from: { type: 'string' },
      redirects: { type: 'integer', minimum: 0 },
      form: { enum: ['json', 'html', 'text', 'empty', 'none'] },
      json: { type: 'object' },
      text: { type: 'string', maxLength: MAX_TEXT },
      cut: { const: true },
    },
    ['status', 'url', 'from', 'redirects', 'json', 'text', 'cut'],
  ),
  restless: ['json', 'text', 'cut'],
  ask: ({ url, as }) => [
    command(['curl', ...CURL_WORDS, url], as, { timeoutMs: 30_000 }),
    command(['cat', '/proc/net/fib_trie'], 'login', { maxBytes: 4 * 1024 * 1024 }),
  ],
  // What else `-v` tells holds cookies.
  redact: (outputs) =>
    outputs.map((output) => ({
      ...output,
      stderr: output.stderr
        .split('\n')
        .filter((line) => /^curl: |^\* +(Trying |connect to |Failed |Connection refused)/.test(line))
        .map((line) => `${line}\n`)
        .join(''),
    })),
  read(outputs, params) {
    const output = ran(outputs);
    const { body, status, redirects, from, url } = trailerOf(output);
    onlyThisHost([...triedBy(output), ...(from === '' ? [] : [from])], url, params, outputs[1]);
    if (output.exit === 7 && /refused/i.test(output.stderr) && redirects === 0) {
      if (triedBy(output).length === 0) throw new Unreadable(`curl did not say which address refused ${url}`);
      return { state: 'refused', kind: 'none', form: 'none' };
    }
    if (output.exit !== 0) throw failure(output, url);
    if (from === '') throw new Unreadable(`curl did not say which address answered ${url}`);
    if (status < 100 || status > 599) throw new Unreadable(`${url} did not answer in HTTP`);
    return { state: 'answered', kind: kindOf(status), status, url, from, redirects, ...bodyOf(body) };
  },
});

function trailerOf({ stdout, exit, stderr }: Output) {
  const at = stdout.lastIndexOf(`\n${MARK} `);
  const [, status, redirects, from = '', url = ''] =
    /^\n\S+ ([0-9]{3}) ([0-9]+) ([0-9A-Fa-f.:]*) (\S+)\n?$/.exec(stdout.slice(Math.max(at, 0))) ?? [];
  if (at >= 0 && status !== undefined)
    return { body: stdout.slice(0, at), status: Number(status), redirects: wholeNumber(redirects), from, url };
  if (neverRan({ exit })) throw new Unreadable(firstLine(stderr) || 'no curl', 'not-found', 'command');
  throw exit === 0 ? new Unreadable('curl did not say who answered') : refusal({ stdout, exit, stderr } as Output);
}

/** The addresses that curl tried: `Trying 10.0.0.1...` (7.29), `10.0.0.1:80...`, `[::1]:80...`. */
function triedBy({ stderr }: Output): string[] {
  return [...stderr.matchAll(/^\* +Trying (\S+?)(?:\.\.\.)?\r?$/gm)].map(
    ([, said = '']) => /^\[(.*)\]:\d+$/.exec(said)?.[1] ?? /^([0-9.]+):\d+$/.exec(said)?.[1] ?? said,
  );
}

/** A host with several interfaces is still itself on each of them; without its own list only the address that was given is. */
function onlyThisHost(addresses: string[], url: string, { address }: Params, table: Output | undefined): void {
  const own = table?.problem === undefined && table?.exit === 0 ? localAddresses(table.stdout) : [];
  const other = addresses.find(
    (one) => one !== address && !own.includes(one) && !/^(127(\.\d{1,3}){3}|::1(:\d+)?)$/.test(one),
  );
  if (other !== undefined)
    throw new Unreadable(
      `${firstLine(url)} leads to ${firstLine(other)}, which is not the host itself (${address}); name a URL that stays on it`,
    );
}

/** A redirect that names nowhere to go stays one. */
function kindOf(status: number): 'success' | 'redirect' | 'error' {
  if (status >= 400) return 'error';
  return status >= 300 ? 'redirect' : 'success';
}

const reasons: Record<number, string> = {
  1: 'leads to what is neither http nor https',
  6: 'has a name that the host does not know',
  7: 'cannot be connected to',
  35: 'failed in its TLS handshake',
  47: 'redirects without an end',
  52: 'gave an empty reply',
  56: 'broke off its answer',
  60: 'has a certificate that curl refuses',
};

function failure({ exit, stderr }: Output, url: string): Unreadable {
  const said = firstLine(stderr.split('\n').find((line) => line.startsWith('curl: ')) ?? '');
  if (exit === 28) return new Unreadable(`${firstLine(url)} did not answer in time: ${said}`, 'timeout', 'command');
  const reason = reasons[exit ?? -1] ?? `was not read: curl ended with exit ${exit}`;
  return new Unreadable(`${firstLine(url)} ${reason}${said === '' ? '' : `: ${said}`}`);
}

function bodyOf(body: string): object {
  const text = body.trim();
  if (text === '') return { form: 'empty' };
  const json = objectOf(text);
  if (json) return { form: 'json', json };
  const form = /^<(!doctype|html|head|body|\?xml|!--)/i.test(text) ? 'html' : 'text';
  return { form, text: text.slice(0, MAX_TEXT), ...(text.length > MAX_TEXT && { cut: true }) };
}

function objectOf(text: string): object | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return parseJson(text) as object;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}
