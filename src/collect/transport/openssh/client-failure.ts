/** Why the ssh client has no connection, read from its own words; the fixtures of the tests hold them by release. */
import { Failure } from '../channel.js';
import { changedKey } from '../host-key.js';
import { hostOf, type Login } from './configuration.js';

/** What is known of a login that failed. */
export interface Attempt {
  login: Login;
  /** All that the client said. */
  said: string;
  /** The key files that stayed locked, because nobody gave their passphrase. */
  locked: readonly string[];
  passwordSent: boolean;
  /** Whether the host is dialled from here, by nobody's help. */
  direct: boolean;
  knownHostsFile?: string | undefined;
}

/** What the client says in other words than ours. */
const WHY: readonly [RegExp, string][] = [
  [/: Connection refused$/m, 'connection refused'],
  [/: (Connection|Operation) timed out$/m, 'no answer'],
  [/: No route to host$/m, 'no route to the host'],
  [/: Network is unreachable$/m, 'no route to its network'],
  [/^ssh: Could not resolve hostname .*: Temporary failure in name resolution$/m, 'the name does not resolve just now'],
  [/^ssh: Could not resolve hostname /m, 'the name does not resolve'],
];

/** The reason why no login came about. A sentence that is not known is shown as it is. */
export function failureOf(attempt: Attempt): Failure {
  const { login } = attempt;
  const said = attempt.said.replace(/\r\n/g, '\n');
  const name = hostOf(login);
  const key = keyFailure(said, attempt);
  if (key !== undefined) return new Failure('unreachable', 'host', key);
  const accepted = /^\S+: Permission denied \(([^)\n]*)\)\.$/m.exec(said)?.[1];
  if (accepted !== undefined || /Too many authentication failures/.test(said)) {
    return new Failure('denied', 'host', refusedLogin(attempt, accepted));
  }
  const why = WHY.find(([pattern]) => pattern.test(said))?.[1] ?? commandFailure(said) ?? wordsOf(said);
  return new Failure('unreachable', 'host', `cannot connect to ${name}: ${why || 'ssh ended without a word'}`);
}

/** What the program of a ProxyCommand said; ssh itself says only that there was nobody. */
function commandFailure(said: string): string | undefined {
  if (!NOBODY.test(said)) return undefined;
  const words = wordsOf(said.replace(/^.*(UNKNOWN port|_exchange_identification: |banner exchange: ).*$/gm, ''));
  return `the ProxyCommand ended${words && ` and said: ${words}`}`;
}

/** The far end of a program has neither an address nor a port; which sentence it is depends on who was quicker. */
const NOBODY = /\bUNKNOWN port (65535|-1)\b|^(kex|ssh)_exchange_identification: write: Broken pipe$/m;

/** A login that the host refused, with what was tried. */
export function refusedLogin(
  { login, said, locked, passwordSent }: Pick<Attempt, 'login' | 'said' | 'locked' | 'passwordSent'>,
  accepted?: string,
): string {
  const offered = [...said.matchAll(/^debug1: Offering public key: (.*?) [A-Z][\w-]* (SHA256:\S+)(.*)$/gm)].map(
    ([, file, sha256, more = '']) => (/\bagent\b/.test(more) ? `agent ${sha256}` : `key ${file}`),
  );
  const closed = locked.map((file) => `${file} (not usable: encrypted, and no passphrase was given)`);
  const known = offered.filter((one) => !locked.some((file) => one === `key ${file}`));
  const all = [...new Set(known), ...closed, ...(passwordSent ? ['password'] : [])];
  const tried = all.length > 0 ? `tried ${all.join(', ')}` : 'there was no key or password to try';
  const methods = accepted ?? /^debug1: Authentications that can continue: (.*)$/m.exec(said)?.[1]?.trim();
  const accepts = methods === undefined ? '' : `; the host accepts ${methods.split(',').join(', ')}`;
  return `${hostOf(login)} refused the login of ${login.user}: ${tried}${accepts}`;
}

/** The key that the host shows, in OpenSSH's form. */
export function shownKey(said: string): { type: string; sha256: string } | undefined {
  const [, type, sha256] = /^debug1: Server host (?:key|certificate): (\S+) (SHA256:[^\s,]+)/m.exec(said) ?? [];
  return type === undefined || sha256 === undefined ? undefined : { type, sha256 };
}

function keyFailure(said: string, { login, direct, knownHostsFile }: Attempt): string | undefined {
  if (!/^Host key verification failed\.$/m.test(said)) return undefined;
  const key = shownKey(said);
  const shown = key === undefined ? 'a key' : `${key.type} ${key.sha256}`;
  const known = login.keyAlias ?? (login.port === 22 ? login.hostname : `[${login.hostname}]:${login.port}`);
  if (/ revoked by file |REVOKED HOST KEY DETECTED/.test(said)) {
    const file = / revoked by file (.*)$/m.exec(said)?.[1] ?? 'known_hosts';
    return `the host key of ${known} (${shown}) is revoked by ${file}`;
  }
  if (/HOST IDENTIFICATION HAS CHANGED|has changed and you have requested/.test(said)) {
    const at = /^Offending .* in (.*)$/m.exec(said)?.[1] ?? 'known_hosts';
    return changedKey(known, shown, at);
  }
  // Where no file is named that might know it, the client says no more than that.
  const unknown = / host key is known for .* and you have requested strict checking/.test(said);
  if (!unknown && wordsOf(said) !== 'Host key verification failed.') {
    return `the host key of ${known} (${shown}) is refused: ${wordsOf(said)}`;
  }
  const file = knownHostsFile ?? login.knownHosts ?? '~/.ssh/known_hosts';
  const add = NO_FILE.test(file)
    ? `name a file that has it with --known-hosts (the configuration says UserKnownHostsFile ${file})`
    : direct
      ? `add it with 'ssh-keyscan -p ${login.port} ${login.hostname} >> ${file}'`
      : `let ssh add it to ${file} with a login by hand`;
  return (
    `the host key of ${known} is not known: it shows ${shown}; compare that fingerprint with the host's own, then ` +
    `${add}, or trust it with --accept-new-host-keys`
  );
}

/** What remembers no key. */
const NO_FILE = /^(none|\/dev\/null)$/;

const MAX_WORDS = 1000;

/** The client's own words without what it tells of its work, on one line; the last ones where there are many. */
export function wordsOf(said: string): string {
  const lines = said
    .split(/\r?\n/)
    .filter((line) => !/^(debug\d:|Authenticated to |@|\*\* |Transferred:|Bytes per )/.test(line));
  return lines.join(' ').trim().replace(/\s+/g, ' ').slice(-MAX_WORDS);
}
