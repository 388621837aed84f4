/** The lines of the manual that make a fleet of what people have already: each is run, up to the program, on what its source prints. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pairflight, run } from '../cli/run.js';
import { lacking } from '../needs.js';

const manual = readFileSync(new URL('../../docs/fleets.md', import.meta.url), 'utf8');
const lines = [...manual.matchAll(/^(terraform|ansible-inventory|cat netbox)\b.*?\| (jq '.*') \| pairflight (.*)$/gm)];
const lacks = lacking('jq');

describe.skipIf(lacks)(`a line of the manual${lacks}`, () => {
  it('stands there for each of the three sources', () => {
    expect(lines.map(([, source]) => source)).toEqual(['terraform', 'ansible-inventory', 'cat netbox']);
  });

  it.each(lines.map(([, source = '', filter = '', words = '']) => [source, filter, words]))(
    'of %s makes a fleet',
    async (source, filter, words) => {
      const file = fileURLToPath(
        new URL(`inputs/${source.match(/terraform|ansible|netbox/)?.[0]}.json`, import.meta.url),
      );
      const made = await run('/bin/sh', ['-c', `${filter} <'${file}'`], '/', '', {});
      expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' });
      const address = (last: number) => ({ address: `10.0.0.${last}` });
      expect(JSON.parse(made.stdout)).toMatchObject({
        pairs: {
          billing: { hosts: { primary: address(1), standby: address(2) } },
          stock: { hosts: { primary: address(3), standby: address(4) } },
        },
      });
      // What the program makes of it, without asking anybody: the plans of two pairs.
      const plan = words
        .replace('fleet verify', 'fleet plan --phase verify')
        .replace(/ --out \S+/, ' --json')
        .split(' ');
      const planned = await pairflight(plan, { stdin: made.stdout });
      expect({ code: planned.code, stderr: planned.stderr }).toEqual({ code: 0, stderr: '' });
      expect(
        planned.stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line).pair),
      ).toEqual(['billing', 'stock']);
    },
  );
});
