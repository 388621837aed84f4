/** Settings of a pack: defaults, those that depend on the release, the inventory's and the host's own; and their use in words. */

import { addressFault, urlFault } from '../core/address.js';
import { check } from '../core/check-schema.js';
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import type { JsonSchema } from '../core/model.js';
import type { Decision, Release, Releases } from './releases.js';

/** A setting as pack.yaml declares it. */
export interface SettingDeclaration {
  title: string;
  type: 'string' | 'number' | 'boolean' | 'path' | 'address' | 'url' | 'list';
  default?: unknown;
  by_release?: { releases: string; value: unknown }[];
  basis: 'documented' | 'field' | 'inferred';
  /** Without a value, questions are asked without the parameter that it stands for. */
  optional?: boolean;
  /** It tells instances of the product apart that run on one host. */
  instance?: boolean;
  /** Why a person who writes an inventory is asked for it. */
  ask?: string;
  /** For a list: the JSON schema of its elements; texts where absent. */
  items?: JsonSchema;
}

/** One possible set of release-dependent defaults: all `gates` must hold for it to be the host's. */
export interface Variant {
  gates: string[];
  values: Record<string, unknown>;
}

/** The variants that are still possible: the cross product of the release-dependent defaults that nobody set by hand. @throws UsageError for a release without one. */
export function variantsOf(
  declarations: Record<string, SettingDeclaration>,
  given: Record<string, unknown>,
  decide: (bound: string) => Decision,
): Variant[] {
  const partitions = new Map<string, { bounds: string[]; names: string[] }>();
  for (const [name, { by_release: cases }] of Object.entries(declarations)) {
    if (!cases || name in given) continue;
    const bounds = cases.map((one) => one.releases);
    const partition = partitions.get(bounds.join()) ?? { bounds, names: [] };
    partition.names.push(name);
    partitions.set(bounds.join(), partition);
  }
  let variants: Variant[] = [{ gates: [], values: {} }];
  for (const { bounds, names } of partitions.values()) {
    // Settings that change at the same releases change together.
    const possible = bounds.flatMap((gate, index) => {
      if (decide(gate) === 'no') return [];
      const values = names.map((name) => [name, declarations[name]?.by_release?.[index]?.value] as const);
      return [{ gate, values: Object.fromEntries(values) }];
    });
    if (possible.length === 0) {
      throw new UsageError(
        `the pack gives ${names.join(' and ')} for the releases ${bounds.join(', ')} only; set it by hand, for example --set ${names[0]}=...`,
      );
    }
    variants = variants.flatMap((variant) =>
      possible.map(({ gate, values }) => ({
        gates: [...variant.gates, gate],
        values: { ...variant.values, ...values },
      })),
    );
  }
  return variants;
}

/** Whether a variant is the one of a release. */
export function variantHolds(variant: Variant, releases: Releases, release: Release | undefined): Decision {
  const decisions = variant.gates.map((gate) => releases.decide(gate, release));
  if (decisions.includes('no')) return 'no';
  return decisions.includes('undecided') ? 'undecided' : 'yes';
}

type Fits = (value: unknown, items?: JsonSchema) => boolean;

const isText = (value: unknown) => typeof value === 'string' && /^[^\n\r\0]+$/.test(value);

const forms: Record<SettingDeclaration['type'], { fits: Fits; says: string }> = {
  string: { fits: (value) => typeof value === 'string', says: 'a text' },
  number: { fits: (value) => typeof value === 'number' && Number.isFinite(value), says: 'a number' },
  boolean: { fits: (value) => typeof value === 'boolean', says: 'true or false' },
  path: { fits: (value) => typeof value === 'string' && /^\/[^\n\r\0]*$/.test(value), says: 'an absolute path' },
  address: {
    fits: (value) => typeof value === 'string' && addressFault(value) === undefined,
    says: 'the address of a host (four decimal numbers, or a name)',
  },
  url: {
    fits: (value) => typeof value === 'string' && urlFault(value) === undefined,
    says: 'a URL, for example http://10.0.0.1:8080/path, its host an IPv4 address or a name',
  },
  list: {
    fits: (value, items) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((one) => (items ? check(items, one).length === 0 : isText(one))),
    says: 'a list of texts',
  },
};

/** Whether a value could be this setting's. */
export function fitsSetting(declarations: Record<string, SettingDeclaration>, name: string, value: unknown): boolean {
  const declaration = Object.hasOwn(declarations, name) ? declarations[name] : undefined;
  return declaration !== undefined && forms[declaration.type].fits(value, declaration.items);
}

/** Refuses settings that the pack does not declare or that have another type. @throws UsageError at the given place. */
export function checkSettings(
  declarations: Record<string, SettingDeclaration>,
  given: Record<string, unknown>,
  at: (name: string) => string,
): void {
  for (const [name, value] of Object.entries(given)) {
    const declaration = Object.hasOwn(declarations, name) ? declarations[name] : undefined;
    if (!declaration) {
      throw new UsageError(`${at(name)}: unknown setting "${name}"${suggestion(name, Object.keys(declarations))}`);
    }
    const { fits, says } = forms[declaration.type];
    if (fits(value, declaration.items)) continue;
    const fields = Object.keys(declaration.items?.properties ?? {});
    const right = fields.length === 0 ? says : `a list of { ${fields.join(', ')} }`;
    throw new UsageError(`${at(name)}: setting ${name} must be ${right}, not ${JSON.stringify(value)}`);
  }
}

/**
 * Replaces `${name}` and `@reference` (`@{reference}` within a text) in a value of any depth; a text that is nothing but one of
 * them takes its value's type, and where it has none the key is left out.
 */
export function expand(
  value: unknown,
  lookup: (name: string) => unknown,
  refer: (reference: string) => unknown,
): unknown {
  if (typeof value === 'string') {
    const whole = /^\$\{(\w+)\}$/.exec(value)?.[1];
    if (whole !== undefined) return lookup(whole);
    if (/^@[a-z][\w-]*(\.[\w]+)*$/.test(value)) return refer(value.slice(1));
    return value
      .replace(/@\{([\w.-]+)\}/g, (_, reference: string) => String(refer(reference)))
      .replace(/\$\{(\w+)\}/g, (_, name: string) => String(lookup(name)));
  }
  if (Array.isArray(value)) return value.map((one) => expand(one, lookup, refer));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, one]) => {
        const meant = expand(one, lookup, refer);
        return meant === undefined ? [] : [[key, meant]];
      }),
    );
  }
  return value;
}

/** The names used as `${name}` anywhere in a value. */
export function settingsUsed(value: unknown): string[] {
  return [...JSON.stringify(value ?? null).matchAll(/\$\{(\w+)\}/g)].map((match) => match[1] ?? '');
}
