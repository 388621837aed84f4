/** A demo.yaml as it is written: scenarios, and the chain of those that one is made of. */

import { suggestion } from '../core/check-schema.js';
import { UsageError } from '../core/errors.js';
import type { Document } from '../core/yaml-document.js';
import type { Patch } from './patches.js';

/** One scenario, as it differs from the one that it extends. */
export interface ScenarioText {
  description: string;
  extends?: string;
  phase?: string;
  inventory?: Patch;
  every?: Patch;
  /** Null takes away what an earlier scenario named. */
  hosts?: Record<string, Patch | null>;
  endpoints?: Record<string, Patch | null>;
}

/** The file. */
export type DemoText = Document<{ product: string; scenarios: Record<string, ScenarioText> }>;

/** The scenarios that a scenario is made of, the one it rests on first. */
export function chainOf(document: DemoText, name: string): ScenarioText[] {
  const { scenarios } = document.value;
  const chain: ScenarioText[] = [];
  const seen = new Set<string>();
  for (let next: string | undefined = name; next !== undefined; ) {
    const scenario: ScenarioText | undefined = scenarios[next];
    if (!scenario) break;
    chain.unshift(scenario);
    seen.add(next);
    const base: string | undefined = scenario.extends;
    if (base === undefined) break;
    const at = document.at(['scenarios', next, 'extends']);
    if (!(base in scenarios))
      throw new UsageError(`${at}: no scenario "${base}"${suggestion(base, Object.keys(scenarios))}`);
    if (seen.has(base)) throw new UsageError(`${at}: ${base} extends itself`);
    next = base;
  }
  return chain;
}
