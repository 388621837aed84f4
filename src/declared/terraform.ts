/** What a Terraform plan declares of the hosts that an inventory finds in it: the properties that the pack maps, and no others. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { suggestion } from '../core/did-you-mean.js';
import { UsageError } from '../core/errors.js';
import { list } from '../core/format.js';
import type { DeclaredProperty, Host, Step } from '../core/model.js';
import type { Mapping } from '../pack/mappings.js';
import { expand } from '../pack/settings.js';
import { hostNamed, type Scope, settingOn, type Target } from '../plan/scope.js';
import { type Plan, typeOf } from './plan.js';
import { plannedValue } from './planned-value.js';

/** A property that is declared of a step's answer. */
export interface DeclaredStep {
  step: Step;
  declared: DeclaredProperty;
}

/** What the plan declares of planned steps. @throws UsageError with the place in the inventory */
export function declaredByPlan(
  { scope, hosts, at }: Target,
  steps: readonly Step[],
  plan: Plan,
  token: (secret: string) => string,
): DeclaredStep[] {
  const found = hosts.flatMap((host) => partsOf(host, scope, at));
  if (found.length === 0) {
    const [part = 'machine'] = Object.keys(scope.pack.mappings?.terraform ?? {});
    throw new UsageError(
      `${at(['hosts'])}: no host names its resource in the plan; right is for example declared: { terraform: { ${part}: aws_instance.primary } }`,
    );
  }
  refuseShared(found);
  return found.flatMap(({ host, address, place, mappings, type }) => {
    const resource = plan.resource(address, place);
    if (resource.type !== type)
      throw new UsageError(`${place}: ${address} is of the type ${resource.type} in the plan`);
    return mappings.flatMap((mapping) =>
      stepsMeant(scope, steps, host, mapping).map((step) => ({
        step,
        declared: {
          property: mapping.property,
          may: mapping.may,
          from: `${address} ${mapping.at}`,
          ...plannedValue(resource, mapping, token),
          ...(mapping.note !== undefined && { note: mapping.note }),
        },
      })),
    );
  });
}

interface Part {
  host: string;
  address: string;
  place: string;
  type: string;
  mappings: Mapping[];
}

/** The resources that a host names, each with what the pack maps of its type. */
function partsOf({ name, declared }: Host, { pack }: Scope, at: Target['at']): Part[] {
  const { terraform } = declared ?? {};
  if (terraform === undefined) return [];
  const place = at(['hosts', name, 'declared', 'terraform']);
  const parts = pack.mappings?.terraform;
  if (!parts)
    throw new UsageError(
      `${place}: the pack ${pack.name} has no declared.yaml, which says what a plan tells of its facts`,
    );
  const known = Object.keys(parts);
  const named = typeof terraform === 'string' ? { [known[0] ?? '']: terraform } : terraform;
  return Object.entries(named).map(([part, address]) => {
    const own = typeof terraform === 'string' ? place : at(['hosts', name, 'declared', 'terraform', part]);
    const { title, resources } = (Object.hasOwn(parts, part) ? parts[part] : undefined) ?? {};
    if (!resources) throw new UsageError(`${own}: unknown part "${part}"${suggestion(part, known)}`);
    const type = typeOf(address);
    if (type === undefined)
      throw new UsageError(
        `${own}: "${address}" is no address of a resource; right is for example aws_instance.primary`,
      );
    const mappings = Object.hasOwn(resources, type) ? resources[type] : undefined;
    if (!mappings)
      throw new UsageError(
        `${own}: of ${type} nothing is mapped as ${title}; there is ${list(Object.keys(resources), 'or')}`,
      );
    return { host: name, address, place: own, type, mappings };
  });
}

/** Two hosts of one resource would be one machine, and equal in everything. */
function refuseShared(parts: readonly Part[]): void {
  for (const { host, address, place } of parts) {
    const other = parts.find((one) => one.address === address && one.host !== host);
    if (other)
      throw new UsageError(`${place}: ${address} is a resource of ${other.host} too; two hosts are two resources`);
  }
}

/** The planned steps on a host that a mapping is for, under each layout of the settings that is still possible. */
function stepsMeant(scope: Scope, steps: readonly Step[], name: string, { probe, with: meant = {} }: Mapping): Step[] {
  const host = hostNamed(scope, name);
  const all = scope.variants.map((variant) =>
    expand(
      meant,
      (setting) => settingOn(scope, host, variant, setting),
      (reference) => `@${reference}`,
    ),
  );
  return steps.filter(
    (step) =>
      step.probe === probe &&
      step.subject.kind === 'host' &&
      step.subject.host === name &&
      all.some((params) =>
        Object.entries(params as object).every(([key, value]) => isDeepStrictEqual(step.params[key], value)),
      ),
  );
}
