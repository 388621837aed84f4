/** The embedded hosts: SSH servers on loopback that play a scenario of a pack's demo.yaml over the real SSH path. */
import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';
import { fingerprint } from '../collect/transport/host-key.js';
import { makeTemporaryFolder } from '../core/folder.js';
import { type Demo, findScenario } from './file/scenarios.js';
import { Turns } from './play/changing-answers.js';
import { LOGIN } from './play/command-line.js';
import { type PlayedServer, serve } from './play/server.js';

export { type Demo, findScenario, hasDemo, loadDemo, type Scenario, scenarioFor } from './file/scenarios.js';

/** Where a played host listens, who may log in, and the key that it shows (`SHA256:` and base64, as OpenSSH prints it). */
export interface DemoHost {
  address: string;
  port: number;
  user: string;
  hostKeySha256: string;
}

/** Hosts that run until they are closed. */
export interface RunningDemo {
  hosts: Record<string, DemoHost>;
  /** A known_hosts file, and the one key that the hosts accept (0600); both in a folder that `close` removes. */
  knownHosts: string;
  identityFile: string;
  /** An inventory, in the form of the inventory file, that leads to the played hosts. */
  inventory: Record<string, unknown>;
  /** Authenticated logins so far, by host. */
  readonly logins: Record<string, number>;
  close(): Promise<void>;
}

/** Starts the hosts of a scenario; keys are made anew. @throws UsageError when there is no such scenario. */
export async function startDemo(demo: Demo, name: string): Promise<RunningDemo> {
  const scenario = findScenario(demo, name);
  const keys = new KeyRing();
  const folder = makeTemporaryFolder('pairflight-demo-');
  const [knownHosts, identityFile] = [join(folder, 'known_hosts'), join(folder, 'id_ed25519')];
  const servers = new Map<string, PlayedServer>();
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const close = async () => {
    await Promise.all([...servers.values()].map((server) => server.close()));
    process.off('exit', remove);
    remove();
  };
  try {
    await writeFile(identityFile, keys.get('login').private, { mode: 0o600 });
    for (const machine of scenario.hosts) {
      const hostKey = keys.get(`host ${machine.hostKey}`).private;
      const { hosts, endpoints } = scenario;
      const stage = { machine, hosts, endpoints, turns: new Turns() };
      servers.set(machine.name, await serve(stage, hostKey, keys.get('login').parsed));
    }
    const portOf = (host: string) => servers.get(host)?.port ?? 0;
    const known = scenario.hosts.map(
      (machine) => `[127.0.0.1]:${portOf(machine.name)} ${keys.get(`host ${machine.knownHostKey}`).public}\n`,
    );
    await writeFile(knownHosts, known.join(''), { mode: 0o600 });
    const hosts = scenario.hosts.map((machine): [string, DemoHost] => {
      const hostKeySha256 = fingerprint(keys.get(`host ${machine.hostKey}`).parsed.getPublicSSH());
      return [machine.name, { address: machine.address, port: portOf(machine.name), user: LOGIN.user, hostKeySha256 }];
    });
    const roles = new Map(scenario.hosts.map(({ name, role = name }) => [name, role]));
    const reached = hosts.map(([host, { address, port, user }]) => [
      host,
      { role: roles.get(host), address, ssh: { host: '127.0.0.1', port, user, identityFile } },
    ]);
    // Nobody listens at their addresses: they are there for who asks on a played host alone.
    const asked = scenario.endpoints.map(({ name, role, address, via }) => [name, { role, address, via }]);
    const inventory = {
      product: demo.product,
      ...scenario.inventory,
      hosts: Object.fromEntries([...reached, ...asked]),
    };
    return {
      hosts: Object.fromEntries(hosts),
      knownHosts,
      identityFile,
      inventory,
      get logins() {
        return Object.fromEntries([...servers].map(([host, server]) => [host, server.logins()]));
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Key {
  private: string;
  public: string;
  parsed: ParsedKey;
}

/** Ed25519 keys by name, made when first asked for. */
class KeyRing {
  readonly #keys = new Map<string, Key>();

  get(name: string): Key {
    const known = this.#keys.get(name);
    if (known) return known;
    const key = drawKey();
    this.#keys.set(name, key);
    return key;
  }
}

/** A new key. ssh2 drops leading zero bytes of a public key, and then cannot read one key in 256 that it made: draw again. */
export function drawKey(): Key {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    const parsed = ssh2.utils.parseKey(pair.private);
    if (!(parsed instanceof Error)) return { ...pair, parsed };
  }
}
