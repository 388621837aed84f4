/** Who may import whom: the folders of `src/` stand above each other, and no import (types too) leads back up. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src/', import.meta.url));

/** What each folder may import beside itself. */
const mayImport: Record<string, readonly string[] | 'all'> = {
  core: [],
  probes: ['core'],
  pack: ['core', 'probes'],
  plan: ['core', 'pack'],
  evidence: ['core', 'probes', 'pack', 'plan'],
  declared: ['core', 'probes', 'pack', 'plan', 'evidence'],
  collect: ['core', 'probes', 'pack', 'plan', 'evidence'],
  judge: ['core', 'pack', 'plan', 'evidence'],
  reporters: ['core', 'judge'],
  bundle: ['core', 'pack', 'plan', 'evidence', 'judge', 'reporters'],
  authoring: ['core', 'pack', 'plan', 'evidence', 'judge', 'reporters'],
  demo: ['core', 'probes', 'collect/transport/host-key.ts'],
  fleet: ['core', 'probes', 'pack', 'plan', 'evidence', 'collect', 'judge', 'reporters', 'bundle', 'authoring', 'demo'],
  cli: 'all',
  'index.ts': 'all',
};

/** Modules that can touch a host or start a program, and who may have them. */
const touching = /^(node:)?(child_process|net|dns|dgram|tls|http|https)(\/|$)|^ssh2$/;
const mayTouch = ['collect', 'demo'];

/** What gives files of this machine: Node's module, and our own that reads them for others. */
const filesCome = /^node:fs|\/core\/read-file\.js$/;

/** Who may read or write files of this machine. */
const mayHaveFiles = [
  'authoring/build-packs.ts',
  'authoring/cases.ts',
  'authoring/requirements.ts',
  'core/compiled-schemas.ts',
  'core/capped-file.ts',
  'core/folder.ts',
  'core/read-file.ts',
  'core/stdin.ts',
  'core/version.ts',
  'demo/file/scenarios.ts',
  'demo/fleet.ts',
  'demo/index.ts',
  'fleet/folder.ts',
  'fleet/lock.ts',
  'fleet/read.ts',
  'fleet/shard-folder.ts',
  'judge/report-file.ts',
  'pack/cache.ts',
  'pack/load.ts',
];

interface Import {
  line: number;
  what: string;
  names: string;
}

/** The imports in a file's text, types and late ones too. */
function importsIn(text: string): Import[] {
  const found = text.matchAll(
    /(?:^|\n)(?:import|export)\b([^;'"]*?)from\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g,
  );
  return [...found].map(({ 0: whole, 1: names = '', 2: from, 3: late, 4: bare, index }) => ({
    line: text.slice(0, index + (whole.startsWith('\n') ? 1 : 0)).split('\n').length,
    what: from ?? late ?? bare ?? '',
    names,
  }));
}

/** Why an import in `file` (below `src/`) may not be; empty where it may. */
function faultOf(file: string, { line, what, names }: Import): string[] {
  const [folder = ''] = file.split('/');
  const at = `src/${file}:${line}`;
  const ownFiles = ['collect', 'cli'].includes(folder) || mayHaveFiles.includes(file);
  if (filesCome.test(what) && !ownFiles) return [`${at}: ${folder}/ may not import ${what}`];
  if (!what.startsWith('.')) {
    const pure = /^node:net$/.test(what) && /^[\s{]*(isIP(v[46])?,?\s*)+\}\s*$/.test(names);
    if (touching.test(what) && !pure && !mayTouch.includes(folder)) return [`${at}: ${folder}/ may not import ${what}`];
    return [];
  }
  const target = normalize(join(dirname(file), what));
  const source = [target, target.replace(/\.js$/, '.ts'), target.replace(/\.js$/, '.tsx')].find((one) =>
    existsSync(join(src, one)),
  );
  if (source === undefined) return [`${at}: ${what} is not there`];
  const [other = ''] = source.split('/');
  const allowed = mayImport[folder];
  if (other === folder || allowed === 'all') return [];
  return allowed?.some((one) => one === other || one === source) ? [] : [`${at}: ${folder}/ may not import ${other}/`];
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));

describe('the folders of src', () => {
  it('are those that are named here, and index.ts', () => {
    expect(readdirSync(src).toSorted()).toEqual(Object.keys(mayImport).toSorted());
  });

  it('import only what stands below them', () => {
    const faults = files.flatMap((file) =>
      importsIn(readFileSync(join(src, file), 'utf8')).flatMap((one) => faultOf(file, one)),
    );
    expect(faults).toEqual([]);
  });

  it('hold most of what is imported: the reader of imports sees them', () => {
    const all = files.flatMap((file) => importsIn(readFileSync(join(src, file), 'utf8')));
    expect(all.filter(({ what }) => what.startsWith('.')).length).toBeGreaterThan(900);
  });

  it('may have files only where files are named that are there and do have them', () => {
    const idle = mayHaveFiles.filter(
      (file) => !importsIn(readFileSync(join(src, file), 'utf8')).some(({ what }) => filesCome.test(what)),
    );
    expect(idle).toEqual([]);
  });

  it.each([
    [
      'judge/a.ts',
      "import type { X } from '../collect/redact.js';",
      'src/judge/a.ts:1: judge/ may not import collect/',
    ],
    ['core/a.ts', "\nimport {\n  x,\n} from '../plan/scope.js';", 'src/core/a.ts:2: core/ may not import plan/'],
    ['reporters/a.ts', "const x = await import('../evidence/facts.js');", 'reporters/ may not import evidence/'],
    ['plan/a.ts', "let x: import('../judge/verdict.js').X;", 'plan/ may not import judge/'],
    ['plan/a.ts', "import { spawn } from 'node:child_process';", 'plan/ may not import node:child_process'],
    ['cli/a.ts', "import { Client } from 'ssh2';", 'cli/ may not import ssh2'],
    ['judge/a.ts', "import { connect, isIP } from 'node:net';", 'judge/ may not import node:net'],
    ['judge/a.ts', "import { readFileSync } from 'node:fs';", 'judge/ may not import node:fs'],
    ['plan/a.ts', "import { readText } from '../core/read-file.js';", 'plan/ may not import ../core/read-file.js'],
    ['demo/a.ts', "import { x } from '../collect/redact.js';", 'demo/ may not import collect/'],
    ['probes/a.ts', "export { x } from '../pack/pack.js';", 'probes/ may not import pack/'],
  ])('would be caught: %s %j', (file, text, fault) => {
    expect(importsIn(text).flatMap((one) => faultOf(file, one))).toEqual([expect.stringContaining(fault)]);
  });
});
