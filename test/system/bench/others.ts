/** The same facts by programs that people have: testinfra, serverspec and Ansible, as their manuals say, each where it is installed. */
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Measured, measure } from './measure.js';
import { demandFacts } from './script.js';

/** Where they ask: two hosts that are each other's peers, by a configuration of ssh. */
export interface Asked {
  addresses: readonly [string, string];
  config: string;
  /** Takes what they write, and the sockets of their logins. */
  folder: string;
}

/** One of them. */
export interface Other {
  name: string;
  /** The package of Debian that has it. */
  debian: string;
  installed: boolean;
  run(asked: Asked): Promise<Measured>;
}

const here = (file: string) => fileURLToPath(new URL(`others/${file}`, import.meta.url));
const succeeds = (...words: string[]) => spawnSync(words[0] ?? '', words.slice(1)).status === 0;

/** A version manager's Python has other packages than the system's. */
const python = ['python3', '/usr/bin/python3'].find((file) => succeeds(file, '-c', 'import pytest, testinfra'));

/** A login of an earlier run must not serve a later one. */
function endLogins({ config, folder }: Asked): void {
  for (const socket of readdirSync(`${folder}/cm`))
    spawnSync('ssh', ['-F', config, '-S', `${folder}/cm/${socket}`, '-O', 'exit', 'host']);
}

/** Cold, and told all that it asked. */
async function cold(name: string, asked: Asked, run: () => Promise<Measured>): Promise<Measured> {
  try {
    const measured = await run();
    demandFacts(name, measured.stdout, asked.addresses.length);
    return measured;
  } finally {
    endLogins(asked);
  }
}

/** testinfra by its ssh backend, both hosts in one run; with a ControlPath, without which its ControlPersist does nothing. */
const testinfra: Other = {
  name: 'testinfra',
  debian: 'python3-testinfra',
  installed: python !== undefined,
  run: (asked) =>
    cold('testinfra', asked, () => {
      const [one, other] = asked.addresses;
      const config = `${asked.folder}/cm_config`;
      writeFileSync(config, `Include ${asked.config}\nHost *\nControlPath ${asked.folder}/cm/%C\n`);
      const words = ['-m', 'pytest', '-q', '-s', '-p', 'no:cacheprovider', here('test_facts.py')];
      const where = ['--ssh-config', config, '--hosts', `ssh://${one},ssh://${other}`];
      const env = { PEERS: JSON.stringify({ [one]: other, [other]: one }), PYTHONDONTWRITEBYTECODE: '1' };
      return measure([python ?? '', ...words, ...where], { env, cwd: asked.folder });
    }),
};

const BOTH_AT_ONCE = `
ADDRESS=$1 PEER=$2 rspec "$3" >"$4/one" 2>&1 & first=$!
ADDRESS=$2 PEER=$1 rspec "$3" >"$4/other" 2>&1; other=$?
wait $first; first=$?
cat "$4/one" "$4/other"
exit $((first + other))`;

/** serverspec, one run for each host, both at once. */
const serverspec: Other = {
  name: 'serverspec',
  debian: 'ruby-serverspec',
  installed: succeeds('rspec', '--version') && succeeds('ruby', '-e', 'require "serverspec"'),
  run: (asked) =>
    cold('serverspec', asked, () =>
      measure(['/bin/sh', '-c', BOTH_AT_ONCE, 'sh', ...asked.addresses, here('facts_spec.rb'), asked.folder], {
        env: { CONFIG: asked.config },
        cwd: asked.folder,
      }),
    ),
};

/** Ansible, one play over both hosts with pipelining; its results are shown, or nobody had the facts. */
const ansible: Other = {
  name: 'Ansible',
  debian: 'ansible-core',
  installed: succeeds('ansible-playbook', '--version'),
  run: (asked) =>
    cold('Ansible', asked, () => {
      const { addresses, config, folder } = asked;
      const inventory = `${folder}/inventory.yml`;
      const hosts = addresses.map((address, at) => [address, { peer: addresses[1 - at] }]);
      writeFileSync(inventory, JSON.stringify({ all: { hosts: Object.fromEntries(hosts) } }));
      const env = {
        ANSIBLE_PIPELINING: '1',
        ANSIBLE_SSH_ARGS: `-F ${config} -o ControlMaster=auto -o ControlPersist=60s`,
        ANSIBLE_SSH_CONTROL_PATH_DIR: `${folder}/cm`,
        ANSIBLE_HOME: `${folder}/ansible`,
      };
      return measure(['ansible-playbook', '-v', '-i', inventory, here('facts.yml')], { env, cwd: folder });
    }),
};

/** All that are compared with, in the order in which they are shown. */
export const others: readonly Other[] = [testinfra, serverspec, ansible];
