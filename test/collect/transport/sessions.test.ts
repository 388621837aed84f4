/** Which contexts of a host are entered first, once it is known how to become root. */
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import type { Channel } from '../../../src/collect/transport/channel.js';
import { Sessions } from '../../../src/collect/transport/sessions.js';
import { ask, host, options } from './support.js';

/** A host whose shells show what they are when `show` is called for their line, and answer nothing but 1000 and success. */
function played() {
  const shells: { line: string; read: string; show: () => void }[] = [];
  const open = async (line: string, first = ''): Promise<Channel> => {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const frame = (nonce = '', out = '') => {
      stdout.write(`\n${nonce}\n${out}\n${nonce} 0\n`);
      stderr.write(`\n${nonce}\n\n${nonce} .\n`);
    };
    const shell = {
      line,
      read: first,
      shown: false,
      show() {
        this.shown = true;
        frame(/^pf_end (\w+) 0$/m.exec(this.read)?.[1]);
        for (const [, nonce] of this.read.matchAll(/^pf(?:_quick)? (\w+) /gm)) frame(nonce, '1000\n');
      },
    };
    shells.push(shell);
    stdin.on('data', (chunk: Buffer) => {
      shell.read += chunk.toString();
      if (!shell.shown) return;
      for (const [, nonce] of chunk.toString().matchAll(/^pf(?:_quick)? (\w+) /gm)) frame(nonce, '1000\n');
    });
    let end: (exit: number | null) => void = () => {};
    const closed = new Promise<number | null>((resolve) => {
      end = resolve;
    });
    return { stdin, stdout, stderr, count: () => {}, closed, kill: () => end(null) };
  };
  const connection = { host: 'a', kind: 'ssh', logins: 0, shells: 0, bytes: 0 } as const;
  const target = host({ connection: 'ssh', ssh: { user: 'ops' } });
  const of = (part: string) => shells.find(({ line }) => line.includes(part));
  return { sessions: new Sessions(target, options(), { open, lost: undefined }, { ...connection }), shells, of };
}

async function settled(): Promise<void> {
  for (let turns = 0; turns < 40; turns++) await new Promise(setImmediate);
}

it('contexts in which something takes long are entered first, and the others as soon as they are', async () => {
  const { sessions, shells, of } = played();
  const quick = sessions.run(ask(['cat', '/x'], { as: 'root' }));
  const long = sessions.run(ask(['product_conf', 'key'], { as: 'product', enter: ['product_shell', '{shell}'] }));
  await settled();
  of('exec env')?.show();
  await settled();
  // Both wait, and the way is known: sudo lets us.
  expect(shells).toHaveLength(3);
  expect(of('product_shell')?.read).toContain('product_conf');
  expect(of('sh sudo -n env')?.read).toBe('');
  of('product_shell')?.show();
  await settled();
  expect(of('sh sudo -n env')?.read).toContain('/x');
  of('sh sudo -n env')?.show();
  expect(await Promise.all([quick, long])).toMatchObject([{ exit: 0 }, { exit: 0 }]);
  sessions.close();
});
