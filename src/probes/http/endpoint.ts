/** What an HTTP endpoint answers: a value for every way in which it can be asked, and none where it could not. */
import { Unreadable } from '../../core/errors.js';
import type { Output } from '../../core/model.js';
import { closed, command, defineProbe, ran } from '../define.js';
import { type EndpointQuestion, endpointInput, endpointParams, endpointWords, MARK } from './curl.js';
import { answerSchemas, bodyOf, kindOf, onlyLines, trailerOf } from './curl-answer.js';
import { NO_CONNECT, refusalBy } from './refusal.js';

const DEFAULT_BYTES = 1024 * 1024;
/** What curl tells beside the body: certificates, headers and the addresses that it tried. */
const TELLING_BYTES = 64 * 1024;

const END = /^([0-9]{3}) ([0-9]+) ([0-9]+[.,][0-9]+) ([0-9]+[.,][0-9]+) (.*)\n$/;
/** Without headers and cookies. curl 7.29 gives a line to nothing but the reason why it could not connect. */
const KEPT = new RegExp(
  `^curl: |^\\* +(Trying |connect to |Immediate connect fail |Connected to |Established connection to |(${NO_CONNECT})\\r?$)`,
);
/** What the transport says of an answer that is none; what curl told up to then holds headers too. */
const NOT_CURLS = /^[^*<>{}+]/;
/** What servers of TLS (nginx, Go, Tomcat) say in plain to whom asks in plain. */
const WANTS_TLS = /plain HTTP request was sent to HTTPS port|HTTP request to an HTTPS server|requires TLS/;

/**
 * An HTTP error is an answer, as is any JSON: objects, lists, texts, numbers, `null`. `filtered`: no TCP connection in 5 s.
 * `untrusted`: the server's certificate was not accepted, and nothing was asked. `location` is where a redirect leads that was
 * not followed. Of a question that carries a secret, an answer that is no success has its status alone: its body is `withheld`.
 */
export const endpoint = defineProbe<EndpointQuestion, unknown>({
  id: 'endpoint',
  title: 'What an HTTP endpoint answers to a GET (curl)',
  on: 'host',
  endpoints: true,
  params: endpointParams,
  value: closed(
    {
      state: { enum: ['answered', 'refused', 'filtered', 'unresolved', 'untrusted'] },
      ...answerSchemas,
      location: { type: 'string' },
      distrust: { enum: ['issuer', 'name', 'date', 'other'] },
      json: {},
    },
    ['status', 'location', 'distrust', 'json', 'text', 'cut'],
  ),
  restless: ['json', 'text', 'cut'],
  ask: (question) => [
    command(['curl', ...endpointWords(question)], question.as, {
      timeoutMs: 30_000,
      maxBytes: (question.maxBytes ?? DEFAULT_BYTES) + TELLING_BYTES,
      ...(question.header && { stdin: endpointInput(question.header) }),
    }),
  ],
  // An answer that was cut may end within a secret that it repeats, where nothing finds it.
  redact: (outputs, { header }) =>
    outputs.map((output) => ({
      ...output,
      stdout: output.problem !== undefined ? '' : header ? withoutRefusal(output) : output.stdout,
      stderr: onlyLines(output.stderr, output.problem === undefined ? KEPT : NOT_CURLS),
    })),
  read(outputs, { url, header }) {
    const output = ran(outputs);
    const { body, told } = trailerOf(output, END);
    const [code = '', redirects = '', lookup = '', connect = '', location = ''] = told;
    if (output.exit !== 0) {
      return refusalBy(output, url, {
        redirects: Number(redirects),
        lookup: seconds(lookup),
        connect: seconds(connect),
      });
    }
    const status = Number(code);
    if (status < 100 || status > 599) throw new Unreadable(`${url} did not answer in HTTP`);
    if (status === 400 && WANTS_TLS.test(body))
      throw new Unreadable(`${url} is asked in plain, and expects TLS: https`);
    return {
      ...{ state: 'answered', kind: kindOf(status), status },
      ...(location !== '' && { location: location.replace(/\p{Cc}/gu, ' ').slice(0, 2048) }),
      ...(header && isRefused(status) && body.trim() !== '' ? { form: 'withheld' } : bodyOf(body, () => true)),
    };
  },
});

/** Whoever does not give what was asked for may repeat what it was asked with, in a form that nobody would find. */
const isRefused = (status: number) => status >= 300;

/** Of the answer to a question that carried a secret: all that was given, of anything else what curl itself tells of it. */
function withoutRefusal({ stdout, exit }: Output): string {
  const at = stdout.lastIndexOf(`\n${MARK} `);
  const told = at < 0 ? null : END.exec(stdout.slice(at + MARK.length + 2));
  if (!told) return '';
  if (exit === 0 && !isRefused(Number(told[1]))) return stdout;
  const body = stdout.slice(0, at).trim() === '' ? '' : 'withheld';
  return `${body}\n${MARK} ${told.slice(1, 5).join(' ')} \n`;
}

const seconds = (text: string) => Number(text.replace(',', '.'));
