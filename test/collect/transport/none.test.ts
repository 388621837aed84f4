import { describe, expect, it } from 'vitest';
import { openTransport } from '../../../src/collect/transport/index.js';
import { ask, host, options } from './support.js';

describe('openTransport', () => {
  it('asks nothing of a host that is asked elsewhere, and calls that no problem of its connection', async () => {
    const refuse = async () => Promise.reject(new Error('asked'));
    const never = { password: refuse, passphrase: refuse, sudoPassword: refuse };
    const transport = await openTransport(host({ connection: 'none', address: '192.0.2.1' }), options(never));
    for (const as of ['login', 'root']) {
      expect(await transport.run(ask(['id'], { as }))).toMatchObject({
        exit: null,
        stdout: '',
        stderr: 'is asked elsewhere (connection: none)',
        problem: 'not-run',
        problemAt: 'host',
      });
    }
    await transport.close();
    expect(transport.connection).toEqual({ host: 'a', kind: 'none', logins: 0, shells: 0, bytes: 0 });
  });
});
