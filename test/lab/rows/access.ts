/** How a host may refuse us, or let us in another way, and what preflight says of it. */
import { readFileSync, writeFileSync } from 'node:fs';
import * as faults from '../faults.js';
import type { Lab } from '../lab.js';
import { hideProgram, blockRunner } from '../obstacles.js';
import { type Scenario, wrongPassword } from '../scenario.js';
import { login, sudoers } from '../system.js';

const variable = 'PAIRFLIGHT_LAB_SUDO';
const passwordFrom = ['--sudo-password-env', variable];

/** sudo's own log stands where the system's logs are: it is the witness of every attempt. */
const logged = `Defaults logfile=/var/log/auth.log\n`;

function sudoAsks(lab: Lab): void {
  for (const host of lab.hosts) faults.setSudoers(host, logged + sudoers.replace('NOPASSWD: ', ''));
}

const commands = ['/usr/bin/cat', '/usr/bin/readlink', '/usr/bin/ps', '/usr/bin/id'];
const inShell = (root: string, command: string) => `/usr/sbin/chroot ${root} /bin/su - alation -c ${command}`;

export const accessRows: Scenario[] = [
  {
    name: 'sudo refused',
    fault: (lab) => faults.setSudoers(lab.secondary, ''),
    changes: {},
    exit: 3,
  },
  {
    name: 'sudo with a password, which is given',
    fault: sudoAsks,
    args: passwordFrom,
    env: { [variable]: login.password },
    changes: {},
    exit: 0,
  },
  {
    name: 'sudo with a password, and the wrong one is given',
    fault: sudoAsks,
    args: passwordFrom,
    env: { [variable]: wrongPassword },
    changes: {},
    exit: 3,
  },
  {
    name: 'sudo with a password, and none is given',
    fault: sudoAsks,
    changes: {},
    exit: 3,
  },
  {
    name: 'sudoers that allow single commands',
    fault: (lab) => {
      const shells = ['id -un', 'alation_conf alation.cluster.replication_mode'].map((command) =>
        inShell('/opt/alation/alation', command),
      );
      const line = `${login.name} ALL=(root) NOPASSWD: ${[...commands, ...shells].join(', ')}\n`;
      for (const host of lab.hosts) faults.setSudoers(host, line);
    },
    changes: {},
    exit: 0,
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
  {
    name: 'sshd stopped',
    fault: (lab) => faults.stopSshd(lab.secondary),
    logins: [1, 0],
    changes: {},
    exit: 1,
  },
  {
    name: 'a host that does not answer us',
    fault: (lab) => blockRunner(lab, lab.secondary, 22),
    args: ['--timeout', '5'],
    logins: [1, 0],
    changes: {},
    exit: 3,
  },
  {
    name: 'a login refused',
    fault: (lab) => faults.setFile(lab.secondary, `/home/${login.name}/.ssh/authorized_keys`, ''),
    logins: [1, 0],
    changes: {},
    exit: 3,
  },
  {
    name: 'a changed host key',
    fault: (lab) => faults.changeHostKeys(lab.secondary),
    logins: [1, 0],
    changes: {},
    exit: 3,
  },
  {
    name: 'an unknown host key',
    knownHosts: withoutSecondary,
    logins: [1, 0],
    changes: {},
    exit: 3,
  },
  {
    name: 'an unknown host key that may be trusted',
    knownHosts: withoutSecondary,
    args: ['--accept-new-host-keys'],
    changes: {},
    exit: 0,
    stderr: /secondary|SHA256/,
  },
];

function withoutSecondary(lab: Lab): string {
  const file = `${lab.folder}/known_hosts.primary`;
  const lines = readFileSync(lab.knownHosts, 'utf8').split('\n');
  writeFileSync(file, lines.filter((line) => !line.startsWith(`${lab.secondary.address} `)).join('\n'), { mode: 0o600 });
  return file;
}
