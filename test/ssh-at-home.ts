/** An `ssh` whose home is a test's folder: the real one takes it from the list of users, whatever HOME says. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programPath } from './needs.js';

/** Puts it into a folder for PATH. What says itself which configuration is meant goes to the real one as it is. */
export function putSshAtHome(bin: string, home: string): void {
  const ssh = join(home, '.ssh');
  mkdirSync(ssh, { recursive: true });
  const config = join(bin, 'ssh_config');
  const usual = `Match all\n  IdentityFile ${ssh}/id_ed25519\n  UserKnownHostsFile ${ssh}/known_hosts\n`;
  writeFileSync(config, `Include ${ssh}/config\n${usual}`);
  const real = programPath('ssh');
  const lines = [
    '#!/bin/sh',
    `case " $* " in *" -F "* | *" -V "*) exec ${real} "$@" ;; esac`,
    // A home without any of it configures nothing.
    `[ -n "$(ls -A ${ssh})" ] || exec ${real} -F none "$@"`,
    `exec ${real} -F ${config} "$@"`,
  ];
  writeFileSync(join(bin, 'ssh'), `${lines.join('\n')}\n`);
  chmodSync(join(bin, 'ssh'), 0o755);
}
