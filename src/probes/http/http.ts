/** What a host's own web server answers, asked on the host itself, so that no other host can answer in its place. */
import { Unreadable } from '../../core/errors.js';
import type { Output } from '../../core/model.js';
import { closed, command, contextName, defineProbe, firstLine, hostAddress, ran, wholeNumber } from '../define.js';
import { localAddresses } from '../network.js';
import { CURL_WORDS, plainUrl } from './curl.js';
import { answerSchemas, bodyOf, kindOf, onlyLines, trailerOf, triedBy, wordsOf } from './curl-answer.js';

interface Params {
  url: string;
  address: string;
  as?: string;
}

const KEPT = /^curl: |^\* +(Trying |connect to |Failed |Connection refused)/;
const END = /^([0-9]{3}) ([0-9]+) ([0-9A-Fa-f.:]*) (\S+)\n?$/;

const isObject = (json: unknown) => typeof json === 'object' && json !== null && !Array.isArray(json);

/** An HTTP error is an answer. `text` is cut to 4096 characters; an array or a bare word of JSON is text. */
export const http = defineProbe<Params, unknown>({
  id: 'http',
  title: "What the host's own web server answers to a GET, asked on the host itself (curl)",
  on: 'host',
  params: closed({ url: plainUrl, address: hostAddress, as: contextName }, ['as']),
  value: closed(
    {
      state: { enum: ['answered', 'refused'] },
      ...answerSchemas,
      url: { type: 'string' },
      from: { type: 'string' },
      redirects: { type: 'integer', minimum: 0 },
      json: { type: 'object' },
    },
    ['status', 'url', 'from', 'redirects', 'json', 'text', 'cut'],
  ),
  restless: ['json', 'text', 'cut'],
  ask: ({ url, as }) => [
    command(['curl', ...CURL_WORDS, url], as, { timeoutMs: 30_000 }),
    command(['cat', '/proc/net/fib_trie'], 'login', { maxBytes: 4 * 1024 * 1024 }),
  ],
  redact: (outputs) => outputs.map((output) => ({ ...output, stderr: onlyLines(output.stderr, KEPT) })),
  read(outputs, params) {
    const output = ran(outputs);
    const { body, told } = trailerOf(output, END);
    const [code = '', followed, from = '', url = ''] = told;
    const [status, redirects] = [Number(code), wholeNumber(followed)];
    onlyThisHost([...triedBy(output), ...(from === '' ? [] : [from])], url, params, outputs[1]);
    if (output.exit === 7 && /refused/i.test(output.stderr) && redirects === 0) {
      if (triedBy(output).length === 0) throw new Unreadable(`curl did not say which address refused ${url}`);
      return { state: 'refused', kind: 'none', form: 'none' };
    }
    if (output.exit !== 0) throw failure(output, url);
    if (from === '') throw new Unreadable(`curl did not say which address answered ${url}`);
    if (status < 100 || status > 599) throw new Unreadable(`${url} did not answer in HTTP`);
    return { state: 'answered', kind: kindOf(status), status, url, from, redirects, ...bodyOf(body, isObject) };
  },
});

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
  const said = wordsOf({ stderr });
  if (exit === 28) return new Unreadable(`${firstLine(url)} did not answer in time: ${said}`, 'timeout', 'command');
  const reason = reasons[exit ?? -1] ?? `was not read: curl ended with exit ${exit}`;
  return new Unreadable(`${firstLine(url)} ${reason}${said === '' ? '' : `: ${said}`}`);
}
