/** Many pairs behind one jump host, a real sshd: it is logged in to once for all of them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  forSshd,
  knownHosts,
  type Login,
  makeLogin,
  removeLogin,
  type Sshd,
  startSshd,
} from '../collect/transport/sshd.js';
import { lacking } from '../needs.js';
import { type PlayedFleet, playFleet, reportAt } from './played.js';

const why = lacking(...forSshd, 'ssh');
describe.skipIf(why)(`a fleet behind a jump host${why}`, { timeout: 120_000 }, () => {
  let login: Login;
  let jump: Sshd;
  let fleet: PlayedFleet;
  beforeAll(async () => {
    login = makeLogin();
    // It drops what comes when so many have not logged in yet, as any sshd does.
    jump = await startSshd(['MaxStartups 9:100:9', 'MaxSessions 100']);
    fleet = await playFleet({ count: 8, faultPercent: 0 });
  }, 60_000);
  afterAll(async () => {
    await fleet?.close();
    await jump?.stop();
    if (login) removeLogin(login);
  });

  it('logs in to it once for all pairs, and loses none', async () => {
    const [config, known] = [join(fleet.folder, 'client_config'), join(fleet.folder, 'known_both')];
    writeFileSync(known, [knownHosts(jump), fleet.knownHosts].map((file) => readFileSync(file, 'utf8')).join(''));
    const own = [`User ${login.name}`, `IdentityFile ${jump.userKey}`, `UserKnownHostsFile ${known}`];
    const out = ['Host out', 'HostName 127.0.0.1', `Port ${jump.port}`, ...own].join('\n  ');
    writeFileSync(config, `${out}\nHost 127.0.0.1\n  ProxyJump out\n`);
    const words = [fleet.file, '--known-hosts', known, '--ssh-config', config, '--skip', '*/runner-reaches-hosts'];
    const { code, stderr } = await fleet.runWith(
      words,
      '--out',
      'behind',
      '--parallel',
      '8',
      '--report',
      'json=r.json',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = reportAt(join(fleet.folder, 'r.json'));
    expect(report.pairs.map(({ outcome }) => outcome)).toEqual(Array(8).fill('passed'));
    const log = jump.log();
    expect(log.match(/Accepted (?!key )/g)).toHaveLength(1);
    expect(log).not.toMatch(/MaxStartups|drop connection/);
  });
});
