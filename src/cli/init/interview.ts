/** What `init` asks of a person, in the pack's own words: hosts, release, and the settings that a pack asks for. */
import { isIPv4 } from 'node:net';
import type { Interface } from 'node:readline';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';
import { suggestion } from '../../core/did-you-mean.js';
import { UsageError } from '../../core/errors.js';
import { escapeForTerminal } from '../../core/escape.js';
import type { Host } from '../../core/model.js';
import type { Pack } from '../../pack/pack.js';
import { isMany } from '../../pack/roles.js';
import { fitsSetting } from '../../pack/settings.js';
import { wrapAfter } from '../../reporters/terminal/wrap.js';
import { Interrupted } from '../ask-hidden.js';
import { inventoryFromHosts } from '../host-option.js';
import type { Draft } from './text.js';

const REACHED = '[user@]host[:port]';

/** The product, where there are packs of several. */
export function productQuestion(names: readonly string[], usual: string): Question<string> {
  return {
    prompt: 'Product',
    why: `Whose rules are judged: ${names.join(', ')}.`,
    usual,
    read: (answer) => {
      const name = answer || usual;
      return names.includes(name) ? { value: name } : `no pack is for "${name}"${suggestion(name, [...names])}`;
    },
  };
}

/** Asks for all that a draft lacks; the settings in `discovered` are left to the hosts. */
export async function interview(asker: Asker, pack: Pack, draft: Draft, discovered: readonly string[]): Promise<Draft> {
  asker.say('Enter takes what stands in [brackets]. Ctrl-C ends this, and nothing is written.');
  const hosts = [...draft.hosts];
  for (const role of Object.keys(pack.roles)) await askRole(asker, pack, role, hosts);
  const release = draft.release ?? (await asker.ask(releaseQuestion(pack)));
  const settings = { ...draft.settings };
  for (const [name, { ask }] of Object.entries(pack.settings)) {
    if (ask === undefined || name in settings || discovered.includes(name)) continue;
    const value = await asker.ask(settingQuestion(pack, name));
    if (value !== undefined) settings[name] = value;
  }
  return { hosts, settings, ...(release !== undefined && { release }) };
}

/** Adds the hosts of a role: one, perhaps one, or as many as are named until an empty answer. */
async function askRole(asker: Asker, pack: Pack, role: string, hosts: Host[]): Promise<void> {
  const meant = pack.roles[role];
  if (!meant) return;
  const most = isMany(meant) ? Number.POSITIVE_INFINITY : 1;
  const least = Number(meant.count[0]);
  const taken = () => hosts.filter((host) => host.role === role).length;
  while (taken() < most) {
    const number = taken() + 1;
    const shown = most === 1 ? meant.title : `${meant.title} ${number}`;
    const address = await asker.ask(addressQuestion(shown, hosts, taken() < least));
    if (address === undefined) return;
    const host = await asker.ask(meant.endpoint ? viaQuestion(shown, address, hosts) : sshQuestion(shown, address));
    hosts.push({ ...host, role, name: most === 1 ? role : `${role}-${number}` });
  }
}

/** The address of a host; undefined: there is none of this role. */
function addressQuestion(title: string, others: readonly Host[], needed: boolean): Question<string | undefined> {
  return {
    prompt: `${title}, address`,
    why: `The IPv4 address by which the other host reaches this one${needed ? '' : '; empty: there is no such host'}.`,
    ...(!needed && { usual: 'none' }),
    read: (answer) => {
      if (answer === '' && !needed) return { value: undefined };
      if (!isIPv4(answer)) return `"${answer}" is no IPv4 address; right is for example 10.0.0.1`;
      if (/^(0|127|2[2-5]\d)\./.test(answer)) return `${answer} leads to no other machine`;
      const twin = others.find((host) => host.address === answer);
      return twin ? `${answer} is ${twin.name}'s already; two hosts have two addresses` : { value: answer };
    },
  };
}

/** How this machine logs in to a host; an empty answer means its address, under the user's own name. */
function sshQuestion(title: string, address: string): Question<Host> {
  return {
    prompt: `${title}, SSH`,
    why: `${REACHED}, as this machine logs in; ~/.ssh/config says what is left out.`,
    usual: address,
    read: (answer) => {
      const words = answer || address;
      try {
        const [host] = /[,=]/.test(words) ? [] : inventoryFromHosts([`host=${words},address=${address}`]).hosts;
        if (host) return { value: host };
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
      }
      return `"${words}" is not ${REACHED}; right is for example ops@db-a or ops@${address}:22`;
    },
  };
}

/** Who asks an endpoint, to which nobody logs in; an empty answer means this machine. */
function viaQuestion(title: string, address: string, others: readonly Host[]): Question<Host> {
  const names = others.map(({ name }) => name);
  return {
    prompt: `${title}, asked from`,
    why: `The host that asks it over HTTP: ${names.join(', ')}; empty: this machine.`,
    usual: 'this machine',
    read: (answer) => {
      if (answer !== '' && !names.includes(answer)) return `no host is named "${answer}"${suggestion(answer, names)}`;
      const spec = `host=${address}${answer === '' ? '' : `,via=${answer}`}`;
      const [host] = inventoryFromHosts([spec]).hosts;
      return host ? { value: { ...host, ssh: {} } } : 'right is the name of a host';
    },
  };
}

/** The installed release; undefined: the hosts tell it. */
function releaseQuestion({ releases, title }: Pack): Question<string | undefined> {
  const names = releases.table.map(({ name }) => name);
  return {
    prompt: 'Release',
    why: `The installed release of ${title}; empty: it is read from the hosts.`,
    usual: 'read from the hosts',
    read: (answer) => {
      if (answer === '') return { value: undefined };
      const right = `"${answer}" is no release of ${title}${suggestion(answer, names)}`;
      return releases.parse(answer) ? { value: answer } : right;
    },
  };
}

/** A setting that the pack asks for; undefined: its default holds. */
function settingQuestion({ settings }: Pack, name: string): Question<unknown> {
  const { title = name, ask = '', default: usual, type } = settings[name] ?? {};
  return {
    prompt: name,
    why: `${title}; ${ask}.`,
    ...(usual !== undefined && { usual: typeof usual === 'string' ? usual : JSON.stringify(usual) }),
    read: (answer) => {
      if (answer === '') return { value: undefined };
      const value = type === 'number' || type === 'boolean' || type === 'list' ? valueIn(answer) : answer;
      const example = usual === undefined ? '' : `; right is for example ${JSON.stringify(usual)}`;
      return fitsSetting(settings, name, value) ? { value } : `"${answer}" is no ${type} for ${name}${example}`;
    },
  };
}

function valueIn(answer: string): unknown {
  try {
    return parse(answer) as unknown;
  } catch {
    return undefined;
  }
}

/** Yes or no; an empty answer is no. */
export function yesOrNo(prompt: string, why: string): Question<boolean> {
  return {
    prompt: `${prompt} (yes/no)`,
    why,
    usual: 'no',
    read: (answer) => {
      if (/^(n|no|)$/i.test(answer)) return { value: false };
      return /^y(es)?$/i.test(answer) ? { value: true } : 'answer yes or no';
    },
  };
}

/** Thrown when there is nothing more to read: Ctrl-D, or a terminal that went away. */
export class Ended extends Error {
  override readonly name = 'Ended';
}

/** One question: why it is put, what an empty answer means, and how the answer is read. */
export interface Question<T> {
  prompt: string;
  why: string;
  /** What holds when nothing is typed, as it is shown. */
  usual?: string;
  /** The answer's value; a text says why it is none. An empty answer comes as `''`. */
  read(answer: string): { value: T } | string;
}

/** Asks at a terminal. Lines that were typed or pasted ahead answer the next questions. */
export class Asker {
  readonly #lines: string[] = [];
  readonly #reader: Interface;
  readonly #output: NodeJS.WriteStream;
  #waiting: { resolve: (line: string) => void; reject: (error: Error) => void } | undefined;
  #end: Error | undefined;

  constructor(input: NodeJS.ReadStream, output: NodeJS.WriteStream) {
    this.#output = output;
    this.#reader = createInterface({ input, output, terminal: true, historySize: 0 });
    this.#reader
      .on('line', (line) => this.#take(line))
      .on('SIGINT', () => this.#stop(new Interrupted('interrupted')))
      .on('close', () => this.#stop(new Ended('there is nothing more to read')));
  }

  /** Puts a question until its answer can be taken. @throws Interrupted, Ended */
  async ask<T>({ prompt, why, usual, read }: Question<T>): Promise<T> {
    if (why !== '') this.say(why);
    for (;;) {
      const line = await this.#line(`${prompt}${usual === undefined ? '' : ` [${usual}]`}: `);
      const answer = read(line.trim());
      if (typeof answer !== 'string') return answer.value;
      this.say(`! ${answer}`);
    }
  }

  /** A sentence in lines that the terminal has room for. */
  say(text: string): void {
    const columns = Math.max(30, Math.min(100, this.#output.columns || 80));
    for (const line of wrapAfter('  ', text, columns)) this.#output.write(`${line}\n`);
  }

  /** Gives the terminal back. */
  close(): void {
    this.#reader.close();
  }

  #line(prompt: string): Promise<string> {
    const ahead = this.#lines.shift();
    this.#reader.setPrompt(escapeForTerminal(prompt));
    this.#reader.prompt();
    if (ahead !== undefined) {
      this.#output.write(`${escapeForTerminal(ahead)}\n`);
      return Promise.resolve(ahead);
    }
    if (this.#end) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  #take(line: string): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting.resolve(line);
    else this.#lines.push(line);
  }

  #stop(error: Error): void {
    this.#end ??= error;
    this.#output.write('\n');
    this.#waiting?.reject(this.#end);
    this.#waiting = undefined;
  }
}

/** Whether a person sits at both ends: what is asked on stderr is answered on stdin. */
export function atTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}
