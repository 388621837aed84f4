/** The help: it fits 80 columns, names the exit codes, and its examples run as they stand. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands as declared } from '../../src/cli/commands/index.js';
import { program as ofProgram } from '../../src/cli/help.js';
import { loadDemo, type RunningDemo, startDemo } from '../../src/demo/index.js';
import { packDir } from '../../src/pack/load.js';
import { lacking } from '../needs.js';
import { putSshAtHome } from '../ssh-at-home.js';
import { pairflight, pairflightIn, program, type Ran, run, tidy } from './run.js';

afterAll(tidy);

const pages = Object.fromEntries([['', ofProgram], ...declared.map((command) => [command.name, command] as const)]);
const commands = Object.keys(pages);

describe('help', () => {
  it.each(commands.map((command) => [command]))('of "%s" fits 80 columns and has examples', async (command) => {
    const { code, stdout, stderr } = await pairflight([...command.split(' ').filter(Boolean), '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).toContain('\nExamples:\n');
    // What is broken over lines a shell takes as one.
    const joined = stdout.replace(/ \\\n +/g, ' ');
    for (const { does, run: line } of pages[command]?.examples ?? []) {
      expect(joined).toContain(`  ${does}:\n`);
      expect(joined).toContain(`    ${line}\n`);
    }
  });

  it('has a page for every command', async () => {
    const named = async (...words: string[]) =>
      [
        ...(await pairflight([...words, '--help'])).stdout.matchAll(/^ {2}pairflight ([a-z ]+?)(?: [[<].*| {2}.*)$/gm),
      ].map(([, command]) => command);
    const found = [...(await named()), ...(await named('rules')), ...(await named('fleet'))].filter(
      (command) => command !== 'completion',
    );
    expect(found.length).toBeGreaterThan(14);
    expect(commands).toEqual(expect.arrayContaining(found));
  });

  it('has one to three examples for each command, and names every exit code', () => {
    for (const { examples } of Object.values(pages)) {
      expect(examples.length).toBeGreaterThanOrEqual(1);
      expect(examples.length).toBeLessThanOrEqual(3);
    }
    for (const code of ['0', '1', '2', '3', '70', '130'])
      expect(pages['']?.note).toMatch(new RegExp(`^ +${code} `, 'm'));
  });
});

// The examples name hosts of ~/.ssh/config, which without an ssh is refused.
const lacks = lacking('ssh');

describe.skipIf(lacks)(`an example${lacks}`, () => {
  let folder: string;
  let demo: RunningDemo;
  let path: string;
  /** A line of plain words is called; for any other there is a shell. */
  const shell = (line: string): Promise<Ran> => {
    const [name, ...words] = line.split(' ');
    return name === 'pairflight' && /^[\w ./:=@,-]+$/.test(line)
      ? pairflightIn(folder, words, { PATH: path })
      : run('/bin/sh', ['-c', line], folder, '', { PATH: path });
  };

  // A pair that was set up; what the examples name lies in the folder, and the names of the hosts lead to the pair.
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pairflight-help-'));
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    putSshAtHome(bin, folder);
    writeFileSync(join(bin, 'pairflight'), `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`);
    chmodSync(join(bin, 'pairflight'), 0o755);
    path = `${bin}:${process.env.PATH}`;
    demo = await startDemo(loadDemo(packDir('alation')), 'protected');
    const entries = ['primary', 'secondary'].map((role, at) => {
      const { port } = demo.hosts[role] ?? {};
      return `Host db-${'ab'[at]} 10.*\n  HostName 127.0.0.1\n  Port ${port}\n`;
    });
    const reach = `Host *\n  IdentityFile ${demo.identityFile}\n  UserKnownHostsFile ${demo.knownHosts}\n`;
    writeFileSync(join(folder, '.ssh', 'config'), `${entries.join('')}${reach}`);
    writeFileSync(join(folder, 'pairflight.yaml'), JSON.stringify(demo.inventory));
    // A fleet of this pair.
    mkdirSync(join(folder, 'inventories'));
    writeFileSync(
      join(folder, 'inventories', 'billing.yaml'),
      JSON.stringify({ ...demo.inventory, labels: { site: 'fra' } }),
    );
    writeFileSync(join(folder, 'fleet.yaml'), 'include: [inventories/*.yaml]\n');
    for (const line of [
      'pairflight collect -o preflight.json',
      'pairflight collect -o before.json',
      'pairflight preflight --evidence evidence.json --report json=run.json --report table=/dev/null',
      'pairflight collect -o after.json',
      'pairflight bundle --from evidence.json -o bundle.tar.gz',
    ])
      expect((await shell(line)).stderr).toBe('');
  }, 60_000);
  afterAll(async () => {
    await demo?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const lines = [...new Set(Object.values(pages).flatMap(({ examples }) => examples.map((example) => example.run)))];
  it.each(lines)('runs: %s', { timeout: 60_000 }, async (line) => {
    rmSync(join(folder, 'init.yaml'), { force: true });
    rmSync(join(folder, 'results'), { recursive: true, force: true });
    if (line.startsWith('pairflight fleet merge'))
      await shell('pairflight fleet verify fleet.yaml --out results --report table=/dev/null');
    const isNew = line.startsWith('pairflight init') && !line.includes('--discover');
    const inFolder = isNew ? `${line} -o init.yaml` : line;
    const { code, stderr } = await shell(inFolder);
    // Without a terminal there is nobody to ask.
    if (line === 'pairflight init') {
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('there is no terminal to ask at') });
      return;
    }
    // A plugin says 2 of a gate that failed.
    expect(line.includes('--report nagios') ? [0, 1, 2] : [0, 1, 3]).toContain(code);
    expect(stderr).not.toContain('try:');
  });
});
