/** Each role of the pack that has one host is an option by its name, and no other word is. */
import { afterAll, describe, expect, it } from 'vitest';
import { pairflight, tidy } from './run.js';

afterAll(tidy);

const planOf = async (words: string[], files: Record<string, string> = {}) => pairflight(['plan', ...words], { files });
const own = (role: string) => ({
  'mine/pack.yaml': `name: mine\nversion: "1"\ntitle: Mine\nroles:\n  left: { title: L, count: "1" }\n  ${role}: { title: R, count: "1" }\npair: [left, ${role}]
phases: { verify: { title: now, stop: "keep off {left}" } }\nsections: [rules]\ndocuments: { manual: { title: Manual } }\nsettings: {}\nreleases: [{ name: "1", basis: documented }]\n`,
  'mine/sections/rules.yaml':
    'title: T\nsource: { doc: manual, section: S }\nrules:\n  - id: mine/a\n    title: A\n    phases: [verify]\n    severity: blocker\n    basis: documented\n    releases: "*"\n    requires: R.\n    facts: { boot: { probe: boot-id } }\n    expect: [{ same: boot.id }]\n    remedy: R.\n',
});

describe('a role of one host is an option', () => {
  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['of the default pack', ['--primary', 'a', '--secondary', 'b'], {}, /^Plan of Alation HA/],
    [
      'of the product that is named, after it',
      ['--product', 'postgresql', '--primary', 'a', '--standby', 'b'],
      {},
      /^Plan of PostgreSQL/,
    ],
    [
      'of the product that is named, before it',
      ['--standby=b', '--primary=a', '--product=postgresql'],
      {},
      /^Plan of Pos/,
    ],
    ["of one's own pack", ['--pack', 'mine', '--left', 'a', '--right', 'b'], own('right'), /^Plan of Mine/],
    ['beside --host', ['--primary', 'a', '--host', 'secondary=b'], {}, /^Plan of Alation HA/],
  ])('%s', async (_, words, files, says) => {
    expect(await planOf(words, files)).toMatchObject({ code: 0, stdout: expect.stringMatching(says), stderr: '' });
  });

  const postgresql = 'product: postgresql\nhosts: { primary: { address: 10.0.0.1 }, standby: { address: 10.0.0.2 } }\n';
  it.each<[string, string[], Record<string, string>, string, string]>([
    [
      'that the product does not have',
      ['--product', 'postgresql', '--primary', 'a', '--secondary', 'b'],
      {},
      '--secondary: PostgreSQL streaming replication has no role secondary; its roles are primary, standby',
      'pairflight plan --product postgresql --help',
    ],
    [
      'that has several hosts',
      ['--product', 'alien4cloud', '--instance', 'a'],
      {},
      '--instance: there may be several hosts of this role; right is --host instance=HOST',
      'pairflight plan --help',
    ],
    [
      "beside the inventory that names the role's product",
      ['pg.yaml', '--standby', 'b'],
      { 'pg.yaml': postgresql },
      'give either the inventory pg.yaml or --host options, not both',
      'pairflight plan --help',
    ],
    [
      'twice',
      ['--primary', 'a', '--primary', 'b'],
      {},
      '--primary is given 2 times; it takes one value',
      'pairflight plan --help',
    ],
    [
      'with a slip',
      ['--product', 'postgresql', '--standbi', 'b'],
      {},
      'unknown option "--standbi"; did you mean "--standby"?',
      'pairflight plan --product postgresql --standby b',
    ],
  ])('but not one %s', async (_, words, files, says, next) => {
    expect(await planOf(words, files)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: `pairflight: ${says}\n       try: ${next}\n`,
    });
  });

  it('stands in help and completion, by the product on the line', async () => {
    const help = async (...words: string[]) =>
      [...(await planOf([...words, '--help'])).stdout.matchAll(/--(\w+) +the same as --host/g)].map(([, role]) => role);
    expect(await help()).toEqual(['primary', 'secondary', 'test']);
    expect(await help('--product', 'postgresql')).toEqual(['primary', 'standby']);
    const words = ['--get-yargs-completions', 'pairflight', 'plan', '--product', 'postgresql', '--s'];
    expect((await pairflight(words)).stdout.split('\n')).toEqual(expect.arrayContaining(['--standby', '--set']));
  });
});

describe('a role may not be called', () => {
  it.each([
    ['skip', /pack\.yaml:6:3: --skip is an option already; give the role another name/],
    ['inventory', /pack\.yaml:6:3: --inventory is an option already/],
    ['evidence', /pack\.yaml:6:3: --evidence is an option already/],
  ])('%s', async (role, says) => {
    expect(await pairflight(['rules', 'list', '--pack', 'mine'], { files: own(role) })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(says),
    });
  });

  it('in a phase sentence what is no role', async () => {
    const files = own('right');
    const text = files['mine/pack.yaml'].replace('{left}', '{lft}');
    expect(
      await pairflight(['rules', 'list', '--pack', 'mine'], { files: { ...files, 'mine/pack.yaml': text } }),
    ).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/pack\.yaml:8:\d+: unknown role "lft"; did you mean "left"\?/),
    });
  });
});
