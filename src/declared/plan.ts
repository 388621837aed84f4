/** A Terraform plan in the form of `terraform show -json` (format 1.x), OpenTofu's too: its resources by address, and no more. Pure. */
import { UsageError } from '../core/errors.js';
import { parseExactJson } from '../core/exact-json.js';
import { ownProperty, valueBelow } from '../core/fact-path.js';
import { list } from '../core/format.js';
import { isRecord } from '../core/json.js';

/** A resource as the plan leaves it. */
export interface Resource {
  address: string;
  type: string;
  /** Whether the plan makes it, or makes it anew. */
  created: boolean;
  after: unknown;
  /** Of the shape of `after`, true where a value is not known before apply, or is sensitive. */
  unknown: unknown;
  sensitive: unknown;
  /** The arguments that the configuration gives it; where the configuration does not show it, those that have a value. */
  configured: readonly string[];
}

/** Finds resources; `place` is where the address stands. */
export interface Plan {
  /** @throws UsageError where the plan has no such resource, several, or none after it was applied */
  resource(address: string, place: string): Resource;
}

/** The command that makes what is read. */
const SHOWING = 'terraform show -json tfplan > plan.json';

/** Reads a plan. @throws UsageError for what is none, or proves nothing */
export function readPlan(text: string, file: string): Plan {
  const refuse = (why: string) => new UsageError(`${file}: ${why}`, SHOWING);
  let plan: unknown;
  try {
    plan = parseExactJson(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const { message } = error as Error;
    throw refuse(/^(is|has|holds) /.test(message) ? message : 'is not JSON; give the output of terraform show -json');
  }
  if (!isRecord(plan)) throw refuse('is not a Terraform plan');
  const { format_version: version, resource_changes: changes, configuration } = plan;
  if (typeof version !== 'string') throw refuse('is not a Terraform plan: it has no format_version');
  if (!/^1\.\d+$/.test(version))
    throw refuse(`is of the format ${version.slice(0, 40)}; this pairflight reads the formats 1.x`);
  const { errored = false, complete = true, applyable = true, deferred_changes: deferred = [] } = plan;
  if (errored !== false) throw refuse('is of a plan that ended with an error, and so is not whole');
  if (complete !== true || !Array.isArray(deferred) || deferred.length > 0)
    throw refuse('is incomplete: another plan is needed after this one was applied');
  if (!Array.isArray(changes))
    throw refuse(
      isRecord(plan.values) ? 'is a state, not a plan' : 'is not a Terraform plan: it has no resource_changes',
    );
  const all = changes.map((change, index) =>
    changeIn(change, () => refuse(`resource_changes[${index}] has not its form`)),
  );
  // A plan that changes nothing cannot be applied either, and tells what is there.
  if (applyable !== true && all.some(({ actions }) => actions.some((action) => !/^(no-op|read)$/.test(action))))
    throw refuse('cannot be applied as it is, and so nothing of it comes about');
  return {
    resource(address, place) {
      const found = all.filter((one) => one.address === address);
      const [only] = found;
      if (!only)
        throw new UsageError(
          `${place}: ${missing(
            address,
            all.map((one) => one.address),
            file,
          )}`,
        );
      if (found.length > 1) throw new UsageError(`${place}: ${file} has ${address} ${found.length} times`);
      if (!isRecord(only.after))
        throw new UsageError(`${place}: ${file} leaves no ${address}: it is ${inWords(only.actions)}`);
      const { actions: _, ...resource } = only;
      return { ...resource, configured: configuredIn(configuration, address) ?? withValue(only.after) };
    },
  };
}

type Change = Omit<Resource, 'configured'> & { actions: string[] };

function changeIn(value: unknown, refuse: () => Error): Change[][number] {
  if (!isRecord(value) || !isRecord(value.change)) throw refuse();
  const { address, type, deposed, change } = value;
  const { actions, after, after_unknown: unknown, after_sensitive: sensitive } = change;
  if (typeof address !== 'string' || typeof type !== 'string' || !Array.isArray(actions)) throw refuse();
  if (!actions.every((action) => typeof action === 'string')) throw refuse();
  // What is left of an older object stands under the same address.
  const named = deposed === undefined ? address : `${address} (deposed)`;
  return { address: named, type, actions, created: actions.includes('create'), after, unknown, sensitive };
}

/** Why an address leads nowhere; of a resource that is there several times, its instances are named. */
function missing(address: string, known: string[], file: string): string {
  const instances = known.filter(
    (one) => one.startsWith(`${address}[`) && one.indexOf(']', address.length) === one.length - 1,
  );
  if (instances.length > 0)
    return `${file} has ${address} ${instances.length === 1 ? 'once' : `${instances.length} times`}, by count or for_each; right is ${list(instances.slice(0, 4), 'or')}`;
  const type = typeOf(address);
  const alike = known.filter((one) => typeOf(one) === type).slice(0, 8);
  return `${file} has no ${address}${alike.length > 0 ? `; of that type it has ${list(alike)}` : ''}`;
}

function inWords(actions: readonly string[]): string {
  if (actions.includes('forget')) return 'forgotten: it goes on without the configuration';
  return actions.includes('delete') ? 'deleted' : `to be ${list(actions)}`;
}

/** The type of the resource that an address names; undefined for what is no address. */
export function typeOf(address: string): string | undefined {
  const bare = address.replace(/^(module\.[\w-]+(\[("(\\.|[^"\\])*"|\d+)\])?\.)+/, '');
  return /^(?:data\.)?([A-Za-z_][\w-]*)\.[A-Za-z_][\w-]*(\[("(\\.|[^"\\])*"|\d+)\])?$/.exec(bare)?.[1];
}

/** The attributes that have a value: what a configuration gives is among them. */
function withValue(after: Record<string, unknown>): string[] {
  const isEmpty = (value: unknown) =>
    value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
  return Object.keys(after).filter((name) => !isEmpty(after[name]));
}

/** The arguments of a resource in the configuration, through the modules that its address names; undefined where it is not shown. */
function configuredIn(configuration: unknown, address: string): string[] | undefined {
  const bare = address.replace(/\[("(\\.|[^"\\])*"|\d+)\]/g, '');
  const modules = [...bare.matchAll(/module\.([\w-]+)\./gy)].map(([, name = '']) => name);
  const own = bare.replace(/^(module\.[\w-]+\.)+/, '');
  const module = modules.reduce<unknown>(
    (outer, name) => valueBelow(outer, ['module_calls', name, 'module']),
    ownProperty(configuration, 'root_module'),
  );
  const resources = ownProperty(module, 'resources');
  const found = Array.isArray(resources) ? resources.find((one) => ownProperty(one, 'address') === own) : undefined;
  const expressions = ownProperty(found, 'expressions');
  return isRecord(expressions) ? Object.keys(expressions) : undefined;
}
