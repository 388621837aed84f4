/** What is to be set where a condition compares a fact with a setting of the inventory. Pure. */
import type { Condition, Expectation } from '../core/model.js';
import { shownLine } from '../core/shell/words.js';
import { fitsSetting } from '../pack/settings.js';
import { isGiven, type Scope } from '../plan/scope.js';
import type { Outcome } from './outcome.js';
import type { Context } from './values.js';

/** What is to be said where a condition compares with a setting that nobody gave and that has no default. */
export function unsetLimit({ matcher }: Condition, context: Context): { message: string; next: string } | undefined {
  const name = settingNamed(matcher?.arg);
  const unset = name !== undefined && context.hosts.some((host) => context.setting(name, host) === undefined);
  return unset
    ? { message: `the setting ${name} has no value`, next: `run again with --set ${name}=VALUE` }
    : undefined;
}

/** The setting that an argument stands for as a whole. */
function settingNamed(arg: unknown): string | undefined {
  return /^\$\{(\w+)\}$/.exec(String(arg))?.[1];
}

/** `set settings.dataDisk to /mnt/data`: what to do where a fact differs from the setting that other questions were made with. */
export function settingHint(
  scope: Scope,
  { matcher }: Expectation,
  outcome: Outcome,
): { message: string; next: string } | undefined {
  const name = settingNamed(matcher?.arg);
  if (name === undefined || outcome.actual === null || typeof outcome.actual !== 'object') return undefined;
  // Nobody is advised to set what the product's own file has wrong, nor to take back what he set himself.
  const found = Object.entries(outcome.actual).filter(([, value]) => fitsSetting(scope.pack.settings, name, value));
  if (found.length === 0 || found.some(([host]) => isGiven(scope, host, name))) return undefined;
  const values = new Set(found.map(([, value]) => value));
  const [value] = values;
  const advice =
    values.size === 1
      ? `set settings.${name} to ${value}`
      : `set settings.${name} for each host: ${found.map(([host, one]) => `hosts.${host}.settings.${name} to ${one}`).join(', ')}`;
  const next =
    values.size === 1
      ? `run again with ${shownLine(['--set', `${name}=${value}`])}`
      : `give each host its own settings.${name} in the inventory, then run again`;
  return { message: `${outcome.message}; ${advice}`, next };
}
