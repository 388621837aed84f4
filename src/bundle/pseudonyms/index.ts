/** Pseudonyms for a whole run: equal on both hosts and wherever a name or an address stands, so that the rules judge the same. Pure. */
import type { Evidence, Step } from '../../core/model.js';
import { inEvidence, type Whence } from '../../evidence/texts.js';
import type { Pack } from '../../pack/pack.js';
import { AddressPseudonyms, type ByteOrder } from './addresses.js';
import { inBase64 } from './base64.js';
import { NamePseudonyms } from './names.js';
import { noteAnswer, noteInventory } from './names-told.js';
import { restate, wholePlan } from './steps.js';

/** What can be hidden. */
export const redactable = ['addresses', 'hostnames', 'users'] as const;

/** What stands by itself, said by nobody in particular. */
const word: Whence = { kind: 'word' };

/** One kind of what can be hidden. */
export type Redactable = (typeof redactable)[number];

/** Of shorter texts in base64 too many are words by chance. */
const LEAST_ENCODED = 12;

/** Evidence with pseudonyms, and how a finding's key is called in it. */
export interface Pseudonymised {
  evidence: Evidence;
  /** How many addresses and names were replaced, each counted once. */
  count: number;
  /** Names that stay, because they are words of the pack. */
  kept: string[];
  renamed(key: string): string;
}

/** What an inventory knows that evidence does not: how hosts are reached. */
export interface AlsoKnown {
  hosts: string[];
  users: string[];
}

/**
 * Replaces what is to be hidden. Addresses that mean no host (loopback, wildcards, netmasks) stay, and so do pseudonyms:
 * doing it twice changes nothing. `builds` are numbers with dots that the hosts' own files tell are no addresses.
 */
export function pseudonymise(
  evidence: Evidence,
  pack: Pack,
  classes: readonly Redactable[],
  builds: ReadonlySet<string>,
  known: AlsoKnown = { hosts: [], users: [] },
): Pseudonymised {
  const addresses = new AddressPseudonyms(builds);
  const withAddresses = classes.includes('addresses');
  const hidden = { hostnames: classes.includes('hostnames'), users: classes.includes('users') };
  const names = new NamePseudonyms(hidden, wordsOf(pack));
  const plan = wholePlan(pack, evidence);
  const scripts = scriptsOf(plan);
  const orders = byteOrders(evidence);
  const order = ({ host }: Whence) => (host === undefined ? 'little' : (orders.get(host) ?? 'little'));
  const texts = textsIn(evidence, scripts);
  for (const { text, whence } of texts) {
    names.reserve(text);
    addresses.reserve(text, order(whence));
  }
  noteInventory(evidence, Object.keys(pack.roles), names);
  for (const host of known.hosts) names.host(host);
  for (const user of known.users) names.user(user);
  for (const { text, whence, encoded } of texts) {
    if (withAddresses) addresses.note(text, order(whence));
    noteAnswer(text, whence, names);
    if (!encoded || text.length >= LEAST_ENCODED) names.note(text);
  }
  for (const { text } of texts) names.noteWhole(text);

  const open = (text: string, whence: Whence) => {
    const named = names.replace(text);
    return withAddresses ? addresses.replace(named, order(whence)) : named;
  };
  const replace = (text: string, whence: Whence) => inBase64(open(text, whence), (decoded) => open(decoded, word));
  const replaced = inEvidence(evidence, { scripts, replace });
  return {
    evidence: { ...restate(pack, evidence, replaced, plan), redaction: redactionOf(evidence, classes) },
    count: addresses.count + names.count,
    kept: [...names.kept].sort(),
    // The rule's own name is the pack's; what stands in brackets names hosts.
    renamed: (key) => key.replace(/\[.*\]$/s, (where) => replace(where, word)),
  };
}

/** A text of evidence, or what a part of one says in base64. */
interface Text {
  text: string;
  whence: Whence;
  encoded: boolean;
}

/** Every text, each followed by what is encoded in it. */
function textsIn(evidence: Evidence, scripts: ReadonlySet<string>): Text[] {
  const texts: Text[] = [];
  inEvidence(evidence, {
    scripts,
    replace: (text, whence) => {
      texts.push({ text, whence, encoded: false });
      return inBase64(text, (decoded) => {
        texts.push({ text: decoded, whence: word, encoded: true });
        return decoded;
      });
    },
  });
  return texts;
}

function redactionOf({ redaction }: Evidence, classes: readonly Redactable[]): Evidence['redaction'] {
  const said = classes.map((one) => `${one} (pseudonyms instead)`).filter((one) => !redaction.what.includes(one));
  return { ...redaction, what: [...redaction.what, ...said] };
}

/** Whether a name is a word of the pack: such a name tells nobody apart, and replacing it would change what is asked. */
function wordsOf(pack: Pack): (name: string) => boolean {
  const words = new Set(
    JSON.stringify(pack.text)
      .toLowerCase()
      .split(/[^a-z0-9_-]+/),
  );
  return (name) => words.has(name.toLowerCase());
}

/** Programs that the engine hands to a shell: what in them looks like a name is none. */
function scriptsOf(steps: readonly Step[]): Set<string> {
  const argvs = steps.flatMap(({ asks }) => asks.flatMap(({ ask }) => (ask.kind === 'exec' ? [ask.argv] : [])));
  return new Set(argvs.flatMap((argv) => argv.filter((word) => word.includes('\n'))));
}

/** The machines whose kernel prints addresses with the first byte first; all others turn them around. */
function byteOrders({ steps }: Evidence): Map<string, ByteOrder> {
  const orders = new Map<string, ByteOrder>();
  for (const { asks, outputs } of steps) {
    for (const [index, { host, ask }] of asks.entries()) {
      if (ask.kind !== 'exec' || ask.argv.join(' ') !== 'uname -m') continue;
      const machine = outputs.at(-1)?.[index]?.stdout.trim() ?? '';
      if (/^(s390x?|ppc|ppc64|aarch64_be|sparc|sparc64|parisc(64)?)$/.test(machine)) orders.set(host, 'big');
    }
  }
  return orders;
}
