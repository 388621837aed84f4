/** How a host may refuse us, or let us in another way, and what preflight says of it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import * as faults from '../faults.js';
import type { Lab } from '../lab.js';
import { blockRunner, hideProgram } from '../obstacles.js';
import { type Scenario, wrongPassword } from '../scenario.js';
import { login, sudoers } from '../system.js';
import { noRootAnywhere, secondarySilent, secondaryWithoutRoot } from './unknown.js';

const variable = 'PAIRFLIGHT_LAB_SUDO';
const passwordFrom = ['--sudo-password-env', variable];

/** sudo's own log stands where the system's logs are: it is the witness of every attempt. */
const logged = 'Defaults logfile=/var/log/auth.log\n';

function sudoAsks(lab: Lab): void {
  for (const host of lab.hosts) {
    faults.setFile(host, '/var/log/auth.log', '');
    faults.setSudoers(host, logged + sudoers.replace('NOPASSWD: ', ''));
  }
}

/** How often sudo was given a wrong password, or none, on each host. */
function refusals(lab: Lab): { wrong: number[]; none: number[] } {
  const logs = lab.hosts.map((host) => host.read('/var/log/auth.log').replaceAll(/\n +/g, ' '));
  const count = (words: RegExp) => logs.map((log) => log.match(words)?.length ?? 0);
  return { wrong: count(/1 incorrect password attempt/g), none: count(/a password is required/g) };
}

const silent = (row: Omit<Scenario, 'changes' | 'exit' | 'logins'>): Scenario => ({
  ...row,
  changes: secondarySilent,
  exit: 3,
  logins: [1, 0],
});

export const accessRows: Scenario[] = [
  {
    name: 'sudo refused',
    fault: (lab) => faults.setSudoers(lab.secondary, ''),
    changes: secondaryWithoutRoot,
    exit: 3,
    says: { 'alation/host-access [secondary]': /sudo was refused/ },
  },
  {
    name: 'sudo with a password, which is given',
    fault: sudoAsks,
    args: passwordFrom,
    env: { [variable]: login.password },
    changes: {},
    exit: 0,
    after: (lab) => expect(refusals(lab).wrong).toEqual([0, 0]),
  },
  {
    name: 'sudo with a password, and the wrong one is given',
    fault: sudoAsks,
    args: passwordFrom,
    env: { [variable]: wrongPassword },
    changes: noRootAnywhere,
    exit: 3,
    after: (lab) => expect(refusals(lab).wrong).toEqual([1, 1]),
  },
  {
    name: 'sudo with a password, and none is given',
    fault: sudoAsks,
    changes: noRootAnywhere,
    exit: 3,
    // `sudo -n true` and `sudo -n -l`, not one for each step.
    after: (lab) => expect(Math.max(...refusals(lab).none)).toBeLessThanOrEqual(2),
  },
  {
    name: 'sudoers that allow single commands',
    fault: (lab) => {
      for (const host of lab.hosts) {
        faults.setFile(host, `${host.layout.chroot}/etc/noise`, '');
        faults.allowCommands(host);
      }
    },
    changes: {},
    exit: 0,
  },
  {
    name: 'sudoers that allow single commands, and none that measures what the hosts hold',
    fault: (lab) => {
      for (const host of lab.hosts) {
        faults.setFile(host, `${host.layout.chroot}/etc/noise`, '');
        faults.allowCommands(host, { narrow: true });
      }
    },
    changes: { 'alation/roles-not-swapped': 'unknown', 'alation/secondary-data-at-risk': 'unknown' },
    exit: 3,
  },
  {
    // A banner cannot be told from an answer where no shell of ours listens behind it.
    name: 'sudoers that allow single commands, and a product shell with a banner',
    fault: (lab) => {
      for (const host of lab.hosts) faults.allowCommands(host);
    },
    changes: {
      'alation/host-access [primary]': 'unknown',
      'alation/host-access [secondary]': 'unknown',
    },
    exit: 3,
    says: access(/id did not answer with the name of a user/),
  },
  {
    name: 'a login as root, and no sudo on the hosts',
    fault: async (lab) => {
      for (const host of lab.hosts) {
        faults.authorizeRoot(host);
        await hideProgram(host, 'sudo');
      }
    },
    inventory: () => ({ hosts: { primary: { ssh: { user: 'root' } }, secondary: { ssh: { user: 'root' } } } }),
    changes: {},
    exit: 0,
  },
  silent({ name: 'sshd stopped', fault: (lab) => faults.stopSshd(lab.secondary), says: access(/connection refused/) }),
  silent({
    name: 'a host that does not answer us',
    fault: (lab) => blockRunner(lab, lab.secondary, 22),
    args: ['--timeout', '5'],
    says: access(/did not answer within 5000 ms/),
  }),
  silent({
    name: 'a login refused',
    fault: (lab) => faults.setFile(lab.secondary, `/home/${login.name}/.ssh/authorized_keys`, ''),
    says: access(/refused the login of ec2-user/),
  }),
  silent({
    name: 'a changed host key',
    fault: (lab) => faults.changeHostKeys(lab.secondary),
    says: access(/has CHANGED/),
  }),
  silent({ name: 'an unknown host key', knownHosts: withoutSecondary, says: access(/is not known/) }),
  {
    name: 'an unknown host key that may be trusted',
    knownHosts: withoutSecondary,
    args: ['--accept-new-host-keys'],
    changes: {},
    exit: 0,
    stderr: /trusted the host key of .* on first use: .*SHA256:/,
  },
];

function access(words: RegExp): Record<string, RegExp> {
  return { 'alation/host-access [secondary]': words };
}

function withoutSecondary(lab: Lab): string {
  const file = `${lab.folder}/known_hosts.primary`;
  const lines = readFileSync(lab.knownHosts, 'utf8').split('\n');
  writeFileSync(file, lines.filter((line) => !line.startsWith(`${lab.secondary.address} `)).join('\n'), {
    mode: 0o600,
  });
  return file;
}
