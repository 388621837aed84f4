/** The engine's script around a dry-run rsync, played: what demo.yaml says that a copy from the peer would move. */

import { bytesOf } from '../file/machine.js';
import { type Answer, says } from './answer.js';
import { ssh } from './peers.js';
import { df } from './programs.js';
import { onHost, type Runner } from './runner.js';
import { lookUp } from './tree.js';

const SHELL_NOT_CLEAN =
  'protocol version mismatch -- is your shell clean?\n(see the rsync manpage for an explanation)\nrsync error: protocol incompatibility (code 2) at compat.c(622) [Receiver=3.2.7]\n';

/** Its words: key, login, address, the directory there, the directory here, and what to leave out. */
export function playDryRun([key = '', user = '', address = '', , local = '']: string[], runner: Runner): Answer {
  if (lookUp(runner.machine, onHost(local, runner))?.kind !== 'directory') return says('missing\nend\n');
  const free = `free ${df(['-P', '-k', local], runner).stdout.split('\n')[1] ?? ''}\n`;
  // rsync takes the words of a login for the peer's protocol.
  const login = ssh(['-i', key, '-l', user, address, 'rsync'], runner);
  if (login.exit !== 0) return { ...told(free, '', login.exit), stderr: login.stderr };
  if (login.stdout !== '') return { ...told(free, '', 2), stderr: SHELL_NOT_CLEAN };
  const { totalFiles = 0, totalBytes = 0, differing = [], young = 0, files = 0, bytes = 0 } = runner.machine.sync ?? {};
  const grouped = (number: number) => number.toLocaleString('en-US');
  const statistics = {
    'Number of files': grouped(totalFiles),
    'Number of regular files transferred': grouped(files),
    'Total file size': `${grouped(bytesOf(totalBytes))} bytes`,
    'Total transferred file size': `${grouped(bytesOf(bytes))} bytes`,
  };
  const lines = Object.entries(statistics).map(([name, value]) => `stat ${name}: ${value}\n`);
  return told(
    `${free}${lines.join('')}`,
    differing.map((name) => `named ${name}\n`).join(''),
    0,
    differing.length,
    young,
  );
}

function told(before: string, named: string, exit: number, changes = 0, young = 0): Answer {
  return says(`${before}changes ${changes}\nyoung ${young}\n${named}exit ${exit}\nend\n`);
}
