/** The installed library: the README's lines are compiled against the packed package, with nothing of ours beside it, and run. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDemo, startDemo } from '../src/demo/index.js';
import { packDir } from '../src/pack/load.js';
import { run } from './cli/run.js';
import { putSshAtHome } from './ssh-at-home.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};

/** The README's lines, word for word. */
const [, lines = ''] =
  /## Judge a pair from your own program\n[\s\S]*?```ts\n([\s\S]*?)```/.exec(
    readFileSync(join(root, 'README.md'), 'utf8'),
  ) ?? [];

let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'pairflight-library-'));
  const modules = join(project, 'node_modules');
  unpack(packed(project), join(modules, 'pairflight'));
  // What npm would install with it, and what a program in TypeScript on Node has; nothing else.
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  const compilerOptions = {
    target: 'ES2023',
    module: 'NodeNext',
    strict: true,
    skipLibCheck: false,
    types: ['node'],
  };
  writeFileSync(join(project, 'package.json'), '{ "name": "program", "private": true, "type": "module" }\n');
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['judge.ts'] }));
  writeFileSync(join(project, 'judge.ts'), lines);
}, 120_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the library', { timeout: 120_000 }, () => {
  it('is some fifteen lines of the README', () => {
    expect(lines.trimEnd().split('\n').length).toBeGreaterThan(9);
    expect(lines.trimEnd().split('\n').length).toBeLessThan(19);
  });

  it('is typed whole, by itself', () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', project],
      {
        encoding: 'utf8',
      },
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  it.each([
    ['healthy', 'passed', 0],
    ['default', 'failed', 1],
    ['sudo-refused', 'incomplete', 3],
  ])('judges the played pair %s: %s', async (scenario, gate, exit) => {
    const pair = await startDemo(loadDemo(packDir('alation')), scenario);
    const folder = mkdtempSync(join(tmpdir(), 'pairflight-home-'));
    try {
      writeFileSync(join(folder, 'pairflight.yaml'), JSON.stringify(pair.inventory));
      putSshAtHome(folder, folder);
      writeFileSync(join(folder, '.ssh/known_hosts'), readFileSync(pair.knownHosts));
      const { code, stdout, stderr } = await run(process.execPath, [join(project, 'judge.js')], folder, '', {
        PATH: `${folder}:${process.env.PATH}`,
      });
      expect(stderr).toBe('');
      expect(stdout).toContain(`\ngate: ${gate}\n`);
      expect(code).toBe(exit);
    } finally {
      await pair.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('says each of its names in a sentence', () => {
    const types = readFileSync(join(project, 'node_modules/pairflight/dist/index.d.ts'), 'utf8');
    const exported = [...types.matchAll(/^export (?:type )?\{ (.+?) \} from '\.\/(.+?)\.js';$/gm)];
    expect(exported.length).toBeGreaterThan(9);
    for (const [, names = '', file = ''] of exported) {
      const text = readFileSync(join(project, 'node_modules/pairflight/dist', `${file}.d.ts`), 'utf8');
      for (const name of names.split(', ').map((one) => one.replace(/^type /, '')))
        expect(text, `${name} of ${file}`).toMatch(
          new RegExp(`\\*/\\nexport (declare )?(function|const|class|interface|type) ${name}\\b`),
        );
    }
  });
});

describe('the package', () => {
  const files = () =>
    readdirSync(join(project, 'node_modules/pairflight'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(join(project, 'node_modules/pairflight'), join(entry.parentPath, entry.name)));
  const text = (name: string) => readFileSync(join(project, 'node_modules/pairflight', name), 'utf8');

  it('holds what its pages link to', () => {
    const all = files();
    const missing = all
      .filter((name) => name.endsWith('.md'))
      .flatMap((name) =>
        [...text(name).matchAll(/\]\(([^)#\s:]+)(?:#[^)\s]*)?\)/g)]
          .map(([, link = '']) => join(dirname(name), link))
          .filter((path) => !all.some((one) => one === path || one.startsWith(`${path}/`)))
          .map((path) => `${name}: ${path}`),
      );
    expect(all.length).toBeGreaterThan(100);
    expect(missing).toEqual([]);
  });

  it('has no map of sources that it does not hold, and names none', () => {
    expect(files().filter((name) => name.endsWith('.map'))).toEqual([]);
    const scripts = files().filter((name) => name.endsWith('.js'));
    expect(scripts.filter((name) => text(name).includes('//# sourceMappingURL='))).toEqual([]);
  });
});

/** The package as npm publishes it; what was built is packed, not built again. */
function packed(to: string): Buffer {
  const { stdout, stderr } = spawnSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', to], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, npm_config_offline: 'true', HOME: existsSync(homedir()) ? homedir() : to },
  });
  const [file] = /[\w.-]+\.tgz/.exec(stdout) ?? [];
  if (file === undefined) throw new Error(`npm pack made nothing: ${stderr}`);
  return gunzipSync(readFileSync(join(to, file)));
}

/** Writes the files of a tar archive, without its first folder. */
function unpack(tar: Buffer, to: string): void {
  const text = (from: number, length: number) => tar.toString('utf8', from, from + length).replace(/\0.*$/s, '');
  for (let at = 0; text(at, 100) !== ''; ) {
    const name = [text(at + 345, 155), text(at, 100)]
      .filter(Boolean)
      .join('/')
      .replace(/^package\//, '');
    const size = Number.parseInt(text(at + 124, 12), 8);
    const path = join(to, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, tar.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
