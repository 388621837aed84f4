/** References in rules (`@self.address`, `@primary.space.bytes`, `@port.number`): their form, and whether they lead anywhere. */
import { suggestion } from '../core/did-you-mean.js';
import { rowProperties } from './row-properties.js';

/** A reference as it is written: whose, and what of it; `what` is empty where nothing stands behind the name. */
export interface Reference {
  text: string;
  who: string;
  what: string;
}

/** What a host is known by without asking it: `@self.address` is no reference to a fact. */
export const hostProperties: readonly string[] = ['address', 'name', 'role'];

/** The texts of a value of any depth; keys are not among them. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : [];
}

/** A text that as a whole is a reference. */
export const reference = /^@[a-z][\w-]*(\.\w+)*$/;

/** Whether a text as a whole is a reference. */
export function isReference(text: string): boolean {
  return reference.test(text);
}

/** The references in a value of any depth, those within a text (`@{self.address}`) among them. */
export function referencesIn(value: unknown): Reference[] {
  return textsIn(value)
    .flatMap((text) =>
      isReference(text) ? [text] : [...text.matchAll(/@\{([^}]*)\}/g)].map(([, inner = '']) => `@${inner}`),
    )
    .map((text) => {
      const [who = ''] = text.slice(1).split('.');
      return { text, who, what: text.slice(who.length + 2) };
    });
}

/** Why a reference in a condition leads nowhere; whether the rule has the fact that it names is not judged here. */
export function faultInCondition(value: unknown, roles: readonly string[]): string | undefined {
  const known = ['self', 'peer', ...roles, 'port', 'before'];
  const faultOf = ({ text, who, what }: Reference): string | undefined => {
    if (text === '@ports' || who === 'given') {
      return `${text} stands in a probe's parameters only; right is { probe: inventory, with: { value: "${text}" } }`;
    }
    if (!known.includes(who))
      return `${text}: unknown host "${who}"${suggestion(who, known)}; right is "@self.address"`;
    if (who === 'port') {
      return Object.hasOwn(rowProperties, what)
        ? undefined
        : `${text}: a row has no "${what}"${suggestion(what, Object.keys(rowProperties))}; right is "@port.number"`;
    }
    if (what === '') return `${text} does not say what of it; right is "@${who}.address"`;
    const [first = ''] = what.split('.');
    // The host's own word would be taken in the place of the fact's.
    if (what !== first && hostProperties.includes(first)) {
      return `${text}: "${first}" is the host's own; give the fact another name`;
    }
    return undefined;
  };
  return (
    malformed(value) ??
    referencesIn(value)
      .map(faultOf)
      .find((fault) => fault !== undefined)
  );
}

/** Why a reference in a probe's parameters leads nowhere: a plan never depends on an answer, so facts cannot be named. */
export function faultInParameters(
  value: unknown,
  roles: readonly string[],
  settings: readonly string[],
  on: 'host' | 'pair',
): string | undefined {
  const known = ['self', 'peer', ...roles];
  const faultOf = ({ text, who, what }: Reference): string | undefined => {
    if (text === '@ports') {
      return on === 'pair' ? undefined : '@ports is the ports of a direction, and this probe asks one host';
    }
    if (who === 'given') {
      return settings.includes(what)
        ? undefined
        : `${text}: unknown setting "${what}"${suggestion(what, [...settings])}`;
    }
    if (!known.includes(who)) {
      return `${text}: unknown host "${who}"${suggestion(who, [...known, 'given', 'ports'])}; right is "@peer.address"`;
    }
    if (hostProperties.includes(what)) return undefined;
    return `${text}: parameters know of a host its ${hostProperties.join(', ')} only; right is "@${who}.address"`;
  };
  return (
    malformed(value) ??
    referencesIn(value)
      .map(faultOf)
      .find((fault) => fault !== undefined)
  );
}

/** A text that was meant for a reference and is none would be compared as it stands: `excludes: "@peer.address/24"` always holds. */
function malformed(value: unknown): string | undefined {
  const text = textsIn(value).find((one) => /^@[A-Za-z][\w-]*(\.|$)/.test(one) && !isReference(one));
  return text === undefined ? undefined : `"${text}" is no reference; right is "@self.address"`;
}
