/** A user's mistakes: exit 2; one line says where and what, one which command to try, if one helps; never a stack trace. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pairflight, tidy } from './run.js';

afterAll(tidy);

const pair = 'hosts:\n  primary: { address: 10.0.0.1 }\n  secondary: { address: 10.0.0.2 }\n';
const two = ['--primary', 'a', '--secondary', 'b'];

const hosts = ['--host', 'primary=10.0.0.1', '--host', 'secondary=10.0.0.2'];

/** A path that can lead nowhere: where its folder would be there is a file. */
const BELOW = 'pairflight.yaml/below';
const HELP = 'preflight --help';
const FLEET_HELP = 'fleet verify --help';

/** Prints an inventory that is right. */
const RIGHT = 'pairflight init -o - --host primary=10.0.0.1 --host secondary=10.0.0.2';

const mistakes: [
  name: string,
  words: string[],
  inventory: string | undefined,
  says: RegExp,
  next: string | undefined,
][] = [
  ['no command', [], undefined, /which command\?/, 'pairflight --help'],
  ['an unknown command', ['preflght'], undefined, /preflight/, 'pairflight preflight'],
  ['an unknown flag', ['preflight', '--hots', 'x'], undefined, /hots/, 'pairflight preflight --host x'],
  ['an option without its value', ['preflight', '--report'], undefined, /report/i, 'pairflight preflight --help'],
  ['no inventory', ['preflight'], undefined, /there is no pairflight\.yaml here/, 'pairflight init'],
  [
    'an inventory that is not there',
    ['preflight', 'other.yaml'],
    undefined,
    /other\.yaml: there is no such file/,
    'pairflight init -o other.yaml',
  ],
  ['an inventory and hosts', ['preflight', 'pairflight.yaml', ...two], pair, /not both/, 'pairflight preflight --help'],
  [
    'unreadable YAML',
    ['preflight'],
    'hosts:\n  primary: { address: 10.0.0.1\n',
    /^pairflight: pairflight\.yaml:\d+:\d+: /,
    undefined,
  ],
  ['a key twice', ['preflight'], `${pair}hosts: {}\n`, /pairflight\.yaml:4:1: /, undefined],
  [
    'an unknown key',
    ['preflight'],
    'hosts:\n  primary: { adress: 10.0.0.1 }\n',
    /pairflight\.yaml:2:14: .*unknown key "adress"; did you mean "address"\?/,
    undefined,
  ],
  [
    'a wrong type',
    ['preflight'],
    'hosts:\n  primary: { address: 10 }\n',
    /pairflight\.yaml:2:\d+: .*must be string, not 10/,
    RIGHT,
  ],
  ['an empty inventory', ['preflight'], '', /pairflight\.yaml:1:1: .*must be object/, RIGHT],
  [
    'two primaries',
    ['preflight'],
    `${pair}  third: { role: primary, address: 10.0.0.3 }\n`,
    /pairflight\.yaml:4:3: 2 hosts have the role primary/,
    RIGHT,
  ],
  [
    'a missing host',
    ['preflight'],
    'hosts:\n  primary: { address: 10.0.0.1 }\n',
    /pairflight\.yaml:1:1: no host has the role secondary/,
    RIGHT,
  ],
  [
    'an unknown role',
    ['preflight'],
    pair.replace('secondary', 'standby'),
    /unknown role "standby"; known: primary, secondary/,
    RIGHT,
  ],
  [
    'an unknown setting',
    ['preflight'],
    `${pair}settings: { dataDsk: /x }\n`,
    /pairflight\.yaml:4:13: unknown setting "dataDsk"; did you mean "dataDisk"\?/,
    undefined,
  ],
  [
    'a setting of the wrong type',
    ['preflight'],
    `${pair}settings: { dataDisk: data }\n`,
    /setting dataDisk must be an absolute path/,
    RIGHT,
  ],
  [
    'a setting on the command line',
    ['preflight', ...two, '--set', 'dataDisk'],
    undefined,
    /--set dataDisk: right is key=value/,
    'pairflight preflight --help',
  ],
  [
    'a release that is none',
    ['preflight', ...two, '--release', 'newest'],
    undefined,
    /"newest" is not a release/,
    'pairflight preflight --help',
  ],
  [
    'an unknown product',
    ['preflight', ...two, '--product', 'oracle'],
    undefined,
    /no pack for the product "oracle"; there are: alation/,
    'pairflight rules list --product alation',
  ],
  [
    'a product in another spelling',
    ['preflight'],
    `${pair}product: Alation\n`,
    /^pairflight: pairflight\.yaml:4:1: no pack for the product "Alation"; did you mean "alation"\?$/m,
    undefined,
  ],
  [
    'a product that is none, in a file',
    ['preflight'],
    `${pair}product: oracle\n`,
    /pairflight\.yaml:4:1: no pack for the product "oracle"; there are: alation/,
    undefined,
  ],
  [
    'a key without a near one',
    ['preflight'],
    `${pair}colour: red\n`,
    /pairflight\.yaml:4:1: unknown key "colour"/,
    RIGHT,
  ],
  ['a second document', ['preflight'], `${pair}---\n${pair}`, /pairflight\.yaml:4:1: a second document/, undefined],
  [
    'a placeholder',
    ['preflight'],
    pair.replace('10.0.0.1', '"${PRIMARY_HOST}"'),
    /pairflight\.yaml:2:14: "\$\{PRIMARY_HOST\}" is a placeholder that was not filled in/,
    undefined,
  ],
  [
    'an unknown rule',
    ['preflight', ...two, '--only', 'alation/same-verson'],
    undefined,
    /--only alation\/same-verson: no rule has such an id/,
    'pairflight preflight --primary a --secondary b --only alation/same-version',
  ],
  [
    'no rule selected',
    ['preflight', ...two, '--skip', '*'],
    undefined,
    /no rule of phase preflight is selected/,
    'pairflight rules list --phase preflight',
  ],
  [
    'an unknown phase',
    ['check', ...two, '--phase', 'postflight'],
    undefined,
    /unknown phase "postflight"/,
    'pairflight plan --phase preflight',
  ],
  [
    'an unknown format',
    ['preflight', ...two, '--report', 'jnuit'],
    undefined,
    /unknown format "jnuit"; did you mean "junit"\?/,
    'pairflight preflight --primary a --secondary b --report junit',
  ],
  [
    'two formats on stdout',
    ['preflight', ...two, '--report', 'json', '--report', 'junit'],
    undefined,
    /only one format can go to stdout/,
    'pairflight preflight --help',
  ],
  [
    'two reports in one file',
    ['preflight', ...two, '--report', 'json=x', '--report', 'junit=x'],
    undefined,
    /junit=x: is the same file as --report json=x/,
    'pairflight preflight --help',
  ],
  [
    'a report that cannot be written',
    ['preflight', ...two, '--report', 'json=no/such/folder/x'],
    undefined,
    /no\/such\/folder\/x: cannot be written/,
    'mkdir -p no/such/folder',
  ],
  [
    'evidence that cannot be written',
    ['preflight', ...two, '--evidence', '/proc/x'],
    undefined,
    /\/proc\/x: cannot be written/,
    'pairflight preflight --help',
  ],
  [
    'a bad host',
    ['preflight', '--host', 'primary', '--secondary', 'b'],
    undefined,
    /--host primary: right is ROLE=/,
    'pairflight preflight --help',
  ],
  [
    'a role twice',
    ['preflight', ...two, '--host', 'primary=c'],
    undefined,
    /--host: 2 hosts have the role primary/,
    'pairflight preflight --help',
  ],
  [
    'an IPv6 address in brackets',
    ['preflight'],
    pair.replace('10.0.0.2', '"[2001:db8::2]"'),
    /^pairflight: pairflight\.yaml:3:16: hosts\.secondary\.address: "\[2001:db8::2\]" is an IPv6 address in brackets; the hosts of a pair reach each other by IPv4: right is for example 10\.0\.0\.1$/m,
    undefined,
  ],
  [
    'an IPv6 address in brackets, which YAML takes for a list',
    ['preflight'],
    pair.replace('10.0.0.2', '[2001:db8::2]'),
    /^pairflight: pairflight\.yaml:3:16: hosts\.secondary\.address: "\[2001:db8::2\]" is an IPv6 address in brackets/,
    undefined,
  ],
  [
    'an IPv6 host of SSH in brackets',
    ['preflight'],
    pair.replace('10.0.0.2', '10.0.0.2, ssh: { host: "[2001:db8::3]" }'),
    /^pairflight: pairflight\.yaml:3:\d+: "\[2001:db8::3\]" is an IPv6 address in brackets; right is 2001:db8::3$/m,
    undefined,
  ],
  [
    'an IPv6 host as an option',
    ['preflight', '--primary', 'a', '--secondary', '[2001:db8::3]:22'],
    undefined,
    /--host secondary=\[2001:db8::3\]:22: right is .*; IPv6 stands in an inventory, for example ssh: \{ host: 2001:db8::1 \}$/m,
    'pairflight preflight --help',
  ],
  [
    'an address that is an option',
    ['preflight'],
    pair.replace('10.0.0.2', '"-oProxyCommand=x"'),
    /is not an address, for example "10\.0\.0\.1"/,
    undefined,
  ],
  [
    'a password variable that is not set',
    ['preflight', ...two, '--sudo-password-env', 'NOT_SET'],
    undefined,
    /there is no such variable/,
    'read -rs NOT_SET && export NOT_SET',
  ],
  [
    'a time limit that is none',
    ['preflight', ...two, '--timeout', '0'],
    undefined,
    /--timeout: must be between/,
    'pairflight preflight --help',
  ],
  [
    'a wait that is no duration',
    ['verify', ...two, '--wait', '6 hours'],
    undefined,
    /--wait 6 hours: is not a duration; right is for example 90s, 30m, 6h, 2d or 1h30m/,
    'pairflight verify --help',
  ],
  [
    'a wait of nothing',
    ['verify', ...two, '--wait', '0'],
    undefined,
    /--wait 0: must be more than nothing and at most 7d/,
    'pairflight verify --help',
  ],
  [
    'a wait of weeks',
    ['check', '--phase', 'preflight', ...two, '--wait', '8d'],
    undefined,
    /--wait 8d: must be .* at most 7d/,
    'pairflight check --help',
  ],
  ['a wait without its value', ['verify', ...two, '--wait'], undefined, /wait/, 'pairflight verify --help'],
  [
    'a wait for one round',
    ['verify', ...two, '--wait', '30s'],
    undefined,
    /--wait 30s: ends before the second round.*--every 10s/,
    'pairflight verify --help',
  ],
  [
    'an interval without a wait',
    ['verify', ...two, '--every', '30s'],
    undefined,
    /--every needs --wait/,
    'pairflight verify --help',
  ],
  [
    'a wait for a preflight',
    ['preflight', ...two, '--wait', '6h'],
    undefined,
    /unknown option "--wait"/,
    'pairflight preflight --help',
  ],
  [
    'a baseline that is not there',
    ['preflight', ...two, '--baseline', 'before.json'],
    undefined,
    /before\.json: there is no such file/,
    'pairflight collect -o evidence.json',
  ],
  [
    'a baseline that is none',
    ['collect', '-o', 'e.json', '--baseline', 'pairflight.yaml'],
    pair,
    /pairflight\.yaml: is not JSON/,
    'pairflight collect -o evidence.json',
  ],
  [
    'a guard that is waived',
    ['preflight'],
    `${pair}waivers: [{ rule: alation/two-machines, reason: r, owner: o, until: "2030-01-01" }]\n`,
    /is a guard and cannot be waived/,
    undefined,
  ],
  [
    'a waiver of no rule',
    ['preflight'],
    `${pair}waivers: [{ rule: alation/x, reason: r, owner: o, until: "2030-01-01" }]\n`,
    /pairflight\.yaml:4:13: unknown rule "alation\/x"/,
    'pairflight rules list',
  ],
  [
    'a waiver without an end',
    ['preflight'],
    `${pair}waivers: [{ rule: alation/same-kernel, reason: r, owner: o }]\n`,
    /the key "until" is missing/,
    RIGHT,
  ],
  [
    'evidence that is none',
    ['evaluate', 'pairflight.yaml'],
    pair,
    /is not JSON/,
    'pairflight collect -o evidence.json',
  ],
  [
    'evidence of another form',
    ['evaluate', 'pairflight.yaml'],
    '{}',
    /is not pairflight evidence/,
    'pairflight collect -o evidence.json',
  ],
  [
    'a rule to show that is none',
    ['rules', 'show', 'same-verson'],
    undefined,
    /no rule has the id "same-verson"/,
    'pairflight rules show same-version',
  ],
  ['a schema that is none', ['schema', 'reprt'], undefined, /did you mean "report"\?/, 'pairflight schema report'],
  [
    'a command of a group',
    ['fleet', 'verfy', 'f'],
    undefined,
    /unknown command "verfy"; did you mean "verify"\?$/m,
    'pairflight fleet verify f',
  ],
  [
    'pages of pairs that nobody keeps',
    ['demo', 'fleet', '1', '--report', 'html=index.html'],
    undefined,
    /^pairflight: --report html: the page of a fleet leads to those of its pairs/,
    'pairflight demo fleet 12 --out results --report html=results/index.html',
  ],
  [
    'a command behind an option',
    ['fleet', '--out', 'x', 'verfy', 'f'],
    undefined,
    /unknown command "verfy"/,
    'pairflight fleet --out x verify f',
  ],
  ['the version as a command', ['version'], undefined, /unknown command "version"/, 'pairflight --version'],
  [
    'evidence as an inventory',
    ['preflight'],
    '{"schema":"pairflight/evidence/2"}',
    /^pairflight: pairflight\.yaml: is evidence, not an inventory$/m,
    'pairflight evaluate pairflight.yaml',
  ],
  [
    'a report as an inventory',
    ['bundle'],
    '{\n  "schema": "pairflight/report/1"',
    /^pairflight: pairflight\.yaml: is a report, not an inventory$/m,
    'pairflight report pairflight.yaml',
  ],
  [
    'what a shard says of itself as a fleet',
    ['fleet', 'plan', 'pairflight.yaml'],
    '{"schema":"pairflight/shard/1"}',
    /^pairflight: pairflight\.yaml: is what a run has saved \(pairflight\/shard\/1\), not a fleet$/m,
    'pairflight fleet plan --help',
  ],
  ['a scenario that is none', ['demo', 'helthy'], undefined, /healthy/, 'pairflight demo healthy'],
  [
    'a shell that nothing is made for',
    ['completion', 'tcsh'],
    undefined,
    /completion takes bash or zsh, or nothing/,
    'pairflight completion bash',
  ],
  [
    'evidence that is a folder',
    ['evaluate', '.'],
    undefined,
    /^pairflight: \.: is a folder, not a file$/m,
    'pairflight collect -o evidence.json',
  ],
  [
    'an inventory that is a folder',
    ['preflight', '.'],
    undefined,
    /^pairflight: \.: is a folder, not a file$/m,
    undefined,
  ],
  [
    'plans of a fleet below a file',
    ['fleet', 'plan', '.', '--ssh-config', 'none', '--out', 'pairflight.yaml'],
    pair,
    /cannot be written: pairflight\.yaml is not a folder$/m,
    'pairflight fleet plan --help',
  ],
  [
    'ways of a fleet below a file',
    ['fleet', 'reach', '.', '--ssh-config', 'none', '--out', 'pairflight.yaml'],
    pair,
    /cannot be written: pairflight\.yaml is not a folder$/m,
    'pairflight fleet reach --help',
  ],
  [
    'a shard that is a file',
    ['fleet', 'merge', 'pairflight.yaml'],
    pair,
    /pairflight\.yaml: is a file, not a folder: /,
    'pairflight fleet merge --help',
  ],
  [
    'a played fleet below a file',
    ['demo', 'fleet', '1', '--serve', 'pairflight.yaml'],
    pair,
    /pairflight\.yaml: cannot be written: pairflight\.yaml is not a folder$/m,
    'pairflight demo --help',
  ],
  ...(
    [
      ['an inventory', ['preflight', BELOW], /: there is no such file: a file is in the place of its folder$/m],
      [
        'an inventory that is to be written',
        ['init', '-o', BELOW, ...hosts],
        /is a file, not a folder$/m,
        'init --help',
      ],
      ['a fleet', ['fleet', 'plan', BELOW], /there is no such file: a file is in the place/, 'fleet plan --help'],
      [
        'a run of a fleet',
        ['fleet', 'verify', BELOW, '--out', 'out'],
        /there is no such file: a file is in/,
        FLEET_HELP,
      ],
      [
        'its folder',
        ['fleet', 'verify', '.', '--out', BELOW],
        /cannot be written: pairflight\.yaml is not a folder$/m,
        FLEET_HELP,
      ],
      ['evidence', ['evaluate', BELOW], /there is no such file: a file is in/, 'collect -o evidence.json'],
      ['a report', ['report', BELOW], /there is no such file: a file is in/, 'preflight --report json=run.json'],
      ['what is compared', ['diff', BELOW, BELOW], /there is no such file: a file is in/, 'collect -o evidence.json'],
      ['rendered files', ['preflight', '--declared-file', `primary:/etc/x=${BELOW}`], /no such file: a file is/, HELP],
      ["Ansible's facts", ['preflight', '--declared', `ansible=${BELOW}`], /yaml\/below: is no folder$/m, HELP],
      [
        'a key',
        ['preflight', '--ssh-config', 'none', '--identity', BELOW],
        /^pairflight: --identity pairflight\.yaml\/below: there is no such file: a file is in/m,
        HELP,
      ],
      [
        'a known_hosts file',
        ['preflight', '--ssh-config', 'none', '--accept-new-host-keys', '--known-hosts', BELOW],
        /its folder cannot be made: pairflight\.yaml is not a folder$/m,
        HELP,
      ],
      [
        'a report that is to be written',
        ['preflight', '--report', `json=${BELOW}`],
        /^pairflight: pairflight\.yaml\/below: cannot be written: not a directory$/m,
        HELP,
      ],
      [
        'metrics',
        ['preflight', '--report', `prometheus=${BELOW}`],
        /^pairflight: pairflight\.yaml\/below: cannot be written: not a directory$/m,
        HELP,
      ],
      [
        'evidence that is to be written',
        ['collect', '-o', BELOW],
        /yaml\/below: cannot be written: not a directory$/m,
        'collect --help',
      ],
      ['a pack', ['rules', 'list', '--pack', BELOW], /below: has no pack\.yaml/, 'schema pack'],
    ] satisfies [string, string[], RegExp, string?][]
  ).map(([name, words, says, next]): (typeof mistakes)[number] => [
    `below a file: ${name}`,
    words,
    pair,
    says,
    next === undefined ? undefined : `pairflight ${next}`,
  ]),
  [
    'a folder that metrics are to be written to',
    ['preflight', '--report', 'prometheus=.'],
    pair,
    /^pairflight: \.: cannot be written: is a folder$/m,
    'pairflight preflight --help',
  ],
  [
    'a folder that an inventory is to be written to',
    ['init', '-o', '.', '--force', ...hosts],
    undefined,
    /^pairflight: \.: is a folder, not a file$/m,
    'pairflight init --help',
  ],
  ['a pack that is none', ['rules', 'list', '--pack', '.'], undefined, /has no pack\.yaml/, 'pairflight schema pack'],
];

describe('a mistake', () => {
  it.each(mistakes)('%s', async (_, words, inventory, says, next) => {
    const { code, stdout, stderr } = await pairflight(
      words,
      inventory === undefined ? {} : { files: { 'pairflight.yaml': inventory } },
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
    const [what, ...more] = stderr.trimEnd().split('\n');
    expect(what).toMatch(/^pairflight: /);
    expect(more).toEqual(next === undefined ? [] : [`       try: ${next}`]);
  });
});

it.each([[['demo']], [['demo', 'fleet', '1']]])(
  'a machine without a place for temporary folders: %j',
  async (words) => {
    const { code, stderr } = await pairflight(words, { env: { TMPDIR: '/none/there' } });
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^pairflight: \/none\/there: no temporary folder .*TMPDIR/),
    ]);
  },
);

it("a played fleet leaves somebody's own files as they are", async () => {
  const files = { id_ed25519: 'somebody\u2019s key' };
  const { code, stderr, folder } = await pairflight(['demo', 'fleet', '1', '--serve', '.'], { files });
  expect(stderr).toMatch(/^pairflight: \.: holds files of the names .*, and they stay; name an empty folder$/m);
  expect([code, readFileSync(join(folder, 'id_ed25519'), 'utf8')]).toEqual([2, files.id_ed25519]);
});

describe("a pack of one's own", () => {
  const packYaml = `name: mine\nversion: "1"\ntitle: Mine\nroles: { primary: { title: P, count: "1" }, secondary: { title: S, count: "1" } }\npair: [primary, secondary]
phases: { preflight: { title: before } }\nsections: [rules]\ndocuments: { manual: { title: Manual } }\nsettings: {}\nreleases: [{ name: "1", basis: documented }]\n`;
  const rule = (expect: string, facts = 'boot: { probe: boot-id }') =>
    `title: T\nsource: { doc: manual, section: S }\nrules:\n  - id: mine/a\n    title: A\n    phases: [preflight]\n    severity: blocker\n    basis: documented\n    releases: "*"\n    requires: R.\n    facts: { ${facts} }\n    expect:\n      - ${expect}\n    remedy: R.\n`;
  const rows: [string, string, string, RegExp][] = [
    [
      'a misspelt word',
      packYaml,
      rule('{ evry: boot.id, equals: x }'),
      /\d+:\d+: unknown word "evry"; did you mean "every"\?; right is \{/,
    ],
    ['two quantifiers', packYaml, rule('{ every: boot.id, any: boot.id, equals: x }'), /needs exactly one quantifier/],
    ['no matcher', packYaml, rule('{ every: boot.id }'), /needs exactly one matcher/],
    ['a matcher with same', packYaml, rule('{ same: boot.id, equals: x }'), /"same" takes no matcher/],
    [
      'a property that the probe does not give',
      packYaml,
      rule('{ every: boot.uuid, equals: x }'),
      /the fact "boot" has no "uuid"; did you mean|known: id/,
    ],
    [
      'an unknown probe',
      packYaml,
      rule('{ every: boot.id, equals: x }', 'boot: { probe: bootid }'),
      /unknown probe "bootid"; did you mean "boot-id"\?/,
    ],
    [
      'a fact that nobody uses',
      packYaml,
      rule('{ every: boot.id, equals: x }', 'boot: { probe: boot-id }, cpu: { probe: cpu }'),
      /the fact "cpu" is not used/,
    ],
    ['an unknown setting', packYaml, rule('{ every: boot.id, equals: "${nothing}" }'), /unknown setting "nothing"/],
    [
      'an unquoted release',
      packYaml,
      rule('{ every: boot.id, equals: x }').replace('"*"', '4.10'),
      /must be string, not 4\.1, for example ">=4\.8"/,
    ],
    [
      'a shell as a command',
      `${packYaml}commands: { x: { title: X, argv: [sh, -c, "echo"], as: login, parse: { text: {} } } }\n`,
      rule('{ same: boot.id }'),
      /"sh" runs whatever it is told/,
    ],
    [
      'a forbidden word',
      `${packYaml}never: [do_it]\ncommands: { x: { title: X, argv: [tool, do_it], as: login, parse: { text: {} } } }\n`,
      rule('{ same: boot.id }'),
      /"do_it" holds a word that must never occur/,
    ],
    [
      'a rule file that no section names',
      packYaml.replace('[rules]', '[others]'),
      rule('{ same: boot.id }'),
      /there is no sections\/others\.yaml/,
    ],
  ];
  it.each(rows)('with %s is refused', async (_, pack, rules, says) => {
    const { code, stderr, stdout } = await pairflight(['rules', 'list', '--pack', '.'], {
      files: { 'pack.yaml': pack, 'sections/rules.yaml': rules },
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/(pack|rules)\.yaml:\d+:\d+: /);
  });

  it('that is right is taken', async () => {
    const { code, stdout } = await pairflight(['rules', 'list', '--pack', '.'], {
      files: { 'pack.yaml': packYaml, 'sections/rules.yaml': rule('{ same: boot.id }') },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^mine\/a /) });
  });
});

describe('the command to try', () => {
  it('has the word that was meant in the place of a near miss, and the rest as it was', async () => {
    const { stderr } = await pairflight(['demo', 'helthy', '--report', 'json=a b.json', '--fail-on=advice']);
    expect(stderr).toContain("try: pairflight demo healthy --report 'json=a b.json' --fail-on=advice\n");
  });

  it('is the other command where a file is of another kind', async () => {
    const { folder } = await pairflight(['demo', 'healthy', '--evidence', 'e.json', '--report', 'json=r.json']);
    const [evidence, report] = ['e.json', 'r.json'].map((name) => `${folder}/${name}`);
    expect((await pairflight(['evaluate', report ?? ''])).stderr).toMatch(
      `is a report, not evidence\n       try: pairflight report ${report}\n`,
    );
    expect((await pairflight(['report', evidence ?? ''])).stderr).toMatch(
      `is evidence, not a report\n       try: pairflight evaluate ${evidence}\n`,
    );
  });

  it('is no way for a name to steer the terminal', async () => {
    const { stderr } = await pairflight(['evaluate', 'no\u001b[2Jne\n.json']);
    expect(stderr).toContain('no\\x1b[2Jne\\n.json: there is no such file\n');
  });

  it('shows an inventory that is right', async () => {
    const { code, stdout } = await pairflight(RIGHT.split(' ').slice(1));
    expect(code).toBe(0);
    expect(await pairflight(['plan', '-'], { stdin: stdout })).toMatchObject({ code: 0, stderr: '' });
  });
});
