/** Authentication of one connection: the chosen keys in turn, then the password once. */
import { readFileSync } from 'node:fs';
import ssh2, { type AnyAuthMethod, type AuthHandlerMiddleware, type ParsedKey } from 'ssh2';
import { whyUnread } from '../../core/file-error.js';
import { oneLine, shorten } from '../../core/format.js';
import { firstKey, type Identity, onlyKey } from './identities.js';
import { asksForPassword } from './password-prompt.js';

/** Characters of a host's question that are told. */
const MOST_SHOWN = 80;

/** Where the secrets come from; each is asked for only when it is needed. */
export interface Secrets {
  password: () => Promise<string | undefined>;
  passphrase: (file: string) => Promise<string | undefined>;
}

/** Decides what is offered next, and remembers what was. */
export class Authentication {
  readonly #user: string;
  readonly #identities: Identity[];
  readonly #secrets: Secrets;
  #accepted: readonly string[] | undefined;
  #passwordAsked = false;
  #second: AnyAuthMethod | undefined;
  readonly #tried: string[] = [];

  constructor(user: string, identities: Identity[], secrets: Secrets) {
    this.#user = user;
    this.#identities = [...identities];
    this.#secrets = secrets;
  }

  /** ssh2's authentication handler. The first call asks with `none` which methods there are, as OpenSSH does. */
  readonly handler: AuthHandlerMiddleware = (accepted, _partial, next) => {
    const first = this.#accepted === undefined && !accepted;
    if (accepted) this.#accepted = accepted;
    const method = first ? Promise.resolve(this.#none()) : this.#next();
    method.then(
      (chosen) => next(chosen ?? (false as never)),
      () => next(false as never),
    );
  };

  /** What was tried and what the host accepts, for the message of a refusal. */
  get summary(): string {
    const tried = this.#tried.length > 0 ? `tried ${this.#tried.join(', ')}` : 'there was no key or password to try';
    return this.#accepted ? `${tried}; the host accepts ${this.#accepted.join(', ')}` : tried;
  }

  #none(): AnyAuthMethod {
    this.#accepted = [];
    return { type: 'none', username: this.#user };
  }

  async #next(): Promise<AnyAuthMethod | undefined> {
    // An RSA key may have been refused for its signature alone.
    const second = this.#second;
    this.#second = undefined;
    if (second && this.#accepts('publickey')) return second;
    while (this.#accepts('publickey')) {
      const identity = this.#identities.shift();
      if (!identity) break;
      const method = await this.#offer(identity);
      if (method) return method;
    }
    return this.#password();
  }

  async #offer(identity: Identity): Promise<AnyAuthMethod | undefined> {
    if (identity.kind === 'agent') {
      this.#tried.push(identity.label);
      return { type: 'agent', username: this.#user, agent: onlyKey(identity.agent, identity.key) };
    }
    const key = await this.#readKey(identity.file);
    this.#tried.push(key instanceof Error ? `${identity.label} (not usable: ${key.message})` : `key ${identity.label}`);
    if (key instanceof Error) return undefined;
    const method = { type: 'publickey', username: this.#user, key } satisfies AnyAuthMethod;
    if (key.type !== 'ssh-rsa') return method;
    this.#second = method;
    return { ...method, key: bySha512(key) };
  }

  async #readKey(file: string): Promise<ParsedKey | Error> {
    let text: Buffer;
    try {
      text = readFileSync(file);
    } catch (error) {
      return new Error(whyUnread(error));
    }
    const plain = firstKey(ssh2.utils.parseKey(text));
    if (!(plain instanceof Error)) {
      return plain.isPrivateKey() ? plain : new Error('a public key, and no agent holds its private part');
    }
    if (!/passphrase/i.test(plain.message)) return new Error(`${plain.message}; --transport openssh may read it`);
    const passphrase = await this.#secrets.passphrase(file);
    if (!passphrase) return new Error('encrypted, and no passphrase was given');
    const key = firstKey(ssh2.utils.parseKey(text, passphrase));
    return key instanceof Error ? new Error('the passphrase is wrong, or --transport openssh may read it') : key;
  }

  /** The password is tried once, by one method, whatever the host accepts: hosts count and ban. */
  async #password(): Promise<AnyAuthMethod | undefined> {
    const type = (['password', 'keyboard-interactive'] as const).find((method) => this.#accepts(method));
    if (!type || this.#passwordAsked) return undefined;
    this.#passwordAsked = true;
    const password = await this.#secrets.password();
    if (!password) return undefined;
    const username = this.#user;
    if (type === 'password') {
      this.#tried.push('password');
      return { type, username, password };
    }
    let answered = false;
    return {
      type,
      username,
      prompt: (_name, _instructions, _lang, prompts, finish) => {
        const [{ prompt: question = '', echo = false } = {}] = prompts;
        const secret = !answered && prompts.length === 1 && !echo && asksForPassword(question);
        if (!secret && prompts.length > 0)
          this.#tried.push(
            `no answer to what the host asks: ${JSON.stringify(shorten(oneLine(question), MOST_SHOWN))}`,
          );
        finish(secret ? [password] : prompts.map(() => ''));
        if (secret) this.#tried.push('password');
        answered ||= secret;
      },
    };
  }

  #accepts(method: string): boolean {
    return this.#accepted?.includes(method) ?? false;
  }
}

/** The key with the signature that OpenSSH prefers; ssh2 itself offers a key with one signature only, and with a weaker one. */
function bySha512(key: ParsedKey): ParsedKey {
  return Object.assign(Object.create(key), {
    type: 'rsa-sha2-512',
    sign: (data: Buffer) => key.sign(data, 'sha512'),
  });
}
