/** The documented filters, word for word: what infrastructure tools say becomes an inventory on standard input. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacking, programPath } from '../../needs.js';
import { type Ended, type Project, projectOf, recipe } from './project.js';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
/** Debian has no package of it: the program is asked where it is at hand, its capture everywhere. */
const hasTerraform = programPath('terraform') !== undefined;
const whyNoFilters = lacking('bash', 'jq');
const whyNoAnsible = lacking('bash', 'jq', 'ansible-inventory');
let state: string;

/** Neither configuration of its own, nor a question to its maker's servers. */
const alone = { TF_CLI_CONFIG_FILE: '/dev/null', CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' };

beforeAll(() => {
  state = mkdtempSync(join(tmpdir(), 'pairflight-terraform-'));
  if (!hasTerraform) return;
  cpSync(here('terraform'), state, { recursive: true });
  const run = (...words: string[]) =>
    execFileSync('terraform', words, { cwd: state, env: { ...process.env, ...alone }, stdio: 'pipe' });
  run('init', '-input=false');
  run('apply', '-input=false', '-auto-approve');
});
afterAll(() => rmSync(state, { recursive: true, force: true }));

/** The README's commands for this program; the login of the played pair in the place of the example's. */
function filter(program: string): string {
  const blocks = [...recipe('README.md').matchAll(/```sh\n([\s\S]*?)\n```/g)].map(([, lines = '']) => lines);
  const block = blocks.find((lines) => lines.includes(program));
  if (block === undefined) throw new Error(`no commands for ${program}`);
  return block.replace('"ops"', '"demo"');
}

/** A project from which the names of the captures lead to a played pair. */
async function namedProject(scenario: string): Promise<Project> {
  const project = await projectOf(scenario);
  const { pair, home } = project;
  const hosts = Object.entries({ 'db-a.example.com': 'primary', 'db-b.example.com': 'secondary' }).map(
    ([name, role]) => `Host ${name}\n  HostName 127.0.0.1\n  Port ${pair.hosts[role]?.port}\n`,
  );
  const common = `Host *\n  IdentityFile ${pair.identityFile}\n  UserKnownHostsFile ${pair.knownHosts}\n`;
  writeFileSync(join(project.checkout, 'ansible.jq'), recipe('ansible.jq'));
  writeFileSync(join(home, '.ssh', 'config'), `${hosts.join('')}${common}`);
  return project;
}

const bash = (project: Project, line: string, env: Record<string, string> = {}): Promise<Ended> =>
  project.run(['bash', '--noprofile', '--norc', '-c', line], env);

/** Where each tool's words come from: a program that repeats what was captured and, on machines that have it, the tool itself. */
const tools: [string, string, string, (project: Project) => Record<string, string>, string][] = [
  [
    'terraform',
    'a capture',
    whyNoFilters,
    (project) => captured(project, 'terraform', 'terraform-output-pair.out'),
    '',
  ],
  ...(hasTerraform
    ? [
        ['terraform', 'the program', whyNoFilters, () => alone, 'cd "$STATE" && '] as [
          string,
          string,
          string,
          () => typeof alone,
          string,
        ],
      ]
    : []),
  [
    'ansible-inventory',
    'a capture',
    whyNoFilters,
    (project) => captured(project, 'ansible-inventory', 'ansible-inventory.out'),
    '',
  ],
  ['ansible-inventory', 'the program', whyNoAnsible, () => ({ ANSIBLE_INVENTORY: here('ansible/hosts.ini') }), ''],
];

function captured(project: Project, program: string, capture: string): Record<string, string> {
  project.provide(program, `exec cat '${here(`captures/${capture}`)}'`);
  return {};
}

describe.each(tools)('%s, from %s', { timeout: 60_000 }, (program, _, why, prepare, before) => {
  it.skipIf(why).each([
    ['healthy', 0],
    ['default', 1],
  ])(`judges the pair that it names: %s ends with %i${why}`, async (scenario, code) => {
    const project = await namedProject(scenario);
    const env = { ...prepare(project), STATE: state };
    const line = filter(program).replace(/-$/, '- --report json=$OUT/r.json --evidence $OUT/e.json');
    const ended = await bash(project, before + line, { ...env, OUT: project.root });
    expect(ended.code, ended.log).toBe(code);
    const said = ['r.json', 'e.json'].map((name) => readFileSync(join(project.root, name), 'utf8'));
    const { hosts } = JSON.parse(said[0] ?? '');
    expect(hosts.map(({ address }: { address: string }) => address)).toEqual(['10.11.2.60', '10.11.2.61']);
    expect(said.join('') + ended.log).not.toContain('swordfish');
    expect(project.pair.logins).toEqual({ primary: 1, secondary: 1 });
  });
});

describe.skipIf(whyNoFilters)(`a tool that fails, or says something else${whyNoFilters}`, () => {
  const said = (text: string) => (project: Project, program: string) =>
    project.provide(program, `cat <<'END'\n${text}\nEND`);
  const rows: [string, string, (project: Project, program: string) => void, RegExp][] = [
    ['terraform', 'nothing', (project, program) => project.provide(program, 'exit 1'), /<stdin>: nothing came/],
    ['terraform', 'no JSON', said('Warning: No outputs found'), /<stdin>: nothing came/],
    ['terraform', 'one host', said('{"primary":{"private_ip":"10.0.0.1"}}'), /<stdin>:\d+:\d+: .*ssh\.host.*not null/],
    [
      'terraform',
      'other names',
      said('{"a":{"private_ip":"10.0.0.1","public_dns":"a"},"b":{"private_ip":"10.0.0.2","public_dns":"b"}}'),
      /<stdin>:4:5: unknown role "a"/,
    ],
    ['ansible-inventory', 'no such group', said('{"_meta":{"hostvars":{}},"all":{}}'), /<stdin>: nothing came/],
    [
      'ansible-inventory',
      'two hosts in a group',
      said(
        readFileSync(here('captures/ansible-inventory.out'), 'utf8').replace(
          '"hosts": [\n            "db-a"',
          '"hosts": ["web-1", "db-a"',
        ),
      ),
      /<stdin>:\d+:\d+: .*(address.*null|2 hosts have the role primary)/,
    ],
  ];

  it.each(rows)('%s with %s ends with 2', async (program, _, provide, message) => {
    const project = await namedProject('healthy');
    provide(project, program);
    const ended = await bash(project, filter(program));
    expect(ended).toMatchObject({ code: 2, log: expect.stringMatching(message) });
    expect(project.pair.logins).toEqual({ primary: 0, secondary: 0 });
  });
});

function tell(program: string, words: string[], cwd: string): string {
  return execFileSync(program, words, { cwd, env: { ...process.env, ...alone }, encoding: 'utf8' });
}

const sameToday = (said: string, capture: string) =>
  expect(JSON.parse(said)).toEqual(JSON.parse(readFileSync(here(`captures/${capture}`), 'utf8')));

if (hasTerraform) {
  it('the capture is what terraform says today', () => {
    sameToday(tell('terraform', ['output', '-json', 'pair'], state), 'terraform-output-pair.out');
  });
}

it.skipIf(whyNoAnsible)(`the capture is what ansible-inventory says today${whyNoAnsible}`, () => {
  const said = tell('ansible-inventory', ['-i', here('ansible/hosts.ini'), '--list'], state);
  sameToday(said, 'ansible-inventory.out');
});
