import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NamePseudonyms } from '../../../src/bundle/pseudonyms/names.js';

interface Known {
  hosts?: string[];
  users?: string[];
  kept?: string[];
  only?: 'hostnames' | 'users';
}

/** Replaces the names of a text. */
function hidden(text: string, { hosts = [], users = [], kept = [], only }: Known = {}): string {
  const names = new NamePseudonyms({ hostnames: only !== 'users', users: only !== 'hostnames' }, (name) =>
    kept.includes(name),
  );
  names.reserve([text, ...hosts, ...users].join('\n'));
  for (const host of hosts) names.host(host);
  for (const user of users) names.user(user);
  names.note(text);
  names.noteWhole(text);
  return names.replace(text);
}

describe('pseudonyms of names', () => {
  it.each<[string, Known, string, string]>([
    [
      'a host as a whole word',
      { hosts: ['db-a'] },
      'db-a db-ab DB-A /var/db-a.pid xdb-a',
      'host-1 db-ab host-1 /var/host-1.domain-1 xdb-a',
    ],
    [
      'its full name, and its domain',
      { hosts: ['db-a.corp.example'] },
      'db-a.corp.example db-a x.corp.example *.corp.example',
      'host-1.domain-1 host-1 host-2.domain-1 *.domain-1',
    ],
    ['a short name whose domain only the host tells', { hosts: ['db-a'] }, 'db-a.site.corp.example', 'host-1.domain-1'],
    ['two names of which one begins the other', { hosts: ['db', 'db-b'] }, 'db db-b db-b2', 'host-1 host-2 host-1-b2'],
    ['whom a prompt names', {}, '[ops@db-a ~]$ ls /home/ops', '[user-1@host-1 ~]$ ls /home/user-1'],
    [
      'who could not log in',
      {},
      'db-a port 2222 refused the login of ops: key',
      'host-1 port 2222 refused the login of user-1: key',
    ],
    [
      'who did not answer',
      {},
      'cannot connect to db-a: no route; db-b did not answer within 5 ms',
      'cannot connect to host-1: no route; host-2 did not answer within 5 ms',
    ],
    [
      'whom OpenSSH looked for',
      {},
      'ssh: Could not resolve hostname db-a: Name or service not known',
      'ssh: Could not resolve hostname host-1: Name or service not known',
    ],
    ['the host of a URL', {}, 'Location: https://app.corp.example/login', 'Location: https://host-1.domain-1/login'],
    ['a file server', {}, 'filer.corp.example:/vol /data nfs4 rw', 'host-1.domain-1:/vol /data nfs4 rw'],
    [
      'what a URL holds encoded',
      {},
      'Location: https://sso.corp.example/?next=https%3A%2F%2Fapp.corp.example%2Fx http:\\/\\/db-a\\/',
      'Location: https://host-1.domain-1/?next=https%3A%2F%2Fhost-2.domain-1%2Fx http:\\/\\/host-3\\/',
    ],
    [
      'behind an escape of JSON',
      { hosts: ['db-a.corp.example'] },
      '"a\\ndb-a\\tdb-a\\u003cdb-a\\u003e\\nnew.corp.example %2Fnew.corp.example"',
      '"a\\nhost-1\\thost-1\\u003chost-1\\u003e\\nhost-2.domain-1 %2Fhost-2.domain-1"',
    ],
    [
      'a file server of one word',
      {},
      '1 0 0:5 / /d rw - nfs4 nas:/vol rw\nold:/vol /e nfs rw 0 0\n//Filer/share /f cifs rw 0 0\nnas old filer',
      '1 0 0:5 / /d rw - nfs4 host-1:/vol rw\nhost-2:/vol /e nfs rw 0 0\n//host-3/share /f cifs rw 0 0\nhost-1 host-2 host-3',
    ],
    [
      'the host that a field of JSON names',
      {},
      '{"Node":"db-a","host_name": "db-b.corp.example"} "{\\"hostname\\":\\"db-c\\"}" {"server":"nginx","node":3}',
      '{"Node":"host-1","host_name": "host-2.domain-1"} "{\\"hostname\\":\\"host-3\\"}" {"server":"nginx","node":3}',
    ],
    [
      'a part of a name of a variable, which stays one',
      { users: ['ops'], hosts: ['acme'] },
      '$ACME_TOKEN PAIRFLIGHT_OPS_TOKEN OPS ops_OPS ACME-OPS a_ACME',
      '$HOST_1_TOKEN PAIRFLIGHT_USER_1_TOKEN user-1 user-1_user-1 host-1-user-1 a_host-1',
    ],
    ['hosts alone', { only: 'hostnames' }, 'ops@db-a', 'ops@host-1'],
    ['users alone', { only: 'users', hosts: ['db-a'] }, 'ops@db-a', 'user-1@db-a'],
    [
      'a person by the whole name',
      { users: ['Jane Doe <jane@corp.example>'] },
      'asked Jane Doe <jane@corp.example>, ok',
      'asked user-1, ok',
    ],
  ])('hide %s', (_, known, text, expected) => {
    expect(hidden(text, known)).toBe(expected);
  });

  it.each<[string, Known]>([
    ['root@localhost /home/postgres http://localhost:80/ postgres', {}],
    ['db on standby', { hosts: ['standby'], kept: ['standby'] }],
    ['host-1 user-7@host-1.domain-3', {}],
    ['10.0.0.1 fd00::1', { hosts: ['10.0.0.1', 'fd00::1'] }],
    ['pairflight-http 200', { users: ['pairflight'] }],
    ['http://localhost/ C:/ a@ @b -o Key=no', {}],
  ])('leave %s', (text, known) => {
    expect(hidden(text, known)).toBe(text);
  });

  it('tell two hosts apart whose names differ in case alone', () => {
    expect(hidden('Node node NODE', { hosts: ['Node', 'node'] })).toBe('host-1 host-2 host-1');
  });

  it('never are the name of a host that is called like one', () => {
    expect(hidden('host-1 db-a', { hosts: ['db-a', 'host-1'] })).toBe('host-1 host-2');
  });

  it('are not given to what is too long for a name, nor to more names than can be told apart in reasonable time', () => {
    const long = `ops@${'db-a.'.repeat(60)}example`;
    expect(hidden(long)).toBe(long.replace('ops', 'user-1'));
    const crowd = (count: number) => Array.from({ length: count }, (_, at) => `u${at}@h${at}`).join(' ');
    expect(hidden(crowd(1000))).toContain('user-1000@host-1000');
    expect(() => hidden(crowd(1001))).toThrow(/name more than 2000 hosts, domains and users/);
  });

  it('are as many as the names, hide each of them, and change nothing the second time', () => {
    const label = fc
      .stringMatching(/^[a-z][a-z0-9]{2,8}-[a-z0-9]{1,4}$/)
      .filter((one) => !/^(host|user|domain)-\d+$/.test(one));
    fc.assert(
      fc.property(
        fc.uniqueArray(label, { minLength: 1, maxLength: 8 }),
        fc.uniqueArray(label, { maxLength: 4 }),
        (hosts, domains) => {
          const full = domains.map((domain, at) => `${hosts[at % hosts.length]}.${domain}.example`);
          const all = [...hosts, ...full].filter((one) => !domains.includes(one));
          const text = all.join(' , ');
          const once = hidden(text, { hosts: all });
          const given = once.split(' , ');
          expect(new Set(given).size).toBe(all.length);
          for (const one of [...hosts, ...domains.map((domain) => `${domain}.example`)])
            expect(once.split(/[ ,]+/).flatMap((word) => [word, ...word.split('.')])).not.toContain(one);
          expect(hidden(once, { hosts: given })).toBe(once);
        },
      ),
    );
  });
});
