/** How curl is asked, word for word: probes are made of these words, and what may run is judged by them. */

import { check } from '../../core/check-schema.js';
import type { ExecAsk, JsonSchema } from '../../core/model.js';
import { absolutePath, closed, contextName } from '../define.js';

/** A URL without what curl expands in it (`[1-9]`, `{a,b}`), without credentials, and never an option. */
export const plainUrl: JsonSchema = {
  type: 'string',
  pattern: '^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/?&=%:+,-]*)?$',
  maxLength: 2048,
};

/** The same with what stands in the paths of an API (`/_cat/indices/*?h=index;filter=(a)`). */
const apiUrl: JsonSchema = {
  ...plainUrl,
  pattern: '^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/?&=%:+,@!$*();-]*)?$',
};

/** A path that `--cert` takes for nothing but a path: it reads `path:password`, with `\` as its escape. */
const pemPath: JsonSchema = { ...absolutePath, pattern: '^/[^\\n\\r\\0:\\\\]*$' };

/** Begins the line that curl writes behind the body; a body may hold such a line too, so only the last one counts. */
export const MARK = 'pairflight-http';

const HTTP_ONLY = ['--proto', '=http,https'] as const;
const FOLLOW = ['-L', ...HTTP_ONLY, '--proto-redir', '=http,https', '--max-redirs'] as const;
const LIMITS = ['--noproxy', '*', '--connect-timeout', '5', '--max-time', '20', '-o', '-'] as const;

/**
 * The words before the URL of a host's own web server. Every option here and below is as old as curl 7.29: `--proto` 7.20.2,
 * `--noproxy` 7.19.4, `redirect_url` 7.18.2, and `remote_ip` 7.29. `-q` comes first, or curl reads the user's own options. `-v`
 * names each address that curl tried: after a redirect elsewhere and back, the last one alone would look like this host.
 */
export const CURL_WORDS = [
  ...['-q', '-v', '-sS', '-k', ...FOLLOW, '3', ...LIMITS],
  ...['-w', `\\n${MARK} %{http_code} %{num_redirects} %{remote_ip} %{url_effective}\\n`],
] as const;

/** What an endpoint is asked for. */
export interface EndpointQuestion {
  url: string;
  as?: string;
  /** PEM files of the machine that asks. */
  ca?: string;
  cert?: string;
  key?: string;
  /** A header with a secret out of this machine's environment; asked without it where the variable is not set. */
  header?: { name: string; env: string };
  redirects?: number;
  /** The most that the body may have. */
  maxBytes?: number;
}

/**
 * Schema of a question to an endpoint. curl forwards a header of our own to whatever host it is redirected to, so a question with
 * one follows nothing; and no header may turn a GET into something else (`X-HTTP-Method-Override`).
 */
export const endpointParams: JsonSchema = {
  ...closed(
    {
      url: apiUrl,
      as: contextName,
      ca: pemPath,
      cert: pemPath,
      key: pemPath,
      header: closed({
        name: { type: 'string', pattern: '^(?!.*[Mm][Ee][Tt][Hh][Oo][Dd])[A-Za-z][A-Za-z0-9-]{0,63}$' },
        env: { type: 'string', pattern: '^[A-Z_][A-Z0-9_]*$' },
      }),
      redirects: { type: 'integer', minimum: 0, maximum: 3 },
      maxBytes: { type: 'integer', minimum: 1024, maximum: 4 * 1024 * 1024 },
    },
    ['as', 'ca', 'cert', 'key', 'header', 'redirects', 'maxBytes'],
  ),
  dependencies: { key: ['cert'] },
  if: { required: ['header'] },
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON schema
  then: { properties: { redirects: { const: 0 } } },
};

/** The words behind `curl`. An empty `--pass` keeps curl from asking the terminal for the key's. TLS is always verified. */
export function endpointWords({ url, ca, cert, key, header, redirects = 0 }: EndpointQuestion): string[] {
  return [
    ...['-q', '-v', '-sS', ...(redirects > 0 ? [...FOLLOW, String(redirects)] : HTTP_ONLY), ...LIMITS],
    ...['-w', `\\n${MARK} %{http_code} %{num_redirects} %{time_namelookup} %{time_connect} %{redirect_url}\\n`],
    ...(ca === undefined ? [] : ['--cacert', ca]),
    ...(cert === undefined ? [] : ['--cert', cert, ...(key === undefined ? [] : ['--key', key]), '--pass', '']),
    ...(header === undefined ? [] : ['-K', '-']),
    url,
  ];
}

/** The line of curl's configuration that comes over standard input, so that the secret stands in no argument. */
export function endpointInput({ name, env }: { name: string; env: string }): NonNullable<ExecAsk['stdin']> {
  return { line: `header = "${name}: {secret}"`, env };
}

/** Whether curl may run with these words and this input: one of the two questions, and nothing that is not in it. */
export function isCurlQuestion(words: readonly string[], stdin: ExecAsk['stdin']): boolean {
  const [url, ...rest] = words.slice(CURL_WORDS.length);
  if (same(words.slice(0, CURL_WORDS.length), CURL_WORDS)) {
    return new RegExp(plainUrl.pattern).test(url ?? '') && rest.length === 0 && stdin === undefined;
  }
  const question = endpointOf(words, stdin);
  return (
    check(endpointParams, question).length === 0 &&
    same(words, endpointWords(question)) &&
    stdin?.line === (question.header && endpointInput(question.header).line)
  );
}

/** The question that these words would be, if they are one. */
function endpointOf(words: readonly string[], stdin: ExecAsk['stdin']): EndpointQuestion {
  const behind = (option: string) => (words.includes(option) ? words[words.indexOf(option) + 1] : undefined);
  const files = Object.entries({ ca: behind('--cacert'), cert: behind('--cert'), key: behind('--key') });
  const name = /^header = "([^:]*): /.exec(stdin?.line ?? '')?.[1] ?? '';
  return {
    url: words.at(-1) ?? '',
    redirects: Number(behind('--max-redirs') ?? 0),
    ...Object.fromEntries(files.filter(([, path]) => path !== undefined)),
    ...(stdin && { header: { name, env: stdin.env } }),
  };
}

const same = (some: readonly string[], others: readonly string[]) =>
  some.length === others.length && some.every((word, index) => word === others[index]);
