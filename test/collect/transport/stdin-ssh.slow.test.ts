/** A secret on its way over SSH to a real curl: it arrives in every shell and every context, and nobody on the host can see it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redactOutputs } from '../../../src/collect/redact.js';
import { openLocal } from '../../../src/collect/transport/local.js';
import type { Transport, TransportOptions } from '../../../src/collect/transport/transport.js';
import type { ExecAsk, Output, Step } from '../../../src/core/model.js';
import { endpoint } from '../../../src/probes/http/endpoint.js';
import { lacking } from '../../needs.js';
import { brought } from '../../support.js';
import {
  allowSudo,
  forSshd,
  forSudo,
  knownHosts,
  type Login,
  makeLogin,
  removeLogin,
  type Sshd,
  startSshd,
} from './sshd.js';
import { host, openLater, options, WAYS } from './support.js';
import { watchProcesses } from './watch-processes.js';

const SECRET = 'pft-Zm9v/b+r=&9';
const self = { name: 'a', role: 'a', address: '127.0.0.1', connection: 'ssh' as const };
const variables = { value: (name: string) => (name === 'SHOP_TOKEN' ? SECRET : undefined), names: () => [] };
const programs = ['curl', 'csh', 'fish', 'bash'];
const whyNot = lacking(...forSshd, ...forSudo, ...programs);

describe.skipIf(whyNot).each(WAYS)(`a secret header over %s${whyNot}`, { timeout: 60_000 }, (way) => {
  let sshd: Sshd;
  let server: Server;
  let release = () => {};
  const logins = new Map<string, Login>();
  beforeAll(async () => {
    for (const shell of ['/bin/sh', '/bin/bash', '/usr/bin/csh', '/usr/bin/fish']) logins.set(shell, makeLogin(shell));
    sshd = await startSshd();
    // It takes a moment to answer, so that whoever looks at the processes can see them.
    server = createServer(({ headers: { 'x-token': token } }, response) => {
      setTimeout(() => {
        if (token !== SECRET) return void response.writeHead(403).end('Permission denied');
        // It repeats what it was given, in every way that a server may.
        const forms = [token, encodeURIComponent(token), Buffer.from(`user:${token}`).toString('base64')];
        response.end(JSON.stringify({ leader: '10.0.0.1:8300', forms }));
      }, 300);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterAll(async () => {
    release();
    for (const login of logins.values()) removeLogin(login);
    server?.close();
    await sshd?.stop();
  });

  function askOf(env: string, as?: string, enter?: ExecAsk['enter']): ExecAsk {
    const { port } = server.address() as AddressInfo;
    const question = { url: `http://127.0.0.1:${port}/`, header: { name: 'X-Token', env }, ...(as && { as }) };
    const [ask] = endpoint.ask(question, self);
    if (ask?.kind !== 'exec') throw new Error('curl is not asked');
    return { ...ask, ...(enter && { enter }) };
  }

  /** The value, read as a run does it: redacted first. */
  function readOf(output: Output): { status?: number; json?: object } {
    const step = { probe: 'endpoint', params: {} } as Step;
    const kept = redactOutputs(brought, step, [output], [SECRET], String);
    const value = endpoint.read(kept, { url: 'http://127.0.0.1/' });
    expect(JSON.stringify([kept, value])).not.toContain(SECRET.slice(4, 10));
    return value as object;
  }

  async function over(
    shell: string,
    rule: string,
    more: Partial<TransportOptions>,
    use: (to: Transport) => Promise<void>,
  ) {
    const login = logins.get(shell) as Login;
    release = rule === '' ? () => {} : allowSudo(login, rule);
    const target = host({ connection: 'ssh', ssh: { port: sshd.port, user: login.name } });
    const files = { identityFile: sshd.userKey, knownHostsFile: knownHosts(sshd), variables };
    const transport = openLater(target, options({ ...files, transport: way, ...more }));
    try {
      await use(transport);
    } finally {
      await transport.close();
      release();
    }
  }

  async function asked(transport: Transport, as?: string, enter?: ExecAsk['enter']): Promise<void> {
    const stop = watchProcesses(SECRET);
    const output = await transport.run(askOf('SHOP_TOKEN', as, enter));
    const { seen, looks } = stop();
    const forms = ['[password]', '[password]', expect.stringMatching(/^dXNlcj\S{0,2}\[password\]\S{0,4}$/)];
    expect(readOf(output)).toMatchObject({ status: 200, json: { leader: '10.0.0.1:8300', forms } });
    expect(seen).toEqual([]);
    expect(looks).toBeGreaterThan(1);
    // Without a value there is no header, and the server says so.
    expect(readOf(await transport.run(askOf('PFT_NOT_SET', as, enter)))).toMatchObject({ status: 403 });
    expect(JSON.stringify(transport.connection)).not.toContain(SECRET);
  }

  it.each(['/bin/sh', '/bin/bash', '/usr/bin/csh', '/usr/bin/fish'])('of a login with %s', (shell) =>
    over(shell, '', {}, asked),
  );

  it('in the shells of root and of a product', () =>
    over('/bin/bash', 'USER ALL=(ALL) NOPASSWD: ALL', {}, async (transport) => {
      await asked(transport, 'root');
      const enter: ExecAsk['enter'] = ['chroot', '/', '/bin/su', '-', 'nobody', '-s', '/bin/sh', '-c', '{shell}'];
      await asked(transport, 'product', enter);
    }));

  it('in shells that are entered with a password', () =>
    over('/bin/bash', 'USER ALL=(ALL) ALL', withPassword('/bin/bash'), (transport) => asked(transport, 'root')));

  it.each(['/bin/bash', '/usr/bin/csh', '/usr/bin/fish'])('where sudo allows single commands, from %s', (shell) =>
    over(shell, 'USER ALL=(root) NOPASSWD: /usr/bin/curl', {}, (transport) => asked(transport, 'root')),
  );

  it.each(['/bin/bash', '/usr/bin/csh', '/usr/bin/fish'])('where sudo wants a password for each, from %s', (shell) =>
    over(shell, 'USER ALL=(root) /usr/bin/curl', withPassword(shell), (transport) => asked(transport, 'root')),
  );

  it('where sudo wants a password, but not for this', () =>
    over(
      '/bin/bash',
      'USER ALL=(root) /usr/bin/true, NOPASSWD: /usr/bin/curl',
      withPassword('/bin/bash'),
      (transport) => asked(transport, 'root'),
    ));

  it('from this machine', async () => {
    const transport = openLocal(host(), options({ variables }));
    await asked(transport);
    await transport.close();
  });

  it('in a shell that traces what it runs is redacted', async () => {
    const traced = ['env', 'SHELLOPTS=xtrace:verbose', 'bash', '--posix'];
    // It has the mark of the shell that was asked for, and is another one.
    const entered = `PF_ENTRY=$(expr "$2" : '.*PF_ENTRY=\\([0-9a-f]*\\)') exec bash --posix`;
    const transport = openLocal(host(), options({ variables }), [...traced, '-c', entered, 'traced']);
    const output = await transport.run(askOf('SHOP_TOKEN'));
    await transport.close();
    expect(output.stderr.includes(SECRET)).toBe(true);
    expect(readOf(output)).toMatchObject({ status: 200 });
    const other = redactOutputs(brought, { probe: 'none', params: {} } as unknown as Step, [output], [SECRET], String);
    expect(JSON.stringify(other)).not.toContain(SECRET);
  });

  const withPassword = (shell: string) => ({ sudoPassword: async () => (logins.get(shell) as Login).password });
});
