/** What a command loads: what it does not use costs more than the command itself. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Says at the end which files were loaded, and of which of them no code was kept, or was refused. */
const COUNTS = `data:text/javascript,${encodeURIComponent(`
  import { Module, syncBuiltinESMExports } from 'node:module';
  import vm from 'node:vm';
  const compiled = [];
  const plain = vm.Script;
  vm.Script = class extends plain {
    constructor(text, options) {
      super(text, options);
      compiled.push({ file: options.filename, kept: options.cachedData !== undefined && !this.cachedDataRejected });
    }
  };
  syncBuiltinESMExports();
  let segmenters = 0;
  const { Segmenter } = Intl;
  Intl.Segmenter = class extends Segmenter {
    constructor(...given) {
      super(...given);
      segmenters++;
    }
  };
  process.on('exit', () => {
    const modules = process.moduleLoadList.filter((one) => one.startsWith('NativeModule ')).map((one) => one.slice(13));
    const files = [...Object.keys(Module._cache), ...compiled.map(({ file }) => file)];
    process.stdout.write('\\n' + JSON.stringify({ files, modules, segmenters, slow: compiled.filter(({ kept }) => !kept).map(({ file }) => file) }));
  });
`)}`;

/** One bit is another. */
function flipped(bytes: Buffer): Buffer {
  const others = Buffer.from(bytes);
  others.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
  return others;
}

interface Loaded {
  files: string[];
  /** Of Node itself. */
  modules: string[];
  segmenters: number;
  slow: string[];
}

function loadedBy(words: string[], root = file('.')): Loaded {
  // A run that did not pass ends with another status than 0.
  const { stdout: said } = spawnSync(
    process.execPath,
    ['--import', COUNTS, join(root, 'bin/pairflight.js'), ...words],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 26,
    },
  );
  return JSON.parse(said.slice(said.lastIndexOf('\n'))) as Loaded;
}

const countOf = ({ files }: Loaded, name: string) =>
  files.filter((one) => one.includes(`/node_modules/${name}/`) || one.endsWith(`/program/${name}.cjs`)).length;

const hosts = ['--host', 'primary=a', '--host', 'secondary=b', '--ssh-config', 'none'];
// Of ajv no more than the helpers of compiled schemas: the compiler alone has some sixty files.
const COMPILED = 5;

describe('a start', () => {
  it.each([
    ['rules list', ['rules', 'list']],
    ['plan', ['plan', ...hosts]],
    ['evaluate', ['evaluate', file('reports/examples/evidence.json')]],
  ])('of %s loads no compiler of schemas, no reader of YAML and no SSH', (_name, words) => {
    const loaded = loadedBy(words);
    expect(countOf(loaded, 'ajv')).toBeLessThanOrEqual(COMPILED);
    expect([countOf(loaded, 'yaml'), countOf(loaded, 'ssh2')]).toEqual([0, 0]);
  });

  it('makes no segmenter of texts, and loads neither HTTP nor assertions', () => {
    const { modules, segmenters } = loadedBy(['rules', 'list']);
    expect(segmenters).toBe(0);
    expect(
      modules.filter((one) => ['assert', 'http', 'https', 'tls', 'dns', 'zlib', 'child_process'].includes(one)),
    ).toEqual([]);
  });

  it('would see them', () => {
    expect(countOf(loadedBy(['init', '-o', '-', ...hosts.slice(0, 4)]), 'yaml')).toBeGreaterThan(0);
    expect(loadedBy(['--help']).segmenters).toBeGreaterThan(0);
    expect(loadedBy(['rules', 'list']).modules).toContain('crypto');
  });
});

describe('the code that was kept at build', () => {
  const copies: string[] = [];
  afterAll(() => {
    for (const copy of copies) rmSync(copy, { recursive: true });
  });
  const copyOfProgram = () => {
    const copy = mkdtempSync(join(tmpdir(), 'pairflight-start-'));
    copies.push(copy);
    for (const name of ['bin', 'dist/program']) cpSync(file(name), join(copy, name), { recursive: true });
    const others = readdirSync(file('dist')).filter((name) => name !== 'program');
    for (const name of ['node_modules', 'package.json', 'rules', ...others.map((other) => `dist/${other}`)])
      symlinkSync(file(name), join(copy, name));
    return copy;
  };

  it('is that of all that a command loads', () => {
    expect(loadedBy(['rules', 'list']).slow).toEqual([]);
    expect(loadedBy(['plan', ...hosts]).slow).toEqual([]);
  });

  it.each([
    [
      'its source',
      'main.cjs',
      (bytes: Buffer) => Buffer.from(bytes.toString().replace('sets the exit code: 0', 'sets the exit code: 3')),
    ],
    ['itself', `main.cjs.${process.version}-${process.platform}-${process.arch}`, flipped],
  ])('is not taken where %s has changed since, and has kept its length', (_what, name, change) => {
    const copy = copyOfProgram();
    const changed = join(copy, 'dist/program', name);
    const bytes = readFileSync(changed);
    const others = change(bytes);
    expect([others.length, others.equals(bytes)]).toEqual([bytes.length, false]);
    writeFileSync(changed, others);
    expect(loadedBy(['--version'], copy).slow.map((one) => basename(one))).toEqual(['main.cjs']);
  });

  it('is not needed, and one that does not fit changes nothing', () => {
    const copy = copyOfProgram();
    const program = join(copy, 'dist/program');
    const usual = spawnSync(process.execPath, [join(copy, 'bin/pairflight.js'), 'plan', ...hosts]);
    const kept = readdirSync(program).filter((name) => name.includes(`.cjs.${process.version}`));
    expect(kept.length).toBeGreaterThan(10);
    for (const name of kept) writeFileSync(join(program, name), 'of another Node');
    expect(spawnSync(process.execPath, [join(copy, 'bin/pairflight.js'), 'plan', ...hosts])).toMatchObject({
      status: usual.status,
      stdout: usual.stdout,
    });
    for (const name of kept) rmSync(join(program, name));
    expect(spawnSync(process.execPath, [join(copy, 'bin/pairflight.js'), 'plan', ...hosts])).toMatchObject({
      status: usual.status,
      stdout: usual.stdout,
    });
  });
});

describe('a run', () => {
  const order = `data:text/javascript,${encodeURIComponent(`
    import { syncBuiltinESMExports } from 'node:module';
    import children from 'node:child_process';
    import net from 'node:net';
    import vm from 'node:vm';
    const happened = [];
    const { Script } = vm;
    vm.Script = class extends Script {
      constructor(text, options) {
        super(text, options);
        happened.push('loads ' + options.filename.split('/').at(-1));
      }
    };
    const { execFile } = children;
    children.execFile = (program, words, ...rest) => {
      happened.push('runs ' + [program, ...words].join(' '));
      return execFile(program, words, ...rest);
    };
    const { connect } = net;
    net.connect = (...given) => {
      happened.push('connects');
      return connect(...given);
    };
    syncBuiltinESMExports();
    process.on('exit', () => process.stdout.write('\\n' + JSON.stringify(happened)));
  `)}`;
  const happens = (words: string[]) => {
    const all = ['--import', order, file('bin/pairflight.js'), 'preflight', ...words];
    const { stdout, status } = spawnSync(process.execPath, all, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { status, happened: JSON.parse(stdout.slice(stdout.lastIndexOf('\n'))) as string[] };
  };

  // Nobody listens there.
  const pair = ['--host', 'primary=127.0.0.1:1', '--host', 'secondary=127.0.0.2:1', '--ssh-config', 'none'];

  it('has begun to connect before it loads what judges', () => {
    const { happened } = happens(pair);
    const at = happened.indexOf('connects');
    expect(at).toBeGreaterThan(0);
    expect(happened.indexOf('loads report.cjs')).toBeGreaterThan(at);
    expect(happened.filter((one) => one === 'connects')).toHaveLength(2);
  });

  it.each([
    ['a rule that is none', ['--only', 'alation/no-such-rule']],
    ['an option that is none', ['--no-such-option']],
    ['a product that is none', ['--product', 'no-such-product']],
    ['a setting that is none', ['--set', 'noSuchSetting=1']],
    ['a report that cannot be written', ['--report', 'json=/no/such/folder/report.json']],
    ['an inventory beside hosts', ['inventory.yaml']],
  ])('connects to nobody, and asks no ssh, where it ends with 2 for %s', (_what, words) => {
    const { status, happened } = happens([...pair.slice(0, 4), ...words]);
    expect(status).toBe(2);
    expect(happened.filter((one) => one === 'connects' || one.startsWith('runs'))).toEqual([]);
  });
});
