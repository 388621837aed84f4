/** A Node that is too old is told so, instead of a fault that it makes somewhere. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { program, run, tidy } from './run.js';

afterAll(tidy);
const root = fileURLToPath(new URL('../..', import.meta.url));
/** Runs the program as if its Node were another. */
const under = (version: string) => {
  const other = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
  const preload = `data:text/javascript,${encodeURIComponent(other)}`;
  return run(process.execPath, ['--import', preload, program, '--version'], root, '', {});
};

describe('the program', () => {
  it.each(['18.20.8', '20.18.3', '21.7.0', '22.11.0'])(
    'under Node %s ends with 2 and says what it needs',
    async (version) => {
      const { code, stdout, stderr } = await under(version);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^pairflight: needs Node 20\.19 or later .*\n {7}try: .*\n$/);
    },
  );

  it.each(['20.19.0', '22.12.0', '23.0.0', '26.1.0'])('under Node %s runs', async (version) => {
    expect(await under(version)).toMatchObject({ code: 0, stderr: '' });
  });

  it('asks for what package.json says', () => {
    const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { engines: { node: string } };
    expect(engines.node).toBe('^20.19 || ^22.12 || >=23');
  });

  it('is parsed as a script too, by a Node that knows no modules', () => {
    const text = readFileSync(program, 'utf8').replace(/^#!.*/, '');
    expect(() => new Script(text)).not.toThrow();
    // What came into the language after Node 10.
    expect(text).not.toMatch(/\?\.|\?\?|\bawait\b|^import |catch \{|\d_\d|#\w+\(/m);
  });
});
