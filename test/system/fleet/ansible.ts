/** The same facts of the same played hosts by pairflight and by Ansible, as many hosts at once. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { measure } from '../bench/measure.js';
import { sameFacts } from '../bench/script.js';
import { type PlayedApart, runFleet } from './played-apart.js';

const HOSTS_AT_ONCE = 16;
const playbook = fileURLToPath(new URL('facts.yml', import.meta.url));
/** A played host has neither a shell that looks for programs nor ports that one could connect to. */
const rules = sameFacts.filter((id) => !/\/(ha-ports-reachable|screen-available)$/.test(id));

/** Prints both, and their ratio; false where Ansible is missing and everything must be compared. */
export async function benchAnsible(folder: string, pairs: PlayedApart): Promise<boolean> {
  if (spawnSync('ansible-playbook', ['--version']).status !== 0) {
    console.log('fleet against Ansible: not compared, it is not installed here (package ansible-core)');
    return process.env.PAIRFLIGHT_REQUIRE_ALL !== '1';
  }
  const only = rules.flatMap((id) => ['--only', id]);
  const ours = await runFleet(folder, pairs, [...only, '--parallel', String(HOSTS_AT_ONCE / 2)]);
  const theirs = await byAnsible(folder, pairs);
  const ratio = (theirs / 1000 / ours.seconds).toFixed(2);
  console.log(
    `fleet against Ansible: the same facts of ${pairs.count * 2} hosts, ${HOSTS_AT_ONCE} at once: Ansible takes ${ratio} times as long`,
  );
  console.log(
    `  pairflight, which also judges them, ${ours.seconds.toFixed(1)} s; Ansible ${(theirs / 1000).toFixed(1)} s`,
  );
  return true;
}

interface PlayedHost {
  ssh: { host: string; port: number };
}

/** Milliseconds of one play with pipelining and one login a host. @throws where a host did not answer a task */
async function byAnsible(folder: string, { file, knownHosts, identity }: PlayedApart): Promise<number> {
  const fleet: { pairs: Record<string, { hosts: Record<string, PlayedHost> }> } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  const hosts = Object.entries(fleet.pairs).flatMap(([pair, { hosts }]) =>
    Object.entries(hosts).map(([role, { ssh }]) => [
      `${pair}-${role}`,
      { ansible_host: ssh.host, ansible_port: ssh.port, ansible_user: 'demo', ansible_ssh_private_key_file: identity },
    ]),
  );
  const inventory = `${folder}/inventory.yml`;
  writeFileSync(inventory, JSON.stringify({ all: { hosts: Object.fromEntries(hosts) } }));
  const sockets = `${folder}/cm`;
  mkdirSync(sockets, { mode: 0o700 });
  const env = {
    ANSIBLE_PIPELINING: '1',
    // A played host has no terminal to give.
    ANSIBLE_SSH_USETTY: '0',
    ANSIBLE_SSH_ARGS: `-F none -o UserKnownHostsFile=${knownHosts} -o ControlMaster=auto -o ControlPersist=60s`,
    ANSIBLE_SSH_CONTROL_PATH_DIR: sockets,
    ANSIBLE_HOME: `${folder}/ansible`,
  };
  try {
    const words = ['ansible-playbook', '-i', inventory, '--forks', String(HOSTS_AT_ONCE), playbook];
    return (await measure(words, { env, cwd: folder })).ms;
  } finally {
    for (const socket of readdirSync(sockets)) spawnSync('ssh', ['-S', `${sockets}/${socket}`, '-O', 'exit', 'host']);
  }
}
