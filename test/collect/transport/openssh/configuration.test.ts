/** What `ssh -G` of a real client says, and the way that is taken for it. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Configuration,
  choose,
  hostOf,
  loginOf,
  parseConfiguration,
} from '../../../../src/collect/transport/openssh/configuration.js';

/** The whole output of `ssh -G db-a` by OpenSSH 9.2, with one configuration each. */
const recorded = (name: string) =>
  parseConfiguration(readFileSync(new URL(`ssh-G-9.2/${name}.txt`, import.meta.url), 'utf8'));
const plain = recorded('plain');
const wayOf = (name: string, exists = (_file: string) => true) => choose({ configured: recorded(name), plain }, exists);

describe('a configuration', () => {
  it('is kept word for word, each directive with all its values', () => {
    expect(recorded('command').get('proxycommand')).toEqual([`sh -c '{"portNumber":["%p"]}' # %h`]);
    expect(recorded('files').get('identityfile')).toEqual(['/keys/a', '/keys/b']);
    expect(plain.get('identityfile')?.[0]).toBe('~/.ssh/id_rsa');
    expect([...plain.keys()]).toHaveLength(79);
  });

  it('says where a name leads', () => {
    expect(loginOf(recorded('address'))).toEqual({ hostname: 'db-a.corp.example', port: 2222, user: 'svc' });
    expect(loginOf(recorded('alias'))).toEqual({ hostname: 'db-a', port: 22, user: 'ops', keyAlias: 'db' });
    expect(hostOf(loginOf(recorded('address')))).toBe('db-a.corp.example port 2222');
  });
});

describe('choose', () => {
  it.each(['plain', 'address', 'files'])('takes ssh2 for %s', (name) => {
    expect(wayOf(name)).toEqual({
      transport: 'ssh2',
      why: 'the SSH configuration says no more than where the host is',
    });
  });

  it.each([
    ['files-unexpanded', 'identityfile, userknownhostsfile'],
    ['no-identity', 'identityfile'],
    ['jump', 'proxyjump'],
    ['command', 'proxycommand'],
    ['revoked', 'revokedhostkeys'],
    ['certificate', 'certificatefile'],
    ['alias', 'hostkeyalias'],
    ['algorithms', 'kexalgorithms'],
    ['lenient', 'stricthostkeychecking'],
    ['debian', 'gssapiauthentication, hashknownhosts, sendenv'],
  ])('takes openssh for %s, and says why', (name, why) => {
    expect(wayOf(name)).toEqual({ transport: 'openssh', why: `the SSH configuration sets ${why}` });
  });

  it('takes openssh where a file that is named is not there', () => {
    expect(wayOf('files', (file) => file !== '/known/two').why).toBe('the SSH configuration sets userknownhostsfile');
    expect(wayOf('files', (file) => !file.startsWith('/keys')).why).toBe('the SSH configuration sets identityfile');
  });

  const followed = ['host', 'hostname', 'port', 'user', 'updatehostkeys'];
  const files = ['identityfile', 'userknownhostsfile', 'globalknownhostsfile'];
  const changed = (name: string, values: string[] | undefined): Configuration => {
    const copy = new Map(plain);
    if (values) copy.set(name, values);
    else copy.delete(name);
    return copy;
  };

  it('takes openssh for every other directive that is changed, new or gone', () => {
    const names = fc.oneof(fc.constantFrom(...plain.keys()), fc.stringMatching(/^[a-z]{1,20}$/));
    fc.assert(
      fc.property(names, fc.option(fc.string({ minLength: 1 }), { nil: undefined }), (name, value) => {
        fc.pre(!followed.includes(name) && !files.includes(name) && (plain.has(name) || value !== undefined));
        fc.pre(value !== plain.get(name)?.[0]);
        const meaning = { configured: changed(name, value === undefined ? undefined : [value]), plain };
        expect(choose(meaning, () => true)).toEqual({
          transport: 'openssh',
          why: `the SSH configuration sets ${name}`,
        });
      }),
    );
  });

  it('never takes a path that may stand for another one', () => {
    const part = fc.constantFrom('~', '%d', '%h', '%', '$', `\${HOME}`, '"', "'", '\\', '#', 'a', '.ssh', 'none');
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(part, { minLength: 1, maxLength: 4 }), (name, parts) => {
        const path = parts.join('/');
        const meaning = { configured: changed(name, [path]), plain };
        const literal = /^\/[^~%$"'\\]*$/.test(path);
        expect(choose(meaning, () => true).transport).toBe(literal ? 'ssh2' : 'openssh');
      }),
    );
  });
});
