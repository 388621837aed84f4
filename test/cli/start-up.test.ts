/** What a command loads: packages that it does not use cost more than the command itself. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Says at the end how many files of a package were loaded. */
const COUNTS = `data:text/javascript,${encodeURIComponent(`
  import { Module } from 'node:module';
  process.on('exit', () => {
    const files = Object.keys(Module._cache);
    const of = (name) => files.filter((one) => one.includes('/node_modules/' + name + '/') || one.endsWith('/program/' + name + '.cjs')).length;
    process.stdout.write('\\n' + JSON.stringify({ ajv: of('ajv'), yaml: of('yaml'), ssh2: of('ssh2') }));
  });
`)}`;

function loadedBy(words: string[]): { ajv: number; yaml: number; ssh2: number } {
  // A run that did not pass ends with another status than 0.
  const { stdout: said } = spawnSync(process.execPath, ['--import', COUNTS, file('bin/pairflight.js'), ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 26,
  });
  return JSON.parse(said.slice(said.lastIndexOf('\n')));
}

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
    expect(loaded.ajv).toBeLessThanOrEqual(COMPILED);
    expect(loaded).toMatchObject({ yaml: 0, ssh2: 0 });
  });

  it('would see them', () => {
    expect(loadedBy(['init', '-o', '-', ...hosts.slice(0, 4)]).yaml).toBeGreaterThan(0);
  });
});
