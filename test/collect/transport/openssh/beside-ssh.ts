/** One configuration, tried by ssh itself and by us: both must come to the same user of the same server, or neither anywhere. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { Transport, TransportOptions } from '../../../../src/collect/transport/transport.js';
import type { Host, Output } from '../../../../src/core/model.js';
import { ask, host, openLater, options } from '../support.js';

/** Who answers, where, and from where he was called. */
const WHO: [string, ...string[]] = ['sh', '-c', 'set -- $SSH_CONNECTION; echo "$(id -un) on $4"'];

/** What is given beside the configuration, to ssh and to us. */
export interface Given {
  name?: string;
  user?: string;
  port?: number;
  /** Opens the key file, for both. */
  passphrase?: string;
  more?: Partial<TransportOptions>;
}

/** What ssh does, without asking anybody. */
function bySsh(
  config: string,
  { name = 'db', user, port, passphrase }: Given,
): Promise<{ exit: number | null; stdout: string }> {
  const given = [...(user ? ['-l', user] : []), ...(port ? ['-p', String(port)] : [])];
  const askpass = join(dirname(config), 'askpass');
  const asking = passphrase === undefined ? {} : { SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' };
  if (passphrase !== undefined) writeFileSync(askpass, `#!/bin/sh\necho '${passphrase}'\n`, { mode: 0o700 });
  const batch = passphrase === undefined ? 'yes' : 'no';
  const words = [
    '-F',
    config,
    '-o',
    `BatchMode=${batch}`,
    '-o',
    'NumberOfPasswordPrompts=1',
    '-o',
    'ControlPath=none',
    '-T',
    ...given,
    name,
  ];
  const child = spawn('ssh', [...words, `sh -c '${WHO[2]}'`], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...asking },
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', (exit) => resolve({ exit, stdout })));
}

/** Opens the transport to a name by a configuration. */
export function byUs(config: string, { name = 'db', user, port, passphrase, more }: Given): Transport {
  const ssh: Host['ssh'] = { host: name, ...(user && { user }), ...(port && { port }) };
  return openLater(
    host({ name: 'a', connection: 'ssh', ssh }),
    options({ sshConfigFile: config, passphrase: async () => passphrase, ...more }),
  );
}

/** The same outcome by both; `expected` is who has to answer, or undefined where nobody may. The transport is left open. */
export async function besideSsh(
  folder: string,
  text: string,
  expected: string | undefined,
  given: Given = {},
): Promise<{ transport: Transport; output: Output }> {
  const config = join(folder, 'config');
  writeFileSync(config, text);
  const ssh = await bySsh(config, given);
  expect(ssh.exit === 255 ? undefined : ssh.stdout).toBe(expected === undefined ? undefined : `${expected}\n`);
  const transport = byUs(config, given);
  const output = await transport.run(ask(WHO));
  if (expected === undefined) expect(output).toMatchObject({ exit: null, problemAt: 'host' });
  else expect(output).toMatchObject({ exit: 0, stdout: `${expected}\n` });
  return { transport, output };
}
