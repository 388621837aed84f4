/** Verifies the key of the host that we are connecting to against the known_hosts files. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { whyUnread } from '../../core/file-error.js';
import { makeFolder } from '../../core/folder.js';
import { Failure } from './channel.js';
import { changedKey, fingerprint, keyType } from './host-key.js';
import { judgeHostKey, type KnownHost, knownHostName, knownKeyTypes, parseKnownHosts } from './known-hosts.js';
import type { Target } from './ssh-target.js';

/** What is done about a key that nobody knows yet. */
export interface HostKeyPolicy {
  acceptNew: boolean;
  warn: (message: string) => void;
}

/** The known_hosts entries of one target, read once. */
export class HostVerifier {
  readonly #target: Target;
  readonly #policy: HostKeyPolicy;
  readonly #known: KnownHost[];
  /** The key that this connection was begun with; it may be exchanged anew, and must not become another. */
  #pinned: Buffer | undefined;
  #new: { name: string; shown: string } | undefined;

  constructor(target: Target, policy: HostKeyPolicy) {
    this.#target = target;
    this.#policy = policy;
    this.#known = [...target.userKnownHosts, ...target.globalKnownHosts].flatMap(readKnownHosts);
  }

  /** The key types under which the host is known. */
  get knownTypes(): Set<string> {
    return knownKeyTypes(this.#known, this.#target.knownAs.host, this.#target.knownAs.port);
  }

  /** Why this key must not be trusted; undefined when it may be. */
  verify(key: Buffer): Failure | undefined {
    const { host, port } = this.#target.knownAs;
    const shown = `${keyType(key)} ${fingerprint(key)}`;
    if (this.#pinned !== undefined) {
      if (this.#pinned.equals(key)) return undefined;
      return refusal(`${knownHostName(host, port)} shows another host key in the middle of the connection: ${shown}`);
    }
    this.#pinned = Buffer.from(key);
    const verdict = judgeHostKey(this.#known, host, port, key);
    const name = knownHostName(host, port);
    switch (verdict.kind) {
      case 'known':
        return undefined;
      case 'revoked':
        return refusal(`the host key of ${name} (${shown}) is revoked by ${verdict.at}`);
      case 'changed':
        return refusal(changedKey(name, shown, verdict.at));
      case 'unknown':
        if (!this.#policy.acceptNew) return this.#unknown(name, shown);
        this.#new = { name, shown };
        return undefined;
    }
  }

  #unknown(name: string, shown: string): Failure {
    const { host, port } = this.#target.knownAs;
    const [file = '~/.ssh/known_hosts'] = this.#target.userKnownHosts;
    return refusal(
      `the host key of ${name} is not known: it shows ${shown}; compare that fingerprint with the host's own, then ` +
        `add it with 'ssh-keyscan -p ${port} ${host} >> ${file}', or trust it with --accept-new-host-keys`,
    );
  }

  /** Remembers a key that was trusted on first use, once the login has come about, or the next run would trust another one just as readily. */
  remember(): void {
    const key = this.#pinned;
    if (key === undefined || this.#new === undefined) return;
    const { name, shown } = this.#new;
    const [file] = this.#target.userKnownHosts;
    const trusted = `trusted the host key of ${name} on first use: ${shown}`;
    if (file === undefined) {
      this.#policy.warn(`${trusted}; no known_hosts file is configured, so it is not remembered`);
      return;
    }
    try {
      makeFolder(dirname(file));
      const open = existsSync(file) && !/(^|\n)$/.test(readFileSync(file, 'utf8'));
      const line = `${name} ${keyType(key)} ${key.toString('base64')}\n`;
      appendFileSync(file, open ? `\n${line}` : line, { mode: 0o600 });
      this.#policy.warn(`${trusted}; added to ${file}`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#policy.warn(`${trusted}; it could not be remembered: ${why}`);
    }
  }
}

function readKnownHosts(file: string): KnownHost[] {
  if (!existsSync(file)) return [];
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw refusal(`${file}: ${whyUnread(error)}; host keys are to be looked up in it`);
  }
  return parseKnownHosts(text, file);
}

function refusal(message: string): Failure {
  return new Failure('unreachable', 'host', message);
}
