/** What the unit tests stand on: small packs written for one test, facts stated by hand, and healthy hosts that answer from a table. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect } from '../src/collect/collector.js';
import type { Transport } from '../src/collect/transport/transport.js';
import type {
  Connection,
  Evidence,
  EvidenceInventory,
  ExecAsk,
  Finding,
  Host,
  Output,
  Step,
} from '../src/core/model.js';
import { makeEvidence } from '../src/evidence/evidence.js';
import type { FactSource, ReleaseSource } from '../src/evidence/facts.js';
import type { Reading } from '../src/evidence/read-answer.js';
import { evaluate } from '../src/judge/evaluate.js';
import { loadPack, packDir } from '../src/pack/load.js';
import type { Pack } from '../src/pack/pack.js';
import type { Release } from '../src/pack/releases.js';
import { makeScope, type Scope } from '../src/plan/scope.js';
import { definitionOf, planSteps } from '../src/plan/steps.js';
import { pathIn } from '../src/probes/files/followed-path.js';

/** The pack that pairflight brings. */
export const brought: Pack = loadPack(packDir('alation'));

/** When the runs of these tests took place. */
export const TAKEN = new Date('2026-11-21T04:41:00.000Z');

const packText = `
name: twin
version: "1"
title: Twin
roles: { left: { title: Left, count: "1" }, right: { title: Right, count: "1" }, third: { title: Third, count: 0..1 } }
pair: [left, right]
phases: { preflight: { title: before }, verify: { title: after } }
documents: { page: { title: The Page, url: https://example.org/page } }
sections: [rules]
settings:
  base: { title: b, type: path, basis: documented, by_release: [{ releases: "<2.0", value: /old }, { releases: ">=2.0", value: /new }] }
  disk: { title: d, type: path, basis: documented, default: /disk }
  limit: { title: l, type: number, basis: inferred, default: 10 }
releases:
  - { name: "1.0", build: "1.0", basis: documented }
  - { name: "1.5", build: "1.5", basis: documented }
  - { name: "2.0", build: "2.0", basis: documented }
`;

/** The beginning of a rule file; rules of the test follow. */
export const rulesHead = 'title: Section\nsource: { doc: page, section: Section }\nrules:\n';

/** One rule in YAML; what the test is not about has a sensible value. */
export function ruleText(id: string, expect: string[], over: Record<string, string> = {}): string {
  const parts: Record<string, string> = {
    title: 'A rule',
    phases: '[preflight]',
    severity: 'blocker',
    basis: 'documented',
    releases: '"*"',
    requires: 'Something.',
    facts: '{ kernel: { probe: kernel } }',
    remedy: 'Mend it.',
    ...over,
  };
  const lines = Object.entries(parts).map(([key, value]) => `    ${key}: ${value}`);
  return [`  - id: twin/${id}`, ...lines, '    expect:', ...expect.map((one) => `      - ${one}`), ''].join('\n');
}

/** Loads a pack of these rules from a folder of its own; `more` is added to its pack.yaml. */
export function packOf(rules: string, more = '', files: Record<string, string> = {}): Pack {
  const dir = mkdtempSync(join(tmpdir(), 'pairflight-pack-'));
  try {
    writeFileSync(join(dir, 'pack.yaml'), replaceKeys(packText, more));
    mkdirSync(join(dir, 'sections'));
    writeFileSync(join(dir, 'sections/rules.yaml'), `${rulesHead}${rules}`);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
    return loadPack(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Top-level keys of `more` replace those of the text. */
function replaceKeys(text: string, more: string): string {
  const keys = [...more.matchAll(/^(\w+):/gm)].map((match) => match[1]);
  const blocks = text.split(/\n(?=\w)/).filter((block) => !keys.includes(block.trim().split(':')[0]));
  return `${blocks.join('\n')}\n${more}\n`;
}

/** An inventory of a left and a right host (or of the hosts named in `hosts`). */
export function inventoryOf(pack: Pack, over: Partial<EvidenceInventory> = {}): EvidenceInventory {
  const hosts = pack.pair.map((role, index) => ({
    name: role,
    role,
    address: `10.0.0.${index + 1}`,
    connection: 'ssh' as const,
    settings: {},
  }));
  return { product: pack.name, hosts, settings: {}, ports: [], waivers: [], attest: [], ...over };
}

/** What the tests vary of a run. */
export interface RunOver {
  phases?: string[];
  only?: string[];
  skip?: string[];
  release?: string;
  inventory?: Partial<EvidenceInventory>;
}

/** The scope of a run. */
export function scopeOf(
  pack: Pack,
  { phases = ['preflight'], only = [], skip = [], release, inventory }: RunOver = {},
): Scope {
  const run = { phases, selection: { only, skip }, ...(release === undefined ? {} : { release }) };
  return makeScope(pack, run, inventoryOf(pack, inventory));
}

/** Facts as a test states them: by host, or by `from->to`; a text that begins with `!` is the reason why there is none. */
export type Stated = Record<string, Record<string, unknown>>;

/** Facts stated by hand, and builds by host. */
export class StatedFacts implements FactSource, ReleaseSource {
  constructor(
    private readonly scope: Scope,
    private readonly facts: Stated,
    private readonly builds: Record<string, string> = {},
  ) {}

  define(rule: Parameters<FactSource['define']>[0], name: string) {
    return definitionOf(this.scope, rule, name);
  }

  hostsOf(role: string) {
    return this.scope.hosts.filter((host) => host.role === role);
  }

  times(): string[] {
    return [];
  }

  stated(...[, name, subject]: Parameters<FactSource['stated']>): Reading | undefined {
    const where =
      subject.kind === 'host' ? subject.host : subject.kind === 'pair' ? `${subject.from}->${subject.to}` : '';
    const value = this.facts[where]?.[name];
    const steps = [`${where}/${name}`];
    if (typeof value === 'string' && value.startsWith('!')) {
      const [reason = '', at] = value.slice(1).split('@');
      return {
        unread: { reason, host: where, ...(at === 'host' || at === 'context' ? { at, problem: 'denied' } : {}) },
        steps,
      };
    }
    return value === undefined ? undefined : { value, steps };
  }

  buildOf(host: string): { text: string; release: Release } | undefined {
    const text = this.builds[host];
    const release = text === undefined ? undefined : this.scope.pack.releases.parse(text);
    return text === undefined || release === undefined ? undefined : { text, release };
  }
}

/** The findings of a scope on stated facts. */
export function judged(scope: Scope, facts: Stated, builds: Record<string, string> = {}): Finding[] {
  return evaluate(scope, new StatedFacts(scope, facts, builds), TAKEN.toISOString());
}

/** Verdicts by finding's key. */
export function verdicts(findings: readonly Finding[]): Record<string, string> {
  return Object.fromEntries(findings.map((finding) => [finding.key, finding.verdict]));
}

/** An output of a command that ended well. */
export function said(stdout: string, over: Partial<Output> = {}): Output {
  return { exit: 0, stdout, stderr: '', startedAt: TAKEN.toISOString(), durationMs: 1, ...over };
}

/** A host of the inventory as a transport sees it. */
export function hostOf(name: string, address: string): Host {
  return { name, role: name, address, connection: 'ssh', ssh: {}, settings: {} };
}

/** What a host answers; undefined leaves it to the healthy host. */
export type Answer = (host: string, ask: ExecAsk) => Output | undefined;

/** A transport that answers from a table and keeps what it was asked. */
export class TableTransport implements Transport {
  readonly asked: ExecAsk[] = [];
  closed = 0;
  readonly connection: Connection;

  constructor(
    private readonly host: string,
    private readonly answer: (host: string, ask: ExecAsk) => Output,
    over: Partial<Connection> = {},
  ) {
    const hostKey = { type: 'ssh-ed25519', sha256: `key-of-${host}` };
    this.connection = { host, kind: 'ssh', hostKey, logins: 1, shells: 2, bytes: 100, ...over };
  }

  run(ask: ExecAsk): Promise<Output> {
    this.asked.push(ask);
    return Promise.resolve(this.answer(this.host, ask));
  }

  close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }
}

const ids: Record<string, string> = { primary: 'a', secondary: 'b' };

/** The files of a healthy host; `5.9.3` is the build unless a test says otherwise. */
function fileOf(host: string, path: string): string | undefined {
  const id = ids[host] ?? 'c';
  const address = host === 'primary' ? '10.0.0.1' : '10.0.0.2';
  const last = address.at(-1);
  const files: Record<string, string> = {
    '/proc/sys/kernel/random/boot_id': `${id.repeat(8)}-0000-4000-8000-000000000000\n`,
    '/etc/machine-id': `${id.repeat(32)}\n`,
    '/etc/os-release': 'ID=rocky\nVERSION_ID="9.4"\nPRETTY_NAME="Rocky 9.4"\n',
    '/proc/stat': 'cpu  1 2\ncpu0 1 2\ncpu1 1 2\nbtime 1700000000\n',
    '/proc/meminfo': 'MemTotal:       65536000 kB\n',
    '/proc/net/fib_trie': `Local:\n     |-- ${address}\n        /32 host LOCAL\n`,
    '/proc/net/tcp': `  sl  local_address rem_address   st\n   0: 0${last}00000A:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 20716 1\n`,
    '/proc/net/tcp6': '  sl  local_address rem_address   st\n',
    '/proc/self/mountinfo':
      '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / /data rw - ext4 /dev/sda2 rw\n3 1 8:3 / /backup rw - ext4 /dev/sda3 rw\n',
    '/proc/partitions':
      'major minor  #blocks  name\n\n   8        1  52428800 sda1\n   8        2  524288000 sda2\n   8        3  786432000 sda3\n',
    '/opt/alation/alation/opt/alation/django/main/alation_version.py':
      'ALATION_MAJOR_VERSION = 10\nALATION_MINOR_VERSION = 0\nALATION_PATCH_VERSION = 0\nALATION_BUILD_VERSION = 147420\n',
    '/opt/alation/alation/.disk1_cache': '/data\n',
    '/opt/alation/alation/.disk2_cache': '/backup\n',
  };
  return files[path];
}

/** The size of a healthy host's file systems in KiB, by mount point; backups have half as much room again as the data. */
const blocks: Record<string, number> = { '/': 52428800, '/data': 524288000, '/backup': 786432000 };

/** The product's configuration on a healthy host before anything is set up. */
const conf: Record<string, string> = {
  'alation.cluster.replication_mode': 'standalone',
  'alation.cluster.protected_instance': 'True',
  'alation.feature_flags.enable_backup_v2': 'False',
};

/** What a healthy host prints for the engine's own scripts. */
function scripted(name: string, words: string[]): string {
  if (name === 'du-gently') return `4\t${words[0]}\n`;
  if (name === 'programs') return `${words.map((program) => `${program} yes\n`).join('')}end\n`;
  const lines = words.slice(2).map((port) => (port === '22' ? `${port} 0 1 ` : `${port} 1 1 Connection refused`));
  return ['via bash', ...lines, 'end', ''].join('\n');
}

/** A healthy host's answer to any of the engine's questions. */
export function healthy(host: string, ask: ExecAsk): Output {
  const [program, ...words] = ask.argv;
  const path = words.at(-1) ?? '';
  switch (program) {
    case 'cat': {
      const text = fileOf(host, path);
      return text === undefined
        ? said('', { exit: 1, stderr: `cat: ${path}: No such file or directory\n` })
        : said(text);
    }
    case 'id':
      return said(`${ask.as}\n`);
    case 'uname':
      return said(words[0] === '-r' ? '5.14.0-427\n' : 'x86_64\n');
    case 'readlink':
      return said(`${path}\n`);
    case 'df': {
      const mount = path in blocks ? path : '/';
      const size = blocks[mount] ?? 0;
      const used = size / 100;
      return said(
        `Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/x ${size} ${used} ${size - used} 1% ${mount}\n`,
      );
    }
    case 'ps':
      return said(
        '    1 /sbin/init\n   77 python alation.desktop.ServerServer alation.taskserver.TaskServer alation.authserver.AuthServer\n',
      );
    case 'alation_conf':
      return path in conf
        ? said(`${path} = ${conf[path]}\n`)
        : said('', { exit: 1, stderr: 'No configuration matches\n' });
    case 'date':
      return said(
        words[0] === '+%Z %z' ? 'UTC +0000\n' : `${TAKEN.getTime() / 1000}${words[0] === '+%s%N' ? '000000000' : ''}\n`,
      );
    case 'find':
      return said(`${TAKEN.getTime() / 1000 - 3600} 70000000000 ${words[0]}${words[6]?.replaceAll('*', '1')}\n`);
    case 'ping':
      return said(
        '10 packets transmitted, 10 received, 0% packet loss, time 9ms\nrtt min/avg/max/mdev = 0.1/0.2/0.3/0.1 ms\n',
      );
    case 'ssh':
      return said('');
    case '/bin/sh':
      if (words[2] === 'follow-path') {
        const [file = '', , then = '', ...question] = words.slice(3);
        const { path = '' } = pathIn(fileOf(host, file) ?? '', { line_of: file, ...(then !== '' && { then }) });
        const argv = question.map((word) => word.replace('{path}', path)) as ExecAsk['argv'];
        const answer = healthy(host, { ...ask, argv });
        return { ...answer, stdout: `path ${path}\n${answer.stdout}` };
      }
      return said(scripted(words[2] ?? '', words.slice(3)));
    default:
      return said('', { exit: 127, stderr: 'not found', problem: 'not-found', problemAt: 'command' });
  }
}

/** What this machine answers: every echo comes back, and no packet is sent for it. */
export async function healthyHere(): Promise<Output> {
  return said('{"sent":3,"received":3,"ms":1}\n');
}

/** Collects a scope's steps from healthy hosts; `answer` changes what it likes. */
export async function collected(
  scope: Scope,
  answer: Answer = () => undefined,
  connections: Record<string, Partial<Connection>> = {},
): Promise<Evidence> {
  const steps: Step[] = planSteps(scope);
  const hosts = scope.hosts.map(({ name, address }) => hostOf(name, address));
  const programs = steps.flatMap(({ asks }) =>
    asks.flatMap(({ ask }) => (ask.kind === 'exec' ? [ask.argv[0], ...(ask.enter?.slice(0, 1) ?? [])] : [])),
  );
  // Commands that a test makes up are known to nobody.
  const allowed = [...new Set(programs)].map((program) => (program.startsWith('/') ? program : `/test/${program}`));
  const result = await collect({ ...scope.pack, allowed }, hosts, steps, {
    open: (host) =>
      Promise.resolve(
        new TableTransport(host.name, (name, ask) => answer(name, ask) ?? healthy(name, ask), connections[host.name]),
      ),
    here: healthyHere,
    secrets: () => [],
  });
  return makeEvidence(scope, result, TAKEN, TAKEN, false);
}
