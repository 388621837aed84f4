/** What it means that curl ended with an error: a state of the endpoint where that is proven, else why it could not be asked. */
import { Unreadable } from '../../core/errors.js';
import type { Output, Problem } from '../../core/model.js';
import { firstLine } from '../define.js';
import { triedBy, wordsOf } from './curl-answer.js';

/** What curl measured, in seconds and redirects that it followed. */
interface Measured {
  redirects: number;
  lookup: number;
  connect: number;
}

/** Seconds of the 5 for a connection that must be left when the name is resolved, or a silent resolver looks like a silent port. */
const ENOUGH = 3;

/** The system's words for a connection that did not come about. */
export const NO_CONNECT =
  'Connection refused|Connection timed out|No route to host|Network is unreachable|Cannot assign requested address|Permission denied|Operation not permitted|Connection reset by peer';

/** The state that the error proves. @throws Unreadable when the endpoint was not asked, or answered and the answer is not whole. */
export function refusalBy(output: Output, url: string, measured: Measured): object {
  const nothing = (state: string, more = {}) => ({ state, kind: 'none', form: 'none', ...more });
  // Whatever failed then is another endpoint.
  if (measured.redirects > 0) throw failure(output, `${url} leads elsewhere, and what it leads to`);
  const said = wordsOf(output);
  if (output.exit === 6 && !/timed out/i.test(said)) return nothing('unresolved');
  if (output.exit === 60 || output.exit === 51)
    return nothing('untrusted', { distrust: distrustOf(output.exit, said) });
  if (output.exit === 28 && noConnection(output, measured)) return nothing('filtered');
  if (output.exit === 7) {
    const whys = new Set(failedConnects(output));
    if (whys.size === 1 && whys.has('refused')) return nothing('refused');
    if (whys.size === 1 && whys.has('timed out')) return nothing('filtered');
  }
  throw failure(output, url);
}

function noConnection(output: Output, { lookup, connect }: Measured): boolean {
  const connected = /^\* +(Connected to|Established connection to) /m.test(output.stderr);
  return triedBy(output).length > 0 && !connected && connect === 0 && lookup <= 5 - ENOUGH;
}

/** Why each address was not connected to; an IPv6 address on a machine that has no IPv6 says nothing of the endpoint. */
function failedConnects({ stderr }: Output): string[] {
  const lines = stderr.matchAll(
    new RegExp(
      `^\\* +(?:connect to (\\S+) port .*failed: |Immediate connect fail for (\\S+): )?(${NO_CONNECT})\\r?$`,
      'gm',
    ),
  );
  return [...lines]
    .map(([, tried, immediate, why = '']) => ({ address: tried ?? immediate ?? '', why }))
    .filter(({ address, why }) => !(address.includes(':') && /^(Network is unr|Cannot assign)/.test(why)))
    .map(({ why }) => (why === 'Connection refused' ? 'refused' : why === 'Connection timed out' ? 'timed out' : why));
}

function distrustOf(exit: number, said: string): string {
  if (/expired|not yet valid/i.test(said)) return 'date';
  if (exit === 51 || /does not match|subject name|host ?name/i.test(said)) return 'name';
  return /issuer|self[- ]signed|verify the first|not recognized|not trusted/i.test(said) ? 'issuer' : 'other';
}

/** Why nothing was read, by exit status; the first whose words are in the URL or in what curl says. */
const reasons: { exit: number[]; words?: RegExp; reason: string; problem?: Problem }[] = [
  { exit: [1], words: /HTTP\/0\.9/, reason: 'did not answer in HTTP; does it expect TLS (https)?' },
  { exit: [1], reason: 'leads to what is neither http nor https' },
  {
    exit: [6, 28],
    words: /Resolving|Could not resolve/,
    reason: 'has a name that was not resolved in time',
    problem: 'timeout',
  },
  { exit: [7], reason: 'cannot be connected to', problem: 'unreachable' },
  { exit: [18], reason: 'broke off its answer', problem: 'truncated' },
  { exit: [28], reason: 'did not answer in time', problem: 'timeout' },
  {
    exit: [35],
    words: /wrong version number|unknown protocol|exceeded the maximum|unexpected TLS packet|packet length too long/i,
    reason: 'is asked over TLS, and does not speak it; is it plain http?',
  },
  {
    exit: [35, 56],
    words: /certificate required|alert (handshake failure|bad certificate)|no client certificate/i,
    reason: 'refused the TLS handshake; it wants a client certificate that it knows, or another TLS',
    problem: 'denied',
  },
  {
    exit: [35, 56],
    words:
      /alert (unknown ca|(unsupported|unknown) certificate|certificate [a-z]+|access denied)|verify your certificate/i,
    reason: 'does not accept the client certificate',
    problem: 'denied',
  },
  { exit: [35], reason: 'failed in its TLS handshake' },
  { exit: [47], reason: 'redirects further than it is followed' },
  { exit: [52], words: /^http:/, reason: 'gave an empty reply; does it expect TLS (https)?' },
  { exit: [52], reason: 'gave an empty reply' },
  { exit: [56], reason: 'broke off its answer' },
  { exit: [58], reason: 'was not asked: the client certificate or its key cannot be used' },
  { exit: [77], reason: 'was not asked: the file of certificate authorities cannot be used' },
];

function failure(output: Output, what: string): Unreadable {
  const said = wordsOf(output);
  const found = reasons.find(
    ({ exit, words }) => exit.includes(output.exit ?? -1) && (words?.test(`${what} ${said}`) ?? true),
  );
  const reason = found?.reason ?? `was not read: curl ended with exit ${output.exit}`;
  const message = `${firstLine(what)} ${reason}${said === '' ? '' : `: ${said}`}`;
  return found?.problem ? new Unreadable(message, found.problem, 'command') : new Unreadable(message);
}
