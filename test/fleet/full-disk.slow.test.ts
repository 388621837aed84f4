/** A disk that is full before a fleet's run is done: said, with what is kept; and the next run goes on to the same report. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { program, run } from '../cli/run.js';
import { lacking } from '../needs.js';
import { type PlayedFleet, playFleet } from './played.js';
import { timeless } from './timeless.js';

const why = lacking('root', 'namespaces', 'mount', 'unshare');
let fleet: PlayedFleet;
beforeAll(async () => {
  if (why === '') fleet = await playFleet();
}, 60_000);
afterAll(() => fleet?.close());

it.skipIf(why)(
  `a full disk ends a run of a fleet, and nothing of it is lost${why}`,
  async () => {
    expect((await fleet.run('--out', 'whole', '--report', 'json=whole.json')).code).toBe(1);
    // In a mount namespace of its own: two pairs find room there, and no third one.
    const script = `set -u
mkdir full && mount -t tmpfs -o size=560k none full || exit 99
"$@" --out full --parallel 1 >first.out 2>first.err
echo $? >first.code
df -k full | tail -1 >first.df
ls full >first.ls
cp full/fleet.ndjson first.ndjson
mount -o remount,size=64m full || exit 98
"$@" --out full --resume --report json=resumed.json >second.out 2>second.err
echo $? >second.code
wc -l <full/fleet.ndjson >second.lines
"$@" --out full --resume --report json=/dev/full >third.out 2>third.err
echo $? >third.code
`;
    const { folder, words } = fleet;
    writeFileSync(join(folder, 'script'), script);
    const called = [process.execPath, program, 'fleet', 'preflight', ...words];
    const ran = await run('unshare', ['-m', 'sh', 'script', ...called], folder, '', {});
    expect(ran).toEqual({ code: 0, stdout: '', stderr: '' });
    const left = (name: string) => readFileSync(join(folder, name), 'utf8').trim();
    const done = left('first.ndjson')
      .split('\n')
      .filter((line) => line.includes('"event":"pair"'));
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThan(6);
    expect(left('first.code')).toBe('2');
    expect(left('first.err')).toMatch(/cannot be written: .*(ENOSPC|no space left)/i);
    expect(left('first.err')).toContain(`${done.length} of 6 pairs are done and kept, --resume goes on`);
    expect(left('first.ls').split('\n')).not.toContain('fleet.lock');
    expect(left('second.code')).toBe('1');
    const [whole, resumed] = ['whole.json', 'resumed.json'].map((name) => timeless(left(name)));
    expect(resumed).toBe(whole);
    // A report that finds no room is exit code 2 as well, and named.
    expect([left('third.code'), left('third.err')]).toEqual([
      '2',
      expect.stringMatching(/\/dev\/full: cannot be written/),
    ]);
  },
  120_000,
);
