/** The keys that are offered to a host: the chosen one alone, or a few of the agent's and the usual files. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import ssh2, { type BaseAgent, type ParsedKey } from 'ssh2';
import { fingerprint } from './host-key.js';
import type { Target } from './ssh-target.js';

/** sshd ends a connection after 6 refused attempts by default, and one is kept for the password. */
const MAX_KEYS = 5;

/** A key that can be offered; a file's private part is read, and its passphrase asked for, only when it is its turn. */
export type Identity =
  | { kind: 'agent'; label: string; key: ParsedKey; agent: BaseAgent }
  | { kind: 'file'; label: string; file: string };

/** The chosen identity, which is there, or those of the agent and the configuration. */
export async function listIdentities(target: Target): Promise<Identity[]> {
  const agentKeys = target.agent ? await keysOfAgent(target.agent) : [];
  if (target.chosenIdentity !== undefined) return [identityOf(target.chosenIdentity, agentKeys)];
  const configured = target.configuredIdentities.filter((file) => existsSync(file) || existsSync(`${file}.pub`));
  const usual = ['id_ed25519', 'id_ecdsa', 'id_rsa']
    .map((name) => join(userInfo().homedir, '.ssh', name))
    .filter(existsSync);
  const files = (target.configuredIdentities.length > 0 ? configured : usual).map((file) =>
    identityOf(file, agentKeys),
  );
  // In OpenSSH's order: what the agent holds of the files, the agent's other keys, then the files that have to be opened.
  const held = files.filter(({ kind }) => kind === 'agent');
  const all = [...held, ...agentKeys, ...files];
  return all.filter((one, at) => all.findIndex((other) => other.label === one.label) === at).slice(0, MAX_KEYS);
}

/** The agent signs for a file's key if it holds it, which spares the passphrase. */
function identityOf(file: string, agentKeys: Identity[]): Identity {
  const publicKey = readPublicKey(file);
  const held = agentKeys.find((one) => one.kind === 'agent' && publicKey?.equals(one.key.getPublicSSH()));
  return held ?? { kind: 'file', label: file, file };
}

/** The public part beside a private key, or in it: OpenSSH's own format keeps it in clear in an encrypted file too. */
function readPublicKey(file: string): Buffer | undefined {
  for (const name of [`${file}.pub`, file]) {
    // What cannot be read is told where it is tried.
    if (!existsSync(name) || !statSync(name).isFile()) continue;
    const text = readFileSync(name);
    const key = firstKey(ssh2.utils.parseKey(text));
    const blob = key instanceof Error ? publicPart(text.toString('latin1')) : key.getPublicSSH();
    if (blob) return blob;
  }
  return undefined;
}

/** Behind the magic word stand the cipher, the derivation and its options, the number of keys, and the first public key. */
function publicPart(text: string): Buffer | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text)?.[1];
  const blob = Buffer.from(body ?? '', 'base64');
  const magic = 'openssh-key-v1\0';
  if (blob.toString('latin1', 0, magic.length) !== magic) return undefined;
  try {
    let at = magic.length;
    const length = () => blob.readUInt32BE(at) + 4;
    for (let skipped = 0; skipped < 3; skipped++) at += length();
    at += 4;
    return blob.subarray(at + 4, at + length());
  } catch {
    return undefined;
  }
}

/** What ssh2 gives for one key, whether it stands alone or in a list. */
export function firstKey(parsed: ParsedKey | ParsedKey[] | Error): ParsedKey | Error {
  return Array.isArray(parsed) ? (parsed[0] ?? new Error('no key in the file')) : parsed;
}

/** An agent that does not answer is as good as none: the identity files are still there. */
function keysOfAgent(socket: string): Promise<Identity[]> {
  const agent = ssh2.createAgent(socket);
  return new Promise((resolve) => {
    agent.getIdentities((error, keys) => {
      const parsed = error ? [] : (keys ?? []).map((key) => firstKey(ssh2.utils.parseKey(key as Buffer)));
      resolve(
        parsed.flatMap((key) =>
          key instanceof Error
            ? []
            : [{ kind: 'agent', label: `agent ${fingerprint(key.getPublicSSH())}`, key, agent }],
        ),
      );
    });
  });
}

/** An agent that shows one key only, so that no other is offered. */
export function onlyKey(agent: BaseAgent, key: ParsedKey): BaseAgent {
  const getIdentities: BaseAgent['getIdentities'] = (callback) => callback(undefined, [key]);
  return Object.assign(Object.create(agent), { getIdentities });
}
