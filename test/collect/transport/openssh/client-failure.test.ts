/** Why ssh did not log in, from the words of real clients. */
import { describe, expect, it } from 'vitest';
import { type Attempt, failureOf, shownKey } from '../../../../src/collect/transport/openssh/client-failure.js';

const login = { hostname: '10.11.2.60', port: 2222, user: 'ops' };
const KEY = 'debug1: Server host key: ssh-ed25519 SHA256:0miMXCkKqJAnhPWxKav4qfw5LbaWIczKkkTPwV4DV3s';
const NEVER = 'Host key verification failed.';
const shows = 'ssh-ed25519 SHA256:0miMXCkKqJAnhPWxKav4qfw5LbaWIczKkkTPwV4DV3s';
const told = (lines: string[], more: Partial<Attempt> = {}) => {
  const attempt = { login, said: `${lines.join('\r\n')}\r\n`, locked: [], passwordSent: false, direct: true, ...more };
  const { problem, problemAt, message } = failureOf(attempt);
  return `${problem} at the ${problemAt}: ${message}`;
};
const POST_QUANTUM = [
  '** WARNING: connection is not using a post-quantum key exchange algorithm.',
  '** This session may be vulnerable to "store now, decrypt later" attacks.',
  '** The server may need to be upgraded. See https://openssh.com/pq.html',
];
const unreachable = 'unreachable at the host: cannot connect to 10.11.2.60 port 2222: ';

describe('a login that failed, in the words of OpenSSH 9.2', () => {
  it.each([
    ['refused', ['ssh: connect to host 10.11.2.60 port 2222: Connection refused'], `${unreachable}connection refused`],
    ['silent', ['ssh: connect to host 10.11.2.60 port 2222: Connection timed out'], `${unreachable}no answer`],
    ['no route', ['ssh: connect to host 10.11.2.60 port 2222: No route to host'], `${unreachable}no route to the host`],
    [
      'no name',
      ['ssh: Could not resolve hostname db-a: Name or service not known'],
      `${unreachable}the name does not resolve`,
    ],
    [
      'no name just now',
      ['ssh: Could not resolve hostname db-a: Temporary failure in name resolution'],
      `${unreachable}the name does not resolve just now`,
    ],
    [
      'another tongue',
      ['Unable to negotiate with 10.11.2.60 port 2222: no matching key exchange method found. Their offer: x'],
      `${unreachable}Unable to negotiate with 10.11.2.60 port 2222: no matching key exchange method found. Their offer: x`,
    ],
    [
      'a sentence that nobody knows',
      ['debug1: Connection established.', 'The moon is in the way.'],
      `${unreachable}The moon is in the way.`,
    ],
    [
      'a ProxyCommand that ended',
      [
        'no way to db',
        'kex_exchange_identification: Connection closed by remote host',
        'Connection closed by UNKNOWN port 65535',
      ],
      `${unreachable}the ProxyCommand ended and said: no way to db`,
    ],
    [
      'a ProxyCommand that ended before it read',
      [
        'kex_exchange_identification: write: Broken pipe',
        'banner exchange: Connection to UNKNOWN port 65535: Broken pipe',
      ],
      `${unreachable}the ProxyCommand ended`,
    ],
    ['nothing', [], `${unreachable}ssh ended without a word`],
    [
      'an unknown key',
      [KEY, 'No ED25519 host key is known for [10.11.2.60]:2222 and you have requested strict checking.', NEVER],
      `unreachable at the host: the host key of [10.11.2.60]:2222 is not known: it shows ${shows}; compare that fingerprint with the host's own, then add it with 'ssh-keyscan -p 2222 10.11.2.60 >> ~/.ssh/known_hosts', or trust it with --accept-new-host-keys`,
    ],
    [
      'a changed key',
      [
        KEY,
        '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @',
        'Offending ED25519 key in /home/ops/.ssh/known_hosts:7',
        'Host key for [10.11.2.60]:2222 has changed and you have requested strict checking.',
        NEVER,
      ],
      `unreachable at the host: the host key of [10.11.2.60]:2222 has CHANGED: it shows ${shows}, which is not the key in /home/ops/.ssh/known_hosts:7; somebody may be intercepting the connection, or the host was reinstalled: ask its owner, then correct that line`,
    ],
    [
      'a revoked key',
      [
        KEY,
        'The ED25519 host key for [10.11.2.60]:2222 is marked as revoked.',
        '@ WARNING: REVOKED HOST KEY DETECTED! @',
        NEVER,
      ],
      `unreachable at the host: the host key of [10.11.2.60]:2222 (${shows}) is revoked by known_hosts`,
    ],
    [
      'a key that a file revokes',
      [KEY, 'Host key ED25519 SHA256:0miM revoked by file /etc/ssh/revoked', NEVER],
      `unreachable at the host: the host key of [10.11.2.60]:2222 (${shows}) is revoked by /etc/ssh/revoked`,
    ],
    [
      'a certificate that does not hold',
      [KEY, 'Certificate invalid: expired', NEVER],
      `unreachable at the host: the host key of [10.11.2.60]:2222 (${shows}) is refused: Certificate invalid: expired Host key verification failed.`,
    ],
    [
      'a refused login',
      [
        'debug1: Offering public key: /keys/a ED25519 SHA256:aaa explicit',
        'debug1: Offering public key: ops@desk RSA SHA256:bbb agent',
        'ops@10.11.2.60: Permission denied (publickey,password).',
      ],
      'denied at the host: 10.11.2.60 port 2222 refused the login of ops: tried key /keys/a, agent SHA256:bbb; the host accepts publickey, password',
    ],
    [
      'a login without anything to try',
      ['ops@10.11.2.60: Permission denied (publickey).'],
      'denied at the host: 10.11.2.60 port 2222 refused the login of ops: there was no key or password to try; the host accepts publickey',
    ],
  ])('%s', (_name, lines, words) => {
    expect(told(lines)).toBe(words);
  });

  it.each([
    [
      '8.4: a changed key is named by its kind',
      [
        KEY,
        '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @',
        'Offending ECDSA key in /home/ops/.ssh/known_hosts:3',
        'ECDSA host key for [10.11.2.60]:2222 has changed and you have requested strict checking.',
        NEVER,
      ],
      'which is not the key in /home/ops/.ssh/known_hosts:3;',
    ],
    [
      '8.4: a host that hangs up',
      ['kex_exchange_identification: Connection closed by remote host'],
      `${unreachable}kex_exchange_identification: Connection closed by remote host`,
    ],
    [
      '8.4: a jump host that does not lead there',
      [
        'Stdio forwarding request failed: Session open refused by peer',
        'kex_exchange_identification: Connection closed by remote host',
      ],
      `${unreachable}Stdio forwarding request failed: Session open refused by peer`,
    ],
    [
      '8.4: a program that ended',
      [
        'no way',
        'kex_exchange_identification: read: Connection reset by peer',
        'Connection reset by UNKNOWN port 65535',
      ],
      `${unreachable}the ProxyCommand ended and said: no way`,
    ],
    ['macOS: no answer', ['ssh: connect to host 10.11.2.60 port 2222: Operation timed out'], `${unreachable}no answer`],
    [
      'macOS: no name',
      ['ssh: Could not resolve hostname db-a: nodename nor servname provided, or not known'],
      `${unreachable}the name does not resolve`,
    ],
    [
      '9.8 and later: a host that lets nobody in for a while',
      [
        'kex_exchange_identification: banner line 0: Not allowed at this time',
        'banner exchange: Connection to 10.11.2.60 port 2222: invalid format',
      ],
      'Not allowed at this time',
    ],
    [
      '10.1: a remark on the exchange of keys is not the reason',
      [
        ...POST_QUANTUM,
        'Received disconnect from 10.11.2.60 port 2222:2: Too many authentication failures',
        'Disconnected from 10.11.2.60 port 2222',
      ],
      'denied at the host: 10.11.2.60 port 2222 refused the login of ops: there was no key or password to try',
    ],
    [
      '10.1: such a remark before an end without a known word',
      [...POST_QUANTUM, 'Connection closed by 10.11.2.60 port 2222'],
      `${unreachable}Connection closed by 10.11.2.60 port 2222`,
    ],
    [
      '10.0: an unknown key',
      [
        'debug1: Server host key: ssh-ed25519 SHA256:0miM',
        'No ED25519 host key is known for [10.11.2.60]:2222 and you have requested strict checking.',
        NEVER,
      ],
      'is not known: it shows ssh-ed25519 SHA256:0miM;',
    ],
  ])('of other releases: %s', (_name, lines, words) => {
    expect(told(lines)).toContain(words);
    expect(told(lines)).not.toContain('post-quantum');
  });

  it.each(['none', '/dev/null'])('names no file to add a key to where the configuration says %s', (knownHosts) => {
    const said = told([KEY, NEVER], { login: { ...login, knownHosts } });
    expect(said).toContain(
      `name a file that has it with --known-hosts (the configuration says UserKnownHostsFile ${knownHosts})`,
    );
  });

  it('names what was tried beside keys', () => {
    const denied = ['ops@10.11.2.60: Permission denied (publickey,password).'];
    expect(told(denied, { passwordSent: true, locked: ['/keys/c'] })).toContain(
      'tried /keys/c (not usable: encrypted, and no passphrase was given), password; the host accepts',
    );
  });

  it('knows the key of a host with a certificate, and takes the first that is shown', () => {
    const said =
      'debug1: Server host certificate: ssh-ed25519-cert-v01@openssh.com SHA256:abc, serial 0 ID "db" CA ssh-ed25519 SHA256:ca valid forever\n' +
      'debug1: Server host key: ssh-ed25519 SHA256:forged\n';
    expect(shownKey(said)).toEqual({ type: 'ssh-ed25519-cert-v01@openssh.com', sha256: 'SHA256:abc' });
  });
});
