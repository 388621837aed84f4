/** Rounds over a real SSH connection that is lost in between. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Collector } from '../../src/collect/collector.js';
import { openTransport } from '../../src/collect/transport/index.js';
import type { Output, Step } from '../../src/core/model.js';
import { loadPack, packDir } from '../../src/pack/load.js';
import {
  forSshd,
  knownHosts,
  type Login,
  makeLogin,
  removeLogin,
  type Sshd,
  startSshd,
} from '../collect/transport/sshd.js';
import { ask, host, options } from '../collect/transport/support.js';
import { lacking } from '../needs.js';

/** The server's process above one of its shells. */
function sessionOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  if (/^Name:\s+sshd/m.test(status)) return pid;
  return sessionOf(Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]));
}

const why = lacking(...forSshd);
describe.skipIf(why)(`a connection that is dropped${why}`, () => {
  let sshd: Sshd;
  let login: Login;
  beforeAll(async () => {
    login = makeLogin();
    sshd = await startSshd();
  });
  afterAll(async () => {
    if (login) removeLogin(login);
    await sshd?.stop();
  });

  it('costs one round, in which nothing is known, and one login more', async () => {
    const target = host({ connection: 'ssh', ssh: { port: sshd.port, user: login.name } });
    const reach = options({ identityFile: sshd.userKey, knownHostsFile: knownHosts(sshd) });
    const collector = new Collector(loadPack(packDir('alation')), [target], {
      open: (one) => openTransport(one, reach),
      secrets: () => [],
    });
    const step: Step = {
      id: 'x',
      probe: 'file',
      params: {},
      subject: { kind: 'host', host: target.name },
      asks: [{ host: target.name, ask: ask(['cat', '/proc/self/stat']) }],
      wantedBy: [],
    };
    const round = async () => {
      const { steps, connections } = await collector.round([step]);
      return { output: steps[0]?.outputs[0]?.[0] as Output, logins: connections[0]?.logins };
    };
    try {
      const [first, second] = [await round(), await round()];
      expect([first.logins, second.logins, second.output.exit]).toEqual([1, 1, 0]);
      // The sixth field: the session, which the lane's shell leads.
      process.kill(sessionOf(Number(second.output.stdout.split(' ')[5])));
      // The end has come when a round notices it.
      let lost = await round();
      while (lost.output.problem === undefined) lost = await round();
      expect(lost.output).toMatchObject({ exit: null, problem: 'unreachable' });
      const again = await round();
      expect([again.output.exit, again.output.problem, again.logins]).toEqual([0, undefined, 2]);
    } finally {
      await collector.close();
    }
    expect(sshd.log().match(/Accepted publickey /g)).toHaveLength(2);
  });
});
